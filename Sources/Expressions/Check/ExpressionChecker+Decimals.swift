internal import Model
internal import Values

/// Calls whose types depend on the scale of a decimal.
extension ExpressionChecker {
  /// A call that was settled here, with what it came to.
  struct Settled {
    var typed: TypedExpression?
  }

  /// `string(d)`, `int(d)` and `math.abs(d)` of a decimal, `decimal(x, n)` of a number; nil for any
  /// other call.
  mutating func decimalCall(
    _ name: NameSyntax, _ arguments: [ExpressionSyntax], _ span: SourceSpan
  ) -> Settled? {
    switch (name.text, arguments.count) {
    case ("decimal", 2): return Settled(typed: decimal(arguments[0], arguments[1], span))
    case ("string", 1), ("int", 1):
      // Typed once more by the caller when it is no decimal; what is found is kept only once.
      let before = findings.count
      guard let argument = check(arguments[0]), case .decimal(let scale, _) = argument.type else {
        findings.removeLast(findings.count - before)
        return nil
      }
      let digits = constant(.int(Int64(scale)), .int, span)
      return name.text == "string"
        ? Settled(typed: apply(.library(.decimalToString), [argument, digits], .string, span))
        : Settled(typed: apply(.library(.decimalToInt), [argument, digits], .int, span))
    default: return nil
    }
  }

  /// `decimal(x, n)`: an int, a decimal or a double as a plain decimal of n digits.
  private mutating func decimal(
    _ number: ExpressionSyntax, _ digits: ExpressionSyntax, _ span: SourceSpan
  ) -> TypedExpression? {
    guard let number = check(number) else { return nil }
    guard case .literal(.int(let scale)) = digits.kind,
      (0...Int64(Decimal.largestScale)).contains(scale)
    else {
      report(
        .wrongArguments,
        Phrase(
          "the digits of `decimal` are a number from 0 to \(Decimal.largestScale), written out",
          es:
            "los dígitos de `decimal` son un número de 0 a \(Decimal.largestScale), escrito tal cual"
        ), digits.span, help: Phrase("decimal(x, 2)", es: "decimal(x, 2)"))
      return nil
    }
    let type = ValueType.decimal(scale: Int(scale), unit: "")
    switch number.type {
    case .double:
      let digits = constant(.int(scale), .int, span)
      return apply(.library(.doubleToDecimal), [number, digits], type, span)
    case .int:
      let one = constant(
        .decimal(Decimal(units: Decimal.powerOfTen(Int(scale)), scale: Int(scale))), type, span)
      return apply(.multiplyDecimal, [one, number], type, span)
    default:
      mismatch(
        Phrase(
          "`decimal` takes an int or a double", es: "`decimal` recibe un int o un double"), number)
      return nil
    }
  }
}
