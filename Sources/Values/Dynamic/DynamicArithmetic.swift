/// The signs `+ - * / %` and unary `-` with the operand types known only at run time.
///
/// *Source*: langdef.md, "Numeric values" and "List of standard definitions": no wrapping, no
/// mixing of types, division towards zero.
public enum DynamicArithmetic {
  /// `a + b`
  public static func add(
    _ left: DynamicValue, _ right: DynamicValue
  ) throws(DynamicFault) -> DynamicValue {
    switch (left, right) {
    case (.int(let a), .int(let b)): return .int(try exact(a.addingReportingOverflow(b)))
    case (.uint(let a), .uint(let b)): return .uint(try exact(a.addingReportingOverflow(b)))
    case (.double(let a), .double(let b)): return .double(a + b)
    case (.string(let a), .string(let b)): return .string(a + b)
    case (.bytes(let a), .bytes(let b)): return .bytes(a + b)
    case (.list(let a), .list(let b)): return .list(a + b)
    case (.timestamp(let a), .duration(let b)), (.duration(let b), .timestamp(let a)):
      return .timestamp(try DynamicTime.timestamp(a + b))
    case (.duration(let a), .duration(let b)): return .duration(try DynamicTime.duration(a + b))
    default: throw .noSuchOverload("_+_")
    }
  }

  /// `a - b`
  public static func subtract(
    _ left: DynamicValue, _ right: DynamicValue
  ) throws(DynamicFault) -> DynamicValue {
    switch (left, right) {
    case (.int(let a), .int(let b)): return .int(try exact(a.subtractingReportingOverflow(b)))
    case (.uint(let a), .uint(let b)): return .uint(try exact(a.subtractingReportingOverflow(b)))
    case (.double(let a), .double(let b)): return .double(a - b)
    case (.timestamp(let a), .timestamp(let b)): return .duration(try DynamicTime.duration(a - b))
    case (.timestamp(let a), .duration(let b)):
      return .timestamp(try DynamicTime.timestamp(a - b))
    case (.duration(let a), .duration(let b)): return .duration(try DynamicTime.duration(a - b))
    default: throw .noSuchOverload("_-_")
    }
  }

  /// `a * b`
  public static func multiply(
    _ left: DynamicValue, _ right: DynamicValue
  ) throws(DynamicFault) -> DynamicValue {
    switch (left, right) {
    case (.int(let a), .int(let b)): return .int(try exact(a.multipliedReportingOverflow(by: b)))
    case (.uint(let a), .uint(let b)): return .uint(try exact(a.multipliedReportingOverflow(by: b)))
    case (.double(let a), .double(let b)): return .double(a * b)
    default: throw .noSuchOverload("_*_")
    }
  }

  /// `a / b`
  public static func divide(
    _ left: DynamicValue, _ right: DynamicValue
  ) throws(DynamicFault) -> DynamicValue {
    switch (left, right) {
    case (.int, .int(0)), (.uint, .uint(0)): throw .divisionByZero
    case (.int(let a), .int(let b)): return .int(try exact(a.dividedReportingOverflow(by: b)))
    case (.uint(let a), .uint(let b)): return .uint(a / b)
    case (.double(let a), .double(let b)): return .double(a / b)
    default: throw .noSuchOverload("_/_")
    }
  }

  /// `a % b`, with the sign of `a`.
  public static func remainder(
    _ left: DynamicValue, _ right: DynamicValue
  ) throws(DynamicFault) -> DynamicValue {
    switch (left, right) {
    case (.int, .int(0)), (.uint, .uint(0)): throw .divisionByZero
    case (.int(let a), .int(let b)):
      return .int(try exact(a.remainderReportingOverflow(dividingBy: b)))
    case (.uint(let a), .uint(let b)): return .uint(a % b)
    default: throw .noSuchOverload("_%_")
    }
  }

  /// `-a`
  public static func negate(_ value: DynamicValue) throws(DynamicFault) -> DynamicValue {
    switch value {
    case .int(let a): return .int(try exact(Int64(0).subtractingReportingOverflow(a)))
    case .double(let a): return .double(-a)
    case .duration(let a): return .duration(-a)
    default: throw .noSuchOverload("-_")
    }
  }

  private static func exact<Number>(
    _ result: (partialValue: Number, overflow: Bool)
  ) throws(DynamicFault) -> Number {
    if result.overflow { throw .overflow }
    return result.partialValue
  }
}
