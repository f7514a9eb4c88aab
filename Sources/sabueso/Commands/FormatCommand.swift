import Expressions
import Foundation
import Glibc
import Model
import RuleLanguage

/// `sabueso fmt`: lays rule files out in the one style of the house.
enum FormatCommand {
  static let command = Command(
    name: "fmt", summary: "lay rule files out in one style; comments and meaning stay",
    operands: "[PATH…]",
    options: [
      OptionSpec("--check", "change nothing; exit 1 and name the files that would change"),
      OptionSpec("--diff", "change nothing; show what would change, exit 1 if anything would"),
      OptionSpec("--stdin", "read rules from standard input and write them to standard output"),
      PackageLoading.languageOption,
    ],
    notes: """
      Only white space changes, never a word or a comment, so the package hash stays the same.
      Files with mistakes of syntax are left alone.
      """,
    examples: [
      ("sabueso fmt Rules", "lay out every .rules file of the folder"),
      ("sabueso fmt --check Rules", "in a pipeline: is everything laid out?"),
      ("sabueso fmt --diff Rules/schema.rules", "what would change in one file?"),
      ("sabueso fmt --stdin < draft.rules", "from an editor"),
    ], run: run)

  private static func run(_ arguments: Arguments) throws(CommandFailure) -> ExitCode {
    let language = try PackageLoading.language(arguments)
    if arguments.has("--stdin") {
      guard arguments.operands.isEmpty else {
        throw CommandFailure(
          code: .usage, message: "--stdin reads one text; it takes no files",
          remedy: "leave out either --stdin or the paths")
      }
      return try standardInput(arguments, language)
    }
    var ending = ExitCode.success
    for path in try files(arguments) {
      let bytes = try FileBytes.read(path)
      guard let text = try formatted(bytes, path: path, language) else {
        ending = .ruleErrors
        continue
      }
      if Array(text.utf8) == bytes { continue }
      if arguments.has("--diff") {
        let old = String(decoding: bytes, as: UTF8.self)
        Terminal.out(TextDifference.unified(old, text, path: path))
      } else if arguments.has("--check") {
        Terminal.out("\(path)\n")
      } else {
        try FileBytes.replace(path, with: Array(text.utf8))
        Terminal.out("\(path)\n")
        continue
      }
      if ending == .success { ending = .findings }
    }
    return ending
  }

  private static func standardInput(
    _ arguments: Arguments, _ language: Language
  ) throws(CommandFailure) -> ExitCode {
    let bytes = try FileBytes.standardInput()
    guard let text = try formatted(bytes, path: "-", language) else { return .ruleErrors }
    let isSame = Array(text.utf8) == bytes
    if arguments.has("--diff") {
      let old = String(decoding: bytes, as: UTF8.self)
      Terminal.out(TextDifference.unified(old, text, path: "stdin"))
    } else if !arguments.has("--check") {
      Terminal.out(text)
      return .success
    }
    return isSame ? .success : .findings
  }

  private static func files(_ arguments: Arguments) throws(CommandFailure) -> [String] {
    var files: [String] = []
    for path in PackageLoading.paths(arguments) {
      let inside = DiskRuleFiles().ruleFiles(under: path)
      if let inside, inside.isEmpty {
        throw CommandFailure(
          code: .inputOutput, message: "there is no .rules file in the folder \(path)")
      }
      files += inside ?? [path]
    }
    return files
  }

  /// The text in one style; nil after printing the mistakes that keep it from being read.
  private static func formatted(
    _ bytes: [UInt8], path: String, _ language: Language
  ) throws(CommandFailure) -> String? {
    guard bytes.count <= Limits.ruleFileBytes, String(validating: bytes, as: UTF8.self) != nil
    else {
      throw CommandFailure(
        code: .badInput,
        message: "\(path) is no rule file: not UTF-8, or more than \(Limits.ruleFileBytes) bytes")
    }
    let source = SourceFile(path: path, bytes: bytes)
    let (text, findings) = RuleFormatter.format(source)
    var sources = SourceMap()
    _ = sources.add(source)
    let renderer = DiagnosticRenderer(
      sources: sources, language: language, usesColor: Terminal.usesColor(STDERR_FILENO))
    for finding in findings { Terminal.note(renderer.render(finding) + "\n") }
    return text
  }
}
