import Program

/// Results that are bools, turned round and joined as their instruction says.
extension Registers {
  /// Whether a register holds a bool that is there and false.
  @inline(__always)
  func isFalse(_ register: UInt16) -> Bool {
    UInt64(state(register)) | payload(register) == 0
  }

  /// Whether what the register holds already settles the join, so that the rest need not be known.
  @inline(__always)
  func isSettled(_ step: Instruction) -> Bool {
    if step.extra < 2 { return false }
    if step.extra & Self.andBit != 0 { return isFalse(step.a) }
    return state(step.a) == Registers.present && payload(step.a) != 0
  }

  /// The bit of `Instruction.extra` that is set of `Combining.and`.
  private static let andBit = Combining.and.rawValue << 1

  /// Writes a bool that is there.
  @inline(__always)
  func decide(_ step: Instruction, _ value: Bool) {
    let bit = (value ? 1 as UInt64 : 0) ^ UInt64(step.extra & 1)
    if step.extra < 2 {
      set(step.a, bit)
    } else if state(step.a) == Registers.present {
      if step.extra & Self.andBit != 0 { and(step.a, bit) } else { or(step.a, bit) }
    } else {
      joinLack(step, bit)
    }
  }

  /// Writes a bool that is there, where what the register holds does not settle the join: then it
  /// is the result, unless the register lacks a bool.
  @inline(__always)
  func decideUnsettled(_ step: Instruction, _ value: Bool) {
    let bit = (value ? 1 as UInt64 : 0) ^ UInt64(step.extra & 1)
    if step.extra < 2 || state(step.a) == Registers.present {
      set(step.a, bit)
    } else {
      joinLack(step, bit)
    }
  }

  @inline(never)
  private func joinLack(_ step: Instruction, _ bit: UInt64) {
    join(step.a, step.extra >> 1, bit, Registers.present)
  }

  /// Writes that there is no bool, or why.
  @inline(never)
  func decide(_ step: Instruction, lacking lack: (payload: UInt64, state: UInt8)) {
    if step.extra < 2 {
      set(step.a, lack.payload, state: lack.state)
    } else {
      join(step.a, step.extra >> 1, lack.payload, lack.state)
    }
  }

  /// `a and b` or `a or b`: the value that wins, then the error of the first, then missing.
  @inline(__always)
  func join(_ register: UInt16, _ combining: UInt8, _ bit: UInt64, _ state: UInt8) {
    let winner: UInt64 = combining == Combining.and.rawValue ? 0 : 1
    let (held, heldState) = value(register)
    if heldState | state == Registers.present {
      set(register, winner == 0 ? held & bit : held | bit)
    } else if state == Registers.present && bit == winner {
      set(register, winner)
    } else if heldState == Registers.present && held == winner || heldState == Registers.error {
      return
    } else if state == Registers.error {
      set(register, bit, state: state)
    } else {
      set(register, 0, state: Registers.missing)
    }
  }

  /// Decides by two operands that must both be there.
  @inline(__always)
  func decide(_ step: Instruction, by test: (UInt64, UInt64) -> Bool) {
    if state(step.b) | state(step.c) == Registers.present {
      decide(step, test(payload(step.b), payload(step.c)))
    } else {
      decideLack(step)
    }
  }

  @inline(never)
  private func decideLack(_ step: Instruction) {
    decide(step, lacking: lack(of: step.b, step.c))
  }
}
