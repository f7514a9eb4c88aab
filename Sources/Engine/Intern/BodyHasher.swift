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
  private struct Part: Sendable, BitwiseCopyable {
    /// A hash of its path and of how its value is hashed; with all bits turned where it is cleared.
    var mark: UInt64
    var slot: UInt32
    /// The cases of an enumeration: where in `cases` they begin, and how many there are, else none.
    var firstCase: UInt32
    var caseCount: UInt32
    var isText: Bool
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
      let state = states[Int(part.slot)]
      guard state == ValueState.present.rawValue else {
        if state == ValueState.cleared.rawValue { hash.append(aligned: ~part.mark) }
        continue
      }
      hash.append(aligned: part.mark)
      let payload = payloads[Int(part.slot)]
      if part.isText {
        let place = TextReference(bits: payload)
        hash.append(aligned: text.extracting(place.offset..<place.offset + place.length))
      } else if payload < UInt64(part.caseCount) {
        hash.append(aligned: cases[Int(part.firstCase) &+ Int(payload)])
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
    guard payloads.count == states.count else { return 0 }
    let cases = cases.span
    let stride = BodyLanes.lanes
    // SAFETY, for every `unsafe` here: the lane has room for `mostWords` words, as far as `end`;
    // `to` is where the next word goes, and that all words of a part find room is asked before they
    // are written. The buffer of a text lives through the call that copies it.
    let first = unsafe lanes.next
    let end = unsafe first + BodyLanes.mostWords &* stride
    var to = unsafe first
    var index = 0
    while index < parts.count {
      let part = parts[index]
      index &+= 1
      let slot = Int(part.slot)
      let state = states[slot]
      guard state == ValueState.present.rawValue else {
        if state != ValueState.cleared.rawValue { continue }
        guard unsafe stride <= end - to else { return 0 }
        unsafe to.pointee = ~part.mark
        unsafe to += stride
        continue
      }
      let payload = payloads[slot]
      if part.isText {
        let place = TextReference(bits: payload)
        let bytes = text.extracting(place.offset..<place.offset &+ place.length)
        guard unsafe (bytes.count &>> 3 &+ 3) &* stride <= end - to else { return 0 }
        unsafe to.pointee = part.mark
        unsafe bytes.withUnsafeBufferPointer { bytes in
          unsafe to = columns_lay_bytes(to + stride, bytes.baseAddress, bytes.count)
        }
      } else {
        guard unsafe 2 &* stride <= end - to else { return 0 }
        unsafe to.pointee = part.mark
        unsafe to[stride] =
          payload < UInt64(part.caseCount)
          ? cases[Int(part.firstCase) &+ Int(payload)] : payload
        unsafe to += 2 &* stride
      }
    }
    return unsafe (to - first) / stride
  }

  private mutating func part(
    _ path: String, _ slot: Int, _ type: ValueType, _ schema: Schema
  ) -> Part {
    let firstCase = cases.count
    if case .enumeration(let name) = type {
      let enumeration = schema.enumerations.first { $0.name == name }
      for name in enumeration?.cases ?? [] { cases.append(mark(name, kind: 0)) }
    }
    let caseCount = cases.count - firstCase
    return Part(
      mark: mark(path, kind: type.isText ? 1 : caseCount == 0 ? 2 : 3), slot: UInt32(slot),
      firstCase: UInt32(firstCase), caseCount: UInt32(caseCount), isText: type.isText)
  }

  private func mark(_ name: String, kind: UInt64) -> UInt64 {
    let name = Array(name.utf8)
    var hasher = KeyHasher(secret)
    hasher.append(text: name.span)
    hasher.append(word: kind)
    return hasher.finish().low
  }
}
