import Expressions
import Foundation
import Ledger
import Model
import Replay
import RuleLanguage

/// `sabueso explain`: teaches an error code, or tells a decision to a person.
enum ExplainCommand {
  static let command = Command(
    name: "explain", summary: "teach an error code, or tell one decision in words",
    operands: "CODE | decision ID FILE…",
    wordCount: 2,
    options: [
      OptionSpec("--data", short: "-d", value: "DIR", "the data folder of `sabueso serve`")
    ] + ExplanationOutput.options,
    notes: """
      A decision is told from decision lines (FILE…), or made anew from the events up to it: then
      each part of each condition is shown with its value, threshold and margin, and the smallest
      change that would have altered the outcome. With --data and no rules, those that decided it.
      """,
    examples: [
      ("sabueso explain E0201", "what is an unknown name, and how is it mended?"),
      ("sabueso explain decision q-000282 decisions.ndjson", "why was this decided?"),
      ("sabueso explain decision q-000282 decisions.ndjson --lang es", "the same in Spanish"),
      (
        "sabueso explain decision q-000282 -r Rules --events Examples/events.ndjson",
        "each condition with its margin, and what would have changed the outcome"
      ),
      (
        "sabueso explain decision r-1 --data data --format html -o why.html",
        "a page about a decision of the service"
      ),
    ], run: run)

  private static func run(_ arguments: Arguments) throws(CommandFailure) -> ExitCode {
    let language = try PackageLoading.language(arguments)
    let isAnew = ["--data", "--rules", "--events"].contains { arguments.has($0) }
    switch arguments.operands.first {
    case "decision" where isAnew: return try anew(arguments)
    case "decision":
      try ExplanationOutput.refuse(
        ["--format", "--output"], in: arguments, without: "-r RULES --events FILE or --data DIR")
      return try decision(arguments.operands.dropFirst(), language)
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
    var damaged: String?
    for path in operands.dropFirst() {
      let data = Data(try FileBytes.read(path))
      let wanted = Data(id.utf8)
      let lines = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      for (number, line) in lines.enumerated() where line.range(of: wanted) != nil {
        guard let decision = try? decoder.decode(DecisionLine.self, from: Data(line)) else {
          damaged = damaged ?? "\(path):\(number + 1)"
          continue
        }
        guard decision.id == id else { continue }
        Terminal.out(DecisionText(decision, language: language).text)
        return .success
      }
    }
    throw CommandFailure(
      code: .badInput, message: "no decision on `\(id)` in these files",
      remedy: damaged.map { "a line that names it is no decision: \($0)" })
  }

  // MARK: Made anew

  private static func anew(_ arguments: Arguments) throws(CommandFailure) -> ExitCode {
    guard arguments.operands.count >= 2 else {
      throw CommandFailure(
        code: .usage, message: "say which decision: explain decision ID",
        remedy: "ID is the key of the event it was made on")
    }
    let id = arguments.operands[1]
    let files = arguments.all("--events") + arguments.operands.dropFirst(2)
    _ = try ExplanationOutput.format(arguments)
    if let directory = arguments["--data"] {
      guard files.isEmpty else {
        throw CommandFailure(code: .usage, message: "give event files or --data, not both")
      }
      return try logged(id, directory, arguments)
    }
    guard !files.isEmpty else {
      throw CommandFailure(
        code: .usage, message: "say where the events are: --events FILE",
        remedy: "all from the first one on, in the order in which they came")
    }
    var replay = try HistoryReplay(
      try ExplanationOutput.package(arguments), arguments)
    try replay.loadLists(arguments)
    for file in files where replay.found == nil { try replay.add(file, upTo: id) }
    guard let found = replay.found else {
      throw CommandFailure(
        code: .badInput, message: "no event `\(id)` that a policy decides on is in these files")
    }
    try ExplanationOutput.write(found, arguments)
    return .success
  }

  private static func logged(
    _ id: String, _ directory: String, _ arguments: Arguments
  ) throws(CommandFailure) -> ExitCode {
    try DataFolder.check(directory)
    let (ledger, sequence, release) = try find(id, directory)
    guard let sequence else {
      throw CommandFailure(code: .badInput, message: "no decision on `\(id)` in \(directory)")
    }
    var check = arguments.has("--rules") ? try ExplanationOutput.package(arguments) : nil
    do throws(LiveError) {
      if check == nil, let release { check = try DataFolder.package(of: release) }
    } catch {
      throw CommandFailure(error)
    }
    guard let check else {
      throw CommandFailure(
        code: .inputOutput, message: "the log names no rules", remedy: "pass them with -r")
    }
    var replay = try HistoryReplay(check, arguments)
    do throws(LiveError) {
      var progress = Progress("replaying \(directory)", totalBytes: Int(sequence))
      defer { progress.finish() }
      try replay.add(ledger, upTo: sequence, id: id) { progress.update(count: $0, bytes: $0) }
    } catch {
      throw CommandFailure(error)
    }
    guard let found = replay.found else {
      throw CommandFailure(
        code: .badInput, message: "no policy of these rules decides on `\(id)`")
    }
    try ExplanationOutput.write(found, arguments)
    return .success
  }

  private static func find(
    _ id: String, _ directory: String
  ) throws(CommandFailure) -> (DecisionLedger, sequence: UInt64?, release: LedgerRelease?) {
    do throws(LiveError) {
      let ledger = try DataFolder.log(in: directory)
      let sequence = try DataFolder.sequence(ofDecision: id, in: ledger)
      let release = try sequence.map { sequence throws(LiveError) in
        try DataFolder.release(of: sequence, in: ledger)
      }
      return (ledger, sequence, release ?? nil)
    } catch {
      throw CommandFailure(error)
    }
  }
}
