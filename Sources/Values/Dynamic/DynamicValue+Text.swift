/// Values as expressions write them, as far as they can: `{"a": [1, 2u, 3.0]}`.
extension DynamicValue: CustomStringConvertible {
  /// The value as an expression that gives it, where there is one.
  public var description: String {
    switch self {
    case .null: "null"
    case .bool(let value): value ? "true" : "false"
    case .int(let value): String(value)
    case .uint(let value): "\(value)u"
    case .double(let value): DynamicValue.text(value)
    case .string(let value): DynamicLibrary.quoted(value)
    case .bytes(let value): "b" + DynamicValue.text(value)
    case .list(let elements): "[\(elements.map(\.description).joined(separator: ", "))]"
    case .map(let map):
      "{\(map.entries.map { "\($0.key): \($0.value)" }.joined(separator: ", "))}"
    case .type(let name): name
    case .timestamp(let value): "timestamp(\"\(DynamicTime.text(timestamp: value))\")"
    case .duration(let value): "duration(\"\(DynamicTime.text(duration: value))\")"
    case .optional(let inner): inner.map { "optional.of(\($0))" } ?? "optional.none()"
    case .address(let address): "ip(\"\(address.text)\")"
    case .subnet(let subnet): "cidr(\"\(subnet.text)\")"
    }
  }

  /// With a point or an exponent, so that it is not read as an int.
  private static func text(_ double: Double) -> String {
    guard double.isFinite else { return "double(\"\(DoubleText.shortest(double))\")" }
    let text = DoubleText.shortest(double)
    return text.utf8.contains { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "e") }
      ? text : text + ".0"
  }

  private static func text(_ bytes: [UInt8]) -> String {
    let digits = bytes.map { byte in
      "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
    return "\"\(digits.joined())\""
  }
}
