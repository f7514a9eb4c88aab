internal import Model
internal import Values

/// Values read back from how the engine prints them.
enum PrintedValue {
  /// The value a text stands for; a failed conversion when it stands for none.
  static func value(of text: String, type: ValueType, _ schema: Schema) -> Value {
    let value: Value? =
      switch type {
      case .bool: .bool(text == "true")
      case .int: Int64(text).map(Value.int)
      case .uint: UInt64(text).map(Value.uint)
      case .double: Double(text).map(Value.double)
      case .string, .reference: .string(text)
      case .bytes: bytes(text).map(Value.bytes)
      case .timestamp: timestamp(text).map(Value.timestamp)
      case .duration: microseconds(text).map(Value.duration)
      case .decimal(let scale, _): decimal(text, scale).map(Value.decimal)
      case .enumeration(let name):
        schema.enumerations.first { $0.name == name }?.cases.firstIndex(of: text)
          .map(Value.enumeration)
      case .collected(let element):
        .list(text.split(separator: ", ").map { self.value(of: String($0), type: element, schema) })
      case .list, .map: nil
      }
    return value ?? .error(.conversion)
  }

  private static func bytes(_ text: String) -> [UInt8]? {
    var bytes: [UInt8] = []
    var rest = text[...]
    while !rest.isEmpty {
      guard let byte = UInt8(rest.prefix(2), radix: 16) else { return nil }
      bytes.append(byte)
      rest = rest.dropFirst(2)
    }
    return bytes
  }

  private static func timestamp(_ text: String) -> Timestamp? {
    let bytes = Array(text.utf8)
    do throws(ValueError) {
      return try TimestampText.parse(bytes.span)
    } catch {
      return nil
    }
  }

  /// `-90.500s`
  private static func microseconds(_ text: String) -> Int64? {
    guard text.hasSuffix("s") else { return nil }
    return decimal(String(text.dropLast()), 6)?.units
  }

  private static func decimal(_ text: String, _ scale: Int) -> Decimal? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard let whole = parts.first, parts.count <= 2 else { return nil }
    let fraction = parts.count == 2 ? String(parts[1]) : ""
    guard fraction.count <= scale else { return nil }
    let padded = fraction + String(repeating: "0", count: scale - fraction.count)
    return Int64(whole + padded).map { Decimal(units: $0, scale: scale) }
  }
}
