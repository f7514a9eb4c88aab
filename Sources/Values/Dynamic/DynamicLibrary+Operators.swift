extension DynamicLibrary {
  /// What signs are called as functions.
  static let operators: [String: DynamicFunction] = [
    "_+_": binary(DynamicArithmetic.add), "_-_": binary(DynamicArithmetic.subtract),
    "_*_": binary(DynamicArithmetic.multiply), "_/_": binary(DynamicArithmetic.divide),
    "_%_": binary(DynamicArithmetic.remainder), "-_": unary(DynamicArithmetic.negate),
    "_==_": binary { left, right throws(DynamicFault) in .bool(left.equals(right)) },
    "_!=_": binary { left, right throws(DynamicFault) in .bool(!left.equals(right)) },
    "_<_": comparison { $0 == .less },
    "_<=_": comparison { $0 == .less || $0 == .equal },
    "_>_": comparison { $0 == .greater },
    "_>=_": comparison { $0 == .greater || $0 == .equal },
    "!_": unary { value throws(DynamicFault) in
      guard case .bool(let value) = value else { throw .noSuchOverload("!_") }
      return .bool(!value)
    },
    "@in": binary(membership), "_[_]": binary(element), "_[?_]": binary(optionalElement),
  ]

  private static func comparison(
    _ holds: @escaping @Sendable (DynamicValue.Order) -> Bool
  ) -> DynamicFunction {
    binary { left, right throws(DynamicFault) in
      guard let order = left.order(right) else { throw .noSuchOverload("comparison") }
      return .bool(holds(order))
    }
  }

  private static func membership(
    _ value: DynamicValue, _ container: DynamicValue
  ) throws(DynamicFault) -> DynamicValue {
    switch container {
    case .list(let elements): return .bool(elements.contains { $0.equals(value) })
    case .map(let map): return .bool(map[value] != nil)
    default: throw .noSuchOverload("@in")
    }
  }

  /// `container[index]`; through an optional container the result is one.
  public static func element(
    _ container: DynamicValue, _ index: DynamicValue
  ) throws(DynamicFault) -> DynamicValue {
    if case .optional = container { return try optionalElement(container, index) }
    switch container {
    case .map(let map):
      guard let value = map[index] else { throw .noSuchKey }
      return value
    case .list(let elements):
      guard let position = position(index) else { throw .invalidArgument("index") }
      guard elements.indices.contains(Int(position)) else { throw .indexOutOfRange(position) }
      return elements[Int(position)]
    default: throw .noSuchOverload("_[_]")
    }
  }

  /// `container[?index]`
  public static func optionalElement(
    _ container: DynamicValue, _ index: DynamicValue
  ) throws(DynamicFault) -> DynamicValue {
    switch container {
    case .optional(nil): return .optional(nil)
    case .optional(let inner?): return try optionalElement(inner, index)
    case .map(let map): return .optional(map[index])
    case .list(let elements):
      guard let position = position(index) else { throw .invalidArgument("index") }
      return .optional(
        elements.indices.contains(Int(position)) ? elements[Int(position)] : nil)
    default: throw .noSuchOverload("_[?_]")
    }
  }

  /// A whole number of any type.
  private static func position(_ index: DynamicValue) -> Int64? {
    switch index {
    case .int(let value): value
    case .uint(let value): Int64(exactly: value)
    case .double(let value): Int64(exactly: value)
    default: nil
    }
  }

  /// `value.field`: the entry of a map.
  public static func field(
    _ container: DynamicValue, _ name: String
  ) throws(DynamicFault) -> DynamicValue {
    switch container {
    case .optional, .map: return try element(container, .string(name))
    default: throw .noSuchOverload("field `\(name)`")
    }
  }

  /// `value.?field`
  public static func optionalField(
    _ container: DynamicValue, _ name: String
  ) throws(DynamicFault) -> DynamicValue {
    switch container {
    case .optional, .map: return try optionalElement(container, .string(name))
    default: throw .noSuchOverload("field `\(name)`")
    }
  }

  /// `has(value.field)`
  public static func hasField(
    _ container: DynamicValue, _ name: String
  ) throws(DynamicFault) -> Bool {
    switch container {
    case .optional(nil): return false
    case .optional(let inner?): return try hasField(inner, name)
    case .map(let map): return map[.string(name)] != nil
    default: throw .noSuchOverload("field `\(name)`")
    }
  }
}
