/// A sentence in both languages of the product.
public struct Phrase: Hashable, Sendable {
  /// English.
  public var english: String
  /// Mexican Spanish.
  public var spanish: String

  /// Creates a phrase.
  public init(_ english: String, es spanish: String) {
    self.english = english
    self.spanish = spanish
  }

  /// The text in one language.
  public func text(in language: Language) -> String {
    language == .english ? english : spanish
  }
}

/// The languages people read.
public enum Language: String, Sendable, CaseIterable {
  case english = "en"
  case spanish = "es"
}

/// How bad a finding is.
public enum Severity: String, Sendable {
  case error
  case warning
}

/// A stable code of a finding, like `E0201`. The letter says how bad it is; a code is never reused.
public struct DiagnosticCode: RawRepresentable, Hashable, Sendable {
  /// The code as printed.
  public let rawValue: String

  /// Wraps a code as printed.
  public init(rawValue: String) {
    self.rawValue = rawValue
  }

  /// Errors start with E, warnings with W.
  public var severity: Severity { rawValue.hasPrefix("W") ? .warning : .error }
}

/// A place with a remark.
public struct DiagnosticLabel: Hashable, Sendable {
  /// The place.
  public var span: SourceSpan
  /// The remark; may be empty.
  public var text: Phrase

  /// Creates a label.
  public init(_ span: SourceSpan, _ text: Phrase) {
    self.span = span
    self.text = text
  }
}

/// A change of the source that mends a finding.
public struct SourceEdit: Hashable, Sendable {
  /// What is replaced; empty to insert.
  public var span: SourceSpan
  /// What takes its place.
  public var replacement: String

  /// Creates an edit.
  public init(span: SourceSpan, replacement: String) {
    self.span = span
    self.replacement = replacement
  }
}

/// One finding: code, title, where, why, and the way out.
public struct Diagnostic: Hashable, Sendable {
  /// The stable code.
  public var code: DiagnosticCode
  /// One line that says what is wrong.
  public var title: Phrase
  /// The place it is wrong at.
  public var primary: DiagnosticLabel
  /// Other places that matter, such as where something was declared.
  public var secondary: [DiagnosticLabel]
  /// Background, when the title is not enough.
  public var note: Phrase?
  /// What to do about it.
  public var help: Phrase?
  /// The change that does it, where there is just one.
  public var edit: SourceEdit?

  /// Creates a finding.
  public init(
    _ code: DiagnosticCode, _ title: Phrase, at span: SourceSpan,
    label: Phrase = Phrase("", es: ""),
    secondary: [DiagnosticLabel] = [], note: Phrase? = nil, help: Phrase? = nil,
    edit: SourceEdit? = nil
  ) {
    self.code = code
    self.title = title
    primary = DiagnosticLabel(span, label)
    self.secondary = secondary
    self.note = note
    self.help = help
    self.edit = edit
  }
}
