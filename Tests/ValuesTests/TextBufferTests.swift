import Model
import Testing
import Values

@Suite struct `A text buffer` {
  @Test func `holds what an array holds, however it grows`() {
    let seed: UInt64 = 5
    var random = SplitMix64(seed: seed)
    var array: [UInt8] = []
    var buffer = TextBuffer(capacity: 0)
    for _ in 0..<4_000 {
      switch random.below(6) {
      case 0:
        let byte = UInt8(random.below(256))
        array.append(byte)
        buffer.append(byte)
      case 1:
        let bytes = (0..<random.below(300)).map { UInt8(truncatingIfNeeded: $0) }
        array += bytes
        buffer.append(bytes.span)
      case 2:
        let number = Int64(bitPattern: random.next()) >> Int64(random.below(64))
        array += Array(String(number).utf8)
        ValueText.append(number, to: &buffer)
      case 3:
        ValueText.append("a literal", to: &array)
        ValueText.append("a literal", to: &buffer)
      case 4:
        let time = Timestamp(microseconds: Int64(random.below(1 << 50)))
        TimestampText.append(time, to: &array)
        TimestampText.append(time, to: &buffer)
      default:
        if random.below(40) == 0 {
          array.removeAll()
          buffer.removeAll()
        }
      }
      #expect(buffer.count == array.count, "seed \(seed)")
    }
    var copy: [UInt8] = []
    buffer.copy(to: &copy)
    #expect(copy == array, "seed \(seed)")
    #expect(!copy.isEmpty)
  }
}
