/// `"%s has %d".format([…])`
///
/// *Source*: cel-go ext/strings, "Format"; cel-spec tests/simple/testdata/string_ext.textproto.
enum DynamicFormat {
  static func format(
    _ pattern: String, _ arguments: [DynamicValue]
  ) throws(DynamicFault) -> String {
    var output = ""
    var rest = pattern.unicodeScalars[...]
    var next = 0
    while let percent = rest.firstIndex(of: "%") {
      output += String(rest[..<percent])
      rest = rest[rest.index(after: percent)...]
      if rest.first == "%" {
        output += "%"
        rest = rest.dropFirst()
        continue
      }
      let precision = try takePrecision(&rest)
      guard let verb = rest.popFirst() else { throw .invalidArgument("a clause without a verb") }
      guard next < arguments.count else { throw .indexOutOfRange(Int64(next)) }
      output += try clause(verb, precision, arguments[next])
      next += 1
    }
    guard next == arguments.count else { throw .invalidArgument("an argument too many") }
    return output + String(rest)
  }

  private static func takePrecision(
    _ rest: inout Substring.UnicodeScalarView
  ) throws(DynamicFault) -> Int? {
    guard rest.first == "." else { return nil }
    let digits = rest.dropFirst().prefix { $0 >= "0" && $0 <= "9" }
    guard let precision = Int(String(digits)), precision <= 100 else {
      throw .invalidArgument("a precision that is no number up to 100")
    }
    rest = rest.dropFirst(1 + digits.count)
    return precision
  }

  private static func clause(
    _ verb: Unicode.Scalar, _ precision: Int?, _ value: DynamicValue
  ) throws(DynamicFault) -> String {
    switch (verb, value) {
    case ("s", _): return try text(value)
    case ("d", .int(let number)): return String(number)
    case ("d", .uint(let number)): return String(number)
    case ("d", .double(let number)) where !number.isFinite: return DoubleText.shortest(number)
    case ("f", _): return DoubleText.fixed(try double(value), digits: precision ?? 6)
    case ("e", _): return DoubleText.scientific(try double(value), digits: precision ?? 6)
    case ("b", .bool(let bit)): return bit ? "1" : "0"
    case ("b", .int(let number)): return String(number, radix: 2)
    case ("b", .uint(let number)): return String(number, radix: 2)
    case ("o", .int(let number)): return String(number, radix: 8)
    case ("o", .uint(let number)): return String(number, radix: 8)
    case ("x", _): return try hexadecimal(value, uppercase: false)
    case ("X", _): return try hexadecimal(value, uppercase: true)
    default: throw .invalidArgument("%\(verb) does not take a \(value.typeName)")
    }
  }

  private static func double(_ value: DynamicValue) throws(DynamicFault) -> Double {
    switch value {
    case .double(let number): return number
    case .int(let number): return Double(number)
    case .uint(let number): return Double(number)
    default: throw .invalidArgument("no number but a \(value.typeName)")
    }
  }

  private static func hexadecimal(
    _ value: DynamicValue, uppercase: Bool
  ) throws(DynamicFault) -> String {
    switch value {
    case .int(let number): return String(number, radix: 16, uppercase: uppercase)
    case .uint(let number): return String(number, radix: 16, uppercase: uppercase)
    case .string(let text): return pairs(Array(text.utf8), uppercase)
    case .bytes(let bytes): return pairs(bytes, uppercase)
    default: throw .invalidArgument("%x does not take a \(value.typeName)")
    }
  }

  private static func pairs(_ bytes: [UInt8], _ uppercase: Bool) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: uppercase) }.joined()
  }

  /// A value as `%s` writes it, what is inside it too.
  private static func text(_ value: DynamicValue) throws(DynamicFault) -> String {
    switch value {
    case .null: return "null"
    case .bool(let value): return value ? "true" : "false"
    case .int(let number): return String(number)
    case .uint(let number): return String(number)
    case .double(let number): return DoubleText.shortest(number)
    case .string(let text): return text
    case .bytes(let bytes): return String(decoding: bytes, as: UTF8.self)
    case .type(let name): return name
    case .timestamp(let nanoseconds): return DynamicTime.text(timestamp: nanoseconds)
    case .duration(let nanoseconds): return DynamicTime.text(duration: nanoseconds)
    case .address(let address): return address.text
    case .subnet(let subnet): return subnet.text
    case .list(let elements):
      var texts: [String] = []
      for element in elements { texts.append(try text(element)) }
      return "[" + texts.joined(separator: ", ") + "]"
    case .map(let map):
      var entries: [(key: String, text: String)] = []
      for (key, value) in map.entries {
        let key = try text(key)
        entries.append((key, "\(key): \(try text(value))"))
      }
      entries.sort { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      return "{" + entries.map(\.text).joined(separator: ", ") + "}"
    case .optional: throw .invalidArgument("%s does not take an optional")
    }
  }
}
