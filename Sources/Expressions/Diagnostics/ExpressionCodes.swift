/// Codes of findings in expressions and in the lexis they share with rule files.
extension DiagnosticCode {
  /// Something else was expected here.
  public static let unexpectedToken = DiagnosticCode(rawValue: "E0101")
  /// A string without its closing quote.
  public static let unterminatedString = DiagnosticCode(rawValue: "E0102")
  /// A bracket or block that is never closed.
  public static let unclosedBracket = DiagnosticCode(rawValue: "E0103")
  /// Typographic quotes.
  public static let smartQuotes = DiagnosticCode(rawValue: "E0104")
  /// `=` where `==` is meant.
  public static let assignmentForEquality = DiagnosticCode(rawValue: "E0105")
  /// A character that has no meaning here.
  public static let invalidCharacter = DiagnosticCode(rawValue: "E0106")
  /// A number or escape that cannot be read.
  public static let invalidLiteral = DiagnosticCode(rawValue: "E0107")
  /// Expressions or blocks nested too deep.
  public static let nestingTooDeep = DiagnosticCode(rawValue: "E0108")
  /// An expression of too many parts or bytes.
  public static let expressionTooLong = DiagnosticCode(rawValue: "E0113")
  /// An expression whose macros may take too many steps.
  public static let expressionTooCostly = DiagnosticCode(rawValue: "E0115")
  /// A name nothing has.
  public static let unknownName = DiagnosticCode(rawValue: "E0201")
  /// A member the type does not have.
  public static let unknownMember = DiagnosticCode(rawValue: "E0209")
  /// Operands whose types do not go together.
  public static let typeMismatch = DiagnosticCode(rawValue: "E0301")
  /// A condition that is not true or false.
  public static let conditionNotBool = DiagnosticCode(rawValue: "E0302")
  /// Amounts of different units.
  public static let unitMismatch = DiagnosticCode(rawValue: "E0303")
  /// A case the enumeration does not have.
  public static let unknownCase = DiagnosticCode(rawValue: "E0304")
  /// Arguments that fit no form of the function.
  public static let wrongArguments = DiagnosticCode(rawValue: "E0308")
  /// More digits than the other side can hold.
  public static let literalTooPrecise = DiagnosticCode(rawValue: "E0309")
  /// A list whose elements do not fit.
  public static let elementMismatch = DiagnosticCode(rawValue: "E0310")
  /// A pattern that is not a regular expression of RE2.
  public static let invalidRegex = DiagnosticCode(rawValue: "E0601")
  /// A pattern that gives up on a short text.
  public static let slowRegex = DiagnosticCode(rawValue: "E0602")
}
