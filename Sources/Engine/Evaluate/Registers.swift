import Model
import Program

/// The registers of a block of events while they are scored: a payload and a state each, register
/// by register, in each of them row by row. A row is an event; scored alone it is a block of one.
///
/// *Requires* that every register named lies below `count / rows` and every row below `rows`.
/// Release builds do not look again, because both are settled before: `EnginePlanBuilder.check`
/// refuses a program that names a register at or above `registerCount` in any instruction, read,
/// key, list, rule or text, `EventPlan.registers` is exactly that many, and rows are counted by
/// `0..<rows` alone. Debug builds, which run all tests, do look.
@safe struct Registers: ~Copyable, ~Escapable {
  let payloads: UnsafeMutablePointer<UInt64>
  let states: UnsafeMutablePointer<UInt8>
  private let count: Int
  /// Events in the block.
  let rows: Int

  /// *Traps* when there is not one state per payload and row, or no register at all.
  @inline(__always)
  @_lifetime(copy payloads, copy states)
  init(
    payloads: consuming MutableSpan<UInt64>, states: consuming MutableSpan<UInt8>, rows: Int = 1
  ) {
    count = payloads.count
    // A block of one, which the engine makes for each event, needs no division.
    precondition(
      count == states.count && (rows == 1 || rows > 1 && count % rows == 0),
      "registers that are no block")
    self.rows = rows
    // SAFETY: this value lives no longer than the two spans and has taken over their exclusive
    // access; both have `count` elements.
    guard let firstPayload = unsafe payloads.withUnsafeMutableBufferPointer({ $0.baseAddress }),
      let firstState = unsafe states.withUnsafeMutableBufferPointer({ $0.baseAddress })
    else { preconditionFailure("an event without registers") }
    unsafe self.payloads = unsafe firstPayload
    unsafe self.states = unsafe firstState
  }

  /// Where a register of a row lies.
  @inline(__always)
  func place(_ register: UInt16, _ row: Int) -> Int {
    let place = Int(register) &* rows &+ row
    assert(row < rows && place < count, "a register that is not there")
    return place
  }

  static let present = ValueState.present.rawValue
  static let missing = ValueState.missing.rawValue
  static let error = ValueState.error.rawValue

  /// The payload of a register, in the first row unless another is named.
  @inline(__always)
  func payload(_ register: UInt16, _ row: Int = 0) -> UInt64 {
    // SAFETY: required of every caller, see above.
    unsafe payloads[place(register, row)]
  }

  @inline(__always)
  func state(_ register: UInt16, _ row: Int = 0) -> UInt8 {
    // SAFETY: required of every caller, see above.
    unsafe states[place(register, row)]
  }

  /// Payload and state.
  @inline(__always)
  func value(_ register: UInt16, _ row: Int) -> (payload: UInt64, state: UInt8) {
    (payload(register, row), state(register, row))
  }

  @inline(__always)
  func int(_ register: UInt16, _ row: Int) -> Int64 { Int64(bitPattern: payload(register, row)) }

  @inline(__always)
  @_lifetime(self: copy self)
  mutating func set(
    _ register: UInt16, _ row: Int, _ payload: UInt64, state: UInt8 = present
  ) {
    let place = place(register, row)
    // SAFETY: required of every caller, see above; `mutating` makes the access exclusive.
    unsafe payloads[place] = payload
    unsafe states[place] = state
  }

  /// Sets a register of the first row.
  @inline(__always)
  @_lifetime(self: copy self)
  mutating func set(_ register: UInt16, _ payload: UInt64, state: UInt8 = present) {
    set(register, 0, payload, state: state)
  }

  @inline(__always)
  @_lifetime(self: copy self)
  mutating func set(_ register: UInt16, _ row: Int, _ value: Bool) {
    // Typed, or the literals would be doubles to the overload below.
    let payload: UInt64 = value ? 1 : 0
    set(register, row, payload)
  }

  @inline(__always)
  @_lifetime(self: copy self)
  mutating func set(_ register: UInt16, _ row: Int, _ value: Double) {
    set(register, row, value.bitPattern)
  }

  /// Sets what arithmetic gave, or the fault that it left 64 bits.
  @inline(__always)
  @_lifetime(self: copy self)
  mutating func set(
    _ register: UInt16, _ row: Int, _ result: (partialValue: Int64, overflow: Bool)
  ) {
    set(register, row, result.overflow ? nil : result.partialValue)
  }

  /// Sets a number, or the fault that it left 64 bits.
  @inline(__always)
  @_lifetime(self: copy self)
  mutating func set(_ register: UInt16, _ row: Int, _ result: Int64?) {
    if let result {
      set(register, row, UInt64(bitPattern: result))
    } else {
      fail(register, row, .overflow)
    }
  }

  @inline(__always)
  @_lifetime(self: copy self)
  mutating func fail(_ register: UInt16, _ row: Int, _ fault: EvaluationFault) {
    set(register, row, fault.rawValue, state: Registers.error)
  }

  /// Copies payload and state.
  @inline(__always)
  @_lifetime(self: copy self)
  mutating func copy(_ source: UInt16, to register: UInt16, _ row: Int) {
    set(register, row, payload(source, row), state: state(source, row))
  }

  /// Whether an operand of a strict operation is present; otherwise its state becomes the result.
  @inline(__always)
  @_lifetime(self: copy self)
  mutating func isPresent(_ operand: UInt16, for result: UInt16, _ row: Int) -> Bool {
    if state(operand, row) == Registers.present { return true }
    copy(operand, to: result, row)
    return false
  }

  /// Whether both operands of a strict operation are present; otherwise what they lack becomes the
  /// result.
  @inline(__always)
  @_lifetime(self: copy self)
  mutating func arePresent(
    _ left: UInt16, _ right: UInt16, for result: UInt16, _ row: Int
  ) -> Bool {
    if state(left, row) | state(right, row) == Registers.present { return true }
    let lack = lack(of: left, right, row)
    set(result, row, lack.payload, state: lack.state)
    return false
  }

  /// The error of the first of two operands that has one, or missing.
  func lack(of left: UInt16, _ right: UInt16, _ row: Int) -> (payload: UInt64, state: UInt8) {
    if state(left, row) == Registers.error { return (payload(left, row), Registers.error) }
    if state(right, row) == Registers.error { return (payload(right, row), Registers.error) }
    return (0, Registers.missing)
  }
}
