extension DynamicLibrary {
  /// Functions on text called without a receiver.
  static let plainText: [String: DynamicFunction] = [
    "size": unary(size), "matches": binary(matches),
    "strings.quote": unary { value throws(DynamicFault) in .string(quoted(try text(value))) },
  ]

  /// The standard functions on text.
  static let plainTextMethods: [String: DynamicFunction] = [
    "size": unary(size), "matches": binary(matches),
    "contains": textTest { text, part in
      TwoWaySearch.first(Array(part).span, in: Array(text).span) != nil
    },
    "startsWith": textTest { text, part in text.starts(with: part) },
    "endsWith": textTest { text, part in text.reversed().starts(with: part.reversed()) },
  ]

  /// The strings extension.
  static let textMethods: [String: DynamicFunction] = [
    "charAt": binary { value, index throws(DynamicFault) in
      let scalars = try scalars(value)
      let position = try DynamicLibrary.index(index, upTo: scalars.count)
      return .string(position == scalars.count ? "" : string([scalars[position]]))
    },
    "indexOf": { arguments throws(DynamicFault) in
      let (text, part) = try search(arguments)
      let start = arguments.count == 3 ? try index(arguments[2], upTo: text.count) : 0
      return .int(Int64(find(part, in: text, from: start) ?? -1))
    },
    "lastIndexOf": { arguments throws(DynamicFault) in
      let (text, part) = try search(arguments)
      let last =
        arguments.count == 3 ? try index(arguments[2], upTo: text.count) : text.count
      let start = min(last, text.count - part.count)
      let found = stride(from: start, through: 0, by: -1).first {
        text[$0...].starts(with: part)
      }
      return .int(Int64(found ?? -1))
    },
    "lowerAscii": unary { value throws(DynamicFault) in
      .string(ascii(try text(value), first: UInt8(ascii: "A"), last: UInt8(ascii: "Z")))
    },
    "upperAscii": unary { value throws(DynamicFault) in
      .string(ascii(try text(value), first: UInt8(ascii: "a"), last: UInt8(ascii: "z")))
    },
    "replace": replace, "split": split, "substring": substring, "join": join,
    "trim": unary { value throws(DynamicFault) in
      let scalars = try scalars(value)
      let rest = scalars.drop(while: \.properties.isWhitespace)
      let end = rest.lastIndex { !$0.properties.isWhitespace }
      return .string(end.map { string(rest[...$0]) } ?? "")
    },
    "format": binary { pattern, arguments throws(DynamicFault) in
      guard case .list(let arguments) = arguments else { throw .noSuchOverload("format") }
      return .string(try DynamicFormat.format(try text(pattern), arguments))
    },
  ]

  // MARK: Reading arguments

  static func text(_ value: DynamicValue) throws(DynamicFault) -> String {
    guard case .string(let text) = value else { throw .noSuchOverload("no text") }
    return text
  }

  static func scalars(_ value: DynamicValue) throws(DynamicFault) -> [Unicode.Scalar] {
    Array(try text(value).unicodeScalars)
  }

  static func int(_ value: DynamicValue) throws(DynamicFault) -> Int64 {
    guard case .int(let number) = value else { throw .noSuchOverload("no int") }
    return number
  }

  /// An index from 0 to `limit`, both allowed.
  static func index(_ value: DynamicValue, upTo limit: Int) throws(DynamicFault) -> Int {
    let index = try int(value)
    guard index >= 0, index <= limit else { throw .indexOutOfRange(index) }
    return Int(index)
  }

  static func string(_ scalars: some Sequence<Unicode.Scalar>) -> String {
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars)
    return String(text)
  }

  private static func search(
    _ arguments: [DynamicValue]
  ) throws(DynamicFault) -> ([Unicode.Scalar], [Unicode.Scalar]) {
    guard arguments.count == 2 || arguments.count == 3 else { throw .noSuchOverload("indexOf") }
    return (try scalars(arguments[0]), try scalars(arguments[1]))
  }

  /// The first position from `start` on at which `part` stands.
  static func find<Unit: Equatable>(_ part: [Unit], in text: [Unit], from start: Int) -> Int? {
    guard text.count - part.count >= start else { return nil }
    return (start...(text.count - part.count)).first { text[$0...].starts(with: part) }
  }

  // MARK: Functions

  private static func size(_ value: DynamicValue) throws(DynamicFault) -> DynamicValue {
    switch value {
    case .string(let text): return .int(Int64(text.unicodeScalars.count))
    case .bytes(let bytes): return .int(Int64(bytes.count))
    case .list(let elements): return .int(Int64(elements.count))
    case .map(let map): return .int(Int64(map.count))
    default: throw .noSuchOverload("size")
    }
  }

  private static func textTest(
    _ test: @escaping @Sendable (String.UTF8View, String.UTF8View) -> Bool
  ) -> DynamicFunction {
    binary { value, part throws(DynamicFault) in
      .bool(test(try text(value).utf8, try text(part).utf8))
    }
  }

  private static func matches(
    _ value: DynamicValue, _ pattern: DynamicValue
  ) throws(DynamicFault) -> DynamicValue {
    let bytes = Array(try text(pattern).utf8)
    let subject = Array(try text(value).utf8)
    let outcome: PatternMatch
    do throws(ValueError) {
      var compiled = try CompiledPattern(bytes.span)
      outcome = compiled.matches(subject.span)
    } catch {
      throw .invalidArgument("not a pattern")
    }
    if outcome == .limit { throw .costExceeded }
    return .bool(outcome == .yes)
  }

  private static func ascii(_ text: String, first: UInt8, last: UInt8) -> String {
    String(
      decoding: text.utf8.map { $0 >= first && $0 <= last ? $0 ^ 0x20 : $0 }, as: UTF8.self)
  }

  private static let replace: DynamicFunction = { arguments throws(DynamicFault) in
    guard arguments.count == 3 || arguments.count == 4 else { throw .noSuchOverload("replace") }
    let text = try scalars(arguments[0])
    let old = try scalars(arguments[1])
    let new = try scalars(arguments[2])
    var left = arguments.count == 4 ? try int(arguments[3]) : -1
    var output: [Unicode.Scalar] = []
    var position = 0
    while left != 0, let found = find(old, in: text, from: position) {
      output += text[position..<found] + new
      position = found + old.count
      // Below zero there is no end to them.
      if left > 0 { left -= 1 }
      if old.isEmpty {
        guard position < text.count else { break }
        output.append(text[position])
        position += 1
      }
    }
    return .string(string(output + text[min(position, text.count)...]))
  }

  private static let split: DynamicFunction = { arguments throws(DynamicFault) in
    guard arguments.count == 2 || arguments.count == 3 else { throw .noSuchOverload("split") }
    let text = try scalars(arguments[0])
    let separator = try scalars(arguments[1])
    var left = arguments.count == 3 ? try int(arguments[2]) : -1
    if left == 0 { return .list([]) }
    var parts: [DynamicValue] = []
    var position = 0
    while left != 1 {
      if separator.isEmpty {
        guard position + 1 < text.count else { break }
        parts.append(.string(string([text[position]])))
        position += 1
      } else {
        guard let found = find(separator, in: text, from: position) else { break }
        parts.append(.string(string(text[position..<found])))
        position = found + separator.count
      }
      if left > 0 { left -= 1 }
    }
    if !(separator.isEmpty && text.isEmpty) { parts.append(.string(string(text[position...]))) }
    return .list(parts)
  }

  private static let substring: DynamicFunction = { arguments throws(DynamicFault) in
    guard arguments.count == 2 || arguments.count == 3 else {
      throw .noSuchOverload("substring")
    }
    let text = try scalars(arguments[0])
    let start = try index(arguments[1], upTo: text.count)
    let end = arguments.count == 3 ? try index(arguments[2], upTo: text.count) : text.count
    guard start <= end else { throw .invalidArgument("a substring that ends before it starts") }
    return .string(string(text[start..<end]))
  }

  private static let join: DynamicFunction = { arguments throws(DynamicFault) in
    guard case .list(let elements)? = arguments.first, arguments.count <= 2 else {
      throw .noSuchOverload("join")
    }
    let separator = arguments.count == 2 ? try text(arguments[1]) : ""
    var output = ""
    for (position, element) in elements.enumerated() {
      if position > 0 { output += separator }
      output += try text(element)
    }
    return .string(output)
  }

  private static let escapes: [Unicode.Scalar: String] = [
    "\u{07}": "\\a", "\u{08}": "\\b", "\u{0C}": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t",
    "\u{0B}": "\\v", "\\": "\\\\", "\"": "\\\"",
  ]

  static func quoted(_ text: String) -> String {
    "\"" + text.unicodeScalars.map { escapes[$0] ?? String($0) }.joined() + "\""
  }
}
