import Model
import Testing

@testable import Engine

@Suite struct `An attribute store` {
  private func makeStore() -> AttributeStore {
    let attributes = [("a", ValueType.int), ("b", .string)].map { name, type in
      Attribute(name: name, type: type, isOptional: true, isPersonal: false)
    }
    let entities = ["x", "y"].map { name in
      Entity(name: name, keyName: "k", keyIsPersonal: false, attributes: attributes)
    }
    return AttributeStore(entities: entities, secret: .published)
  }

  @Test func `keeps the latest word by time, then by sequence`() {
    var store = makeStore()
    func set(_ payload: UInt64?, _ time: Int64, _ sequence: UInt64) {
      store.set(
        entity: 1, key: 7, attribute: 0, payload: payload, time: Timestamp(microseconds: time),
        sequence: sequence)
    }
    #expect(store.value(entity: 1, key: 7, attribute: 0) == nil)
    set(1, -5, 1)
    #expect(store.value(entity: 1, key: 7, attribute: 0) == 1)
    set(2, -6, 2)
    #expect(store.value(entity: 1, key: 7, attribute: 0) == 1)
    set(3, -5, 3)
    #expect(store.value(entity: 1, key: 7, attribute: 0) == 3)
    set(4, -5, 2)
    #expect(store.value(entity: 1, key: 7, attribute: 0) == 3)
    set(nil, -4, 4)
    #expect(store.value(entity: 1, key: 7, attribute: 0) == nil)
    set(5, -5, 5)
    #expect(store.value(entity: 1, key: 7, attribute: 0) == nil)
    set(6, -4, 4)
    #expect(store.value(entity: 1, key: 7, attribute: 0) == 6)
    for key in [0, 6, 8, 4_000_000] as [UInt32] {
      #expect(store.value(entity: 1, key: key, attribute: 0) == nil)
    }
    #expect(store.value(entity: 0, key: 7, attribute: 0) == nil)
    #expect(store.value(entity: 1, key: 7, attribute: 1) == nil)
  }

  @Test func `keeps each text once`() throws {
    var store = makeStore()
    var bytes = 0
    for key in 1...1_000 as ClosedRange<UInt32> {
      let text = Array("city \(key % 10)".utf8)
      store.set(
        entity: 0, key: key, attribute: 1, text: text.span, time: Timestamp(microseconds: 0),
        sequence: UInt64(key))
      if key == 10 { bytes = store.bytes.count }
    }
    #expect(store.bytes.count == bytes)
    #expect(bytes == 10 * 6)
    let stored = store.value(entity: 0, key: 995, attribute: 1)
    let payload = try #require(stored)
    let reference = TextReference(bits: payload)
    #expect(reference.arena == .attribute)
    let range = reference.offset..<reference.offset + reference.length
    let text = range.map { store.bytes[$0] }
    #expect(String(decoding: text, as: UTF8.self) == "city 5")
  }
}
