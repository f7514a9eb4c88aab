import Expressions
import Model
import Values

/// Names of a rule file's expressions: a field of each type that matters.
struct FuzzEnvironment: ExpressionEnvironment {
  private static let types: [String: ValueType] = [
    "b": .bool, "i": .int, "u": .uint, "d": .double, "s": .string, "at": .timestamp,
    "span": .duration, "m": .decimal(scale: 2, unit: "MXN"), "l": .list(.string),
  ]
  private static let order = types.keys.sorted()

  func variable(named name: String) -> Variable? {
    guard let type = Self.types[name], let number = Self.order.firstIndex(of: name) else {
      return nil
    }
    return Variable(
      number: number, type: type, mayBeMissing: true, role: Phrase("field", es: "un campo"))
  }

  func member(_ name: String, of base: String) -> Variable? { nil }
  func memberNames(of base: String) -> [String]? { nil }
  func query(named name: String) -> Query? { nil }
  func cases(of enumeration: String) -> [String] { [] }
  func normalized(_ text: String, as reference: String) -> String { text }
  func refusal(of name: String, at span: SourceSpan) -> Diagnostic? { nil }
  func isBroken(_ name: String) -> Bool { false }
  var names: [(name: String, role: Phrase)] {
    Self.order.map { ($0, Phrase("field", es: "un campo")) }
  }
  var visibleKinds: Phrase { Phrase("field", es: "ningún campo") }

  static func value(_ number: Int) -> Value {
    switch order[number] {
    case "b": .bool(true)
    case "i": .int(7)
    case "u": .uint(7)
    case "d": .double(2.5)
    case "s": .string("hola")
    case "at": .timestamp(Timestamp(microseconds: 1_767_225_600_000_000))
    case "span": .duration(90_000_000)
    case "m": .decimal(Decimal(units: 25_000, scale: 2))
    default: .missing
    }
  }
}

/// Any bytes as the text of an expression, through everything that text goes through, in both
/// dialects. What is refused is refused with a finding; nothing may crash, hang or grow.
@_cdecl("LLVMFuzzerTestOneInput")
public func expressionTextFuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // SAFETY: libFuzzer lends `count` bytes for the call; they are copied at once.
  let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  let text = String(decoding: bytes, as: UTF8.self)
  let variables: [String: DynamicValue] = [
    "i": .int(7), "s": .string("hola"), "l": .list([.int(1), .int(2)]),
  ]
  if let expression = try? StandardExpression(
    text, environment: StandardEnvironment(variables: variables.mapValues { _ in .dyn }))
  {
    _ = try? expression.evaluate(variables)
  }
  var parser = SyntaxParser(source: SourceFile(path: "fuzz", bytes: bytes), file: 0)
  guard let syntax = try? parser.expression() else { return 0 }
  var checker = ExpressionChecker(environment: FuzzEnvironment())
  if let typed = checker.check(syntax), checker.findings.isEmpty {
    _ = Interpreter(variable: FuzzEnvironment.value, query: { _, _ in .missing }).evaluate(typed)
  }
  return 0
}
