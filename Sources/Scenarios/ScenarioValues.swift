internal import Expressions
internal import Model
internal import RuleLanguage
internal import Values

/// The values that led to an outcome, in lines for people.
struct ScenarioValues {
  let rules: CheckedRules
  /// The value of a variable by its number; nil where it cannot be told.
  let value: (Int) -> Value?

  /// `accounts_on_device = 3, limit = 4`
  func line(of expression: TypedExpression, in sources: SourceMap) -> String {
    var seen: Set<Int> = []
    var parts: [String] = []
    for variable in named(in: expression).sorted(by: { $0.span.start < $1.span.start }) {
      guard case .variable(let number) = variable.kind, seen.insert(number).inserted,
        let value = value(number)
      else { continue }
      parts.append("\(sources.text(variable.span)) = \(text(value, variable.type))")
    }
    return parts.joined(separator: ", ")
  }

  /// Variables in order of mention; lists say nothing by being printed.
  private func named(in expression: TypedExpression) -> [TypedExpression] {
    if case .variable(let number) = expression.kind {
      if case .list = rules.symbols[number] { return [] }
      return [expression]
    }
    return expression.children.flatMap(named)
  }

  func text(_ value: Value, _ type: ValueType) -> String {
    switch (value, type) {
    case (.missing, _): "missing"
    case (.error(let fault), _): "error (\(fault))"
    case (.string(let text), _): "\"\(text)\""
    case (.bool(let value), _): "\(value)"
    case (.timestamp(let time), _): ScenarioValues.text(of: time)
    case (.enumeration(let position), .enumeration(let name)):
      rules.schema.enumerations.first { $0.name == name }?.cases[position] ?? "\(position)"
    default: value.written
    }
  }

  private static func text(of time: Timestamp) -> String {
    var bytes: [UInt8] = []
    TimestampText.append(time, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }
}
