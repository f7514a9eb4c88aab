import Testing
import Values

@Suite struct `A word of a text` {
  @Test func `is its eight bytes, the first lowest`() {
    let bytes = (0..<40).map { UInt8($0 * 37 & 0xFF) }
    for start in 0...32 {
      let expected = (0..<8).reduce(0 as UInt64) { $0 | UInt64(bytes[start + $1]) << (8 * $1) }
      #expect(TextWord.load(bytes.span, at: start) == expected)
      #expect(TextWord.load(bytes.span.extracting(start..<start + 8), at: 0) == expected)
    }
  }

  @Test func `is refused where bytes are missing`() async {
    await #expect(processExitsWith: .failure) {
      _ = TextWord.load([UInt8](repeating: 0, count: 9).span, at: 2)
    }
    await #expect(processExitsWith: .failure) {
      _ = TextWord.load([UInt8](repeating: 0, count: 9).span, at: -1)
    }
    await #expect(processExitsWith: .failure) {
      _ = TextWord.load([UInt8](repeating: 0, count: 16).span.extracting(4..<11), at: 0)
    }
  }
}
