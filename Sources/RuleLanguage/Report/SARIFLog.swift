internal import Expressions

/// The part of SARIF 2.1.0 that findings fill.
///
/// *Source*: OASIS, Static Analysis Results Interchange Format 2.1.0, sections 3.13 to 3.57.
struct SARIFLog: Encodable {
  struct Message: Encodable {
    var text: String
  }

  struct Region: Encodable {
    var startLine: Int
    var startColumn: Int
    var endLine: Int
    var endColumn: Int

    init(_ span: SourceSpan, _ source: SourceFile) {
      (startLine, startColumn) = source.position(of: span.start)
      (endLine, endColumn) = source.position(of: span.end)
    }
  }

  struct Artifact: Encodable {
    var uri: String
  }

  struct PhysicalLocation: Encodable {
    var artifactLocation: Artifact
    var region: Region
  }

  struct Location: Encodable {
    var id: Int?
    var physicalLocation: PhysicalLocation
    var message: Message?
  }

  struct Replacement: Encodable {
    var deletedRegion: Region
    var insertedContent: Message
  }

  struct Change: Encodable {
    var artifactLocation: Artifact
    var replacements: [Replacement]
  }

  struct Fix: Encodable {
    var description: Message
    var artifactChanges: [Change]
  }

  struct Result: Encodable {
    var ruleId: String
    var ruleIndex: Int
    var level: String
    var message: Message
    var locations: [Location]
    var relatedLocations: [Location]
    var fixes: [Fix]?
  }

  struct Configuration: Encodable {
    var level: String
  }

  struct Rule: Encodable {
    var id: String
    var shortDescription: Message
    var fullDescription: Message
    /// The lesson with its examples.
    var help: Message
    var defaultConfiguration: Configuration
  }

  struct Driver: Encodable {
    var name = "sabueso"
    var semanticVersion: String
    var rules: [Rule]
  }

  struct Tool: Encodable {
    var driver: Driver
  }

  struct Run: Encodable {
    var tool: Tool
    var columnKind = "unicodeCodePoints"
    var results: [Result]
  }

  enum CodingKeys: String, CodingKey {
    case schema = "$schema"
    case version
    case runs
  }

  let schema = "https://json.schemastore.org/sarif-2.1.0.json"
  let version = "2.1.0"
  let runs: [Run]

  init(
    _ findings: [Diagnostic], _ sources: SourceMap, _ language: Language, _ toolVersion: String
  ) {
    let codes = Set(findings.map(\.code.rawValue)).sorted()
    let rules = codes.map { code in
      let lesson = DiagnosticLessons.lesson(for: code)
      return Rule(
        id: code, shortDescription: Message(text: lesson?.title.text(in: language) ?? code),
        fullDescription: Message(text: lesson?.explanation.text(in: language) ?? code),
        help: Message(text: lesson?.text(in: language) ?? code),
        defaultConfiguration: Configuration(
          level: DiagnosticCode(rawValue: code).severity.rawValue))
    }
    let results = findings.map { finding in
      SARIFLog.result(
        finding, sources, language, index: codes.firstIndex(of: finding.code.rawValue) ?? 0)
    }
    runs = [
      Run(
        tool: Tool(driver: Driver(semanticVersion: toolVersion, rules: rules)), results: results)
    ]
  }

  private static func result(
    _ finding: Diagnostic, _ sources: SourceMap, _ language: Language, index: Int
  ) -> Result {
    let texts = [finding.title, finding.primary.label(in: language), finding.note, finding.help]
    let message = texts.compactMap { $0?.text(in: language) }.joined(separator: "\n")
    let fix = finding.edit.map { edit in
      Fix(
        description: Message(text: (finding.help ?? finding.title).text(in: language)),
        artifactChanges: [
          Change(
            artifactLocation: artifact(edit.span, sources),
            replacements: [
              Replacement(
                deletedRegion: Region(edit.span, sources.files[edit.span.file]),
                insertedContent: Message(text: edit.replacement))
            ])
        ])
    }
    return Result(
      ruleId: finding.code.rawValue, ruleIndex: index, level: finding.code.severity.rawValue,
      message: Message(text: message), locations: [location(finding.primary.span, sources)],
      relatedLocations: finding.secondary.enumerated().map { position, label in
        var place = location(label.span, sources)
        place.id = position + 1
        place.message = label.label(in: language).map { Message(text: $0.text(in: language)) }
        return place
      }, fixes: fix.map { [$0] })
  }

  private static func location(_ span: SourceSpan, _ sources: SourceMap) -> Location {
    Location(
      physicalLocation: PhysicalLocation(
        artifactLocation: artifact(span, sources), region: Region(span, sources.files[span.file])))
  }

  /// Paths are URIs, in which a space and the like are written by their numbers.
  private static func artifact(_ span: SourceSpan, _ sources: SourceMap) -> Artifact {
    var uri = ""
    for byte in sources.files[span.file].path.utf8 {
      let letter = Character(Unicode.Scalar(byte))
      let isPlain = letter.isASCII && (letter.isLetter || letter.isNumber)
      if isPlain || "-._~/".contains(letter) {
        uri.append(letter)
      } else {
        let digits = String(byte, radix: 16, uppercase: true)
        uri += "%" + (digits.count == 1 ? "0" : "") + digits
      }
    }
    return Artifact(uri: uri)
  }
}
