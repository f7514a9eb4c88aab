import Expressions
import Foundation
import Model
import Testing

@testable import RuleLanguage

/// Pages written from the compiler's own tables. `SABUESO_REFRESH_GOLDEN=1` writes them anew.
@Suite struct `A generated page` {
  private static let pages: [String: String] = [
    "docs/language/codes.md": codes(.english), "docs/language/codes.es.md": codes(.spanish),
    "docs/language/tables.md": tables(),
  ]

  @Test(arguments: [
    "docs/language/codes.md", "docs/language/codes.es.md", "docs/language/tables.md",
  ])
  func `says what the compiler says`(page: String) throws {
    let text = try #require(`A generated page`.pages[page])
    if ProcessInfo.processInfo.environment["SABUESO_REFRESH_GOLDEN"] == "1" {
      try text.write(toFile: Repository.path(page), atomically: true, encoding: .utf8)
    }
    #expect(try Repository.text(page) == text)
  }

  // MARK: Codes

  private static func codes(_ language: Language) -> String {
    let isEnglish = language == .english
    var text =
      isEnglish
      ? """
      # Codes of findings

      Written from the lessons of `sabueso explain`. Codes that start with E are errors, those with W
      warnings; a code is never reused. En español: [codes.es.md](codes.es.md). The examples stand beside
      this file `schema.rules`:

      """
      : """
      # Códigos de hallazgos

      Escritos a partir de las lecciones de `sabueso explain --lang es`. Los códigos con E son errores, los
      que tienen W son avisos; un código nunca se reutiliza. In English: [codes.md](codes.md). Los ejemplos
      están junto a este archivo `schema.rules`:

      """
    text += "\n```text\n\(DiagnosticLessons.schema)```\n"
    for lesson in DiagnosticLessons.all {
      text += "\n## \(lesson.code.rawValue)\n\n**\(lesson.title.text(in: language))**\n\n"
      text += wrapped(lesson.explanation.text(in: language)) + "\n\n"
      text += "\(isEnglish ? "Wrong" : "Así no"):\n\n```text\n\(lesson.wrong)\n```\n\n"
      text += "\(isEnglish ? "Right" : "Así sí"):\n\n```text\n\(lesson.right)\n```\n"
    }
    return text
  }

  private static func wrapped(_ text: String) -> String {
    var lines = [""]
    for word in text.split(separator: " ") {
      if lines[lines.count - 1].count + word.count >= 110 { lines.append("") }
      lines[lines.count - 1] += (lines[lines.count - 1].isEmpty ? "" : " ") + word
    }
    return lines.joined(separator: "\n")
  }

  // MARK: Tables

  private static func tables() -> String {
    """
    # Tables

    Written from the compiler's own tables; [the reference](README.md) says what each word means.

    ## Blocks

    \(list(RuleFileParser.blockWords))

    Clauses of a rule: \(list(RuleFileParser.ruleClauses)).

    Clauses of a policy: \(list(RuleFileParser.policyClauses)).

    ## Types

    \(list(PackageChecker.plainTypes.keys.sorted() + ["decimal(n)", "list(T)"]))

    ## Normalisers

    \(list(Normalizer.allCases.map(\.rawValue)))

    ## Aggregates

    \(list(PackageChecker.aggregates.sorted()))

    ## Functions

    Those of every type by their signatures; with the methods of standard expressions, and what each does:
    [functions](functions.md).

    | call | gives |
    |---|---|
    \(FunctionTable.forms.map(row).joined(separator: "\n"))

    ## Limits

    | | |
    |---|---|
    | bytes of a rule file | \(Limits.ruleFileBytes) |
    | rules of a package | \(Limits.rules) |
    | parts of one expression | \(Limits.expressionParts) |
    | levels of one expression | \(Limits.expressionLevels) |
    | nesting | \(Limits.nesting) |
    | bytes of a pattern | \(Limits.regexBytes) |
    | steps of matching a pattern | \(Limits.regexMatchSteps) |
    | distinct values of one window | \(Limits.distinctValues) |
    | edges one search looks at | \(Limits.traversalEdges) |
    | bytes of an event | \(Limits.eventBytes) |

    """
  }

  private static func list(_ words: [String]) -> String {
    words.map { "`\($0)`" }.joined(separator: " ")
  }

  private static func row(_ form: FunctionForm) -> String {
    let parameters = form.parameters.map(\.description)
    let call =
      form.isMethod
      ? "\(parameters[0]).\(form.name)(\(parameters.dropFirst().joined(separator: ", ")))"
      : "\(form.name)(\(parameters.joined(separator: ", ")))"
    return "| `\(call)` | `\(form.result)` |"
  }
}
