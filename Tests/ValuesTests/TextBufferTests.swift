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
    copy.append(buffer.span)
    #expect(copy == array, "seed \(seed)")
    #expect(!copy.isEmpty)
  }

  @Test func `takes padded bytes of every length from every place`() {
    let padded = (0..<200 + TextBuffer.padding).map { UInt8(truncatingIfNeeded: $0) }
    for count in 0...150 {
      for place in [0, 1, 17, 200 - count] {
        // Filled up to a few bytes, so that some have to grow.
        var buffer = TextBuffer(capacity: 64)
        let before = [UInt8](repeating: 7, count: count % 64)
        buffer.append(before.span)
        buffer.append(count, from: place, of: padded.span)
        buffer.append(9)
        var copy: [UInt8] = []
        copy.append(buffer.span)
        #expect(copy == before + padded[place..<place + count] + [9])
      }
    }
  }

  @Test func `takes bytes only with their padding`() async {
    await #expect(processExitsWith: .failure) {
      var buffer = TextBuffer()
      buffer.append(2, from: 1, of: [UInt8](repeating: 0, count: TextBuffer.padding + 2).span)
    }
    await #expect(processExitsWith: .failure) {
      var buffer = TextBuffer()
      buffer.append(-1, from: 1, of: [UInt8](repeating: 0, count: TextBuffer.padding + 2).span)
    }
  }

  @Test func `takes short texts until there is none`() {
    for end in 0...40 {
      var buffer = TextBuffer(capacity: 64)
      var wanted: [UInt8] = []
      let stop = buffer.append(0..<40) { number in
        (0x6867_6665_6463_6261, number == end ? 0 : 1 + number % 8)
      }
      for number in 0..<min(end, 40) {
        wanted += Array("abcdefgh".utf8.prefix(1 + number % 8))
      }
      #expect(stop == min(end, 40))
      var copy: [UInt8] = []
      copy.append(buffer.span)
      #expect(copy == wanted)
      let tail = min(3, wanted.count)
      #expect(buffer.span(from: wanted.count - tail).count == tail)
      if tail > 0 { buffer.removeLast() }
      #expect(buffer.count == wanted.count - min(tail, 1))
    }
  }

  @Test func `takes no text of more than a word`() async {
    await #expect(processExitsWith: .failure) {
      var buffer = TextBuffer()
      _ = buffer.append(0..<1) { _ in (0, 9) }
    }
    await #expect(processExitsWith: .failure) {
      var buffer = TextBuffer()
      buffer.removeLast()
    }
  }
}
