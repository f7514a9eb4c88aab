import Model
import Testing

/// What one value does must not show in a copy of it, in a build with optimisation either.
@Suite struct `A copy of an event` {
  @Test func `stays as it is when the event is used again`() {
    var event = Event()
    event.reset(type: 1, slotCount: 3)
    for slot in 0..<3 { event.set(slot, payload: 7) }
    let copy = event
    event.reset(type: 1, slotCount: 3)
    #expect(copy.payloads == [7, 7, 7])
    #expect(copy.states == [UInt8](repeating: ValueState.present.rawValue, count: 3))
    #expect(event.payloads == [0, 0, 0])
  }
}
