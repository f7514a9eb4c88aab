import Program

/// What a rule that its gate lets through still needs. Nearly every rule is silent on nearly every
/// event, so most conditions are never computed: tests that are asked of all rules at once, see
/// `RuleGroup`, leave a rule silent when they are known to be false, whatever the rest of its
/// condition is.
struct RuleGate: BitwiseCopyable, Sendable {
  /// Results of a rule in `EventPlan.endings`: when its condition is true, missing, in error, as
  /// registers number these states, and when it is false.
  static let endings = 4
  static let isFalse: UInt8 = 3

  /// The steps of the rule's own in `EnginePlan.code`: where they begin, and how many there are.
  var firstStep: UInt32 = 0
  var steps: UInt32 = 0
  /// Where its tests begin in `EventPlan.wholeTests`, and how many there are, when they are all
  /// there is to the condition, and how that stands is all there is to the result; no step is taken
  /// then. 0 for other rules.
  var firstTest: UInt32 = 0
  var tests: UInt8 = 0
  /// Whether the condition is that all of them hold, and not that one does.
  var needsAll = false
  /// Whether it has a text to write unless it is silent.
  var hasText = false
  /// The register of the first test.
  var register: Register = 0

  /// How a condition stands that is nothing but tests, behind an open gate: what settles it wins,
  /// then an error, then a number that is missing.
  @inline(__always)
  func state(_ tests: borrowing FixedArray<GateTest>, _ registers: borrowing Registers) -> UInt8 {
    // One that was let through holds when its number is there.
    if self.tests == 1 { return registers.state(register) }
    var lack = needsAll ? Registers.present : Self.isFalse
    var index = Int(firstTest)
    let end = index &+ Int(self.tests)
    while index < end {
      let state = registers.state(tests[index].register)
      if state != Registers.present {
        if lack != Registers.error { lack = state }
      } else if tests[index].contains(registers.payload(tests[index].register)) != needsAll {
        return needsAll ? Self.isFalse : Registers.present
      }
      index &+= 1
    }
    return lack
  }
}

/// Up to 64 rules, whose gates are asked in one go.
struct RuleGroup: Sendable {
  /// Rules of a group: the bits of a word.
  static let mostRules = 64

  /// Words of `EventPlan.gateRows`: see `GateRows.group`.
  var words = 0..<0
  /// By bit, the rules that have a text to write unless they are silent.
  var withTexts: UInt64 = 0
}

/// Which rules of a group wait for which tests.
struct GroupTests {
  /// Of the tests of a rule it needs one that may hold.
  var first: [GateTest: UInt64] = [:]
  /// Some rules need another one of these as well.
  var further: [GateTest: UInt64] = [:]
  /// By bit, the rules that wait for no test, and those that do not wait for the further ones.
  var ungated: UInt64 = 0
  var unasked: UInt64 = 0
  /// By bit, the rules of which all is known when these tests are: they fire where what they wait
  /// for holds, and are unknown where it is missing.
  var sure: UInt64 = 0
}

/// A test of a number that a rule cannot do without: it holds from one number on, for so many more,
/// beyond the greatest from the least.
struct GateTest: Hashable, BitwiseCopyable, Sendable {
  private let from: UInt64
  private let more: UInt64
  /// What holds the number.
  let register: Register

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

  /// Holds where a bool is true.
  init(isTrue register: Register) {
    self.init(from: 1, more: .max - 1, register: register)
  }

  /// Holds where this does not; nil where this always holds.
  var negated: GateTest? {
    if more == .max { return nil }
    return GateTest(from: from &+ more &+ 1, more: .max &- more &- 1, register: register)
  }

  /// Whether a number is in the range.
  @inline(__always)
  func contains(_ number: UInt64) -> Bool { number &- from <= more }

  /// The greatest number of the range, and how many smaller ones are in it, as rows have them.
  fileprivate var words: (last: UInt64, more: UInt64) {
    ((from &+ more) ^ Self.highestBit, more ^ Self.highestBit)
  }

  private static let highestBit: UInt64 = 1 << 63
}

/// Tests laid out in rows: each is of registers that lie side by side, which are compared together.
enum GateRows {
  /// Registers of a row, and its words: see `columns_judge`, which reads them.
  static let width = 4
  static let words = 1 + 3 * width

  /// A group of rules: what `columns_judge` wants to know of it, and its rows.
  static func group(_ tests: GroupTests, registerCount: Int) -> [UInt64] {
    let first = rows(tests.first, registerCount: registerCount)
    let further = rows(tests.further, registerCount: registerCount)
    let head = [
      UInt64(first.count / words), UInt64(further.count / words), tests.ungated, tests.unasked,
      tests.sure,
    ]
    return head + first + further
  }

  /// The rows of some tests, with the bits of the rules that wait for each.
  ///
  /// *Requires* that the registers are below `registerCount`, which is no less than the width of a
  /// row.
  static func rows(_ tests: [GateTest: UInt64], registerCount: Int) -> [UInt64] {
    if tests.isEmpty { return [] }
    precondition(registerCount >= width, "too few registers for a row")
    var waiting: [Register: [(test: GateTest, rules: UInt64)]] = [:]
    // In an order of their own, so that the same package is always laid out alike.
    for (test, rules) in tests.sorted(by: { $0.key.words < $1.key.words }) {
      waiting[test.register, default: []].append((test, rules))
    }
    var rows: [UInt64] = []
    while let next = waiting.keys.min() {
      let first = min(Int(next), registerCount - width)
      var row = [UInt64](repeating: 0, count: words)
      row[0] = UInt64(first)
      for lane in 0..<width {
        let register = Register(first + lane)
        guard let (test, rules) = waiting[register]?.popLast() else { continue }
        if waiting[register]?.isEmpty == true { waiting[register] = nil }
        row[1 + lane] = test.words.last
        row[1 + width + lane] = test.words.more
        row[1 + 2 * width + lane] = rules
      }
      rows += row
    }
    return rows
  }
}
