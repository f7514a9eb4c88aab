import Program

/// What a rule waits behind: comparisons that leave it silent when all of them are known to be
/// false, whatever the rest of its condition is. Nearly every rule is silent on nearly every event,
/// so most conditions are never computed.
struct RuleGate: BitwiseCopyable, Sendable {
  /// The steps of the rule's own in `EnginePlan.code`: where they begin, and how many there are.
  var firstStep: UInt32 = 0
  var steps: UInt32 = 0
  /// Where its comparisons begin in `EnginePlan.gateClauses`, and how many there are, when they are
  /// several; one stands in `EnginePlan.gateTests`.
  var firstTest: UInt32 = 0
  var tests: UInt8 = 0
  /// Whether the one comparison is all there is to the condition: no step is taken then.
  var isWhole = false

  /// Whether it has several comparisons, and all are known to be false.
  @inline(__always)
  func isShut(_ clauses: Span<GateTest>, _ registers: borrowing Registers) -> Bool {
    if tests == 0 { return false }
    let first = Int(firstTest)
    for index in first..<first &+ Int(tests) where clauses[index].mayHold(registers) {
      return false
    }
    return true
  }
}

/// A comparison of a number with constants that a rule cannot do without: it holds from one number
/// on, for so many more, beyond the greatest from the least.
struct GateTest: BitwiseCopyable, Sendable {
  private var from: UInt64
  private var more: UInt64
  private var register: Register

  /// Never known to be false.
  static let open = GateTest(from: 0, more: .max, register: 0)

  private init(from: UInt64, more: UInt64, register: Register) {
    self.from = from
    self.more = more
    self.register = register
  }

  /// Holds from `least` to `greatest`.
  init(_ register: Register, _ least: Int64, through greatest: Int64) {
    from = UInt64(bitPattern: least)
    more = UInt64(bitPattern: greatest) &- from
    self.register = register
  }

  /// Holds where this does not; nil where this always holds.
  var negated: GateTest? {
    if more == .max { return nil }
    return GateTest(from: from &+ more &+ 1, more: .max &- more &- 1, register: register)
  }

  /// Whether it holds or is not known. No branch: of some events half the numbers are missing.
  @inline(__always)
  func mayHold(_ registers: borrowing Registers) -> Bool {
    let (payload, state) = registers.value(register)
    return (payload &- from <= more ? 1 : 0) | state != Registers.present
  }

  /// Writes what a test comes to that may hold.
  @inline(__always)
  func write(to condition: Register, _ registers: borrowing Registers) {
    let (payload, state) = registers.value(register)
    switch state {
    case Registers.present: registers.set(condition, true)
    case Registers.error: registers.set(condition, payload, state: state)
    default: registers.set(condition, 0, state: Registers.missing)
    }
  }

  /// Which of at most 64 tests may hold, by bit.
  @inline(__always)
  static func open(_ tests: Span<GateTest>, _ registers: borrowing Registers) -> UInt64 {
    var open: UInt64 = 0
    for index in tests.indices {
      open |= (tests[index].mayHold(registers) ? 1 : 0) &<< UInt64(truncatingIfNeeded: index)
    }
    return open
  }
}
