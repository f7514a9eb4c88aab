import Expressions
import Model
import Testing
import Values

/// Names for expressions under test, with values to run them on.
struct Bench: ExpressionEnvironment {
  static let types: [(name: String, type: ValueType, optional: Bool)] = [
    ("b", .bool, false), ("i", .int, false), ("j", .int, true), ("u", .uint, false),
    ("d", .double, false), ("s", .string, false), ("bytes", .bytes, false),
    ("at", .timestamp, false), ("span", .duration, false),
    ("mxn", .decimal(scale: 2, unit: "MXN"), false), ("cop", .decimal(scale: 0, unit: "COP"), false),
    ("rate", .decimal(scale: 4, unit: ""), false), ("fine", .decimal(scale: 6, unit: "MXN"), false),
    ("kind", .enumeration("channel"), false), ("device", .reference("device"), true),
    ("phone", .reference("phone"), false), ("devices", .list(.reference("device")), false),
    ("words", .list(.string), false), ("numbers", .list(.int), false),
  ]

  func variable(named name: String) -> Variable? {
    guard let number = Bench.types.firstIndex(where: { $0.name == name }) else { return nil }
    return Variable(
      number: number, type: Bench.types[number].type, mayBeMissing: Bench.types[number].optional,
      role: Phrase("field", es: "un campo"))
  }

  func member(_ name: String, of base: String) -> Variable? {
    base == "phone" && name == "country"
      ? Variable(
        number: 100, type: .string, mayBeMissing: true, role: Phrase("attribute", es: "un atributo"))
      : nil
  }

  func memberNames(of base: String) -> [String]? { base == "phone" ? ["country"] : nil }

  func query(named name: String) -> Query? {
    name == "uses"
      ? Query(number: 0, parameters: [.reference("device"), .int], type: .int, mayBeMissing: false)
      : nil
  }

  func cases(of enumeration: String) -> [String] {
    enumeration == "channel" ? ["app", "web", "branch"] : []
  }

  func normalized(_ text: String, as reference: String) -> String {
    reference == "device" ? text.filter { $0 != " " } : text
  }

  func refusal(of name: String, at span: SourceSpan) -> Diagnostic? { nil }
  func isBroken(_ name: String) -> Bool { name == "broken" }
  var names: [(name: String, role: Phrase)] {
    Bench.types.map { ($0.name, Phrase("field", es: "un campo")) }
  }
  var visibleKinds: Phrase { Phrase("field", es: "ningún campo") }
}

extension Bench {
  /// Parses a text as one whole expression.
  static func parse(_ text: String) -> (expression: ExpressionSyntax?, findings: [Diagnostic]) {
    var parser = SyntaxParser(source: SourceFile(path: "t", bytes: Array(text.utf8)), file: 0)
    let expression = try? parser.expression()
    guard parser.current.kind == .endOfFile || expression == nil else {
      _ = parser.unexpected(Phrase("the end", es: "el fin"))
      return (nil, parser.findings)
    }
    return (parser.findings.isEmpty ? expression : nil, parser.findings)
  }

  /// Parses and types a text.
  static func check(
    _ text: String, hint: ValueType? = nil
  ) -> (typed: TypedExpression?, codes: [String]) {
    let (expression, findings) = parse(text)
    guard let expression else { return (nil, findings.map(\.code.rawValue)) }
    var checker = ExpressionChecker(environment: Bench())
    let typed = checker.check(expression, hint: hint)
    return (typed, checker.findings.map(\.code.rawValue))
  }

  static func type(_ text: String) -> String {
    let (typed, codes) = check(text)
    return typed.map { "\($0.type)" } ?? codes.joined(separator: " ")
  }

  /// The value of a text over values of the named variables; everything else is missing.
  static func value(_ text: String, _ values: [String: Value] = [:]) throws -> Value {
    let typed = try #require(check(text).typed, "\(text): \(check(text).codes)")
    let interpreter = Interpreter(
      variable: { number in
        number < types.count ? values[types[number].name] ?? .missing : .missing
      },
      query: { _, arguments in .list(arguments) })
    return interpreter.evaluate(typed)
  }

  /// Where every sign binds: `(a + (b * c))`.
  static func shape(_ text: String) -> String {
    let (expression, findings) = parse(text)
    return expression.map(shape) ?? findings.map(\.code.rawValue).joined(separator: " ")
  }

  static func shape(_ expression: ExpressionSyntax) -> String {
    switch expression.kind {
    case .literal(.int(let value)): "\(value)"
    case .literal(.double(_, let text)): text
    case .literal(.bool(let value)): "\(value)"
    case .literal(.string(let text)): "'\(text)'"
    case .literal(.duration(let value)): "\(value)us"
    case .literal(.uint(let value)): "\(value)u"
    case .literal(.bytes(let bytes)): "\(bytes)"
    case .literal(.null): "null"
    case .name(let name): name
    case .member(let base, let name): "\(shape(base)).\(name.text)"
    case .index(let base, let index): "\(shape(base))[\(shape(index))]"
    case .call(let name, let arguments):
      "\(name.text)(\(arguments.map(shape).joined(separator: ", ")))"
    case .method(let receiver, let name, let arguments):
      "\(shape(receiver)).\(name.text)(\(arguments.map(shape).joined(separator: ", ")))"
    case .list(let elements): "[\(elements.map(shape).joined(separator: ", "))]"
    case .map(let entries):
      "{\(entries.map { "\(shape($0.key)): \(shape($0.value))" }.joined(separator: ", "))}"
    case .unary(let operation, let operand): "(\(operation == .not ? "!" : "-")\(shape(operand)))"
    case .binary(let operation, let left, let right):
      "(\(shape(left)) \(operation.rawValue) \(shape(right)))"
    case .conditional(let condition, let then, let otherwise):
      "(\(shape(condition)) ? \(shape(then)) : \(shape(otherwise)))"
    case .isMissing(let operand, let negated):
      "(\(shape(operand)) is \(negated ? "not " : "")missing)"
    }
  }
}
