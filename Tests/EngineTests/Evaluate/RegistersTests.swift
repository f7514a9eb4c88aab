import Testing

@testable import Engine

@Suite struct `Registers of an event` {
  @Test func `take what is present of an event, and all else as missing`() {
    let seed: UInt64 = 20_261_130
    var generator = SplitMix64(seed: seed)
    var mistakes = 0
    for slots in Array(0...41) + [56, 57, 60, 63, 64, 65, 70, 72, 73, 130] {
      for _ in 0..<50 {
        let given = (0..<slots).map { _ in generator.next() }
        let givenStates = (0..<slots).map { _ in UInt8(generator.below(4)) }
        // Some registers before and after, which are none of theirs.
        var payloads = FixedArray(repeating: 7 as UInt64, count: slots + 9)
        var states = FixedArray(repeating: 9 as UInt8, count: slots + 9)
        let present = take(given, givenStates, &payloads, &states)
        var expected: UInt64 = 0
        for slot in 0..<min(64, slots) where givenStates[slot] == 0 {
          expected |= 1 << UInt64(slot)
        }
        if present != expected { mistakes += 1 }
        for register in 0..<slots + 9 {
          let isTheirs = 3..<slots + 3 ~= register
          let isPresent = isTheirs && givenStates[register - 3] == 0
          let payload = isPresent ? given[register - 3] : isTheirs ? 0 : 7
          let state: UInt8 = isPresent ? 0 : isTheirs ? 1 : 9
          if payloads[register] != payload || states[register] != state { mistakes += 1 }
        }
      }
    }
    #expect(mistakes == 0, "seed \(seed)")
  }

  private func take(
    _ given: [UInt64], _ givenStates: [UInt8], _ payloads: inout FixedArray<UInt64>,
    _ states: inout FixedArray<UInt8>
  ) -> UInt64 {
    let registers = Registers(&payloads, &states, at: 3..<payloads.count - 2)
    return registers.take(given.span, givenStates.span)
  }

  @Test func `take no more slots than there are registers`() async {
    await #expect(processExitsWith: .failure) {
      var payloads = FixedArray(repeating: 0 as UInt64, count: 4)
      var states = FixedArray(repeating: 0 as UInt8, count: 4)
      let registers = Registers(&payloads, &states, at: 0..<2)
      let given = [UInt64](repeating: 0, count: 3)
      let givenStates = [UInt8](repeating: 0, count: 3)
      registers.take(given.span, givenStates.span)
    }
  }

  @Test func `are reached in every lane, of one register`() {
    let (payloads, states) = Self.write(register: 1, lanes: 1..<4)
    for place in 0..<20 {
      let isTheirs = place % 5 == 3 && place > 5
      #expect(payloads[place] == (isTheirs ? UInt64(place / 5) : 7))
      #expect(states[place] == (isTheirs ? Registers.missing : 9))
    }
  }

  @Test func `are none of another type, and none of a lane that is not there`() async {
    await #expect(processExitsWith: .failure) { _ = Self.write(register: 3, lanes: 0..<1) }
    await #expect(processExitsWith: .failure) { _ = Self.write(register: 2, lanes: 4..<5) }
    await #expect(processExitsWith: .success) { _ = Self.write(register: 2, lanes: 3..<4) }
  }

  /// Writes one of three registers, which are the last of five in each of four lanes, in some
  /// lanes; what all hold then.
  private static func write(
    register: UInt16, lanes: Range<Int>
  ) -> (payloads: [UInt64], states: [UInt8]) {
    var plan = EnginePlan()
    (plan.payloads, plan.states) = (Array(repeating: 0, count: 5), Array(repeating: 0, count: 5))
    var type = EventPlan()
    type.registers = 2..<5
    var payloads = FixedArray(repeating: 7 as UInt64, count: 20)
    var states = FixedArray(repeating: 9 as UInt8, count: 20)
    write(LaneRegister(LaneRegisters(&payloads, &states, of: type, plan, lanes), register), lanes)
    return ((0..<20).map { payloads[$0] }, (0..<20).map { states[$0] })
  }

  private static func write(_ column: borrowing LaneRegister, _ lanes: Range<Int>) {
    for lane in lanes { column.set(lane, UInt64(lane), state: Registers.missing) }
  }

  @Test func `are filled with one value or from another, in their lanes and no others`() {
    var plan = EnginePlan()
    (plan.payloads, plan.states) = (Array(repeating: 0, count: 5), Array(repeating: 0, count: 5))
    var type = EventPlan()
    type.registers = 2..<5
    var payloads = FixedArray((0..<30).map { UInt64(100 + $0) })
    let present = Registers.present
    var states = FixedArray((0..<30).map { $0 / 5 % 3 == 0 ? Registers.missing : present })
    Self.fill(LaneRegisters(&payloads, &states, of: type, plan, 1..<5))
    for lane in 0..<6 {
      let theirs = (lane * 5..<lane * 5 + 5).map { payloads[$0] }
      let before = theirs.indices.map { UInt64(100 + lane * 5 + $0) }
      let isFilled = (1..<5).contains(lane)
      let copied = lane == 3 ? 0 : before[3]
      let filled = [before[0], before[1], 77, before[3], copied]
      #expect(theirs == (isFilled ? filled : before))
      let state = lane % 3 == 0 ? Registers.missing : present
      let isSet = isFilled ? present : state
      let found = (lane * 5..<lane * 5 + 5).map { states[$0] }
      #expect(found == [state, state, isSet, state, isSet])
    }
  }

  @Test(arguments: [0, .max, 6] as [UInt32])
  func `are filled with whether numbers have some bits`(bits: UInt32) {
    var plan = EnginePlan()
    (plan.payloads, plan.states) = (Array(repeating: 0, count: 2), Array(repeating: 0, count: 2))
    var type = EventPlan()
    type.registers = 0..<2
    let numbers = FixedArray((0..<60).map { UInt32($0 % 7 == 0 ? 0 : $0) })
    for lanes in [0..<1, 3..<20, 5..<8, 2..<18] {
      var payloads = FixedArray(repeating: 9 as UInt64, count: 40)
      var states = FixedArray(repeating: 9 as UInt8, count: 40)
      Self.fill(
        LaneRegisters(&payloads, &states, of: type, plan, lanes), anyOf: bits,
        in: SlotNumbers(numbers, slot: 2, slotsPerLane: 3, lanes))
      for lane in 0..<20 {
        let isSet: UInt64 = numbers[lane * 3 + 2] & bits != 0 ? 1 : 0
        #expect(payloads[lane * 2 + 1] == (lanes.contains(lane) ? isSet : 9))
        #expect(states[lane * 2 + 1] == (lanes.contains(lane) ? Registers.present : 9))
        #expect(payloads[lane * 2] == 9 && states[lane * 2] == 9)
      }
    }
  }

  private static func fill(
    _ all: borrowing LaneRegisters, anyOf bits: UInt32, in numbers: borrowing SlotNumbers
  ) {
    LaneRegister(all, 1).fill(anyOf: bits, in: numbers)
  }

  private static func fill(_ all: borrowing LaneRegisters) {
    LaneRegister(all, 0).fill(77)
    LaneRegister(all, 2).fill(from: LaneRegister(all, 1))
  }
}

@Suite struct `The numbers of a slot` {
  @Test func `are those of every lane`() {
    let all = FixedArray((0..<13).map { UInt32(100 + $0) })
    for slot in 0..<3 {
      let numbers = SlotNumbers(all, slot: slot, slotsPerLane: 3, 0..<4)
      for lane in 0..<4 { #expect(numbers[lane] == UInt32(100 + 3 * lane + slot)) }
    }
  }

  @Test func `are not there of another slot or lane`() async {
    await #expect(processExitsWith: .failure) { Self.reach(slot: 3, lane: 0) }
    await #expect(processExitsWith: .failure) { Self.reach(slot: -1, lane: 1) }
    await #expect(processExitsWith: .failure) { Self.reach(slot: 0, lane: 4) }
    await #expect(processExitsWith: .success) { Self.reach(slot: 2, lane: 3) }
  }

  private static func reach(slot: Int, lane: Int) {
    let all = FixedArray((0..<13).map { UInt32(1 + $0) })
    precondition(SlotNumbers(all, slot: slot, slotsPerLane: 3, lane..<lane + 1)[lane] > 0)
  }
}
