import CColumns
import Model
import Program

/// The registers of an event while it is scored: a payload and a state each.
///
/// Who borrows them may write them, as through a reference: then the loop over steps keeps where
/// they lie in the processor's registers. Nothing ever refers into them, so no write can surprise.
///
/// *Requires* that every register named lies below `count`. Release builds do not look again,
/// because that is settled before: `EnginePlanBuilder.check` refuses a program that names a
/// register at or above `registerCount` in any instruction, read, key, list, rule or text, and
/// `EventPlan.registers` is exactly that many. Debug builds, which run all tests, do look.
@safe struct Registers: ~Copyable, ~Escapable {
  private let payloads: UnsafeMutablePointer<UInt64>
  private let states: UnsafeMutablePointer<UInt8>
  private let count: Int

  /// The registers at these places of both arrays.
  ///
  /// *Traps* when they are not there, or there are none.
  @inline(__always)
  @_lifetime(&payloads, &states)
  init(
    _ payloads: inout FixedArray<UInt64>, _ states: inout FixedArray<UInt8>, at places: Range<Int>
  ) {
    let first = places.lowerBound
    count = places.upperBound &- first
    precondition(
      first >= 0 && count > 0 && places.upperBound <= payloads.count
        && places.upperBound <= states.count, "registers that are not there")
    // SAFETY: all these places were just looked for; the two accesses last as long as this value.
    unsafe self.payloads = unsafe payloads.address(first)
    unsafe self.states = unsafe states.address(first)
  }

  /// The registers of a row.
  ///
  /// *Traps* when there is no such row.
  @inline(__always)
  @_lifetime(&rows)
  init(_ rows: inout RegisterRows, row: Int) {
    precondition(row >= 0 && row < rows.count, "no such row")
    count = rows.width
    // SAFETY: a row that is there begins at its number of widths in both arrays and ends inside
    // them, see `RegisterRows`; the access lasts as long as this value.
    unsafe payloads = unsafe rows.payloads.address(0) + row &* count
    unsafe states = unsafe rows.states.address(0) + row &* count
  }

  /// The registers of a lane.
  @inline(__always)
  @_lifetime(copy lanes)
  init(_ lanes: borrowing LaneRegisters, lane: Int) {
    assert(lanes.lanes.contains(lane), "no such lane")
    count = lanes.count
    // SAFETY: those of a lane that is there, as required, begin at its number of widths in both
    // arrays, see `LaneRegisters`, whose accesses last as long as this value.
    unsafe payloads = unsafe lanes.payloads + lane &* lanes.width
    unsafe states = unsafe lanes.states + lane &* lanes.width
  }

  /// What becomes of the rules of a group, as far as its tests tell.
  ///
  /// *Requires* words that `GateRows` laid out for as many registers. *Traps* when there are none
  /// at these places.
  @inline(__always)
  func judge(_ tests: borrowing FixedArray<UInt64>, words: Range<Int>) -> columns_verdicts {
    precondition(words.upperBound <= tests.count, "words that are not there")
    var verdicts = columns_verdicts()
    // SAFETY: the words are there, and the registers that they name, as required.
    unsafe columns_judge(tests.address(words.lowerBound), payloads, states, &verdicts)
    return verdicts
  }

  /// Writes what a run of registers holds to the results of their signals, which `heads` are those
  /// of.
  ///
  /// *Requires* a run of registers that are there. *Traps* when it has no results or heads.
  @inline(__always)
  func store(
    _ run: SignalRun, _ heads: borrowing FixedArray<UInt64>,
    into results: inout MutableSpan<SignalResult>
  ) {
    assert(Int(run.register) + run.count <= count, "a register that is not there")
    precondition(
      run.place >= 0 && run.place + run.count <= min(heads.count, results.count),
      "a result for every signal")
    unsafe results.withUnsafeMutableBufferPointer { results in
      guard let first = results.baseAddress else { return }
      // SAFETY: registers, heads and results are there, see above. A result is the two words that
      // are written, which a test looks at, and of which every one is a result.
      unsafe columns_signals(
        payloads + Int(run.register), states + Int(run.register), heads.address(run.place),
        run.count, UnsafeMutableRawPointer(first + run.place))
    }
  }

  /// Where a register lies.
  @inline(__always)
  private func place(_ register: UInt16) -> Int {
    let place = Int(register)
    assert(place < count, "a register that is not there")
    return place
  }

  static let present = ValueState.present.rawValue
  static let missing = ValueState.missing.rawValue
  static let error = ValueState.error.rawValue

  @inline(__always)
  func payload(_ register: UInt16) -> UInt64 {
    // SAFETY: required of every caller, see above.
    unsafe payloads[place(register)]
  }

  @inline(__always)
  func state(_ register: UInt16) -> UInt8 {
    // SAFETY: required of every caller, see above.
    unsafe states[place(register)]
  }

  /// Payload and state.
  @inline(__always)
  func value(_ register: UInt16) -> (payload: UInt64, state: UInt8) {
    (payload(register), state(register))
  }

  @inline(__always)
  func int(_ register: UInt16) -> Int64 { Int64(bitPattern: payload(register)) }

  @inline(__always)
  func set(_ register: UInt16, _ payload: UInt64, state: UInt8 = present) {
    let place = place(register)
    // SAFETY: required of every caller, see above; nothing else refers to them.
    unsafe payloads[place] = payload
    unsafe states[place] = state
  }

  /// Joins a bit with the payload of a register that is present.
  @inline(__always)
  func and(_ register: UInt16, _ bit: UInt64) {
    // SAFETY: required of every caller, see above; nothing else refers to them.
    unsafe payloads[place(register)] &= bit
  }

  @inline(__always)
  func or(_ register: UInt16, _ bit: UInt64) {
    // SAFETY: as above.
    unsafe payloads[place(register)] |= bit
  }

  @inline(__always)
  func set(_ register: UInt16, _ value: Bool) {
    set(register, value ? 1 as UInt64 : 0)
  }

  @inline(__always)
  func set(_ register: UInt16, double value: Double) {
    set(register, value.bitPattern)
  }

  /// Sets what arithmetic gave, or the fault that it left 64 bits.
  @inline(__always)
  func set(_ register: UInt16, number result: (partialValue: Int64, overflow: Bool)) {
    set(register, number: result.overflow ? nil : result.partialValue)
  }

  /// Sets a number, or the fault that it left 64 bits.
  @inline(__always)
  func set(_ register: UInt16, number result: Int64?) {
    if let result {
      set(register, UInt64(bitPattern: result))
    } else {
      fail(register, .overflow)
    }
  }

  @inline(__always)
  func fail(_ register: UInt16, _ fault: EvaluationFault) {
    set(register, fault.rawValue, state: Registers.error)
  }

  /// Takes the slots of an event: what is present with its payload, all else as missing. Gives a
  /// bit for each of the first 64 slots that is present.
  ///
  /// *Traps* unless there are as many payloads as states, and no fewer registers.
  @inline(__always)
  @discardableResult
  func take(_ given: Span<UInt64>, _ givenStates: Span<UInt8>) -> UInt64 {
    precondition(
      given.count == givenStates.count && given.count <= count, "slots that find no registers")
    assert(Self.present == 0 && Self.missing == 1, "the states that the kernel knows")
    let (payloads, states) = unsafe (payloads, states)
    // SAFETY: so many slots lie in both spans, and as many registers, see above.
    return unsafe given.withUnsafeBufferPointer { given in
      unsafe givenStates.withUnsafeBufferPointer { givenStates in
        unsafe columns_take_slots(
          payloads, states, given.baseAddress, givenStates.baseAddress, given.count)
      }
    }
  }

  /// Copies payload and state.
  @inline(__always)
  func copy(_ source: UInt16, to register: UInt16) {
    set(register, payload(source), state: state(source))
  }

  /// Whether an operand of a strict operation is present; otherwise its state becomes the result.
  @inline(__always)
  func isPresent(_ operand: UInt16, for result: UInt16) -> Bool {
    if state(operand) == Registers.present { return true }
    copy(operand, to: result)
    return false
  }

  /// Whether both operands of a strict operation are present; otherwise what they lack becomes the
  /// result.
  @inline(__always)
  func arePresent(_ left: UInt16, _ right: UInt16, for result: UInt16) -> Bool {
    if state(left) | state(right) == Registers.present { return true }
    let lack = lack(of: left, right)
    set(result, lack.payload, state: lack.state)
    return false
  }

  /// The error of the first of two operands that has one, or missing.
  func lack(of left: UInt16, _ right: UInt16) -> (payload: UInt64, state: UInt8) {
    if state(left) == Registers.error { return (payload(left), Registers.error) }
    if state(right) == Registers.error { return (payload(right), Registers.error) }
    return (0, Registers.missing)
  }
}

/// The registers of one event type in some lanes: where they lie is found once for a run of events.
///
/// *Requires* that every lane named is one of them. Release builds do not look again, because these
/// lanes are looked for once, and whoever takes them goes over no others. Debug builds do look.
@safe struct LaneRegisters: ~Copyable, ~Escapable {
  fileprivate let payloads: UnsafeMutablePointer<UInt64>
  fileprivate let states: UnsafeMutablePointer<UInt8>
  /// Registers of the type.
  fileprivate let count: Int
  /// Registers from one lane to the next, those of other types included.
  fileprivate let width: Int
  fileprivate let lanes: Range<Int>

  /// The registers of a type in arrays that hold those of all types, lane after lane.
  ///
  /// *Traps* when the type has none there, or there are not all of these lanes.
  @_lifetime(&payloads, &states)
  init(
    _ payloads: inout FixedArray<UInt64>, _ states: inout FixedArray<UInt8>,
    of layout: borrowing EventPlan, _ plan: borrowing EnginePlan, _ lanes: Range<Int>
  ) {
    let places = layout.registers
    width = plan.payloads.count
    count = places.count
    self.lanes = lanes
    let end = min(payloads.count, states.count)
    precondition(
      count > 0 && places.lowerBound >= 0 && places.upperBound <= width && width <= end
        && lanes.lowerBound >= 0 && lanes.upperBound <= end && lanes.upperBound * width <= end,
      "registers that are not there")
    // SAFETY: the type has all its registers in each of these whole lanes, see above; the two
    // accesses last as long as this value.
    unsafe self.payloads = unsafe payloads.address(places.lowerBound)
    unsafe self.states = unsafe states.address(places.lowerBound)
  }

  /// Judges a group in some lanes, as `Registers.judge` does in one. Words from `place` on take by
  /// lane what fires, then, `columns_lanes` further on each, what is unknown and the rest.
  ///
  /// *Requires* words that `GateRows` laid out for as many registers. *Traps* when there are none
  /// at these places, or no such lanes or verdicts.
  @inline(__always)
  func judge(
    _ tests: borrowing FixedArray<UInt64>, words: Range<Int>, _ run: Range<Int>,
    into verdicts: inout FixedArray<UInt64>, at place: Int
  ) {
    precondition(words.upperBound <= tests.count, "words that are not there")
    precondition(
      run.lowerBound >= lanes.lowerBound
        && run.upperBound <= min(lanes.upperBound, Int(columns_lanes)), "no such lanes")
    precondition(
      place >= 0 && place &+ 3 &* Int(columns_lanes) <= verdicts.count, "no such verdicts")
    // SAFETY: the words are there, and the registers that they name, as required, in every lane;
    // so are the verdicts.
    unsafe columns_judge_lanes(
      tests.address(words.lowerBound), payloads + run.lowerBound &* width,
      states + run.lowerBound &* width, width, run.count,
      verdicts.address(place &+ run.lowerBound))
  }
}

/// One register of an event type in some lanes: see `LaneRegisters`.
@safe struct LaneRegister: ~Copyable, ~Escapable {
  private let payloads: UnsafeMutablePointer<UInt64>
  private let states: UnsafeMutablePointer<UInt8>
  private let width: Int
  private let lanes: Range<Int>

  /// A register of the type of some lanes.
  ///
  /// *Traps* when there is no such register.
  @inline(__always)
  @_lifetime(copy all)
  init(_ all: borrowing LaneRegisters, _ register: UInt16) {
    precondition(Int(register) < all.count, "a register that is not there")
    // SAFETY: it is there in each of these lanes, see `LaneRegisters`, whose accesses last as
    // long as this value.
    unsafe payloads = unsafe all.payloads + Int(register)
    unsafe states = unsafe all.states + Int(register)
    width = all.width
    lanes = all.lanes
  }

  @inline(__always)
  func set(_ lane: Int, _ payload: UInt64, state: UInt8) {
    assert(lanes.contains(lane), "no such lane")
    // SAFETY: in a lane that is there, as required; nothing else refers to it.
    unsafe payloads[lane &* width] = payload
    unsafe states[lane &* width] = state
  }

  /// Sets it in all lanes.
  @inline(__always)
  func fill(_ payload: UInt64) {
    assert(Registers.present == 0, "the state that the loop knows")
    let start = lanes.lowerBound &* width
    // SAFETY: in lanes that are there, all of them.
    unsafe columns_fill(payloads + start, states + start, width, lanes.count, payload)
  }

  /// Sets it in all lanes: whether a number has one of some bits.
  ///
  /// *Requires* the numbers of as many lanes.
  @inline(__always)
  func fill(anyOf bits: UInt32, in numbers: borrowing SlotNumbers) {
    assert(numbers.lanes == lanes, "other lanes")
    let start = lanes.lowerBound &* width
    // SAFETY: in lanes that are there, all of them, for each of which there is a number.
    unsafe columns_fill_any(
      payloads + start, states + start, width, lanes.count,
      numbers.first + lanes.lowerBound &* numbers.slotsPerLane, numbers.slotsPerLane, bits)
  }

  /// Sets it in all lanes to 1, and to missing where a number is 0.
  @inline(__always)
  func fill(oneOfEach numbers: borrowing SlotNumbers) {
    var lane = lanes.lowerBound
    while lane < lanes.upperBound {
      let number = numbers[lane]
      set(
        lane, UInt64(min(number, 1)), state: number == 0 ? Registers.missing : Registers.present)
      lane &+= 1
    }
  }

  /// Sets it in all lanes to what another holds, or 0 where that is not present.
  @inline(__always)
  func fill(from other: borrowing LaneRegister) {
    var lane = lanes.lowerBound
    while lane < lanes.upperBound {
      assert(other.lanes.contains(lane), "no such lane")
      // SAFETY: in a lane that is there, as required.
      let payload = unsafe other.payloads[lane &* other.width]
      let state = unsafe other.states[lane &* other.width]
      set(lane, state == Registers.present ? payload : 0, state: Registers.present)
      lane &+= 1
    }
  }
}

/// Registers of events that are all laid out alike, row after row.
struct RegisterRows: ~Copyable {
  fileprivate var payloads: FixedArray<UInt64>
  fileprivate var states: FixedArray<UInt8>
  /// Registers of a row.
  let width: Int
  /// Rows.
  let count: Int

  /// Takes the registers of some rows.
  ///
  /// *Traps* when there is none, or the arrays do not hold as many of both.
  init(
    _ payloads: consuming FixedArray<UInt64>, _ states: consuming FixedArray<UInt8>, width: Int
  ) {
    precondition(
      width > 0 && payloads.count > 0 && payloads.count == states.count
        && payloads.count.isMultiple(of: width), "rows that are not whole")
    count = payloads.count / width
    self.payloads = payloads
    self.states = states
    self.width = width
  }
}
