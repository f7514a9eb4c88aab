internal import Expressions
internal import Model
internal import Values

/// Reads and writes values of params as rule files do.
struct ParamReader: ExpressionEnvironment, Sendable {
  private let schema: Schema

  init(_ schema: Schema) {
    self.schema = schema
  }

  /// Reads a value of a type.
  ///
  /// *Throws* why it is none.
  func read(
    _ text: String, as type: ValueType, of name: String, like example: String
  ) throws(ParamFault) -> Value {
    var parser = SyntaxParser(source: SourceFile(path: name, bytes: Array(text.utf8)), file: 0)
    let remedy = "\(type) is written like \(example)"
    let wrong = ParamFault(message: "`\(text)` is no value of `\(name)`", remedy: remedy)
    let syntax: ExpressionSyntax
    do throws(ParseFailure) {
      syntax = try parser.expression()
    } catch {
      throw wrong
    }
    guard parser.current.kind == .endOfFile, parser.findings.isEmpty else { throw wrong }
    var checker = ExpressionChecker(environment: self)
    guard
      let typed = checker.check(
        syntax, being: type, purpose: Phrase("`\(name)`", es: "`\(name)`"))
    else {
      let why = checker.findings.first.map { ": \($0.title.english)" } ?? ""
      throw ParamFault(message: "`\(text)` is no value of `\(name)`\(why)", remedy: remedy)
    }
    let value = Interpreter.constant(typed)
    guard value.state == .present else { throw wrong }
    return value
  }

  /// A value as a rule file writes it.
  func text(_ value: Value, of type: ValueType) -> String {
    switch value {
    case .duration(let microseconds): return DurationText.text(ofMicroseconds: microseconds)
    case .decimal(let value): return value.description
    case .string(let text): return "\"\(text)\""
    case .enumeration(let position):
      guard case .enumeration(let name) = type else { return "\(position)" }
      return cases(of: name)[position]
    case .bool(let value): return value ? "true" : "false"
    case .int(let value): return "\(value)"
    case .uint(let value): return "\(value)u"
    case .double(let value): return value.description
    case .timestamp(let time):
      var bytes: [UInt8] = []
      TimestampText.append(time, to: &bytes)
      return "timestamp(\"\(String(decoding: bytes, as: UTF8.self))\")"
    case .bytes, .list, .missing, .error: return "\(value)"
    }
  }

  // MARK: What names mean

  func variable(named name: String) -> Variable? { nil }
  func member(_ name: String, of base: String) -> Variable? { nil }
  func memberNames(of base: String) -> [String]? { nil }
  func query(named name: String) -> Query? { nil }

  func cases(of enumeration: String) -> [String] {
    schema.enumerations.first { $0.name == enumeration }?.cases ?? []
  }

  func normalized(_ text: String, as reference: String) -> String {
    schema.identifiers.first { $0.name == reference }?.normalized(text) ?? text
  }

  func refusal(of name: String, at span: SourceSpan) -> Diagnostic? { nil }
  func isBroken(_ name: String) -> Bool { false }
  var names: [(name: String, role: Phrase)] { [] }
  var visibleKinds: Phrase { Phrase("value", es: "ningún valor") }
}

extension Identifier {
  /// A text as the identifier's values are compared.
  func normalized(_ text: String) -> String {
    var output: [UInt8] = []
    _ = TextNormalizer.append(Array(text.utf8).span, normalizedBy: normalizer, to: &output)
    return String(decoding: output, as: UTF8.self)
  }
}
