import Program

/// The commonest steps where there is one row, as for an event that is scored alone: no loop, no
/// product of register and rows.
extension Registers {
  /// Where a register lies when there is one row: at its number.
  @inline(__always)
  private func lonePlace(_ register: UInt16) -> Int {
    assert(rows == 1 && place(register, 0) == Int(register), "more than one row")
    return Int(register)
  }

  /// Takes a step that compares two numbers; any other is left to be taken in the general way.
  ///
  /// *Requires* one row.
  @inline(__always)
  @_lifetime(self: copy self)
  mutating func compareAlone(_ step: Instruction) -> Bool {
    switch step.operation {
    case .lessInt: compare(step) { Int64(bitPattern: $0) < Int64(bitPattern: $1) }
    case .lessOrEqualInt: compare(step) { Int64(bitPattern: $0) <= Int64(bitPattern: $1) }
    case .equalBits: compare(step) { $0 == $1 }
    case .notEqualBits: compare(step) { $0 != $1 }
    case .lessUInt: compare(step) { $0 < $1 }
    case .lessOrEqualUInt: compare(step) { $0 <= $1 }
    case .lessDouble: compare(step) { Double(bitPattern: $0) < Double(bitPattern: $1) }
    case .lessOrEqualDouble: compare(step) { Double(bitPattern: $0) <= Double(bitPattern: $1) }
    default: return false
    }
    return true
  }

  @inline(__always)
  @_lifetime(self: copy self)
  private mutating func compare(_ step: Instruction, by test: (UInt64, UInt64) -> Bool) {
    let (b, c) = (lonePlace(step.b), lonePlace(step.c))
    // SAFETY: registers that are there, as the type requires.
    if unsafe states[b] | states[c] == Registers.present {
      decideAlone(step, unsafe test(payloads[b], payloads[c]))
    } else {
      lackAlone(step)
    }
  }

  /// Writes a bool that is there.
  ///
  /// *Requires* one row.
  @inline(__always)
  @_lifetime(self: copy self)
  mutating func decideAlone(_ step: Instruction, _ value: Bool) {
    let bit: UInt64 = (value ? 1 : 0) ^ UInt64(step.extra & 1)
    let a = lonePlace(step.a)
    // SAFETY: as above.
    if step.extra < 2 {
      unsafe payloads[a] = bit
      unsafe states[a] = Registers.present
    } else if unsafe states[a] == Registers.present {
      // The bits of `Combining` are 2 for `and`, 4 for `or`.
      let held = unsafe payloads[a]
      unsafe payloads[a] = step.extra & 2 != 0 ? held & bit : held | bit
    } else {
      joinAlone(step, bit)
    }
  }

  @inline(never)
  @_lifetime(self: copy self)
  private mutating func joinAlone(_ step: Instruction, _ bit: UInt64) {
    join(step.a, 0, step.extra >> 1, bit, Registers.present)
  }

  @inline(never)
  @_lifetime(self: copy self)
  private mutating func lackAlone(_ step: Instruction) {
    decide(step, 0, lacking: lack(of: step.b, step.c, 0))
  }
}
