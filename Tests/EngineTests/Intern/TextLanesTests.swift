import CColumns
import Testing

@testable import Engine

@Suite struct `Texts hashed side by side` {
  private let secret = HashSecret(first: 0x0706_0504_0302_0100, second: 0x0F0E_0D0C_0B0A_0908)

  @Test func `have the keys they have alone, at every length`() {
    var lanes = TextLanes(secret)
    for length in 0...TextLanes.mostBytes {
      let text = (0..<length).map { UInt8($0 + length) }
      lanes.append(text.span, name: length)
      lanes.hash()
      #expect(lanes.name(0) == length)
      #expect(lanes.key(0) == KeyHasher.key(of: text.span, secret), "length \(length)")
    }
  }

  @Test func `have the keys they have alone, whichever and however many they are`() {
    let seed: UInt64 = 20_261_127
    var generator = SplitMix64(seed: seed)
    var lanes = TextLanes(secret)
    var mistakes = 0
    for round in 0..<20_000 {
      let longest = 1 + generator.below(TextLanes.mostBytes)
      let texts = (0..<1 + round % TextLanes.lanes).map { _ in
        (0..<generator.below(longest + 1)).map { _ in
          UInt8(truncatingIfNeeded: generator.next())
        }
      }
      for text in texts { lanes.append(text.span, name: text.count * 1_000 + round) }
      if lanes.count != texts.count || lanes.isFull != (texts.count == 8) { mistakes += 1 }
      lanes.hash()
      for (position, text) in texts.enumerated()
      where lanes.key(position) != KeyHasher.key(of: text.span, secret)
        || lanes.name(position) != text.count * 1_000 + round
      { mistakes += 1 }
      if lanes.count != 0 { mistakes += 1 }
    }
    #expect(mistakes == 0, "seed \(seed)")
  }

  @Test func `have the keys they have alone when they are laid out in place`() {
    var lanes = TextLanes(secret)
    let texts = (1...TextLanes.lanes).map { [UInt8](repeating: UInt8($0), count: 6 * $0) }
    // What is added before and after counts as well.
    let (first, last) = (texts[0], texts[TextLanes.lanes - 1])
    lanes.append(first.span, name: 7)
    for (lane, text) in texts.enumerated().dropFirst().dropLast() {
      // SAFETY: a lane that is there, and a text with bytes that is not too long.
      unsafe text.withUnsafeBufferPointer {
        unsafe TextLanes.lay($0.baseAddress, text.count, name: lane, in: lanes.start + lane)
      }
    }
    lanes.took(count: TextLanes.lanes - 1, longest: texts[TextLanes.lanes - 2].count)
    lanes.append(last.span, name: 9)
    let isFull = lanes.isFull
    #expect(isFull)
    lanes.hash()
    for (lane, text) in texts.enumerated() {
      let key = lanes.key(lane)
      #expect(key == KeyHasher.key(of: text.span, secret), "lane \(lane)")
    }
    var names: [Int] = []
    for lane in 0..<TextLanes.lanes { names.append(lanes.name(lane)) }
    #expect(names == [7, 1, 2, 3, 4, 5, 6, 9])
    let longest = lanes.longest
    #expect(longest == 0)
  }

  @Test(
    arguments: [columns_128_bits, columns_256_bits, columns_512_bits].filter { columns_has($0) })
  func `have the keys they have alone, in registers of every width`(width: columns_width) {
    let seed: UInt64 = 20_261_128
    var generator = SplitMix64(seed: seed)
    var mistakes = 0
    for length in 0...TextLanes.mostBytes {
      for count in 1...TextLanes.lanes {
        // All of one length, all of neighbouring ones, and all of very different ones.
        for step in [0, 1, 23] {
          let texts = (0..<count).map { lane in
            (0..<(length + lane * step) % (TextLanes.mostBytes + 1)).map { _ in
              UInt8(truncatingIfNeeded: generator.next())
            }
          }
          let alone = texts.map { KeyHasher.key(of: $0.span, secret) }
          if keys(of: texts, width) != alone { mistakes += 1 }
        }
      }
    }
    #expect(mistakes == 0, "seed \(seed)")
  }

  /// The keys of texts hashed side by side, where longer ones have left their words and counts.
  private func keys(of texts: [[UInt8]], _ width: columns_width) -> [Key128] {
    let lanes = TextLanes.lanes
    var words = [UInt64](repeating: 0xA5A5_A5A5_A5A5_A5A5, count: 8 * lanes)
    var counts = [Int64](repeating: 8, count: lanes)
    for (lane, text) in texts.enumerated() {
      words[lane] = KeyHasher.firstWord(text.count)
      var bytes = text
      while bytes.count % 8 != 7 { bytes.append(0) }
      bytes.append(UInt8(text.count + 8))
      for (position, byte) in bytes.enumerated() {
        let place = (position / 8 + 1) * lanes + lane
        words[place] = words[place] >> 8 | UInt64(byte) << 56
      }
      counts[lane] = Int64(bytes.count / 8 + 1)
    }
    let most = counts.prefix(texts.count).max() ?? 0
    var low = [UInt64](repeating: 0, count: lanes)
    var high = low
    // SAFETY: there are words, counts and room for hashes of all lanes, and the processor has
    // registers of this width.
    unsafe columns_hash_texts_by(
      width, secret.first, secret.second, words, counts, Int(most), texts.count, &low, &high)
    return texts.indices.map { Key128(low: low[$0], high: high[$0]) }
  }

  @Test func `are eight at most`() async {
    await #expect(processExitsWith: .failure) {
      var lanes = TextLanes(.published)
      for _ in 0..<9 { lanes.append(Span(), name: 0) }
    }
  }

  @Test func `are no longer than there is room for`() async {
    await #expect(processExitsWith: .failure) {
      var lanes = TextLanes(.published)
      let text = [UInt8](repeating: 0, count: TextLanes.mostBytes + 1)
      lanes.append(text.span, name: 0)
    }
  }
}
