public import Expressions
internal import Foundation

/// Findings as programs read them.
public enum FindingReport {
  /// One JSON object: a version, then one finding a line.
  public static func json(
    _ findings: [Diagnostic], sources: SourceMap, language: Language
  ) -> String {
    let lines = findings.map { text(of: JSONFinding($0, sources, language)) }
    let list = lines.isEmpty ? "[]" : "[\n\(lines.joined(separator: ",\n"))\n]"
    return "{\"version\":\"sabueso.findings/1\",\"findings\":\(list)}\n"
  }

  /// A log of SARIF 2.1.0, as code hosts and editors read it.
  public static func sarif(
    _ findings: [Diagnostic], sources: SourceMap, language: Language, toolVersion: String
  ) -> String {
    text(of: SARIFLog(findings, sources, language, toolVersion)) + "\n"
  }

  /// Workflow commands, which a code host shows beside the changed lines.
  public static func github(
    _ findings: [Diagnostic], sources: SourceMap, language: Language
  ) -> String {
    findings.map { finding in
      let span = finding.primary.span
      let (line, column) = sources.files[span.file].position(of: span.start)
      let parts = [
        finding.title, finding.primary.label(in: language), finding.note, finding.help,
      ].compactMap { $0?.text(in: language) }
      let message = parts.joined(separator: "\n")
        .replacing("%", with: "%25").replacing("\r", with: "%0D").replacing("\n", with: "%0A")
      let path = sources.files[span.file].path
        .replacing("%", with: "%25").replacing(",", with: "%2C").replacing(":", with: "%3A")
      return "::\(finding.code.severity.rawValue) file=\(path),line=\(line),col=\(column),"
        + "title=\(finding.code.rawValue)::\(message)\n"
    }.joined()
  }

  static func text(of value: some Encodable) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(value) else {
      preconditionFailure("texts and whole numbers have a JSON form")
    }
    return String(decoding: data, as: UTF8.self)
  }
}

extension DiagnosticLabel {
  /// The remark, unless it is empty.
  func label(in language: Language) -> Phrase? {
    text.text(in: language).isEmpty ? nil : text
  }
}

/// A finding in our own JSON.
private struct JSONFinding: Encodable {
  struct Place: Encodable {
    var file: String
    var line: Int
    var column: Int
    var endLine: Int
    var endColumn: Int
    /// UTF-8 offsets.
    var start: Int
    var end: Int
    var label: String?

    init(_ label: DiagnosticLabel, _ sources: SourceMap, _ language: Language) {
      self.init(label.span, sources)
      self.label = label.label(in: language)?.text(in: language)
    }

    init(_ span: SourceSpan, _ sources: SourceMap) {
      let source = sources.files[span.file]
      file = source.path
      (line, column) = source.position(of: span.start)
      (endLine, endColumn) = source.position(of: span.end)
      start = span.start
      end = span.end
    }
  }

  struct Edit: Encodable {
    var place: Place
    var replacement: String
  }

  var code: String
  var severity: String
  var title: String
  var place: Place
  var related: [Place]
  var note: String?
  var help: String?
  var edit: Edit?

  init(_ finding: Diagnostic, _ sources: SourceMap, _ language: Language) {
    code = finding.code.rawValue
    severity = finding.code.severity.rawValue
    title = finding.title.text(in: language)
    place = Place(finding.primary, sources, language)
    related = finding.secondary.map { Place($0, sources, language) }
    note = finding.note?.text(in: language)
    help = finding.help?.text(in: language)
    edit = finding.edit.map {
      Edit(place: Place($0.span, sources), replacement: $0.replacement)
    }
  }
}
