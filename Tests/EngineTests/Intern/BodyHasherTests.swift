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
}
