import Testing
import Wire

@Suite struct `A line reader` {
  /// What the lines of a text are, however it is cut.
  func lines(_ text: [UInt8], chunk: Int, limit: Int = 64) -> [String] {
    var reader = LineReader(limit: limit)
    var lines: [String] = []
    func take(_ line: borrowing NumberedLine) {
      let bytes = (0..<line.bytes.count).map { line.bytes[$0] }
      let text = String(decoding: bytes, as: UTF8.self)
      lines.append("\(line.number):" + (line.error.map { $0.code.rawValue } ?? text))
    }
    var start = 0
    while start < text.count {
      let end = min(start + chunk, text.count)
      reader.read(text.span.extracting(start..<end)) { take($0) }
      start = end
    }
    reader.finish { take($0) }
    return lines
  }

  @Test(arguments: 1...12) func `cuts the same lines from any chunks`(chunk: Int) {
    let text = Array("\u{FEFF}one\r\ntwo\n\n  \nthr\ree\n\r\nlast".utf8)
    #expect(lines(text, chunk: chunk) == ["1:one", "2:two", "5:thr\ree", "7:last"])
    #expect(lines(Array("a\nb\n".utf8), chunk: chunk) == ["1:a", "2:b"])
    #expect(lines([], chunk: chunk).isEmpty)
    #expect(lines(Array("\n".utf8), chunk: chunk).isEmpty)
    #expect(lines(Array("a\r\n\u{FEFF}b\r".utf8), chunk: chunk) == ["1:a", "2:\u{FEFF}b"])
  }

  @Test(arguments: 1...12) func `reports a long line and goes on behind it`(chunk: Int) {
    let text = Array("12345\n123456\n12345\r\n1234567890123\n1\n123456".utf8)
    #expect(
      lines(text, chunk: chunk, limit: 5) == [
        "1:12345", "2:too_large", "3:12345", "4:too_large", "5:1", "6:too_large",
      ])
  }

  @Test(arguments: 1...12) func `gives the bytes of a long line as they come`(chunk: Int) {
    let text = Array("12345\n123456\n12345\r\n1234567890123\r\n1\n123456".utf8)
    var reader = LineReader(limit: 5)
    var excess: [UInt8] = []
    var numbers: [Int] = []
    func finish(_ line: borrowing NumberedLine) {
      guard line.excessiveLength != nil else { return }
      numbers.append(line.number)
      excess.append(10)
    }
    func keep(_ piece: Span<UInt8>) {
      for index in piece.indices { excess.append(piece[index]) }
    }
    for start in stride(from: 0, to: text.count, by: chunk) {
      let piece = Array(text[start..<min(start + chunk, text.count)])
      reader.read(piece.span, excess: keep, finish)
    }
    reader.finish(excess: keep, finish)
    #expect(numbers == [2, 4, 6])
    #expect(String(decoding: excess, as: UTF8.self) == "123456\n1234567890123\r\n123456\n")
  }

  @Test func `drops the rest of the chunk when the body throws`() {
    struct Stop: Error {}
    var reader = LineReader()
    var seen: [Int] = []
    let text = Array("a\nb\nc".utf8)
    #expect(throws: Stop.self) {
      try reader.read(text.span) { line throws(Stop) in
        seen.append(line.number)
        throw Stop()
      }
    }
    reader.read(Array("d\n".utf8).span) { seen.append($0.number) }
    reader.finish { seen.append($0.number) }
    #expect(seen == [1, 2])
  }

  @Test func `finds lines cut at random like a split of the whole`() {
    let seed: UInt64 = 3
    var random = SplitMix64(state: seed)
    for _ in 0..<300 {
      let text = (0..<random.below(80)).map { _ in Array("ab\r\n".utf8)[random.below(4)] }
      let pieces = text.split(separator: 10, omittingEmptySubsequences: false)
      let expected = pieces.enumerated().compactMap { index, piece -> String? in
        let line = piece.last == 13 ? piece.dropLast() : piece
        return line.isEmpty ? nil : "\(index + 1):" + String(decoding: line, as: UTF8.self)
      }
      #expect(lines(text, chunk: 1 + random.below(20)) == expected, "seed \(seed) \(text)")
    }
  }
}
