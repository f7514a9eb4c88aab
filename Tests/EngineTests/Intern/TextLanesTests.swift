import CColumns
import Testing

@testable import Engine

@Suite struct `Texts hashed side by side` {
  private let secret = HashSecret(first: 0x0706_0504_0302_0100, second: 0x0F0E_0D0C_0B0A_0908)

  @Test func `have the keys they have alone, at every length and in every lane`() {
    var lanes = TextLanes(secret, room: 20)
    for length in 0...TextLanes.mostBytes {
      let text = (0..<length).map { UInt8($0 + length) }
      let lane = length % lanes.count
      lanes.lay(text.span, in: lane)
      let first = lane & ~(TextLanes.vector - 1)
      lanes.hash(from: first, count: TextLanes.vector)
      #expect(lanes.key(lane - first) == KeyHasher.key(of: text.span, secret), "length \(length)")
    }
    #expect(lanes.count == 24)
  }

  @Test func `have the keys they have alone, whichever and however many they are`() {
    let seed: UInt64 = 20_261_127
    var generator = SplitMix64(seed: seed)
    var lanes = TextLanes(secret, room: TextLanes.together + 2 * TextLanes.vector)
    var mistakes = 0
    for round in 0..<20_000 {
      let longest = 1 + generator.below(TextLanes.mostBytes)
      // Now and then all are as long as each other.
      let shortest = round % 5 == 0 ? longest : 0
      let first = round % 3 * TextLanes.vector
      let texts = (0..<1 + round % TextLanes.together).map { _ in
        (0..<shortest + generator.below(longest - shortest + 1)).map { _ in
          UInt8(truncatingIfNeeded: generator.next())
        }
      }
      for (lane, text) in texts.enumerated() { lanes.lay(text.span, in: first + lane) }
      lanes.hash(from: first, count: texts.count)
      for (position, text) in texts.enumerated()
      where lanes.key(position) != KeyHasher.key(of: text.span, secret) { mistakes += 1 }
    }
    #expect(mistakes == 0, "seed \(seed)")
  }

  @Test(
    arguments: [columns_128_bits, columns_256_bits, columns_512_bits].filter { columns_has($0) })
  func `have the keys they have alone, in registers of every width`(width: columns_width) {
    let seed: UInt64 = 20_261_128
    var generator = SplitMix64(seed: seed)
    var mistakes = 0
    for length in 0...TextLanes.mostBytes {
      // All of one length, all of neighbouring ones, and all of very different ones.
      for step in [0, 1, 23] {
        let texts = (0..<TextLanes.together + TextLanes.vector).map { lane in
          (0..<(length + lane * step) % (TextLanes.mostBytes + 1)).map { _ in
            UInt8(truncatingIfNeeded: generator.next())
          }
        }
        let alone = texts.map { KeyHasher.key(of: $0.span, secret) }
        if keys(of: texts, width) != alone { mistakes += 1 }
        for count in 1...TextLanes.vector
        where bodyKeys(of: Array(texts.prefix(count)), width) != Array(alone.prefix(count)) {
          mistakes += 1
        }
      }
    }
    #expect(mistakes == 0, "seed \(seed)")
  }

  @Test func `have the keys they have alone when they are short and others lie behind them`() {
    var generator = SplitMix64(seed: 20_261_129)
    for length in 0...TextLanes.mostShortBytes {
      for step in [0, 1, 23] {
        let texts = (0..<TextLanes.vector).map { lane in
          (0..<(length + lane * step) % (TextLanes.mostShortBytes + 1)).map { _ in
            UInt8(truncatingIfNeeded: generator.next())
          }
        }
        #expect(areLaidShort(texts), "length \(length), step \(step)")
      }
    }
  }

  /// The keys of texts hashed side by side as bodies are, where longer ones have left their words
  /// and counts.
  private func bodyKeys(of texts: [[UInt8]], _ width: columns_width) -> [Key128] {
    let lanes = TextLanes.vector
    var words = [UInt64](repeating: 0xA5A5_A5A5_A5A5_A5A5, count: 9 * lanes)
    var counts = [Int64](repeating: 9, count: lanes)
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

  /// The keys of texts hashed side by side, where other ones have left their words: as many vectors
  /// of them as are hashed at a time, and one more.
  private func keys(of texts: [[UInt8]], _ width: columns_width) -> [Key128] {
    let lanes = TextLanes.vector
    let vectors = Int(columns_key_vectors) + 1
    var rows = [UInt64](repeating: 0xA5A5_A5A5_A5A5_A5A5, count: Int(columns_key_words) * vectors)
    for (lane, text) in texts.enumerated() {
      let first = TextLanes.place(of: lane)
      rows[first] = UInt64(text.count)
      for (position, byte) in text.enumerated() {
        let place = first + (position / 8 + 1) * lanes
        let shift = UInt64(position % 8 * 8)
        rows[place] = rows[place] & ~(0xFF << shift) | UInt64(byte) << shift
      }
    }
    var low = [UInt64](repeating: 0, count: lanes * vectors)
    var high = low
    // SAFETY: there are rows and room for hashes of all lanes, and the processor has registers of
    // this width.
    unsafe columns_hash_keys_by(
      width, secret.first, secret.second, KeyHasher.firstWord(0), rows, vectors, &low, &high)
    return texts.indices.map { Key128(low: low[$0], high: high[$0]) }
  }

  /// Whether short texts have the keys they have alone when they are laid out as such, with bytes
  /// of others behind them.
  private func areLaidShort(_ texts: [[UInt8]]) -> Bool {
    var lanes = TextLanes(secret, room: 1)
    for (lane, text) in texts.enumerated() {
      let room = text + [UInt8](repeating: 0x5A, count: TextLanes.shortRead)
      // SAFETY: a lane that is there, and as many bytes as are read.
      unsafe room.withUnsafeBufferPointer {
        guard let start = $0.baseAddress else { return }
        unsafe columns_lay_short(lanes.start + lane, start, text.count)
      }
    }
    lanes.hash(from: 0, count: texts.count)
    return texts.enumerated().allSatisfy { lane, text in
      lanes.key(lane) == KeyHasher.key(of: text.span, secret)
    }
  }

  @Test func `find no lane beyond the last`() async {
    await #expect(processExitsWith: .failure) {
      var lanes = TextLanes(.published, room: TextLanes.vector)
      lanes.lay(Span(), in: TextLanes.vector)
    }
  }

  @Test func `are no longer than there is room for`() async {
    await #expect(processExitsWith: .failure) {
      var lanes = TextLanes(.published, room: 1)
      let text = [UInt8](repeating: 0, count: TextLanes.mostBytes + 1)
      lanes.lay(text.span, in: 0)
    }
  }
}
