/// Codes that only expressions of the standard dialect give; rule files never do.
extension DiagnosticCode {
  /// An expression of too many bytes or parts.
  public static let expressionTooLong = DiagnosticCode(rawValue: "E0113")
}
