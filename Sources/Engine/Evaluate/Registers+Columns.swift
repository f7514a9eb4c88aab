import Program

/// Whole registers of a block at a time: where nothing is missing a step is one loop over plain
/// arrays, without a branch on what a row holds.
///
/// The pointers are copied into constants before each loop: a store through one of them could, for
/// all the compiler knows, change the fields of this value, which it would read again in each row.
extension Registers {
  /// Whether a register is present in every row.
  @inline(__always)
  func isPresentEverywhere(_ register: UInt16) -> Bool {
    let states = unsafe states + place(register, 0)
    var seen: UInt8 = 0
    // SAFETY: the rows of a register that is there, as the type requires.
    for row in 0..<rows { unsafe seen |= states[row] }
    return seen == Registers.present
  }

  /// Whether a step that decides can take all rows at once: there is more than one, and neither its
  /// operands nor what it is joined with lacks a value in any.
  @inline(__always)
  func isPlain(_ step: Instruction, operands: Int) -> Bool {
    rows > 1 && isPresentEverywhere(step.b) && (operands == 1 || isPresentEverywhere(step.c))
      && (step.extra < 2 || isPresentEverywhere(step.a))
  }

  /// Decides every row by two operands.
  ///
  /// *Requires* `isPlain` of the step.
  @inline(__always)
  @_lifetime(self: copy self)
  mutating func fill(_ step: Instruction, by test: (UInt64, UInt64) -> Bool) {
    // SAFETY: the rows of registers that are there, as the type requires.
    let c = unsafe UnsafePointer(payloads + place(step.c, 0))
    fill(step, each: { value, row in test(value, unsafe c[row]) })
  }

  /// Decides every row by one operand and the number of the row.
  ///
  /// *Requires* `isPlain` of the step.
  @inline(__always)
  @_lifetime(self: copy self)
  mutating func fill(_ step: Instruction, each test: (UInt64, Int) -> Bool) {
    let (rows, turn) = (rows, UInt64(step.extra & 1))
    // SAFETY: the rows of registers that are there, as the type requires.
    let a = unsafe payloads + place(step.a, 0)
    let b = unsafe UnsafePointer(payloads + place(step.b, 0))
    switch step.combining {
    case .and:
      for row in 0..<rows { unsafe a[row] &= (test(b[row], row) ? 1 : 0) ^ turn }
    case .or:
      for row in 0..<rows { unsafe a[row] |= (test(b[row], row) ? 1 : 0) ^ turn }
    case .none:
      for row in 0..<rows { unsafe a[row] = (test(b[row], row) ? 1 : 0) ^ turn }
      let states = unsafe states + place(step.a, 0)
      for row in 0..<rows { unsafe states[row] = Registers.present }
    }
  }
}
