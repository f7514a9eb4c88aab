import Model
import Testing

@testable import Engine

@Suite struct `The values of a body digest` {
  private let secret = HashSecret(first: 3, second: 5)
  private let types: [ValueType] = [
    .string, .int, .string, .enumeration("channel_kind"), .string, .timestamp,
  ]

  private var schema: Schema {
    let fields = types.enumerated().map {
      Field(name: "f\($0)", type: $1, isOptional: true, slot: $0)
    }
    return Schema(
      enumerations: [
        Enumeration(name: "other", cases: ["a", "b", "c"]),
        Enumeration(name: "channel_kind", cases: ["app", "web"]),
      ],
      entities: [], identifiers: [],
      events: [
        EventType(
          name: "seen", fields: fields, idField: 0, timeField: 5, retentionMicroseconds: nil,
          lateMicroseconds: 0, slotCount: fields.count)
      ])
  }

  private func mark(_ name: String, _ kind: UInt64) -> UInt64 {
    var hasher = KeyHasher(secret)
    hasher.append(text: Array(name.utf8).span)
    hasher.append(word: kind)
    return hasher.finish().low
  }

  /// Snapshots hold digests, so they stay what they are: word by word, by the general hash.
  @Test func `are those of the marks and the values in order`() {
    var event = Event()
    event.reset(type: 0, slotCount: types.count)
    let texts = [0: "0123456789abcdef", 2: "", 4: "ñandú"]
    for (slot, text) in texts { event.set(slot, utf8: text.utf8) }
    event.set(3, payload: 1)
    event.set(5, payload: 77)
    event.clear(1)
    var hash = SipHash128(secret)
    for slot in types.indices {
      if let text = texts[slot] {
        hash.append(mark("f\(slot)", 1))
        hash.append(UInt64(text.utf8.count))
        var bytes = Array(text.utf8)
        while bytes.count % 8 > 0 { bytes.append(0) }
        hash.append(bytes.span)
      } else if slot == 1 {
        hash.append(~mark("f1", 2))
      } else if slot == 3 {
        hash.append(mark("f3", 3))
        hash.append(mark("web", 0))
      } else {
        hash.append(mark("f5", 2))
        hash.append(77 as UInt64)
      }
    }
    let expected = hash.finish()
    let digest = BodyHasher(schema: schema, secret: secret).digest(of: event)
    #expect(digest == BodyDigest(low: expected.low, high: expected.high))
  }

  /// An event with texts up to a length, some slots missing and some cleared.
  private func event(_ random: inout SplitMix64, longest: UInt64) -> Event {
    var event = Event()
    event.reset(type: 0, slotCount: types.count)
    for slot in types.indices {
      switch random.next() % 6 {
      case 0: continue
      case 1: event.clear(slot)
      default:
        if types[slot] == .string {
          let text = (0..<random.next() % longest).map { _ in
            UInt8(truncatingIfNeeded: random.next())
          }
          event.set(slot, utf8: text)
        } else {
          event.set(slot, payload: types[slot] == .int ? random.next() : random.next() % 2)
        }
      }
    }
    return event
  }

  @Test func `are the same side by side`() {
    let seed: UInt64 = 11
    var random = SplitMix64(seed: seed)
    let hasher = BodyHasher(schema: schema, secret: secret)
    var lanes = BodyLanes(secret)
    var wanted: [BodyDigest] = []
    var kept = 0
    for round in 0..<3_000 {
      let event = self.event(&random, longest: round % 3 == 0 ? 400 : 30)
      let words = hasher.lay(event, in: &lanes)
      if words > 0 {
        lanes.keep(words: words, name: round)
        wanted.append(hasher.digest(of: event))
        kept += 1
      }
      guard lanes.isFull || random.next() % 20 == 0 else { continue }
      #expect(lanes.hash() == wanted.count)
      for (position, digest) in wanted.enumerated() {
        #expect(lanes.digest(position) == digest, "seed \(seed), round \(round)")
      }
      if !wanted.isEmpty { #expect(lanes.name(wanted.count - 1) <= round) }
      wanted.removeAll()
    }
    // Some are too long, and some hold nothing.
    #expect(kept > 2_000 && kept < 3_000)
  }

  @Test func `tell repeats from conflicts whenever they come`() {
    let seed: UInt64 = 12
    var random = SplitMix64(seed: seed)
    let hasher = BodyHasher(schema: schema, secret: secret)
    var index = NaturalKeyIndex(secret: secret, capacity: 4_096)
    var events: [Event] = []
    for round in 0..<2_000 {
      let isKnown = !events.isEmpty && random.next() % 3 == 0
      let number = isKnown ? Int(random.next() % UInt64(events.count)) : events.count
      let isSame = isKnown && random.next() % 2 == 0
      let event = isSame ? events[number] : self.event(&random, longest: round % 5 == 0 ? 500 : 20)
      let isEqual = isKnown && hasher.digest(of: event) == hasher.digest(of: events[number])
      if !isKnown { events.append(event) }
      let key = index.key(type: [1].span, id: Array(String(number).utf8).span)
      #expect(
        index.insert(key, event, hasher)
          == (!isKnown
            ? .new(number + 1) : isEqual ? .repeated(number + 1) : .conflict(number + 1)),
        "seed \(seed), round \(round)")
    }
  }

  @Test func `that wait to be hashed are carried out with an index`() throws {
    var random = SplitMix64(seed: 13)
    let hasher = BodyHasher(schema: schema, secret: secret)
    var index = NaturalKeyIndex(secret: secret, capacity: 64)
    let events = (0..<13).map { _ in event(&random, longest: 20) }
    func key(_ number: Int) -> NaturalKeyIndex.Key {
      index.key(type: [1].span, id: Array(String(number).utf8).span)
    }
    for number in events.indices { _ = index.insert(key(number), events[number], hasher) }
    var reading = carrying(try carriedOut { try index.transfer(&$0) })
    var carried = NaturalKeyIndex(secret: secret, capacity: 64)
    try carried.transfer(&reading)
    for number in events.indices {
      #expect(carried.insert(key(number), events[number], hasher) == .repeated(number + 1))
    }
  }

  @Test func `are hashed under the secret of the index`() async {
    await #expect(processExitsWith: .failure) {
      let schema = Schema(
        events: [
          EventType(
            name: "seen", fields: [Field(name: "f", type: .timestamp, isOptional: false, slot: 0)],
            idField: 0, timeField: 0, retentionMicroseconds: nil, lateMicroseconds: 0, slotCount: 1)
        ])
      var event = Event()
      event.reset(type: 0, slotCount: 1)
      var index = NaturalKeyIndex(secret: HashSecret(first: 1, second: 2), capacity: 8)
      _ = index.insert(
        index.key(type: [1].span, id: [2].span), event, BodyHasher(schema: schema))
    }
  }
}
