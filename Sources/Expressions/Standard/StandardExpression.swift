internal import Model
public import Values

/// An expression of the Common Expression Language, standard dialect, ready to run.
///
/// Rule files do not go through here: their expressions are typed, without `dyn`. This is the whole
/// language for conformance runs and quick looks.
public struct StandardExpression: Sendable {
  /// The type the checker found; `dyn` when it was not asked.
  public let type: StandardType
  private let plan: StandardPlan

  /// Reads, checks and plans an expression.
  ///
  /// *Throws* findings: what is wrong with its grammar or types, or which limit it passes.
  public init(
    _ text: String, environment: StandardEnvironment = StandardEnvironment(),
    isChecked: Bool = true, expandsMacros: Bool = true
  ) throws(StandardFindings) {
    let source = SourceFile(path: "expression", bytes: Array(text.utf8))
    guard source.bytes.count <= Limits.standardExpressionBytes else {
      throw StandardFindings([
        Diagnostic(
          .expressionTooLong,
          Phrase(
            "an expression of more than \(Limits.standardExpressionBytes) bytes",
            es: "una expresión de más de \(Limits.standardExpressionBytes) bytes"),
          at: SourceSpan(file: 0, start: 0, end: 0))
      ])
    }
    var parser = SyntaxParser(source: source, file: 0, dialect: .standard)
    guard let syntax = parser.wholeExpression(), parser.findings.isEmpty else {
      throw StandardFindings(parser.findings)
    }
    do throws(StandardRefusal) {
      let core = try MacroExpander(expandsMacros: expandsMacros).expand(syntax)
      try StepEstimate.check(core)
      type = isChecked ? try StandardChecker.type(of: core, in: environment) : .dyn
      var planner = StandardPlanner(environment: environment)
      plan = planner.plan(core)
    } catch {
      throw StandardFindings([error.finding])
    }
  }

  /// The value with these variables.
  public func evaluate(
    _ variables: [String: DynamicValue] = [:]
  ) throws(DynamicFault) -> DynamicValue {
    var interpreter = StandardInterpreter(variables: variables)
    return try interpreter.evaluate(plan)
  }
}

/// Why an expression cannot be run.
public struct StandardFindings: Error {
  /// What is wrong, in order of place.
  public let findings: [Diagnostic]

  init(_ findings: [Diagnostic]) {
    self.findings = findings
  }
}

extension SyntaxParser {
  /// One expression that is all there is; nil when findings say why not.
  mutating func wholeExpression() -> ExpressionSyntax? {
    do throws(ParseFailure) {
      let parsed = try expression()
      guard current.kind == .endOfFile else {
        throw unexpected(
          Phrase("expected the end of the expression", es: "se esperaba el fin de la expresión"))
      }
      return parsed
    } catch {
      return nil
    }
  }
}
