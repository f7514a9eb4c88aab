import Expressions
import Foundation
import RuleLanguage

/// `sabueso plan`: what a new version of a package changes.
enum PlanCommand {
  static let command = Command(
    name: "plan", summary: "say what a new version of a package changes, by meaning",
    operands: "OLD NEW",
    options: [
      OptionSpec("--exit-code", "exit 2 when there is a difference"),
      OptionSpec("--format", value: "FORMAT", "human or json (default human)"),
      PackageLoading.languageOption,
    ],
    notes: """
      Layout, comments and tests are no difference. Each change is text, threshold, logic, status,
      window, state, schema or list; signals that must be filled from the log are named at the end.
      """,
    examples: [
      ("sabueso plan Rules.released Rules", "what would go live?"),
      ("sabueso plan --exit-code old new", "in a pipeline: exit 2 when decisions may change"),
    ], run: run)

  private static func run(_ arguments: Arguments) throws(CommandFailure) -> ExitCode {
    let language = try PackageLoading.language(arguments)
    let format = arguments["--format"] ?? "human"
    guard format == "human" || format == "json" else {
      throw CommandFailure(code: .usage, message: "--format takes human or json, not `\(format)`")
    }
    guard arguments.operands.count == 2 else {
      throw CommandFailure(
        code: .usage, message: "say which two packages: plan OLD NEW",
        remedy: "each is a folder, or a file with its imports")
    }
    var sources: [SourceMap] = []
    for path in arguments.operands {
      let check = try PackageLoading.readable(path)
      guard !check.hasErrors else {
        PackageLoading.note(check, language)
        throw CommandFailure(code: .ruleErrors, message: "\(path) has errors")
      }
      sources.append(check.sources)
    }
    let plan = PackagePlan.compare(old: sources[0], new: sources[1])
    Terminal.out(format == "json" ? PlanText.json(plan) : PlanText.text(plan, language))
    return arguments.has("--exit-code") && !plan.changes.isEmpty ? .differences : .success
  }
}

/// A plan for people and programs.
enum PlanText {
  static func text(_ plan: PackagePlan, _ language: Language) -> String {
    func said(_ english: String, _ spanish: String) -> String {
      language == .english ? english : spanish
    }
    if plan.changes.isEmpty { return said("no difference\n", "ninguna diferencia\n") }
    var text = ""
    var last = ""
    for change in plan.changes {
      let block = "\(change.block) \(change.name)"
      switch change.step {
      case .added: text += "+ \(block)\n"
      case .removed: text += "- \(block)\n"
      case .renamed(let old): text += "~ \(block) \(said("was", "antes")) \(old)\n"
      case .changed:
        if last != block { text += "~ \(block)\n" }
        let kind = CommandLineHelp.padded(word(change.kind, language), to: 11)
        text += "    \(kind)\(change.clause == "=" ? said("value", "valor") : change.clause)\n"
        text += "      \(change.old.isEmpty ? "–" : change.old)\n"
        text += "      → \(change.new.isEmpty ? "–" : change.new)\n"
      }
      if !change.rules.isEmpty, change.kind != .text {
        text += "    \(said("rules", "reglas")): \(change.rules.joined(separator: ", "))\n"
      }
      last = change.step == .removed ? "" : block
    }
    for rename in plan.unsaidRenames {
      text += said(
        "! `\(rename.new)` has the condition of `\(rename.old)`: write `formerly \(rename.old)` if it is the same rule\n",
        "! `\(rename.new)` tiene la condición de `\(rename.old)`: escribe `formerly \(rename.old)` si es la misma regla\n"
      )
    }
    var names: [String] = []
    for change in plan.backfill where !names.contains("\(change.block) \(change.name)") {
      names.append("\(change.block) \(change.name)")
    }
    if !names.isEmpty {
      let list = names.joined(separator: ", ")
      text += said(
        "\nto be filled from the log before its rules go live: \(list)\n",
        "\nhay que llenar desde el registro antes de activar sus reglas: \(list)\n")
    }
    return text
  }

  private static func word(_ kind: PlanKind, _ language: Language) -> String {
    guard language == .spanish else { return kind.rawValue }
    return switch kind {
    case .text: "texto"
    case .threshold: "umbral"
    case .logic: "lógica"
    case .status: "estado"
    case .window: "ventana"
    case .state: "memoria"
    case .schema: "esquema"
    case .list: "lista"
    }
  }

  private struct Line: Encodable {
    var block: String
    var name: String
    var step: String
    var formerly: String?
    var kind: String
    var clause: String
    var old: String
    var new: String
    var needsBackfill: Bool
    var rules: [String]
  }

  private struct Document: Encodable {
    var version = "sabueso.plan/1"
    var changes: [Line]
  }

  static func json(_ plan: PackagePlan) -> String {
    let lines = plan.changes.map { change in
      var step = "changed"
      var formerly: String?
      switch change.step {
      case .added: step = "added"
      case .removed: step = "removed"
      case .renamed(let old): (step, formerly) = ("renamed", old)
      case .changed: break
      }
      return Line(
        block: change.block, name: change.name, step: step, formerly: formerly,
        kind: change.kind.rawValue, clause: change.clause, old: change.old, new: change.new,
        needsBackfill: change.needsBackfill, rules: change.rules)
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
    guard let data = try? encoder.encode(Document(changes: lines)) else {
      preconditionFailure("texts have a JSON form")
    }
    return String(decoding: data, as: UTF8.self) + "\n"
  }
}
