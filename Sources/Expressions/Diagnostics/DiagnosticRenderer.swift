/// Prints findings for people: title, place, source line, underline with remark, note and help.
public struct DiagnosticRenderer {
  private let sources: SourceMap
  private let language: Language
  private let usesColor: Bool

  /// Creates a renderer over the sources the findings point into.
  public init(sources: SourceMap, language: Language = .english, usesColor: Bool = false) {
    self.sources = sources
    self.language = language
    self.usesColor = usesColor
  }

  /// The finding as text, ending in a newline.
  public func render(_ diagnostic: Diagnostic) -> String {
    let severity = diagnostic.code.severity
    let word: String =
      switch (severity, language) {
      case (.error, _): "error"
      case (.warning, .english): "warning"
      case (.warning, .spanish): "aviso"
      }
    let tint = severity == .error ? Ink.red : Ink.yellow
    var output = paint("\(word)[\(diagnostic.code.rawValue)]", tint)
    output += paint(": \(diagnostic.title.text(in: language))", .bold) + "\n"
    output += excerpt(diagnostic, tint: tint)
    if let note = diagnostic.note {
      output += paint(language == .english ? "note: " : "nota: ", .bold)
      output += note.text(in: language) + "\n"
    }
    if let help = diagnostic.help {
      output += paint(language == .english ? "help: " : "ayuda: ", .bold)
      output += help.text(in: language) + "\n"
    }
    return output
  }

  private struct Mark {
    var label: DiagnosticLabel
    var isPrimary: Bool
    var line: Int
  }

  private func excerpt(_ diagnostic: Diagnostic, tint: Ink) -> String {
    let labels = [(diagnostic.primary, true)] + diagnostic.secondary.map { ($0, false) }
    let marks = labels.map { label, isPrimary in
      Mark(
        label: label, isPrimary: isPrimary,
        line: sources.files[label.span.file].lineIndex(of: label.span.start))
    }
    let gutter = String((marks.map(\.line).max() ?? 0) + 1).count
    // The primary file comes first, then other files in the order they are mentioned.
    var files: [Int] = []
    for mark in marks where !files.contains(mark.label.span.file) {
      files.append(mark.label.span.file)
    }
    var output = ""
    for (position, file) in files.enumerated() {
      let inFile = marks.filter { $0.label.span.file == file }
      output += section(inFile, file: file, gutter: gutter, isFirst: position == 0, tint: tint)
    }
    return output
  }

  private func section(
    _ marks: [Mark], file: Int, gutter: Int, isFirst: Bool, tint: Ink
  ) -> String {
    let source = sources.files[file]
    let anchor = marks.first { $0.isPrimary } ?? marks[0]
    let (line, column) = source.position(of: anchor.label.span.start)
    let pad = String(repeating: " ", count: gutter)
    var output = "\(pad)\(paint(isFirst ? "-->" : ":::", .blue)) \(source.path):\(line):\(column)\n"
    output += "\(pad) \(paint("|", .blue))\n"
    var previous: Int?
    for line in Set(marks.map(\.line)).sorted() {
      if let previous, line > previous + 1 { output += paint("...", .blue) + "\n" }
      previous = line
      let number = String(line + 1)
      let numberPad = String(repeating: " ", count: gutter - number.count)
      let range = source.lineRange(line)
      let text = source.text(range).replacing("\t", with: " ")
      output += paint("\(numberPad)\(number) |", .blue) + (text.isEmpty ? "" : " \(text)") + "\n"
      let onLine = marks.filter { $0.line == line }.sorted {
        ($0.label.span.start, $0.isPrimary ? 0 : 1) < ($1.label.span.start, $1.isPrimary ? 0 : 1)
      }
      for mark in onLine {
        output += "\(pad) \(paint("|", .blue)) " + underline(mark, source, range, tint) + "\n"
      }
    }
    return output
  }

  private func underline(
    _ mark: Mark, _ source: SourceFile, _ line: Range<Int>, _ tint: Ink
  ) -> String {
    let start = min(max(mark.label.span.start, line.lowerBound), line.upperBound)
    let end = min(max(mark.label.span.end, start), line.upperBound)
    let indent = SourceFile.codePoints(source.bytes[line.lowerBound..<start])
    let width = max(1, SourceFile.codePoints(source.bytes[start..<end]))
    let sign = mark.isPrimary ? "^" : "-"
    let remark = mark.label.text.text(in: language)
    let drawn = String(repeating: sign, count: width) + (remark.isEmpty ? "" : " \(remark)")
    return String(repeating: " ", count: indent) + paint(drawn, mark.isPrimary ? tint : .blue)
  }

  private enum Ink: String {
    case red = "\u{1B}[1;31m"
    case yellow = "\u{1B}[1;33m"
    case blue = "\u{1B}[1;34m"
    case bold = "\u{1B}[1m"
  }

  private func paint(_ text: String, _ ink: Ink) -> String {
    usesColor ? ink.rawValue + text + "\u{1B}[0m" : text
  }
}
