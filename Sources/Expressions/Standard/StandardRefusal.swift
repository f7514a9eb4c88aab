internal import Model

/// Why a standard expression is not run: the first finding.
struct StandardRefusal: Error {
  var finding: Diagnostic

  init(_ code: DiagnosticCode, _ title: Phrase, _ span: SourceSpan) {
    finding = Diagnostic(code, title, at: span)
  }
}
