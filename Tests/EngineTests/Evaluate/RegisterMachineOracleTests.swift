import Model
import Program
import Testing

@testable import Engine

/// Values as a person would write them, and the same operations said once more, plainly.
private enum Plain: Hashable {
  case value(Int128)
  case missing
  case error(EvaluationFault)

  var cell: Cell {
    switch self {
    case .value(let value): .int(Int64(truncatingIfNeeded: value))
    case .missing: .missing
    case .error(let fault): .error(fault)
    }
  }
}

private func strict(_ operands: [Plain], _ compute: ([Int128]) -> Plain) -> Plain {
  for case .error(let fault) in operands { return .error(fault) }
  if operands.contains(.missing) { return .missing }
  let result = compute(
    operands.map { operand in
      if case .value(let value) = operand { return value }
      return 0
    })
  if case .value(let value) = result, Int64(exactly: value) == nil { return .error(.overflow) }
  return result
}

private func plain(_ operation: Operation, _ a: Plain, _ b: Plain, _ c: Plain) -> Plain? {
  switch operation {
  case .addInt: strict([b, c]) { .value($0[0] + $0[1]) }
  case .subtractInt: strict([b, c]) { .value($0[0] - $0[1]) }
  case .multiplyInt: strict([b, c]) { .value($0[0] * $0[1]) }
  case .divideInt:
    strict([b, c]) { $0[1] == 0 ? .error(.divisionByZero) : .value($0[0] / $0[1]) }
  case .negateInt: strict([b]) { .value(-$0[0]) }
  case .lessInt: strict([b, c]) { .value($0[0] < $0[1] ? 1 : 0) }
  case .lessOrEqualInt: strict([b, c]) { .value($0[0] <= $0[1] ? 1 : 0) }
  case .equalBits: strict([b, c]) { .value($0[0] == $0[1] ? 1 : 0) }
  case .notEqualBits: strict([b, c]) { .value($0[0] != $0[1] ? 1 : 0) }
  case .isMissing: b == .missing ? .value(1) : strict([b]) { _ in .value(0) }
  case .orDefault: b == .missing ? c : b
  case .move: b
  default: nil
  }
}

@Suite struct `The register machine against plain arithmetic` {
  @Test(arguments: [1, 2, 3] as [UInt64])
  func `agrees on random code`(_ seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    let operations: [Operation] = [
      .addInt, .subtractInt, .multiplyInt, .divideInt, .negateInt, .lessInt, .lessOrEqualInt,
      .equalBits, .notEqualBits, .isMissing, .orDefault, .move,
    ]
    let start: [Plain] = [
      .value(0), .value(1), .value(-1), .value(2), .value(7), .value(Int128(Int64.max)),
      .value(Int128(Int64.min)), .missing, .error(.conversion), .value(1_000_000_007),
    ]
    for round in 0..<300 {
      var expected = start + [Plain](repeating: .missing, count: 10)
      var code: [Instruction] = []
      for _ in 0..<40 {
        let operation = operations[generator.below(operations.count)]
        let (a, b, c) = (10 + generator.below(10), generator.below(20), generator.below(20))
        code.append(Instruction(operation, a: UInt16(a), b: UInt16(b), c: UInt16(c)))
        expected[a] = try #require(plain(operation, expected[a], expected[b], expected[c]))
      }
      let cells = start.map(\.cell) + [Cell](repeating: .missing, count: 10)
      let actual = try run(code, cells)
      #expect(actual == expected.map(\.cell), "seed \(seed), round \(round)")
    }
  }
}

@Suite struct `Searching a text` {
  @Test(arguments: [11, 12] as [UInt64])
  func `finds exactly what trying every place finds`(_ seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    var found = 0
    for _ in 0..<30_000 {
      let letters = 1 + generator.below(3)
      let text = (0..<generator.below(24)).map { _ in UInt8(97 + generator.below(letters)) }
      let part = (0..<generator.below(9)).map { _ in UInt8(97 + generator.below(letters)) }
      let places = max(0, text.count - part.count + 1)
      let expected = (0..<places).contains { Array(text[$0..<$0 + part.count]) == part }
      if expected { found += 1 }
      let actual = TwoWaySearch.find(part.span, in: text.span)
      #expect(actual == expected, "seed \(seed): \(part) in \(text)")
    }
    #expect(found > 5_000)
  }

  @Test func `stays linear on what defeats trying every place`() {
    let text = [UInt8](repeating: 97, count: 1 << 18)
    var part = [UInt8](repeating: 97, count: 1 << 17)
    part[1 << 16] = 98
    let clock = ContinuousClock()
    var isFound = true
    let time = clock.measure { isFound = TwoWaySearch.find(part.span, in: text.span) }
    #expect(!isFound)
    // Trying every place takes 8 × 10⁹ steps, minutes in a debug build; this takes milliseconds.
    #expect(time < .seconds(5))
  }
}
