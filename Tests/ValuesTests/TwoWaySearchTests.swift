import Testing
import Values

@Suite struct `Searching a text` {
  @Test(arguments: [11, 12] as [UInt64])
  func `finds exactly what trying every place finds`(_ seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    var found = 0
    for _ in 0..<30_000 {
      let letters = 1 + generator.below(3)
      let text = (0..<generator.below(24)).map { _ in UInt8(97 + generator.below(letters)) }
      let part = (0..<generator.below(9)).map { _ in UInt8(97 + generator.below(letters)) }
      let places = max(0, text.count - part.count + 1)
      let start = generator.below(text.count + 1)
      let expected = (0..<places).first {
        $0 >= start && Array(text[$0..<$0 + part.count]) == part
      }
      if expected != nil { found += 1 }
      let actual = TwoWaySearch.first(part.span, in: text.span, from: start)
      #expect(actual == expected, "seed \(seed): \(part) in \(text) from \(start)")
    }
    #expect(found > 5_000)
  }

  @Test func `stays linear on what defeats trying every place`() {
    let text = [UInt8](repeating: 97, count: 1 << 18)
    var part = [UInt8](repeating: 97, count: 1 << 17)
    part[1 << 16] = 98
    let clock = ContinuousClock()
    var found: Int? = 0
    let time = clock.measure { found = TwoWaySearch.first(part.span, in: text.span) }
    #expect(found == nil)
    // Trying every place takes 8 × 10⁹ steps, minutes in a debug build; this takes milliseconds.
    #expect(time < .seconds(5))
  }
}
