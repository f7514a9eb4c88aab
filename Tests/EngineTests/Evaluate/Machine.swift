import Model
import Program

@testable import Engine

/// A register as a test sees it.
struct Cell: Hashable, CustomStringConvertible {
  var payload: UInt64
  var state: ValueState

  static let missing = Cell(payload: 0, state: .missing)
  static func int(_ value: Int64) -> Cell {
    Cell(payload: UInt64(bitPattern: value), state: .present)
  }
  static func uint(_ value: UInt64) -> Cell { Cell(payload: value, state: .present) }
  static func bool(_ value: Bool) -> Cell { Cell(payload: value ? 1 : 0, state: .present) }
  static func double(_ value: Double) -> Cell { Cell(payload: value.bitPattern, state: .present) }
  static func error(_ fault: EvaluationFault) -> Cell {
    Cell(payload: fault.rawValue, state: .error)
  }

  var description: String { "\(state) \(Int64(bitPattern: payload))" }
}

/// Runs code over registers and gives the registers afterwards.
func run(
  _ code: [Instruction], _ cells: [Cell], text: String = "", constants: Constants = Constants(),
  collected: [UInt64] = []
) throws -> [Cell] {
  var pool = try ConstantPool(constants)
  var payloads = FixedArray(cells.map(\.payload))
  var states = FixedArray(cells.map(\.state.rawValue))
  let event = Array(text.utf8)
  var scratch = ScratchText()
  let registers = Registers(&payloads, &states, at: cells.indices)
  let texts = TextArenas(
    event: event.span, constant: constants.text.span, attribute: Span(), scratch: Span(),
    collected: collected.span)
  RegisterMachine.run(
    code.span, on: registers, texts: texts, scratch: &scratch, constants: &pool)
  var results: [Cell] = []
  for index in cells.indices {
    let state = ValueState(rawValue: registers.state(UInt16(index))) ?? .cleared
    results.append(Cell(payload: registers.payload(UInt16(index)), state: state))
  }
  return results
}

/// What one operation gives for operands b and c; register a starts as `old`.
func result(
  _ operation: Operation, _ b: Cell, _ c: Cell = .missing, extra: UInt8 = 0, old: Cell = .int(77)
) throws -> Cell {
  try run([Instruction(operation, a: 0, b: 1, c: 2, extra: extra)], [old, b, c])[0]
}

/// What a text operation gives for two texts.
func textResult(_ operation: Operation, _ left: String, _ right: String) throws -> Cell {
  let (leftCount, rightCount) = (left.utf8.count, right.utf8.count)
  let b = TextReference(arena: .event, offset: 0, length: leftCount)
  let c = TextReference(arena: .event, offset: leftCount, length: rightCount)
  return try run(
    [Instruction(operation, a: 0, b: 1, c: 2)],
    [.missing, Cell(payload: b.bits, state: .present), Cell(payload: c.bits, state: .present)],
    text: left + right)[0]
}
