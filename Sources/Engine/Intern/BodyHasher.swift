public import Model

/// Hashes the bodies of events, prepared once from a schema.
///
/// The slots an event sets or clears are hashed in the order of their paths (`field` or
/// `field.attribute`, by UTF-8), each with its path, text as bytes and enumerations by case name:
/// two schemas that differ in the order of declarations give the same digest.
public struct BodyHasher: Sendable {
  private let secret: HashSecret
  /// The slots of all event types, each type's in the order of hashing.
  private var parts: [Part]
  /// Per event type where its slots lie in `parts`.
  private var types: [Range<Int>]
  /// Where the case names of enumerations lie in `names`.
  private var cases: [Range<Int>]
  /// UTF-8 of paths and case names.
  private var names: [UInt8]

  /// A slot of an event type.
  private struct Part: Sendable {
    /// Where its path lies in `names`.
    var path: Range<Int>
    var slot: Int
    var isText: Bool
    /// The cases of an enumeration, positions in `cases`; else empty.
    var cases: Range<Int>
  }

  /// Prepares the order of hashing of every event type.
  public init(schema: Schema, secret: HashSecret = .published) {
    self.secret = secret
    parts = []
    types = []
    cases = []
    names = []
    for event in schema.events {
      let first = parts.count
      for field in event.fields {
        add(field.name, field.slot, field.type, schema)
        guard case .entity(let entity) = field.kind else { continue }
        for (offset, attribute) in schema.entities[entity].attributes.enumerated() {
          add(field.name + "." + attribute.name, field.slot + 1 + offset, attribute.type, schema)
        }
      }
      let names = names
      parts[first...].sort { names[$0.path].lexicographicallyPrecedes(names[$1.path]) }
      types.append(first..<parts.count)
    }
  }

  /// The digest of an event, its sequence number apart.
  ///
  /// *Traps* when the event is not one of the schema.
  public func digest(of event: borrowing Event) -> BodyDigest {
    var hasher = KeyHasher(secret)
    let text = event.text.span
    let names = names.span
    let parts = parts.span.extracting(types[event.type])
    let payloads = event.payloads.span
    let states = event.states.span
    for index in parts.indices {
      let part = parts[index]
      let isPresent = states[part.slot] == ValueState.present.rawValue
      guard isPresent || states[part.slot] == ValueState.cleared.rawValue else { continue }
      hasher.append(text: names.extracting(part.path))
      hasher.append(word: isPresent ? 1 : 0)
      guard isPresent else { continue }
      let payload = payloads[part.slot]
      if part.isText {
        let place = TextReference(bits: payload)
        hasher.append(text: text.extracting(place.offset..<place.offset + place.length))
      } else if payload < UInt64(part.cases.count) {
        hasher.append(text: names.extracting(cases[part.cases.lowerBound + Int(payload)]))
      } else {
        hasher.append(word: payload)
      }
    }
    let hash = hasher.finish()
    return BodyDigest(low: hash.low, high: hash.high)
  }

  private mutating func add(_ path: String, _ slot: Int, _ type: ValueType, _ schema: Schema) {
    let firstCase = cases.count
    if case .enumeration(let name) = type {
      let enumeration = schema.enumerations.first { $0.name == name }
      for name in enumeration?.cases ?? [] { cases.append(place(of: name)) }
    }
    parts.append(
      Part(
        path: place(of: path), slot: slot, isText: type.isText, cases: firstCase..<cases.count))
  }

  private mutating func place(of name: String) -> Range<Int> {
    let start = names.count
    names.append(contentsOf: name.utf8)
    return start..<names.count
  }
}
