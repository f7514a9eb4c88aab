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
