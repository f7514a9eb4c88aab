import Expressions
import Foundation
import Model
import Replay
import RuleLanguage

/// `sabueso explain`: teaches an error code, or tells a decision to a person.
enum ExplainCommand {
  static let command = Command(
    name: "explain", summary: "teach an error code, or tell one decision in words",
    operands: "CODE | decision ID FILE…",
    options: [PackageLoading.languageOption],
    examples: [
      ("sabueso explain E0201", "what is an unknown name, and how is it mended?"),
      ("sabueso explain decision q-000282 decisions.ndjson", "why was this decided?"),
      ("sabueso explain decision q-000282 decisions.ndjson --lang es", "the same in Spanish"),
    ], run: run)

  private static func run(_ arguments: Arguments) throws(CommandFailure) -> ExitCode {
    let language = try PackageLoading.language(arguments)
    switch arguments.operands.first {
    case "decision": return try decision(arguments.operands.dropFirst(), language)
    case let code?: return try lesson(code, language)
    case nil:
      for lesson in DiagnosticLessons.all {
        Terminal.out("\(lesson.code.rawValue)  \(lesson.title.text(in: language))\n")
      }
      return .success
    }
  }

  private static func lesson(
    _ code: String, _ language: Language
  ) throws(CommandFailure) -> ExitCode {
    guard let lesson = DiagnosticLessons.lesson(for: code) else {
      let near = CommandLineHelp.nearest(
        code.uppercased(), among: DiagnosticLessons.all.map(\.code.rawValue))
      throw CommandFailure(
        code: .usage, message: "there is no code `\(code)`",
        remedy: near.map { "did you mean \($0)?" } ?? "`sabueso explain` lists them all")
    }
    Terminal.out(lesson.text(in: language))
    return .success
  }

  private static func decision(
    _ operands: ArraySlice<String>, _ language: Language
  ) throws(CommandFailure) -> ExitCode {
    guard let id = operands.first, operands.count >= 2 else {
      throw CommandFailure(
        code: .usage, message: "say which decision and where: explain decision ID FILE",
        remedy: "FILE holds decision lines, as `sabueso score -o FILE` writes them")
    }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    for path in operands.dropFirst() {
      guard let data = FileManager.default.contents(atPath: path) else {
        throw CommandFailure(code: .inputOutput, message: "cannot read \(path)")
      }
      let wanted = Data(id.utf8)
      for line in data.split(separator: UInt8(ascii: "\n")) where line.range(of: wanted) != nil {
        guard let decision = try? decoder.decode(DecisionLine.self, from: Data(line)),
          decision.id == id
        else { continue }
        Terminal.out(DecisionText(decision, language: language).text)
        return .success
      }
    }
    throw CommandFailure(code: .badInput, message: "no decision on `\(id)` in these files")
  }
}
