import CColumns
import Model
import Program
import Testing

@testable import Engine

private let widths = [columns_128_bits, columns_256_bits].filter { columns_has($0) }

@Suite struct `Rows of tests` {
  private static let edges: [Int64] = [.min, .min + 1, -2, -1, 0, 1, 2, 3, .max - 1, .max]

  /// A test of any register, whose range may begin, end or lie anywhere.
  private func test(_ register: Register, _ random: inout SplitMix64) -> GateTest {
    let one = Self.edges[Int(random.next() % UInt64(Self.edges.count))]
    let other = Self.edges[Int(random.next() % UInt64(Self.edges.count))]
    let test = GateTest(register, min(one, other), through: max(one, other))
    return random.next() % 3 == 0 ? test.negated ?? test : test
  }

  /// What the rules of a group wait for: tests that are any.
  private struct Waits {
    var first: [GateTest]
    var further: [GateTest]
    var isSure: Bool
  }

  private func waits(_ registerCount: Int, _ random: inout SplitMix64) -> Waits {
    let tests = { (count: UInt64, random: inout SplitMix64) in
      (0..<random.next() % count).map { _ in
        self.test(Register(random.next() % UInt64(registerCount)), &random)
      }
    }
    return Waits(
      first: tests(4, &random), further: tests(3, &random), isSure: random.next() % 3 != 0)
  }

  private func group(_ rules: [Waits]) -> GroupTests {
    var tests = GroupTests()
    for (rule, waits) in rules.enumerated() {
      let bit: UInt64 = 1 << UInt64(rule)
      for test in Set(waits.first) { tests.first[test, default: 0] |= bit }
      for test in Set(waits.further) { tests.further[test, default: 0] |= bit }
      if waits.first.isEmpty { tests.ungated |= bit }
      if waits.further.isEmpty { tests.unasked |= bit }
      if waits.isSure && !waits.first.isEmpty { tests.sure |= bit }
    }
    return tests
  }

  /// What becomes of a rule, by one test after the other: whether it fires, is unknown, must be
  /// looked at, or none of these.
  private func verdict(_ waits: Waits, _ numbers: [UInt64], _ lacks: [UInt8]) -> Int {
    let all = waits.first + waits.further
    let holds = { (test: GateTest) in
      lacks[Int(test.register)] == 0 && test.contains(numbers[Int(test.register)])
    }
    for clause in [waits.first, waits.further] where !clause.isEmpty {
      if clause.allSatisfy({ !holds($0) && lacks[Int($0.register)] == 0 }) { return 3 }
    }
    if !waits.isSure || waits.first.isEmpty || all.contains(where: { lacks[Int($0.register)] == 2 })
    {
      return 2
    }
    let needed = [waits.first, waits.further].filter { !$0.isEmpty }
    return needed.allSatisfy { $0.contains(where: holds) } ? 0 : 1
  }

  @Test(arguments: widths)
  func `say of every rule what its tests by themselves do`(width: columns_width) {
    var random = SplitMix64(seed: 0x6A90)
    var (mistakes, met) = (0, [0, 0, 0, 0])
    for round in 0..<400 {
      let registerCount = GateRows.width + round % 9
      let rules = (0..<1 + round % RuleGroup.mostRules).map { _ in waits(registerCount, &random) }
      let words = GateRows.group(group(rules), registerCount: registerCount)
      for turn in 0..<10 {
        let numbers = (0..<registerCount).map { _ in
          UInt64(bitPattern: Self.edges[Int(random.next() % UInt64(Self.edges.count))])
        }
        let states: [UInt8] = turn % 2 == 0 ? [0, 0, 0, 1] : [0, 0, 1, 2]
        let lacks = (0..<registerCount).map { _ in states[Int(random.next() % 4)] }
        var expected: [UInt64] = [0, 0, 0, 0]
        for (rule, waits) in rules.enumerated() {
          let verdict = verdict(waits, numbers, lacks)
          expected[verdict] |= 1 << UInt64(rule)
          met[verdict] += 1
        }
        var verdicts = columns_verdicts()
        // SAFETY: the rows were laid out for these registers, and the processor has the width.
        unsafe columns_judge_by(width, words, numbers, lacks, &verdicts)
        if [verdicts.fires, verdicts.unknown, verdicts.rest] != Array(expected[..<3]) {
          mistakes += 1
        }
        var payloads = FixedArray(numbers)
        var kept = FixedArray(lacks)
        let registers = Registers(&payloads, &kept, at: 0..<registerCount)
        // They need not be the first there are.
        let chosen = registers.judge(FixedArray([7] + words), words: 1..<1 + words.count)
        if [chosen.fires, chosen.unknown, chosen.rest] != Array(expected[..<3]) { mistakes += 1 }
      }
    }
    #expect(mistakes == 0)
    #expect(met.allSatisfy { $0 > 10_000 })
  }

  /// What is to become of the rules of a group, lane by lane, in the order that verdicts have.
  private func verdicts(
    _ words: [UInt64], _ numbers: [UInt64], _ lacks: [UInt8], registers: Int, lanes: Int
  ) -> [UInt64] {
    let apart = Int(columns_lanes)
    var expected = [UInt64](repeating: 7, count: 3 * apart)
    for lane in 0..<lanes {
      let places = lane * registers..<(lane + 1) * registers
      var verdicts = columns_verdicts()
      // SAFETY: the rows were laid out for these registers, and every processor has the width.
      unsafe columns_judge_by(
        columns_128_bits, words, Array(numbers[places]), Array(lacks[places]), &verdicts)
      expected[lane] = verdicts.fires
      expected[apart + lane] = verdicts.unknown
      expected[2 * apart + lane] = verdicts.rest
    }
    return expected
  }

  @Test(arguments: [columns_128_bits, columns_256_bits, columns_512_bits].filter(columns_has))
  func `say the same of many lanes as of each by itself`(width: columns_width) {
    var random = SplitMix64(seed: 0x1A4E)
    var (mistakes, fires, failing) = (0, 0, 0)
    for round in 0..<8 * Int(columns_lanes) {
      let registers = GateRows.width + round % 7
      let lanes = round % (Int(columns_lanes) + 1)
      let rules = (0..<1 + round % RuleGroup.mostRules).map { _ in waits(registers, &random) }
      let words = GateRows.group(group(rules), registerCount: registers)
      let numbers = (0..<lanes * registers).map { _ in
        UInt64(bitPattern: Self.edges[Int(random.next() % UInt64(Self.edges.count))])
      }
      // In some rounds no number fails, in others a few do.
      let rare = UInt64(lanes * registers + 1)
      let lacks = numbers.map { _ -> UInt8 in
        if round % 2 == 0 && random.next() % rare == 0 { return 2 }
        return random.next() % 3 == 0 ? 1 : 0
      }
      if lacks.contains(2) { failing += 1 }
      let expected = verdicts(words, numbers, lacks, registers: registers, lanes: lanes)
      var told = [UInt64](repeating: 7, count: expected.count)
      // SAFETY: as above, in so many lanes; there is room for the verdicts on all lanes.
      unsafe columns_judge_lanes_by(width, words, numbers, lacks, registers, lanes, &told)
      if told != expected { mistakes += 1 }
      for word in expected[..<lanes] { fires += word.nonzeroBitCount }
    }
    #expect(mistakes == 0)
    #expect(fires > 10_000)
    #expect(failing > 100)
  }

  @Test func `have one test for all rules that ask the same`() {
    let test = GateTest(5, 1, through: 9)
    let rows = GateRows.rows([test: 0b101, GateTest(isTrue: 3): 0b10], registerCount: 8)
    #expect(rows.count == GateRows.words)
    #expect(rows[0] == 3)
    #expect(rows[9...] == [0b10, 0, 0b101, 0])
  }

  @Test func `of the last registers begin before them`() {
    let rows = GateRows.rows([GateTest(isTrue: 7): 1], registerCount: 8)
    #expect(rows[0] == 4)
    #expect(rows[9...] == [0, 0, 0, 1])
  }

  @Test func `are none of fewer registers than a row has`() async {
    await #expect(processExitsWith: .failure) {
      _ = GateRows.rows([GateTest(isTrue: 0): 1], registerCount: 3)
    }
  }

  @Test func `are not read where there are none`() async {
    await #expect(processExitsWith: .failure) {
      var payloads = FixedArray<UInt64>(repeating: 0, count: 4)
      var states = FixedArray<UInt8>(repeating: 0, count: 4)
      let registers = Registers(&payloads, &states, at: 0..<4)
      let words = GateRows.group(GroupTests(), registerCount: 4)
      _ = registers.judge(FixedArray(words), words: 0..<words.count + 1)
    }
  }
}

@Suite struct `Results of rules` {
  private static func silent(_ count: Int) -> [RuleResult] {
    (0..<count).map { RuleResult(silent: UInt32(0xFFFF_FFFF - $0)) }
  }

  @Test(arguments: widths)
  func `are silent but for those that are unknown, in registers of every width`(
    width: columns_width
  ) {
    var random = SplitMix64(seed: 0x5117)
    for count in 0...RuleGroup.mostRules {
      let silent = Self.silent(count)
      let all = count == 64 ? .max : (1 as UInt64) << UInt64(count) &- 1
      let unknown = random.next() & random.next() & all
      var results = [RuleResult](
        repeating: RuleResult(rule: 7, outcome: .error, score: 7, counted: true), count: count + 1)
      let behind = results[count]
      unsafe results.withUnsafeMutableBytes { results in
        guard let first = results.baseAddress else { return }
        // SAFETY: as many of both, and the processor has the width.
        let told = unsafe columns_results_by(width, silent, count, unknown, first)
        #expect(told == unknown.nonzeroBitCount)
      }
      let expected = silent.enumerated().map { index, result in
        unknown >> UInt64(index) & 1 == 0
          ? result
          : RuleResult(rule: result.rule, outcome: .unknown, score: 0, counted: false)
      }
      #expect(Array(results[..<count]) == expected)
      #expect(results[count] == behind)
    }
  }

  @Test func `are taken place by place`() {
    let silent = Self.silent(9)
    var results = [RuleResult](
      repeating: RuleResult(rule: 7, outcome: .error, score: 7, counted: true), count: 9)
    var span = results.mutableSpan
    #expect(span.take(FixedArray(silent), 3..<8, unknown: 0b10010) == 2)
    for place in 0..<9 {
      let outcome: RuleOutcome = [4, 7].contains(place) ? .unknown : .silent
      #expect(results[place].outcome == ((3..<8).contains(place) ? outcome : .error))
    }
  }

  @Test func `are as many as there is room for`() async {
    await #expect(processExitsWith: .failure) {
      var results = Self.silent(4)
      var span = results.mutableSpan
      _ = span.take(FixedArray(Self.silent(5)), 0..<5, unknown: 0)
    }
  }
}

@Suite struct `Results of signals` {
  private func result(_ signal: Int, _ payload: UInt64, _ state: UInt8) -> SignalResult {
    SignalResult(
      signal: signal, payload: payload, state: ValueState(rawValue: state) ?? .error,
      isTruncated: false)
  }

  @Test func `are two words`() {
    #expect(MemoryLayout<SignalResult>.stride == 16)
    #expect(MemoryLayout<SignalResult>.offset(of: \.payload) == 0)
    #expect(MemoryLayout<SignalResult>.offset(of: \.state) == 12)
    #expect(MemoryLayout<SignalResult>.offset(of: \.isTruncated) == 13)
  }

  @Test(arguments: widths + [columns_512_bits].filter { columns_has($0) })
  func `are what registers hold, in registers of every width`(width: columns_width) {
    for count in 0...21 {
      let payloads = (0..<count).map { UInt64($0) &* 0x9E37_79B9_7F4A_7C15 }
      let states = (0..<count).map { UInt8($0 % 4) }
      let signals = (0..<count).map { $0 * 3 + 65_000 }
      var results = [SignalResult](
        repeating: SignalResult(signal: 7, payload: 7, state: .error, isTruncated: true),
        count: count)
      unsafe results.withUnsafeMutableBytes { results in
        guard let first = results.baseAddress else { return }
        // SAFETY: as many of all, and the processor has the width.
        unsafe columns_signals_by(
          width, payloads, states, signals.map { UInt64($0) }, count, first)
      }
      let expected = (0..<count).map { result(signals[$0], payloads[$0], states[$0]) }
      #expect(results == expected)
    }
  }

  @Test func `are taken run by run`() {
    var payloads = FixedArray<UInt64>((0..<12).map { UInt64($0) * 100 })
    var states = FixedArray<UInt8>((0..<12).map { UInt8($0 % 3) })
    let registers = Registers(&payloads, &states, at: 0..<12)
    let heads = FixedArray<UInt64>([4, 5, 6, 9, 1])
    let filler = SignalResult(signal: 7, payload: 7, state: .error, isTruncated: true)
    var results = [SignalResult](repeating: filler, count: 5)
    var span = results.mutableSpan
    registers.store(SignalRun(place: 0, register: 2, count: 3), heads, into: &span)
    registers.store(SignalRun(place: 3, register: 10, count: 2), heads, into: &span)
    let expected = [
      result(4, 200, 2), result(5, 300, 0), result(6, 400, 1), result(9, 1_000, 1),
      result(1, 1_100, 2),
    ]
    #expect(results == expected)
  }

  @Test func `are as many as there is room for`() async {
    await #expect(processExitsWith: .failure) {
      var payloads = FixedArray<UInt64>(repeating: 0, count: 4)
      var states = FixedArray<UInt8>(repeating: 0, count: 4)
      let registers = Registers(&payloads, &states, at: 0..<4)
      let heads = FixedArray<UInt64>(repeating: 0, count: 4)
      var results = [
        SignalResult(signal: 0, payload: 0, state: .present, isTruncated: false)
      ]
      var span = results.mutableSpan
      registers.store(SignalRun(place: 0, register: 0, count: 2), heads, into: &span)
    }
  }
}
