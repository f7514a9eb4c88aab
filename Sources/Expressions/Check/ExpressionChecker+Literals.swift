internal import Model
internal import Values

extension ExpressionChecker {
  mutating func literal(
    _ literal: LiteralSyntax, _ span: SourceSpan, _ hint: ValueType?
  ) -> TypedExpression? {
    switch literal {
    case .bool(let value): return constant(.bool(value), .bool, span)
    case .int(let value): return int(value, span, hint)
    case .uint(let value): return constant(.uint(value), .uint, span)
    case .double(let value, let text): return double(value, text, span, hint)
    case .string(let text): return constant(.string(text), .string, span)
    case .bytes(let bytes): return constant(.bytes(bytes), .bytes, span)
    case .duration(let microseconds): return constant(.duration(microseconds), .duration, span)
    case .null:
      report(
        .typeMismatch,
        Phrase("rule files have no `null`", es: "los archivos de reglas no tienen `null`"), span,
        help: Phrase("write `x is missing`", es: "escribe `x is missing`"))
      return nil
    }
  }

  private mutating func int(
    _ value: Int64, _ span: SourceSpan, _ hint: ValueType?
  ) -> TypedExpression? {
    switch hint {
    case .uint? where value >= 0: return constant(.uint(UInt64(value)), .uint, span)
    case .double?: return constant(.double(Double(value)), .double, span)
    case .decimal(let scale, let unit)?:
      guard let decimal = Decimal(units: value, scale: 0).rescaled(to: scale) else {
        tooLarge(scale, span)
        return nil
      }
      return constant(.decimal(decimal), .decimal(scale: scale, unit: unit), span)
    default: return constant(.int(value), .int, span)
    }
  }

  private mutating func double(
    _ value: Double, _ text: String, _ span: SourceSpan, _ hint: ValueType?
  ) -> TypedExpression? {
    guard case .decimal(let scale, let unit)? = hint else {
      return constant(.double(value), .double, span)
    }
    guard let exact = DecimalText.decimal(of: text) else {
      tooLarge(scale, span)
      return nil
    }
    guard let decimal = exact.rescaled(to: scale) else {
      if exact.scale < scale { tooLarge(scale, span) } else { tooPrecise(scale, span) }
      return nil
    }
    return constant(.decimal(decimal), .decimal(scale: scale, unit: unit), span)
  }

  private mutating func tooLarge(_ scale: Int, _ span: SourceSpan) {
    report(
      .literalTooPrecise,
      Phrase(
        "this number does not fit decimal(\(scale))", es: "este número no cabe en decimal(\(scale))"),
      span)
  }

  private mutating func tooPrecise(_ scale: Int, _ span: SourceSpan) {
    report(
      .literalTooPrecise,
      Phrase(
        "this number has more digits than decimal(\(scale)) holds",
        es: "este número tiene más dígitos de los que caben en decimal(\(scale))"),
      span,
      help: Phrase(
        "write at most \(scale) digits after the point",
        es: "escribe a lo más \(scale) dígitos después del punto"))
  }

  func constant(_ value: Value, _ type: ValueType, _ span: SourceSpan) -> TypedExpression {
    TypedExpression(.constant(value), type: type, mayBeMissing: false, span: span)
  }

  /// A number written out, possibly with a sign, adapts to the type of the other operand.
  static func isAdaptable(_ expression: ExpressionSyntax) -> Bool {
    switch expression.kind {
    case .literal(.int), .literal(.double): true
    case .unary(.negate, let operand): isAdaptable(operand)
    default: false
    }
  }

  /// Types two operands that meet, letting the literal one adapt to the other.
  mutating func pair(
    _ left: ExpressionSyntax, _ right: ExpressionSyntax, hint: ValueType? = nil
  ) -> (TypedExpression, TypedExpression)? {
    let leftAdapts = ExpressionChecker.isAdaptable(left) || isCaseName(left)
    let rightAdapts = ExpressionChecker.isAdaptable(right) || isCaseName(right)
    if leftAdapts && !rightAdapts {
      let right = check(right, hint: hint)
      let left = check(left, hint: right?.type ?? hint)
      guard let left, let right else { return nil }
      return (left, right)
    }
    let left = check(left, hint: hint)
    guard left != nil || !rightAdapts else { return nil }
    let right = check(right, hint: left?.type ?? hint)
    guard let left, let right else { return nil }
    return (left, right)
  }

  /// A bare name that is no variable may be a case of an enumeration.
  private func isCaseName(_ expression: ExpressionSyntax) -> Bool {
    guard case .name(let name) = expression.kind else { return false }
    return environment.variable(named: name) == nil
  }

  /// Both operands at one type: decimals at the greater scale; nil when they do not meet.
  func unified(
    _ left: TypedExpression, _ right: TypedExpression
  ) -> (TypedExpression, TypedExpression)? {
    if left.type == right.type { return (left, right) }
    if case .decimal(let a, let unitA) = left.type, case .decimal(let b, let unitB) = right.type,
      unitA == unitB
    {
      return (rescaled(left, to: max(a, b)), rescaled(right, to: max(a, b)))
    }
    if let left = adapted(left, to: right.type) { return (left, right) }
    if let right = adapted(right, to: left.type) { return (left, right) }
    return nil
  }

  /// The expression as a value of `wanted`: itself when it has that type, a text written out when a
  /// reference is wanted, normalised as the reference is; nil otherwise.
  func adapted(_ expression: TypedExpression, to wanted: ValueType) -> TypedExpression? {
    if expression.type == wanted { return expression }
    switch (wanted, expression.type) {
    case (.reference(let name), .string) where expression.isWrittenOut:
      return referring(expression, to: name)
    case (.list(.reference(let name)), .list(.string)):
      guard case .list(let elements) = expression.kind,
        elements.allSatisfy(\.isWrittenOut)
      else { return nil }
      var copy = expression
      copy.type = wanted
      copy.kind = .list(elements.map { referring($0, to: name) })
      return copy
    default: return nil
    }
  }

  private func referring(_ expression: TypedExpression, to name: String) -> TypedExpression {
    var copy = expression
    copy.type = .reference(name)
    switch expression.kind {
    case .constant(.string(let text)):
      copy.kind = .constant(.string(environment.normalized(text, as: name)))
    case .conditional(let condition, let then, let otherwise):
      copy.kind = .conditional(
        condition, then: referring(then, to: name), otherwise: referring(otherwise, to: name))
    default: break
    }
    return copy
  }

  func rescaled(_ expression: TypedExpression, to scale: Int) -> TypedExpression {
    guard case .decimal(let from, let unit) = expression.type, from != scale else {
      return expression
    }
    if case .constant(.decimal(let value)) = expression.kind, let exact = value.rescaled(to: scale)
    {
      return constant(.decimal(exact), .decimal(scale: scale, unit: unit), expression.span)
    }
    return apply(.rescale, [expression], .decimal(scale: scale, unit: unit), expression.span)
  }
}

/// Decimal numbers as written: digits, an optional fraction, an optional exponent.
enum DecimalText {
  /// The exact number with as many fraction digits as written; nil when it does not fit.
  static func decimal(of text: String) -> Decimal? {
    let clean = text.replacing("_", with: "").lowercased()
    let parts = clean.split(separator: "e", omittingEmptySubsequences: false)
    var exponent = 0
    if parts.count == 2 {
      guard let parsed = Int(parts[1]), abs(parsed) <= 30 else { return nil }
      exponent = parsed
    }
    let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    let fraction = mantissa.count == 2 ? String(mantissa[1]) : ""
    guard var units = Int64(String(mantissa[0]) + fraction) else { return nil }
    var scale = fraction.count - exponent
    while scale < 0 {
      let (product, overflow) = units.multipliedReportingOverflow(by: 10)
      if overflow { return nil }
      units = product
      scale += 1
    }
    return scale > 18 ? nil : Decimal(units: units, scale: scale)
  }
}
