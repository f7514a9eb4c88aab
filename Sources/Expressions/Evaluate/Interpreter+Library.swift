internal import Model
internal import Values

extension Interpreter {
  /// What a library function gives for operands that are all present.
  static func library(
    _ function: LibraryFunction, _ operands: [Value], type: ValueType
  ) -> Value {
    var payloads = InlineArray<4, UInt64>(repeating: 0)
    for (position, operand) in operands.enumerated() { payloads[position] = payload(operand) }
    let first = text(0, of: operands)
    let second = text(1, of: operands)
    let third = text(2, of: operands)
    var output: [UInt8] = []
    let arguments = LibraryArguments(payloads, first.span, second.span, third.span)
    let outcome = function.evaluate(arguments, into: &output)
    return switch outcome {
    case .value(let payload): value(payload, type)
    case .bool(let value): .bool(value)
    case .written: .string(String(decoding: output, as: UTF8.self))
    case .part(let range): .string(String(decoding: first[range], as: UTF8.self))
    case .missing: .missing
    case .fault(let fault): .error(fault)
    }
  }

  private static func text(_ position: Int, of operands: [Value]) -> [UInt8] {
    guard position < operands.count else { return [] }
    return switch operands[position] {
    case .string(let text): Array(text.utf8)
    case .bytes(let bytes): bytes
    default: []
    }
  }

  private static func payload(_ value: Value) -> UInt64 {
    switch value {
    case .bool(let value): value ? 1 : 0
    case .int(let value), .duration(let value): UInt64(bitPattern: value)
    case .uint(let value): value
    case .double(let value): value.bitPattern
    case .timestamp(let value): UInt64(bitPattern: value.microseconds)
    case .decimal(let value): UInt64(bitPattern: value.units)
    case .enumeration(let position): UInt64(position)
    case .string, .bytes, .list, .missing, .error: 0
    }
  }

  private static func value(_ payload: UInt64, _ type: ValueType) -> Value {
    let int = Int64(bitPattern: payload)
    return switch type {
    case .bool: .bool(payload != 0)
    case .uint: .uint(payload)
    case .double: .double(Double(bitPattern: payload))
    case .timestamp: .timestamp(Timestamp(microseconds: int))
    case .duration: .duration(int)
    case .decimal(let scale, _): .decimal(Decimal(units: int, scale: scale))
    default: .int(int)
    }
  }
}
