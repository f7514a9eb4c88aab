/// Appends one JSON string with its quotes.
///
/// *Source*: RFC 8259 section 7.
func appendJSONString(_ text: String, to bytes: inout [UInt8]) {
  let digits = Array("0123456789abcdef".utf8)
  bytes.append(UInt8(ascii: "\""))
  for byte in text.utf8 {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"):
      bytes.append(UInt8(ascii: "\\"))
      bytes.append(byte)
    case 10: bytes += "\\n".utf8
    case 13: bytes += "\\r".utf8
    case 9: bytes += "\\t".utf8
    case 0..<32, 127:
      bytes += "\\u00".utf8
      bytes.append(digits[Int(byte >> 4)])
      bytes.append(digits[Int(byte & 15)])
    default: bytes.append(byte)
    }
  }
  bytes.append(UInt8(ascii: "\""))
}
