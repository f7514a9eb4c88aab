import Program

/// Results that are bools, turned round and joined as their instruction says.
extension Registers {
  /// Whether what the register holds already settles the join, so that the rest need not be known.
  @inline(__always)
  func isSettled(_ step: Instruction, _ row: Int) -> Bool {
    if step.extra < 2 || state(step.a, row) != Registers.present { return false }
    return (payload(step.a, row) == 0) == (step.extra >> 1 == Combining.and.rawValue)
  }

  /// Writes a bool that is there.
  @inline(__always)
  @_lifetime(self: copy self)
  mutating func decide(_ step: Instruction, _ row: Int, _ value: Bool) {
    let bit: UInt64 = (value ? 1 : 0) ^ UInt64(step.extra & 1)
    if step.extra < 2 {
      set(step.a, row, bit)
    } else {
      join(step.a, row, step.extra >> 1, bit, Registers.present)
    }
  }

  /// Writes that there is no bool, or why.
  @inline(never)
  @_lifetime(self: copy self)
  mutating func decide(
    _ step: Instruction, _ row: Int, lacking lack: (payload: UInt64, state: UInt8)
  ) {
    if step.extra < 2 {
      set(step.a, row, lack.payload, state: lack.state)
    } else {
      join(step.a, row, step.extra >> 1, lack.payload, lack.state)
    }
  }

  /// `a and b` or `a or b`: the value that wins, then the error of the first, then missing.
  @inline(__always)
  @_lifetime(self: copy self)
  mutating func join(
    _ register: UInt16, _ row: Int, _ combining: UInt8, _ bit: UInt64, _ state: UInt8
  ) {
    let winner: UInt64 = combining == Combining.and.rawValue ? 0 : 1
    let (held, heldState) = value(register, row)
    if heldState | state == Registers.present {
      set(register, row, winner == 0 ? held & bit : held | bit)
    } else if state == Registers.present && bit == winner {
      set(register, row, winner)
    } else if heldState == Registers.present && held == winner || heldState == Registers.error {
      return
    } else if state == Registers.error {
      set(register, row, bit, state: state)
    } else {
      set(register, row, 0, state: Registers.missing)
    }
  }

  /// Decides every row by two operands that must both be there.
  @inline(__always)
  @_lifetime(self: copy self)
  mutating func decide(_ step: Instruction, by test: (UInt64, UInt64) -> Bool) {
    if isPlain(step, operands: 2) { return fill(step, by: test) }
    for row in 0..<rows {
      if state(step.b, row) | state(step.c, row) == Registers.present {
        decide(step, row, test(payload(step.b, row), payload(step.c, row)))
      } else {
        decide(step, row, lacking: lack(of: step.b, step.c, row))
      }
    }
  }
}
