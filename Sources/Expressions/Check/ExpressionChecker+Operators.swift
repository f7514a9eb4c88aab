internal import Model
internal import Values

extension ExpressionChecker {
  mutating func unary(
    _ operation: UnaryOperator, _ operand: ExpressionSyntax, _ span: SourceSpan, _ hint: ValueType?
  ) -> TypedExpression? {
    if operation == .not {
      guard let operand = condition(operand) else { return nil }
      return apply(.not, [operand], .bool, span)
    }
    guard let typed = check(operand, hint: hint) else { return nil }
    if case .constant(let value) = typed.kind, let negated = value.negated {
      return constant(negated, typed.type, span)
    }
    let overload: Overload? =
      switch typed.type {
      case .int: .negateInt
      case .double: .negateDouble
      case .decimal: .negateDecimal
      case .duration: .negateDuration
      default: nil
      }
    guard let overload else {
      report(
        .typeMismatch,
        Phrase(
          "`-` needs a number, this is \(typed.type)",
          es: "`-` necesita un número, esto es \(typed.type)"), span)
      return nil
    }
    return apply(overload, [typed], typed.type, span)
  }

  mutating func binary(
    _ operation: BinaryOperator, _ left: ExpressionSyntax, _ right: ExpressionSyntax,
    _ span: SourceSpan
  ) -> TypedExpression? {
    switch operation {
    case .and, .or:
      let left = condition(left)
      let right = condition(right)
      guard let left, let right else { return nil }
      return apply(operation == .and ? .and : .or, [left, right], .bool, span)
    case .isIn, .isNotIn: return membership(operation, left, right, span)
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual:
      return comparison(operation, left, right, span)
    case .multiply, .divide: return scaling(operation, left, right, span)
    case .add, .subtract, .remainder: return arithmetic(operation, left, right, span)
    }
  }

  // MARK: Comparison

  private mutating func comparison(
    _ operation: BinaryOperator, _ left: ExpressionSyntax, _ right: ExpressionSyntax,
    _ span: SourceSpan
  ) -> TypedExpression? {
    guard let (a, b) = pair(left, right) else { return nil }
    guard let (left, right) = unified(a, b) else {
      reportDifference(
        Phrase("these cannot be compared", es: "estos valores no se pueden comparar"), a, b)
      return nil
    }
    let type = left.type
    if operation == .equal || operation == .notEqual {
      let isEqual = operation == .equal
      let overload: Overload
      if type == .double {
        overload = isEqual ? .equalDouble : .notEqualDouble
      } else if type.isText {
        overload = isEqual ? .equalText : .notEqualText
      } else if type.isList {
        mismatch(
          Phrase("lists are tested with `in`", es: "las listas se prueban con `in`"), right)
        return nil
      } else {
        overload = isEqual ? .equalBits : .notEqualBits
      }
      return apply(overload, [left, right], .bool, span)
    }
    let isStrict = operation == .less || operation == .greater
    let overload: Overload
    switch type {
    case .int, .timestamp, .duration, .decimal: overload = isStrict ? .lessInt : .lessOrEqualInt
    case .uint: overload = isStrict ? .lessUInt : .lessOrEqualUInt
    case .double: overload = isStrict ? .lessDouble : .lessOrEqualDouble
    case .string, .bytes: overload = isStrict ? .lessText : .lessOrEqualText
    default:
      mismatch(
        Phrase("\(type) has no order", es: "\(type) no tiene orden"), left)
      return nil
    }
    let isSwapped = operation == .greater || operation == .greaterOrEqual
    return apply(overload, isSwapped ? [right, left] : [left, right], .bool, span)
  }

  private mutating func membership(
    _ operation: BinaryOperator, _ left: ExpressionSyntax, _ right: ExpressionSyntax,
    _ span: SourceSpan
  ) -> TypedExpression? {
    guard let (element, list) = elementAndList(left, right) else { return nil }
    guard let wanted = list.type.element else {
      mismatch(
        Phrase("`in` needs a list on its right", es: "`in` necesita una lista a su derecha"), list)
      return nil
    }
    guard let element = adapted(element, to: wanted) else {
      differ(
        Phrase(
          "a list of \(wanted) never holds \(element.type)",
          es: "una lista de \(wanted) nunca contiene \(element.type)"),
        element, list)
      return nil
    }
    let test = apply(.isIn, [element, list], .bool, span)
    return operation == .isIn ? test : apply(.not, [test], .bool, span)
  }

  /// Both sides of `in`. A name that is no variable can only be a case, and of which enumeration
  /// the list says.
  private mutating func elementAndList(
    _ left: ExpressionSyntax, _ right: ExpressionSyntax
  ) -> (TypedExpression, TypedExpression)? {
    if case .name(let name) = left.kind, environment.variable(named: name) == nil {
      guard let list = check(right), let element = check(left, hint: list.type.element) else {
        return nil
      }
      return (element, list)
    }
    guard let element = check(left) else { return nil }
    return check(right, hint: .list(element.type)).map { (element, $0) }
  }

  // MARK: Arithmetic

  private mutating func arithmetic(
    _ operation: BinaryOperator, _ left: ExpressionSyntax, _ right: ExpressionSyntax,
    _ span: SourceSpan
  ) -> TypedExpression? {
    guard let (a, b) = pair(left, right) else { return nil }
    if let mixed = timeArithmetic(operation, a, b, span) { return mixed }
    guard let (left, right) = unified(a, b) else {
      reportDifference(
        Phrase(
          "`\(operation.rawValue)` cannot combine these",
          es: "`\(operation.rawValue)` no puede combinar estos valores"), a,
        b)
      return nil
    }
    let overload: Overload? =
      switch (operation, left.type) {
      case (.add, .int): .addInt
      case (.add, .uint): .addUInt
      case (.add, .double): .addDouble
      case (.add, .decimal): .addDecimal
      case (.add, .duration): .addDuration
      case (.add, .string): .library(.concatenate)
      case (.subtract, .int): .subtractInt
      case (.subtract, .uint): .subtractUInt
      case (.subtract, .double): .subtractDouble
      case (.subtract, .decimal): .subtractDecimal
      case (.subtract, .duration): .subtractDuration
      case (.remainder, .int): .remainderInt
      case (.remainder, .uint): .remainderUInt
      default: nil
      }
    guard let overload else {
      differ(
        Phrase(
          "`\(operation.rawValue)` does not work on \(left.type)",
          es: "`\(operation.rawValue)` no funciona con \(left.type)"),
        left, right)
      return nil
    }
    return apply(overload, [left, right], left.type, span)
  }

  private func timeArithmetic(
    _ operation: BinaryOperator, _ left: TypedExpression, _ right: TypedExpression,
    _ span: SourceSpan
  ) -> TypedExpression? {
    switch (operation, left.type, right.type) {
    case (.add, .timestamp, .duration):
      apply(.addTimestampDuration, [left, right], .timestamp, span)
    case (.add, .duration, .timestamp):
      apply(.addTimestampDuration, [right, left], .timestamp, span)
    case (.subtract, .timestamp, .duration):
      apply(.subtractTimestampDuration, [left, right], .timestamp, span)
    case (.subtract, .timestamp, .timestamp):
      apply(.subtractTimestamps, [left, right], .duration, span)
    default: nil
    }
  }

  /// `*` and `/`: a decimal meets an int or another decimal without adapting it to its unit.
  private mutating func scaling(
    _ operation: BinaryOperator, _ left: ExpressionSyntax, _ right: ExpressionSyntax,
    _ span: SourceSpan
  ) -> TypedExpression? {
    guard let (left, right) = scalingOperands(left, right) else { return nil }
    switch (left.type, right.type) {
    case (.int, .int):
      return apply(operation == .multiply ? .multiplyInt : .divideInt, [left, right], .int, span)
    case (.uint, .uint):
      return apply(
        operation == .multiply ? .multiplyUInt : .divideUInt, [left, right], .uint, span)
    case (.double, .double):
      return apply(
        operation == .multiply ? .multiplyDouble : .divideDouble, [left, right], .double, span)
    case (.decimal(let scale, let unit), .int):
      return apply(
        operation == .multiply ? .multiplyDecimal : .divideDecimalInt, [left, right],
        .decimal(scale: scale, unit: unit), span)
    case (.int, .decimal(let scale, let unit)) where operation == .multiply:
      return apply(.multiplyDecimal, [left, right], .decimal(scale: scale, unit: unit), span)
    case (.decimal(let a, let unitA), .decimal(let b, let unitB)):
      return decimals(operation, left, right, (a, unitA), (b, unitB), span)
    default:
      differ(
        Phrase(
          "`\(operation.rawValue)` cannot combine these",
          es: "`\(operation.rawValue)` no puede combinar estos valores"),
        left, right)
      return nil
    }
  }

  private mutating func scalingOperands(
    _ left: ExpressionSyntax, _ right: ExpressionSyntax
  ) -> (TypedExpression, TypedExpression)? {
    let leftFirst = !ExpressionChecker.isAdaptable(left)
    let first = check(leftFirst ? left : right)
    guard let first else { return nil }
    let second = check(
      leftFirst ? right : left, hint: scalingHint(first.type, leftFirst ? right : left))
    guard let second else { return nil }
    return leftFirst ? (first, second) : (second, first)
  }

  /// A fraction written out meets a decimal as a unitless decimal of its own digits.
  private func scalingHint(_ type: ValueType, _ other: ExpressionSyntax) -> ValueType? {
    guard case .decimal = type else { return type }
    guard case .literal(.double(_, let text)) = other.kind,
      let value = DecimalText.decimal(of: text),
      value.scale <= Decimal.largestScale
    else { return nil }
    return .decimal(scale: value.scale, unit: "")
  }

  private mutating func decimals(
    _ operation: BinaryOperator, _ left: TypedExpression, _ right: TypedExpression,
    _ a: (scale: Int, unit: String), _ b: (scale: Int, unit: String), _ span: SourceSpan
  ) -> TypedExpression? {
    if operation == .divide {
      guard a.unit == b.unit else {
        reportDifference(
          Phrase(
            "amounts of different units cannot be divided",
            es: "no se dividen montos de unidades distintas"), left, right)
        return nil
      }
      let scale = max(a.scale, b.scale)
      return apply(
        .divideDecimals, [rescaled(left, to: scale), rescaled(right, to: scale)],
        .decimal(scale: 6, unit: ""), span)
    }
    guard a.unit.isEmpty || b.unit.isEmpty else {
      differ(
        Phrase(
          "two amounts of money cannot be multiplied", es: "no se multiplican dos montos de dinero"),
        left, right,
        code: .unitMismatch)
      return nil
    }
    guard a.scale + b.scale <= Decimal.largestScale else {
      differ(
        Phrase(
          "the product has \(a.scale + b.scale) digits after the point, more than \(Decimal.largestScale)",
          es:
            "el producto tiene \(a.scale + b.scale) dígitos después del punto, más de \(Decimal.largestScale)"
        ),
        left, right, code: .literalTooPrecise)
      return nil
    }
    let type = ValueType.decimal(scale: a.scale + b.scale, unit: a.unit + b.unit)
    return apply(.multiplyDecimal, [left, right], type, span)
  }

  private mutating func reportDifference(
    _ title: Phrase, _ left: TypedExpression, _ right: TypedExpression
  ) {
    if case .decimal(_, let a) = left.type, case .decimal(_, let b) = right.type, a != b {
      let first = a.isEmpty ? "–" : a
      let second = b.isEmpty ? "–" : b
      differ(
        Phrase(
          "different units: \(first) and \(second)", es: "unidades distintas: \(first) y \(second)"),
        left, right,
        code: .unitMismatch)
    } else if case .decimal = left.type, right.type == .double {
      differ(
        title, left, right,
        help: Phrase(
          "money never meets a double: use a decimal",
          es: "el dinero nunca se mezcla con double: usa un decimal"))
    } else {
      let plain = unquoted(left, as: right.type) ?? unquoted(right, as: left.type)
      differ(title, left, right, help: plain?.help, edit: plain?.edit)
    }
  }

  /// Advice when one side is text in quotes and the other takes a number or a case.
  func unquoted(
    _ text: TypedExpression, as type: ValueType
  ) -> (help: Phrase, edit: SourceEdit)? {
    guard case .constant(.string(let written)) = text.kind else { return nil }
    let edit = SourceEdit(span: text.span, replacement: written)
    switch type {
    case .enumeration(let name) where environment.cases(of: name).contains(written):
      return (
        Phrase("write `\(written)` without quotes", es: "escribe `\(written)` sin comillas"), edit
      )
    case .int, .uint, .double, .decimal:
      guard Double(written) != nil else { return nil }
      return (
        Phrase(
          "write the number without quotes: `\(written)`",
          es: "escribe el número sin comillas: `\(written)`"), edit
      )
    default: return nil
    }
  }
}

extension Value {
  /// The number with its sign turned, when it is one and fits.
  var negated: Value? {
    switch self {
    case .int(let value) where value != .min: .int(-value)
    case .double(let value): .double(-value)
    case .decimal(let value) where value.units != .min:
      .decimal(Decimal(units: -value.units, scale: value.scale))
    case .duration(let value) where value != .min: .duration(-value)
    default: nil
    }
  }
}
