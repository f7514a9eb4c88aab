import Testing
import Wire

@Suite struct `A text in JSON` {
  @Test func `is escaped wherever a byte must be, whatever stands beside it`() {
    for count in 0...40 {
      for byte in [0x00, 0x1F, 0x20, 0x21, 0x22, 0x23, 0x5B, 0x5C, 0x5D, 0x7F, 0x80, 0xA2, 0xFF] {
        for place in 0..<count {
          var text = [UInt8](repeating: UInt8(ascii: "a") + UInt8(place % 3), count: count)
          text[place] = UInt8(byte)
          var written: [UInt8] = []
          JSONText.append(text.span, to: &written)
          let escape: String? =
            switch byte {
            case 0x00: "\\u0000"
            case 0x1F: "\\u001f"
            case 0x22: "\\\""
            case 0x5C: "\\\\"
            default: nil
            }
          let middle = escape.map { Array($0.utf8) } ?? [UInt8(byte)]
          #expect(written == [34] + text[..<place] + middle + text[(place + 1)...] + [34])
        }
      }
    }
  }
}
