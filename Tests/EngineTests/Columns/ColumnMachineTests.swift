import Model
import Program
import Testing

@testable import Engine

/// Numbers, bools and what they lack: registers 0 ..< 8 are given numbers, 8 ..< 12 given bools,
/// 12 ..< 16 numbers that code writes, 16 ..< 24 bools that code writes.
private struct RandomCode {
  static let constants: Set<Register> = [0, 1]
  static let count = 24
  var generator: SplitMix64

  mutating func number() -> Register {
    let place = generator.below(12)
    return Register(place < 8 ? place : place + 4)
  }

  mutating func bool() -> Register {
    let place = generator.below(12)
    return Register(place < 4 ? place + 8 : place + 12)
  }

  mutating func step() -> Instruction {
    let extra = UInt8(generator.below(6))
    let (number, target) = (Register(12 + generator.below(4)), Register(16 + generator.below(8)))
    switch generator.below(10) {
    case 0:
      let operations: [Operation] = [.addInt, .subtractInt, .multiplyInt, .divideInt, .orDefault]
      return Instruction(
        operations[generator.below(5)], a: number, b: self.number(), c: self.number())
    case 1: return Instruction(.select, a: number, b: bool(), c: self.number())
    case 2: return Instruction(.not, a: target, b: bool())
    case 3: return Instruction(.and, a: target, b: bool(), c: bool())
    case 4: return Instruction(.or, a: target, b: bool(), c: bool())
    case 5: return Instruction(.isMissing, a: target, b: self.number(), extra: extra)
    case 6: return Instruction(.inIntSet, a: target, b: self.number(), c: 0, extra: extra)
    default:
      let operations: [Operation] = [
        .equalBits, .notEqualBits, .lessInt, .lessOrEqualInt, .lessUInt, .equalDouble, .lessDouble,
        .lessOrEqualDouble,
      ]
      return Instruction(
        operations[generator.below(8)], a: target, b: self.number(), c: self.number(),
        extra: extra)
    }
  }

  mutating func cell(_ register: Int) -> Cell {
    let state = generator.below(12)
    if state == 0 { return .missing }
    if state == 1 { return .error(.overflow) }
    if (8..<12).contains(register) { return .bool(generator.below(2) == 1) }
    let numbers: [Cell] = [
      .int(0), .int(1), .int(-1), .int(7), .int(.max), .int(.min), .double(1.5), .double(.nan),
      .double(-0.0), .double(-.infinity),
    ]
    return numbers[generator.below(numbers.count)]
  }
}

@Suite struct `Columns of registers` {
  @Test(arguments: [2, 7, 8, 16, 63, 64, 65, 130, 256])
  func `give in every lane what an event alone gives`(_ lanes: Int) throws {
    var random = RandomCode(generator: SplitMix64(seed: UInt64(lanes)))
    let constants = Constants(intSets: [[-1, 1, 7]])
    for round in 0..<20 {
      let code = (0..<30).map { _ in random.step() }
      let fixed = [Cell.int(3), Cell.double(1.5)]
      let start = fixed + [Cell](repeating: .missing, count: RandomCode.count - 2)
      let given = (0..<lanes).map { _ in fixed + (2..<12).map { random.cell($0) } }
      let columnCode = ColumnCode(
        code.span, count: RandomCode.count, constants: RandomCode.constants)
      var columns = Columns(
        FixedArray(start.map(\.payload)), FixedArray(start.map(\.state.rawValue)), lanes: lanes)
      for (lane, cells) in given.enumerated() {
        for (register, cell) in cells.enumerated() where register >= 2 {
          columns.set(Register(register), lane, cell.payload, state: cell.state.rawValue)
        }
      }
      var machine = ColumnMachine(registers: RandomCode.count, lanes: lanes)
      var pool = try ConstantPool(constants)
      machine.run(
        columnCode, on: &columns, text: FixedArray([]), constantText: FixedArray([]),
        constants: &pool)
      for (lane, cells) in given.enumerated() {
        let rest = [Cell](repeating: .missing, count: RandomCode.count - cells.count)
        let expected = try run(code, cells + rest, constants: constants)
        for register in 12..<RandomCode.count {
          let isBits = columnCode.isBits[register]
          let found = columns.value(Register(register), lane, isBits: isBits)
          #expect(
            found.state == expected[register].state.rawValue
              && (found.state != Registers.present || found.payload == expected[register].payload),
            "round \(round), lane \(lane), register \(register)")
        }
      }
    }
  }
}
