import Conformance

/// `sabueso conformance`: how much of a published suite the expression language passes.
enum ConformanceCommand {
  static let command = Command(
    name: "conformance", summary: "run a file of expression conformance cases",
    operands: "FILE.jsonl…",
    options: [
      OptionSpec(
        "--format", value: "FORMAT", "`text`: counts per file; `ndjson`: one line per case")
    ],
    examples: [
      ("sabueso conformance cases.jsonl", "passed, failed and skipped per file, and each failure"),
      ("sabueso conformance cases.jsonl --format ndjson", "one line of JSON per case"),
    ], run: run)

  private static func run(_ arguments: Arguments) throws(CommandFailure) -> ExitCode {
    let format = arguments["--format"] ?? "text"
    guard format == "text" || format == "ndjson" else {
      throw CommandFailure(code: .usage, message: "--format is text or ndjson, not `\(format)`")
    }
    guard !arguments.operands.isEmpty else {
      throw CommandFailure(
        code: .usage, message: "which file of cases?",
        remedy: "sabueso conformance FILE.jsonl")
    }
    var outcomes: [ConformanceOutcome] = []
    for path in arguments.operands {
      outcomes += ConformanceRun.outcomes(of: try FileBytes.read(path))
    }
    if format == "ndjson" {
      Terminal.out(outcomes.map { $0.line + "\n" }.joined())
    } else {
      Terminal.out(summary(outcomes))
    }
    return outcomes.contains { $0.result == .failed } ? .findings : .success
  }

  private static func summary(_ outcomes: [ConformanceOutcome]) -> String {
    var files: [String] = []
    for outcome in outcomes where !files.contains(outcome.file) { files.append(outcome.file) }
    var text = ""
    for file in files { text += line(file, outcomes.filter { $0.file == file }) }
    text += line("total", outcomes)
    for outcome in outcomes where outcome.result == .failed {
      text += "failed \(outcome.file)/\(outcome.section)/\(outcome.name): \(outcome.expression)\n"
      text += "  expected \(outcome.expected)\n  got      \(outcome.got)\n"
    }
    return text
  }

  private static func line(_ title: String, _ outcomes: [ConformanceOutcome]) -> String {
    let counts = [ConformanceResult.passed, .failed, .skipped].map { result in
      "\(outcomes.count { $0.result == result }) \(result.rawValue)"
    }
    let padding = String(repeating: " ", count: max(1, 16 - title.count))
    return title + padding + counts.joined(separator: ", ") + "\n"
  }
}
