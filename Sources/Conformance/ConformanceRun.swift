import Expressions
import Values

/// What became of one case.
public enum ConformanceResult: String, Sendable {
  case passed
  case failed
  /// The line has not the shape of a case.
  case skipped
}

/// One case run.
public struct ConformanceOutcome: Sendable {
  /// The file of the suite it comes from.
  public let file: String
  /// The section of that file.
  public let section: String
  /// Its name.
  public let name: String
  /// The expression.
  public let expression: String
  /// What became of it.
  public let result: ConformanceResult
  /// What should have come out, as JSON.
  public let expected: String
  /// What came out, as JSON.
  public let got: String

  /// All of it as one line of JSON.
  public var line: String {
    #"{"result":"\#(result.rawValue)","file":\#(JSONString.quoted(file)),"#
      + #""section":\#(JSONString.quoted(section)),"name":\#(JSONString.quoted(name)),"#
      + #""expr":\#(JSONString.quoted(expression)),"expected":\#(expected),"got":\#(got)}"#
  }
}

/// Runs conformance cases.
///
/// *Shape*: one case a line, as JSON: file, section, name, expr, bindings, type_env, container,
/// disable_check, disable_macros, check_only, expect.
public enum ConformanceRun {
  /// Runs every line that is not empty, in order.
  public static func outcomes(of bytes: [UInt8]) -> [ConformanceOutcome] {
    bytes.split(separator: UInt8(ascii: "\n")).map { outcome(of: Array($0)) }
  }

  private static func outcome(of line: [UInt8]) -> ConformanceOutcome {
    guard let conformanceCase = ConformanceCase(line: line) else {
      return ConformanceOutcome(
        file: "?", section: "", name: "", expression: "", result: .skipped, expected: "null",
        got: "null")
    }
    let (hasPassed, got) = run(conformanceCase)
    return ConformanceOutcome(
      file: conformanceCase.file, section: conformanceCase.section, name: conformanceCase.name,
      expression: conformanceCase.expression, result: hasPassed ? .passed : .failed,
      expected: text(conformanceCase.expectation), got: got)
  }

  private static func text(_ expectation: ConformanceCase.Expectation) -> String {
    switch expectation {
    case .value(let value, let type):
      type.map { #"{"value":\#(TaggedValue.json(value)),"type":"\#($0)"}"# }
        ?? #"{"value":\#(TaggedValue.json(value))}"#
    case .error: #"{"error":true}"#
    case .type(let type): #"{"type":"\#(type)"}"#
    }
  }

  private static func run(_ conformanceCase: ConformanceCase) -> (hasPassed: Bool, got: String) {
    let isError = if case .error = conformanceCase.expectation { true } else { false }
    do {
      let expression = try StandardExpression(
        conformanceCase.expression, environment: conformanceCase.environment,
        isChecked: conformanceCase.isChecked, expandsMacros: conformanceCase.expandsMacros)
      let type = #""type":"\#(expression.type)""#
      if conformanceCase.isCheckedOnly {
        if case .type(let expected) = conformanceCase.expectation {
          return (expected == expression.type, "{\(type)}")
        }
        return (false, "{\(type)}")
      }
      let value = try expression.evaluate(conformanceCase.bindings)
      let got = #"{"value":\#(TaggedValue.json(value)),\#(type)}"#
      switch conformanceCase.expectation {
      case .value(let expected, let expectedType):
        let hasType = expectedType.map { $0 == expression.type } ?? true
        return (hasType && TaggedValue.isSame(expected, value), got)
      case .type(let expected): return (expected == expression.type, got)
      case .error: return (false, got)
      }
    } catch let findings as StandardFindings {
      let titles = findings.findings.map { "\($0.code.rawValue) \($0.title.english)" }
      return (isError, #"{"error":\#(JSONString.quoted(titles.joined(separator: "; ")))}"#)
    } catch {
      return (isError, #"{"error":\#(JSONString.quoted("\(error)"))}"#)
    }
  }
}
