/// Reads JSON as values: whole numbers are int, others double, objects maps with string keys.
///
/// *Source*: RFC 8259. For files read once; events have a reader of their own.
public struct DynamicJSON {
  private let bytes: [UInt8]
  private var offset = 0
  private var depth = 0

  /// What is wrong, and at which byte.
  public struct Fault: Error, Hashable, Sendable {
    /// The byte it is wrong at.
    public let offset: Int
  }

  /// The value of a JSON text.
  public static func value(of bytes: [UInt8]) throws(Fault) -> DynamicValue {
    var reader = DynamicJSON(bytes)
    let value = try reader.value()
    reader.skipSpace()
    guard reader.offset == bytes.count else { throw reader.fault }
    return value
  }

  private init(_ bytes: [UInt8]) { self.bytes = bytes }

  private var fault: Fault { Fault(offset: offset) }

  private mutating func skipSpace() {
    while offset < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[offset]) { offset += 1 }
  }

  private mutating func take(_ text: String) -> Bool {
    guard bytes[offset...].starts(with: text.utf8) else { return false }
    offset += text.utf8.count
    return true
  }

  private mutating func value() throws(Fault) -> DynamicValue {
    skipSpace()
    guard offset < bytes.count, depth < 256 else { throw fault }
    depth += 1
    defer { depth -= 1 }
    switch bytes[offset] {
    case UInt8(ascii: "{"): return try object()
    case UInt8(ascii: "["): return try array()
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): if take("true") { return .bool(true) }
    case UInt8(ascii: "f"): if take("false") { return .bool(false) }
    case UInt8(ascii: "n"): if take("null") { return .null }
    default: return try number()
    }
    throw fault
  }

  private mutating func number() throws(Fault) -> DynamicValue {
    let start = offset
    while offset < bytes.count, "+-.eE0123456789".utf8.contains(bytes[offset]) { offset += 1 }
    let text = String(decoding: bytes[start..<offset], as: UTF8.self)
    if let whole = Int64(text) { return .int(whole) }
    guard let double = Double(text) else { throw Fault(offset: start) }
    return .double(double)
  }

  private mutating func array() throws(Fault) -> DynamicValue {
    offset += 1
    var elements: [DynamicValue] = []
    skipSpace()
    if take("]") { return .list([]) }
    while true {
      elements.append(try value())
      skipSpace()
      if take("]") { return .list(elements) }
      guard take(",") else { throw fault }
    }
  }

  private mutating func object() throws(Fault) -> DynamicValue {
    offset += 1
    var map = DynamicMap()
    skipSpace()
    if take("}") { return .map(map) }
    while true {
      skipSpace()
      let place = fault
      guard offset < bytes.count, bytes[offset] == UInt8(ascii: "\"") else { throw fault }
      let key = try string()
      skipSpace()
      guard take(":") else { throw fault }
      let value = try value()
      do throws(DynamicFault) { try map.insert(.string(key), value) } catch { throw place }
      skipSpace()
      if take("}") { return .map(map) }
      guard take(",") else { throw fault }
    }
  }

  private static let escapes: [UInt8: UInt8] = [
    UInt8(ascii: "\""): 0x22, UInt8(ascii: "\\"): 0x5C, UInt8(ascii: "/"): 0x2F,
    UInt8(ascii: "b"): 0x08, UInt8(ascii: "f"): 0x0C, UInt8(ascii: "n"): 0x0A,
    UInt8(ascii: "r"): 0x0D, UInt8(ascii: "t"): 0x09,
  ]

  private mutating func string() throws(Fault) -> String {
    offset += 1
    var output: [UInt8] = []
    while offset < bytes.count, bytes[offset] != UInt8(ascii: "\"") {
      let byte = bytes[offset]
      guard byte >= 0x20 else { throw fault }
      offset += 1
      guard byte == UInt8(ascii: "\\") else {
        output.append(byte)
        continue
      }
      guard offset < bytes.count else { throw fault }
      let letter = bytes[offset]
      offset += 1
      if let simple = DynamicJSON.escapes[letter] {
        output.append(simple)
      } else {
        guard letter == UInt8(ascii: "u") else { throw fault }
        output.append(contentsOf: String(Character(try scalar())).utf8)
      }
    }
    guard take("\""), let text = String(validating: output, as: UTF8.self) else { throw fault }
    return text
  }

  private mutating func unit() throws(Fault) -> UInt32 {
    guard offset + 4 <= bytes.count,
      let unit = UInt32(String(decoding: bytes[offset..<offset + 4], as: UTF8.self), radix: 16)
    else { throw fault }
    offset += 4
    return unit
  }

  private mutating func scalar() throws(Fault) -> Unicode.Scalar {
    let first = try unit()
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard first < 0xDC00, take("\\u") else { throw fault }
    let second = try unit()
    guard (0xDC00..<0xE000).contains(second),
      let scalar = Unicode.Scalar((first - 0xD800) << 10 + (second - 0xDC00) + 0x10000)
    else { throw fault }
    return scalar
  }
}
