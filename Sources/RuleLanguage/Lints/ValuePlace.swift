internal import Expressions
internal import Model
internal import Values

/// Where values stand in the order of their type, as whole numbers.
enum ValuePlace {
  /// The place of a value; nil for text, lists and what is no value.
  static func place(of value: Value) -> Int128? {
    switch value {
    case .bool(let value): value ? 1 : 0
    case .int(let value), .duration(let value): Int128(value)
    case .uint(let value): Int128(value)
    case .timestamp(let value): Int128(value.microseconds)
    case .decimal(let value): Int128(value.units)
    case .enumeration(let position): Int128(position)
    case .double(let value): value.isNaN ? nil : place(of: value)
    case .string, .bytes, .list, .missing, .error: nil
    }
  }

  /// Doubles in order: those below zero count down, and both zeros are one place.
  private static func place(of value: Double) -> Int128 {
    value < 0 ? -Int128((-value).bitPattern) : Int128(abs(value).bitPattern)
  }

  /// All places of a type.
  static func all(of type: ValueType, cases: (String) -> Int) -> ClosedRange<Int128> {
    switch type {
    case .bool: 0...1
    case .int, .timestamp, .duration, .decimal: Int128(Int64.min)...Int128(Int64.max)
    case .uint: 0...Int128(UInt64.max)
    case .double: place(of: -Double.infinity)...place(of: Double.infinity)
    case .enumeration(let name): 0...Int128(max(cases(name), 1) - 1)
    case .string, .bytes, .reference, .list, .collected, .map: ValueSet.everything
    }
  }

  /// A place as rule files write its value.
  static func text(_ place: Int128, of type: ValueType, cases: (String) -> [String]) -> String {
    switch type {
    case .bool: place == 0 ? "false" : "true"
    case .double:
      "\(place < 0 ? -Double(bitPattern: UInt64(-place)) : Double(bitPattern: UInt64(place)))"
    case .duration:
      Int64(exactly: place).map { DurationText.text(ofMicroseconds: $0) } ?? "\(place)"
    case .decimal(let scale, _):
      Int64(exactly: place).map { "\(Decimal(units: $0, scale: scale))" } ?? "\(place)"
    case .enumeration(let name):
      Int(exactly: place).flatMap { cases(name).indices.contains($0) ? cases(name)[$0] : nil }
        ?? "\(place)"
    default: "\(place)"
    }
  }
}
