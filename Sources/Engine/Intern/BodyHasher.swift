import CColumns
public import Model

/// Hashes the bodies of events, prepared once from a schema.
///
/// The slots an event sets or clears are hashed in the order of their paths (`field` or
/// `field.attribute`, by UTF-8), each with a hash of its path, text as bytes and enumerations by a
/// hash of the case name: two schemas that differ in the order of declarations give the same
/// digest.
public struct BodyHasher: Sendable {
  let secret: HashSecret
  /// The slots of all event types, each type's in the order of hashing.
  private var parts: [Part]
  /// Per event type where its slots lie in `parts`.
  private var types: [Range<Int>]
  /// Hashes of the case names of enumerations.
  private var cases: [UInt64]

  /// A slot of an event type.
  private struct Part: Sendable {
    /// A hash of its path and of how its value is hashed; with all bits turned where it is cleared.
    var mark: UInt64
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
    for event in schema.events {
      var paths: [(path: String, part: Part)] = []
      for field in event.fields {
        paths.append((field.name, part(field.name, field.slot, field.type, schema)))
        guard case .entity(let entity) = field.kind else { continue }
        for (offset, attribute) in schema.entities[entity].attributes.enumerated() {
          let path = field.name + "." + attribute.name
          paths.append((path, part(path, field.slot + 1 + offset, attribute.type, schema)))
        }
      }
      paths.sort { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
      types.append(parts.count..<parts.count + paths.count)
      parts += paths.map(\.part)
    }
  }

  /// The digest of an event, its sequence number apart.
  ///
  /// *Traps* when the event is not one of the schema.
  public func digest(of event: borrowing Event) -> BodyDigest {
    var hash = SipHash128(secret)
    let text = event.text.span
    let parts = parts.span.extracting(types[event.type])
    let payloads = event.payloads.span
    let states = event.states.span
    for index in parts.indices {
      let part = parts[index]
      let state = states[part.slot]
      guard state == ValueState.present.rawValue else {
        if state == ValueState.cleared.rawValue { hash.append(aligned: ~part.mark) }
        continue
      }
      hash.append(aligned: part.mark)
      let payload = payloads[part.slot]
      if part.isText {
        let place = TextReference(bits: payload)
        hash.append(aligned: text.extracting(place.offset..<place.offset + place.length))
      } else if payload < UInt64(part.cases.count) {
        hash.append(aligned: cases[part.cases.lowerBound + Int(payload)])
      } else {
        hash.append(aligned: payload)
      }
    }
    let digest = hash.finish()
    return BodyDigest(low: digest.low, high: digest.high)
  }

  /// Lays the words that `digest` hashes out at the next lane, for `BodyLanes.keep`; how many there
  /// are, 0 when they find no room there.
  ///
  /// *Traps* when the event is not one of the schema.
  func lay(_ event: borrowing Event, in lanes: inout BodyLanes) -> Int {
    let text = event.text.span
    let parts = parts.span.extracting(types[event.type])
    let payloads = event.payloads.span
    let states = event.states.span
    let cases = cases.span
    let stride = BodyLanes.lanes
    // SAFETY, for every `unsafe` here: the lane has room for `mostWords` words, `to` is where word
    // number `count` goes, and that a part finds room is asked before its words are written behind
    // its mark. The buffer of a text lives through the call that copies it.
    var to = unsafe lanes.next
    var count = 0
    for index in parts.indices {
      let part = parts[index]
      let state = states[part.slot]
      if state == ValueState.missing.rawValue { continue }
      guard count &+ 2 <= BodyLanes.mostWords else { return 0 }
      guard state == ValueState.present.rawValue else {
        if state != ValueState.cleared.rawValue { continue }
        unsafe to.pointee = ~part.mark
        unsafe to += stride
        count &+= 1
        continue
      }
      unsafe to.pointee = part.mark
      let payload = payloads[part.slot]
      if part.isText {
        let place = TextReference(bits: payload)
        let bytes = text.extracting(place.offset..<place.offset + place.length)
        guard count &+ bytes.count &>> 3 &+ 3 <= BodyLanes.mostWords else { return 0 }
        unsafe bytes.withUnsafeBufferPointer { bytes in
          unsafe to = columns_lay_bytes(to + stride, bytes.baseAddress, bytes.count)
        }
        count &+= 2 &+ (bytes.count &+ 7) &>> 3
      } else {
        unsafe to[stride] =
          payload < UInt64(part.cases.count)
          ? cases[part.cases.lowerBound + Int(payload)] : payload
        unsafe to += 2 &* stride
        count &+= 2
      }
    }
    return count
  }

  private mutating func part(
    _ path: String, _ slot: Int, _ type: ValueType, _ schema: Schema
  ) -> Part {
    let firstCase = cases.count
    if case .enumeration(let name) = type {
      let enumeration = schema.enumerations.first { $0.name == name }
      for name in enumeration?.cases ?? [] { cases.append(mark(name, kind: 0)) }
    }
    let cases = firstCase..<cases.count
    return Part(
      mark: mark(path, kind: type.isText ? 1 : cases.isEmpty ? 2 : 3), slot: slot,
      isText: type.isText, cases: cases)
  }

  private func mark(_ name: String, kind: UInt64) -> UInt64 {
    let name = Array(name.utf8)
    var hasher = KeyHasher(secret)
    hasher.append(text: name.span)
    hasher.append(word: kind)
    return hasher.finish().low
  }
}
