import Model

/// The registers of one event while it is scored: a payload and a state each.
struct Registers: ~Copyable, ~Escapable {
  var payloads: MutableSpan<UInt64>
  var states: MutableSpan<UInt8>

  @_lifetime(copy payloads, copy states)
  init(payloads: consuming MutableSpan<UInt64>, states: consuming MutableSpan<UInt8>) {
    self.payloads = payloads
    self.states = states
  }

  static let present = ValueState.present.rawValue
  static let missing = ValueState.missing.rawValue
  static let error = ValueState.error.rawValue

  @inline(__always)
  func payload(_ register: UInt16) -> UInt64 { payloads[Int(register)] }

  @inline(__always)
  func state(_ register: UInt16) -> UInt8 { states[Int(register)] }

  @inline(__always)
  @_lifetime(self: copy self)
  mutating func set(_ register: UInt16, _ payload: UInt64, state: UInt8 = present) {
    payloads[Int(register)] = payload
    states[Int(register)] = state
  }

  @inline(__always)
  @_lifetime(self: copy self)
  mutating func set(_ register: UInt16, _ value: Bool) {
    // Typed, or the literals would be doubles to the overload below.
    let payload: UInt64 = value ? 1 : 0
    set(register, payload)
  }

  @inline(__always)
  @_lifetime(self: copy self)
  mutating func set(_ register: UInt16, _ value: Double) {
    set(register, value.bitPattern)
  }

  /// Sets what arithmetic gave, or the fault that it left 64 bits.
  @inline(__always)
  @_lifetime(self: copy self)
  mutating func set(_ register: UInt16, _ result: (partialValue: Int64, overflow: Bool)) {
    set(register, result.overflow ? nil : result.partialValue)
  }

  /// Sets a number, or the fault that it left 64 bits.
  @inline(__always)
  @_lifetime(self: copy self)
  mutating func set(_ register: UInt16, _ result: Int64?) {
    if let result {
      set(register, UInt64(bitPattern: result))
    } else {
      fail(register, .overflow)
    }
  }

  @inline(__always)
  @_lifetime(self: copy self)
  mutating func fail(_ register: UInt16, _ fault: EvaluationFault) {
    set(register, fault.rawValue, state: Registers.error)
  }

  /// Copies payload and state.
  @inline(__always)
  @_lifetime(self: copy self)
  mutating func copy(_ source: UInt16, to register: UInt16) {
    set(register, payload(source), state: state(source))
  }

  /// Whether an operand of a strict operation is present; otherwise its state becomes the result.
  @inline(__always)
  @_lifetime(self: copy self)
  mutating func isPresent(_ operand: UInt16, for result: UInt16) -> Bool {
    if state(operand) == Registers.present { return true }
    copy(operand, to: result)
    return false
  }

  /// Whether both operands of a strict operation are present; otherwise the error of the first that
  /// has one, or missing, becomes the result.
  @inline(__always)
  @_lifetime(self: copy self)
  mutating func arePresent(_ left: UInt16, _ right: UInt16, for result: UInt16) -> Bool {
    if state(left) | state(right) == Registers.present { return true }
    if state(left) == Registers.error {
      copy(left, to: result)
    } else if state(right) == Registers.error {
      copy(right, to: result)
    } else {
      set(result, 0, state: Registers.missing)
    }
    return false
  }
}
