import Compiler
import Expressions
import Ledger
import Model
import Program
import Replay
import RuleLanguage
import Values

/// What a sweep was asked for: a package, which of its params, and which values of each.
struct SweepRequest {
  /// Program whose free params are `params`.
  let program: RuleProgram
  let params: [SweptParam]
  private let place: Place
  private let asked: [(position: Int, values: [Value])]

  /// Where the package stands, to be checked again with another value.
  struct Place {
    var root: String
    var files: any RuleFileStore
  }

  /// Reads `NAME` and `NAME=VALUES`; without any, every param that has bounds.
  init(
    _ rules: CheckedRules, at place: Place, params texts: [String]
  ) throws(CommandFailure) {
    guard !rules.policies.isEmpty else {
      throw CommandFailure(
        code: .ruleErrors, message: "\(place.root) has no policy, so nothing would be decided")
    }
    var asked: [(position: Int, values: [Value])] = []
    for text in texts.isEmpty ? try Self.bounded(rules) : texts {
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        .map(String.init)
      let position = try Self.position(of: parts[0], in: rules)
      guard !asked.contains(where: { $0.position == position }) else {
        throw CommandFailure(
          code: .usage, message: "`\(parts[0])` is asked for twice",
          remedy: "give all its values at once: --param \(parts[0])=A,B,C")
      }
      do throws(ParamFault) {
        let values = try ParamValues(rules.params[position], in: rules)
          .values(parts.count > 1 ? parts[1] : nil)
        asked.append((position, values))
      } catch {
        throw CommandFailure(code: .usage, message: error.message, remedy: error.remedy)
      }
    }
    // A program has its free params in the order of their declaration.
    asked.sort { $0.position < $1.position }
    self.asked = asked
    self.place = place
    params = asked.map { position, values in
      let param = rules.params[position]
      let reader = ParamValues(param, in: rules)
      return SweptParam(
        name: param.name, values: values.map(reader.text),
        present: values.firstIndex(of: param.value) ?? 0)
    }
    program = PackageCompiler.compile(
      rules, free: Dictionary(uniqueKeysWithValues: asked.map { ($0.position, $0.values) }))
  }

  private static func bounded(_ rules: CheckedRules) throws(CommandFailure) -> [String] {
    let names = rules.params.filter { $0.least != nil && $0.greatest != nil }.map(\.name)
    guard !names.isEmpty else {
      throw CommandFailure(
        code: .usage, message: "no param of these rules has bounds to go by",
        remedy: "say which values: --param NAME=A..B")
    }
    return names
  }

  private static func position(
    of name: String, in rules: CheckedRules
  ) throws(CommandFailure) -> Int {
    if let position = rules.params.firstIndex(where: { $0.name == name }) { return position }
    let near = CommandLineHelp.nearest(name, among: rules.params.map(\.name))
    let names = rules.params.map(\.name).joined(separator: ", ")
    throw CommandFailure(
      code: .usage, message: "these rules have no param `\(name)`",
      remedy: near.map { "did you mean `\($0)`?" }
        ?? (names.isEmpty ? "they have none at all" : "there are \(names)"))
  }

  /// The package as if its file said another value of a param.
  func program(param: Int, value: Int) throws(CommandFailure) -> RuleProgram {
    let name = params[param].name
    let check = PackageChecker.check(
      place.root, from: place.files, setting: [name: asked[param].values[value]])
    guard let rules = check.rules else {
      let why = check.findings.first { $0.code.severity == .error }
      throw CommandFailure(
        code: .ruleErrors,
        message: "with \(name) = \(params[param].values[value]) the rules have an error"
          + (why.map { ": \($0.title.english)" } ?? ""),
        remedy: "leave that value out: --param \(name)=A,B,C")
    }
    return PackageCompiler.compile(rules)
  }
}
