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

  @Test(arguments: widths)
  func `let through what every test by itself does`(width: columns_width) {
    var random = SplitMix64(seed: 0x6A90)
    var (mistakes, met) = (0, [0, 0])
    for round in 0..<400 {
      let registerCount = GateRows.width + round % 9
      var tests: [GateTest: UInt64] = [:]
      for rule in 0..<1 + round % RuleGroup.mostRules {
        let register = Register(random.next() % UInt64(registerCount))
        tests[test(register, &random), default: 0] |= 1 << UInt64(rule)
      }
      let rows = GateRows.rows(tests, registerCount: registerCount)
      for _ in 0..<10 {
        let numbers = (0..<registerCount).map { _ in
          UInt64(bitPattern: Self.edges[Int(random.next() % UInt64(Self.edges.count))])
        }
        let lacks = (0..<registerCount).map { _ in UInt8([0, 0, 0, 1, 2][Int(random.next() % 5)]) }
        var payloads = FixedArray(numbers)
        var states = FixedArray(lacks)
        let registers = Registers(&payloads, &states, at: 0..<registerCount)
        var expected: UInt64 = 0
        for (test, rules) in tests {
          let number = numbers[Int(test.register)]
          let mayHold = lacks[Int(test.register)] != 0 || test.contains(number)
          if mayHold { expected |= rules }
          met[mayHold ? 1 : 0] += 1
        }
        // SAFETY: the rows were laid out for these registers, and the processor has the width.
        let open = unsafe columns_open_by(
          width, rows, rows.count / GateRows.words, numbers, lacks)
        if open != expected { mistakes += 1 }
        let chosen = registers.open(FixedArray(rows), rows: 0..<rows.count / GateRows.words)
        if chosen != expected { mistakes += 1 }
      }
    }
    #expect(mistakes == 0)
    #expect(met.allSatisfy { $0 > 10_000 })
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
      let rows = GateRows.rows([GateTest(isTrue: 0): 1], registerCount: 4)
      _ = registers.open(FixedArray(rows), rows: 0..<2)
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

  @Test(arguments: widths)
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

@Suite struct `Plain elements of a span` {
  @Test func `are taken from another`() {
    var target: [UInt16] = [1, 2, 3]
    var span = target.mutableSpan
    let source: [UInt16] = [7, 8, 9]
    span.copy(source.span)
    #expect(target == source)
    var none: [UInt16] = []
    let nothing = none
    var empty = none.mutableSpan
    empty.copy(nothing.span)
    #expect(none.isEmpty)
  }

  @Test func `are not taken from one of another length`() async {
    await #expect(processExitsWith: .failure) {
      var target: [UInt16] = [1, 2, 3]
      var span = target.mutableSpan
      let source: [UInt16] = [7, 8]
      span.copy(source.span)
    }
  }
}
