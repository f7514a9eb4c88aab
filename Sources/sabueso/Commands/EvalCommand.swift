import Expressions
import Values

/// `sabueso eval`: a quick look at what an expression comes to, or rules on one event.
enum EvalCommand {
  static let command = Command(
    name: "eval", summary: "evaluate one expression, or explain what rules decide on one event",
    operands: "'EXPRESSION' | -r RULES -e EVENT.json [EVENTS…]",
    options: [
      OptionSpec("--with", value: "FILE.json", "an object whose members are the variables"),
      OptionSpec("--type", "the type the checker infers, and no value"),
      OptionSpec("--event", short: "-e", value: "FILE", "one event, or - for standard input"),
    ] + ExplanationOutput.options,
    notes: """
      With rules, the events that came before are replayed and the one event is decided: each part of
      each condition with its value, threshold and margin, how the score came about, what ties people
      together, and the smallest change that would have altered the outcome.
      """,
    examples: [
      ("sabueso eval '[1, 2, 3].map(x, x * x)'", "prints [1, 4, 9]"),
      (
        "sabueso eval 'amount > 100.0 && country in [\"MX\", \"CO\"]' --with event.json",
        "reads amount and country from the file"
      ),
      (
        "sabueso eval -r Rules -e event.json --events Examples/events.ndjson",
        "what would be decided on one more event, and why?"
      ),
      (
        "sabueso eval -r Rules -e event.json --format html --lang es -o why.html",
        "the same as a page, in Spanish"
      ),
    ], run: run)

  private static func run(_ arguments: Arguments) throws(CommandFailure) -> ExitCode {
    if arguments.has("--event") { return try explain(arguments) }
    try ExplanationOutput.refuse(
      ["--rules", "--events", "--format", "--output"], in: arguments, without: "-e EVENT.json")
    guard arguments.operands.count == 1 else {
      throw CommandFailure(
        code: .usage, message: "one expression, in quotes",
        remedy: "sabueso eval '1 + 1'")
    }
    let variables = try variables(arguments["--with"])
    let text = arguments.operands[0]
    do throws(StandardFindings) {
      let environment = StandardEnvironment(variables: variables.mapValues { _ in .dyn })
      let expression = try StandardExpression(text, environment: environment)
      if arguments.has("--type") {
        Terminal.out("\(expression.type)\n")
        return .success
      }
      return print(expression, variables)
    } catch {
      for finding in error.findings {
        let place = "column \(finding.primary.span.start + 1)"
        Terminal.note("\(finding.code.rawValue) \(place): \(finding.title.english)\n")
      }
      return .ruleErrors
    }
  }

  private static func explain(_ arguments: Arguments) throws(CommandFailure) -> ExitCode {
    guard !arguments.has("--with"), !arguments.has("--type") else {
      throw CommandFailure(
        code: .usage, message: "--with and --type are for expressions, -e is for rules")
    }
    let path = arguments["--event"] ?? "-"
    _ = try ExplanationOutput.format(arguments)
    let check = try ExplanationOutput.package(arguments)
    let event = try path == "-" ? FileBytes.standardInput() : FileBytes.read(path)
    var replay = try HistoryReplay(check, arguments)
    try replay.loadLists(arguments)
    for file in arguments.all("--events") + arguments.operands {
      try replay.add(file, upTo: nil)
    }
    try ExplanationOutput.write(try replay.explain(event, from: path), arguments)
    return .success
  }

  private static func print(
    _ expression: StandardExpression, _ variables: [String: DynamicValue]
  ) -> ExitCode {
    do throws(DynamicFault) {
      Terminal.out("\(try expression.evaluate(variables))\n")
      return .success
    } catch {
      Terminal.note("error: \(words(error))\n")
      return .findings
    }
  }

  private static func variables(
    _ path: String?
  ) throws(CommandFailure) -> [String: DynamicValue] {
    guard let path else { return [:] }
    let bytes = try FileBytes.read(path)
    let value: DynamicValue
    do throws(DynamicJSON.Fault) {
      value = try DynamicJSON.value(of: bytes)
    } catch {
      throw CommandFailure(
        code: .badInput, message: "\(path) is not JSON, from byte \(error.offset) on")
    }
    guard case .map(let members) = value else {
      throw CommandFailure(code: .badInput, message: "\(path) holds no JSON object")
    }
    var variables: [String: DynamicValue] = [:]
    for (key, value) in members.entries {
      if case .string(let name) = key { variables[name] = value }
    }
    return variables
  }

  private static func words(_ fault: DynamicFault) -> String {
    switch fault {
    case .noSuchOverload(let name): "no form of the function takes these values: \(name)"
    case .unknownName(let name): "nothing is called `\(name)`"
    case .divisionByZero: "division by zero"
    case .overflow: "a result outside its range"
    case .noSuchKey: "the map has no such key"
    case .duplicateKey: "a key that stands twice"
    case .invalidKey: "a map key is bool, int, uint or string"
    case .indexOutOfRange(let index): "index \(index) is out of range"
    case .emptyOptional: "the value of an empty optional"
    case .invalidArgument(let why): why
    case .costExceeded: "more steps, or more data, than an expression may take"
    }
  }
}
