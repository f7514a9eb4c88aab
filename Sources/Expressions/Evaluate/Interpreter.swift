internal import Model
public import Values

/// Evaluates typed expressions by walking them: obviously right, not fast. It folds constants, runs
/// the expressions of tests, and is the oracle of the compiled code.
public struct Interpreter {
  private let variable: (Int) -> Value
  private let query: (Int, [Value]) -> Value

  /// Creates an interpreter over the values of variables and the answers to questions.
  public init(
    variable: @escaping (Int) -> Value, query: @escaping (Int, [Value]) -> Value
  ) {
    self.variable = variable
    self.query = query
  }

  /// The value of an expression that names nothing; missing where it does.
  public static func constant(_ expression: TypedExpression) -> Value {
    Interpreter(variable: { _ in .missing }, query: { _, _ in .missing }).evaluate(expression)
  }

  /// The value of an expression.
  public func evaluate(_ expression: TypedExpression) -> Value {
    switch expression.kind {
    case .constant(let value): return value
    case .variable(let number): return variable(number)
    case .query(let number, let arguments):
      let values = arguments.map(evaluate)
      return Interpreter.absorbing(values) ?? query(number, values)
    case .list(let elements):
      let values = elements.map(evaluate)
      return Interpreter.absorbing(values) ?? .list(values)
    case .conditional(let condition, let then, let otherwise):
      switch evaluate(condition) {
      case .bool(true): return evaluate(then)
      case .bool(false): return evaluate(otherwise)
      case let absent: return absent
      }
    case .apply(let overload, let operands):
      return apply(overload, operands.map(evaluate), type: expression.type)
    }
  }

  /// An error operand wins, then a missing one; nil when all are present.
  static func absorbing(_ values: [Value]) -> Value? {
    values.first { $0.state == .error } ?? values.first { $0.state == .missing }
  }

  private func apply(_ overload: Overload, _ operands: [Value], type: ValueType) -> Value {
    switch overload {
    case .and, .or: return Interpreter.logic(overload, operands[0], operands[1])
    case .isMissing:
      if case .error = operands[0] { return operands[0] }
      return .bool(operands[0] == .missing)
    case .expanded: return operands[0]
    case .orDefault: return operands[0] == .missing ? operands[1] : operands[0]
    default: break
    }
    if let absent = Interpreter.absorbing(operands) { return absent }
    if case .library(let function) = overload {
      return Interpreter.library(function, operands, type: type)
    }
    if operands.count == 1 { return Interpreter.unary(overload, operands[0], type: type) }
    return Interpreter.comparison(overload, operands[0], operands[1])
      ?? Interpreter.arithmetic(overload, operands[0], operands[1])
      ?? Interpreter.text(overload, operands[0], operands[1])
  }

  private static func logic(_ overload: Overload, _ left: Value, _ right: Value) -> Value {
    let a = left == .bool(true)
    let b = right == .bool(true)
    let (value, state) =
      overload == .and
      ? ThreeValued.and(a, left.state, b, right.state)
      : ThreeValued.or(a, left.state, b, right.state)
    return switch state {
    case .error: left.state == .error ? left : right
    case .missing, .cleared: .missing
    case .present: .bool(value)
    }
  }

  private static func unary(_ overload: Overload, _ operand: Value, type: ValueType) -> Value {
    switch (overload, operand) {
    case (.not, .bool(let value)): .bool(!value)
    case (.negateInt, _), (.negateDouble, _), (.negateDecimal, _), (.negateDuration, _):
      operand.negated ?? .error(.overflow)
    case (.rescale, .decimal(let value)):
      if case .decimal(let scale, _) = type, let exact = value.rescaled(to: scale) {
        .decimal(exact)
      } else {
        .error(.overflow)
      }
    case (.sizeOfText, .string(let text)): .int(Int64(text.unicodeScalars.count))
    case (.sizeOfCollected, .list(let values)): .int(Int64(values.count))
    case (.intToDouble, .int(let value)): .double(Double(value))
    case (.uintToDouble, .uint(let value)): .double(Double(value))
    case (.decimalToDouble, .decimal(let value)):
      .double(Double(value.units) / Double(Decimal.powerOfTen(value.scale)))
    case (.doubleToInt, .double(let value)):
      value.isNaN
        ? .error(.conversion)
        : Int64(exactly: value.rounded(.towardZero)).map(Value.int) ?? .error(.overflow)
    default: preconditionFailure("\(overload) is not an operation on one \(operand)")
    }
  }
}
