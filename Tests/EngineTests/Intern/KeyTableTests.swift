import CColumns
import Testing

@testable import Engine

@Suite struct `A key table` {
  @Test func `numbers keys from one in order of first sight`() {
    var table = KeyTable(capacity: 100)
    let first = Key128(low: 1, high: 1)
    let second = Key128(low: 2, high: 2)
    #expect(table.find(first) == 0)
    #expect(table.intern(first) == 1)
    #expect(table.intern(second) == 2)
    #expect(table.intern(first) == 1)
    #expect(table.find(second) == 2)
    #expect(table.count == 2)
  }

  /// Ways to draw a hash, from harmless to hostile.
  enum Spread: String, CaseIterable {
    case uniform
    /// Seven tags over all homes: long clusters of equal tags.
    case fewTags
    /// One tag: nothing but the whole key tells keys apart.
    case oneTag
    /// The last homes only, so that clusters run over the end of the index.
    case lastHomes

    func key(_ number: UInt64) -> Key128 {
      var generator = SplitMix64(seed: number)
      let hash = generator.next()
      return switch self {
      case .uniform: Key128(low: number, high: hash)
      case .fewTags: Key128(low: number, high: (hash % 7) * 0x2492_4925 << 32)
      case .oneTag: Key128(low: number, high: 0x8000_0000_0000_0000)
      case .lastHomes: Key128(low: number, high: hash | 0x03F8_0000_0000)
      }
    }
  }

  @Test(arguments: Spread.allCases) func `agrees with a dictionary`(spread: Spread) {
    let seed: UInt64 = 20_260_105
    var generator = SplitMix64(seed: seed)
    let distinct = spread == .uniform ? 30_000 : 1_200
    var table = KeyTable(capacity: distinct)
    var oracle: [Key128: UInt32] = [:]
    var mistakes = 0
    for _ in 0..<3 * distinct {
      let key = spread.key(UInt64(generator.below(distinct)))
      if table.find(key) != oracle[key] ?? 0 { mistakes += 1 }
      if generator.once(in: 3) { continue }
      let expected = oracle[key] ?? UInt32(oracle.count + 1)
      oracle[key] = expected
      if table.intern(key) != expected { mistakes += 1 }
    }
    for (key, id) in oracle where table.find(key) != id { mistakes += 1 }
    #expect(mistakes == 0, "seed \(seed)")
    #expect(table.count == oracle.count)
    #expect(oracle.count > distinct / 2)
  }

  @Test func `finds every key at each step of its growth`() {
    var table = KeyTable(capacity: 3_000)
    var mistakes = 0
    var steps = 0
    for count in 1...2_000 {
      _ = table.intern(Spread.uniform.key(UInt64(count)))
      guard table.isGrowing && count > 1_200 else { continue }
      steps += 1
      for number in 1...count where table.find(Spread.uniform.key(UInt64(number))) != number {
        mistakes += 1
      }
    }
    #expect(mistakes == 0)
    #expect(steps > 25)
  }

  @Test func `finds keys while a large index grows`() {
    // A million slots go over in 512 steps, from the 699,051st key on.
    var table = KeyTable(capacity: 800_000)
    var mistakes = 0
    var steps = 0
    for count in 1...720_000 {
      _ = table.intern(Spread.uniform.key(UInt64(count)))
      guard count > 690_000 && table.isGrowing && count.isMultiple(of: 30) else { continue }
      steps += 1
      for number in stride(from: 1, through: count, by: 97) {
        if Int(table.find(Spread.uniform.key(UInt64(number)))) != number { mistakes += 1 }
        if table.find(Spread.uniform.key(UInt64(number + 1_000_000))) != 0 { mistakes += 1 }
      }
    }
    #expect(mistakes == 0)
    #expect(steps > 10 && !table.isGrowing)
  }

  @Test func `gives the same numbers whatever was foreseen`() {
    var table = KeyTable(capacity: 100)
    let keys = (1...50 as ClosedRange<UInt64>).map { Key128(low: $0, high: $0 << 60) }
    for foreseen in [0, 1, 7, 50, 51, .max] as [UInt32] {
      for (index, key) in keys.enumerated() {
        #expect(table.intern(key, foreseen: foreseen, 0) == UInt32(index + 1))
      }
    }
    #expect(table.count == 50)
  }

  /// What is foreseen of a key: the number it has, 0 for none, the number it has or gets, and its
  /// slot.
  private struct Foreseen {
    var known: UInt32
    var number: UInt32
    var slot: UInt32
  }

  private func foresee(
    _ key: Key128, _ table: inout KeyTable, _ furtherKeys: inout Int
  ) -> Foreseen {
    let home = table.home(of: key)
    table.prefetchSlot(home)
    var (known, place) = (UInt32.max, UInt32.max)
    // SAFETY: one line of the table, one tag, and room for what is found of one key.
    unsafe columns_find_keys([table.line(home)], [UInt32(key.high >> 32)], 1, &known, &place)
    if place < KeyTable.lineSlots {
      return Foreseen(known: known, number: table.foresee(known).number, slot: home + place)
    }
    furtherKeys += 1
    let guess = table.foresee(0).number
    let found = table.foreseeFurther(key, from: home + place)
    return Foreseen(known: found.number, number: guess, slot: found.slot)
  }

  @Test func `foresees the numbers of keys that are new and settles guesses that were wrong`() {
    var table = KeyTable(capacity: 100)
    // One key has the lower half of another, and in each batch some key comes twice.
    let keys = (0..<60 as Range<UInt64>).map { Key128(low: $0 / 2, high: $0 << 32) }
    var mistakes = 0
    var hits = 0
    var furtherKeys = 0
    for start in stride(from: 0, to: keys.count, by: 5) {
      let known = Array(keys[max(start - 2, 0)..<start])
      let batch = known + Array(keys[start..<start + 5]) + [keys[start + 4], keys[start + 1]]
      var foreseen: [Foreseen] = []
      table.beginForeseeing()
      for key in batch { foreseen.append(foresee(key, &table, &furtherKeys)) }
      for (key, foreseen) in zip(batch, foreseen) {
        let given = table.intern(key, foreseen: foreseen.known, foreseen.slot)
        if given != 1 + UInt32(keys.firstIndex(of: key)!) { mistakes += 1 }
        if given == foreseen.number { hits += 1 }
        if (foreseen.known != 0) != (Int(given) <= start) { mistakes += 1 }
      }
    }
    #expect(mistakes == 0)
    #expect(hits == 12 * 7 - 2 && furtherKeys == 0)
    #expect(table.count == 60)
  }

  @Test(arguments: Spread.allCases)
  func `agrees with a dictionary on keys foreseen in batches while it grows`(spread: Spread) {
    let seed: UInt64 = 20_261_128
    var generator = SplitMix64(seed: seed)
    let distinct = spread == .uniform ? 20_000 : 1_200
    var table = KeyTable(capacity: distinct)
    var oracle: [Key128: UInt32] = [:]
    var mistakes = 0
    var growingBatches = 0
    var furtherKeys = 0
    for _ in 0..<distinct / 10 {
      let batch = (0..<1 + generator.below(40)).map { _ in
        spread.key(UInt64(generator.below(distinct)))
      }
      table.beginForeseeing()
      let foreseen = batch.map { foresee($0, &table, &furtherKeys) }
      if table.isGrowing { growingBatches += 1 }
      for (key, foreseen) in zip(batch, foreseen) {
        let isForeseen = !generator.once(in: 10)
        let expected = oracle[key] ?? UInt32(oracle.count + 1)
        oracle[key] = expected
        let given = table.intern(
          key, foreseen: isForeseen ? foreseen.known : 0,
          isForeseen ? foreseen.slot : KeyTable.nowhere)
        if given != expected { mistakes += 1 }
      }
    }
    for (key, id) in oracle where table.find(key) != id { mistakes += 1 }
    #expect(mistakes == 0, "seed \(seed)")
    #expect(table.count == oracle.count)
    // With long clusters an index is left at once.
    #expect(growingBatches > 0 || spread != .uniform)
    // Equal tags are taken for the same key, wherever they are.
    #expect(furtherKeys > 100 || spread == .fewTags || spread == .oneTag)
  }

  @Test func `guesses the next number, however often known keys of full lines were foreseen`() {
    var table = KeyTable(capacity: 400)
    // Too few for another index, and some lines are full.
    let keys = (0..<160 as Range<UInt64>).map { Spread.uniform.key($0) }
    for key in keys { _ = table.intern(key) }
    var furtherKeys = 0
    for _ in 0..<50 {
      table.beginForeseeing()
      for key in keys { _ = foresee(key, &table, &furtherKeys) }
    }
    table.beginForeseeing()
    let next = foresee(Spread.uniform.key(1_000), &table, &furtherKeys)
    #expect(next.known == 0 && next.number == 161)
    #expect(furtherKeys > 50)
  }

  /// The bytes of a table whose index is being carried over, and the keys in it.
  private func growing() throws -> (bytes: [UInt8], keys: [Key128]) {
    var table = KeyTable(capacity: 10_000)
    var keys: [Key128] = []
    while !table.isGrowing || keys.count < 2_000 {
      keys.append(Spread.uniform.key(UInt64(keys.count)))
      _ = table.intern(keys[keys.count - 1])
    }
    return (try carriedOut { try table.transfer(&$0) }, keys)
  }

  @Test func `comes back from a snapshot while it grows`() throws {
    let (bytes, keys) = try growing()
    var table = KeyTable(capacity: 10_000)
    var archive = carrying(bytes)
    try table.transfer(&archive)
    var mistakes = 0
    for (index, key) in keys.enumerated() where table.find(key) != UInt32(index + 1) {
      mistakes += 1
    }
    for number in keys.count..<5_000 {
      if table.intern(Spread.uniform.key(UInt64(number))) != UInt32(number + 1) { mistakes += 1 }
    }
    for (index, key) in keys.enumerated() where table.intern(key) != UInt32(index + 1) {
      mistakes += 1
    }
    #expect(mistakes == 0)
  }

  @Test(arguments: [1, -8, 1 << 20, Int.max])
  func `does not come back swept to where no line begins`(_ swept: Int) throws {
    var (bytes, _) = try growing()
    let slots = placeOfCount(bytes)
    overwrite(&bytes, slots + 8, with: swept)
    var table = KeyTable(capacity: 10_000)
    var archive = carrying(bytes)
    #expect(throws: SnapshotError.damaged) { try table.transfer(&archive) }
  }

  @Test(arguments: [0, 8, 24, 1 << 10, 1 << 20, -1])
  func `does not come back with other slots than it had`(_ count: Int) throws {
    var (bytes, _) = try growing()
    overwrite(&bytes, placeOfCount(bytes), with: count)
    var table = KeyTable(capacity: 10_000)
    var archive = carrying(bytes)
    #expect(throws: SnapshotError.damaged) { try table.transfer(&archive) }
  }

  /// Where a snapshot says how many slots the index has: behind the size of one, the bytes
  /// reserved, those in use, and these themselves. Behind it stands how far they are swept.
  private func placeOfCount(_ bytes: [UInt8]) -> Int {
    24 + (0..<8).reduce(0) { $0 | Int(bytes[16 + $1]) << (8 * $1) }
  }

  private func overwrite(_ bytes: inout [UInt8], _ place: Int, with number: Int) {
    for byte in 0..<8 { bytes[place + byte] = UInt8(truncatingIfNeeded: number >> (8 * byte)) }
  }

  @Test func `gives the same numbers under any secret`() {
    let texts = (0..<2_000).map { Array("customer-\($0 % 700)".utf8) }
    var numbers: [[UInt32]] = []
    for secret in [HashSecret.published, HashSecret(first: 1, second: 2)] {
      var table = KeyTable(capacity: 1_000)
      numbers.append(
        texts.map { text in
          var hasher = KeyHasher(secret)
          hasher.append(text: text.span)
          return table.intern(hasher.finish())
        })
    }
    #expect(numbers[0] == numbers[1])
    #expect(numbers[0].max() == 700)
  }

  @Test func `holds twelve to twenty-four bytes a key beside the key`() {
    var table = KeyTable(capacity: 100_000)
    for number in 0..<100_000 { _ = table.intern(Spread.uniform.key(UInt64(number))) }
    let beside = table.liveBytes / 100_000 - 8
    #expect(12...24 ~= beside)
  }

  @Test func `tells among eight slots at once which is the first that is empty or has a tag`() {
    let seed: UInt64 = 20_261_129
    var generator = SplitMix64(seed: seed)
    var mistakes = 0
    for _ in 0..<20_000 {
      let tag = UInt32(generator.below(4)) &* 0x5555_5555
      let slots = (0..<8).map { _ -> UInt64 in
        if generator.once(in: 9) { return 0 }
        // Tags that are 0, and numbers that look like tags.
        let other = UInt32(generator.below(12)) &* 0x5555_5555
        let id = generator.once(in: 2) ? max(tag, 1) : UInt32(1 + generator.below(9))
        return UInt64(other) << 32 | UInt64(id)
      }
      let first = generator.below(8)
      let expected = slots[first...].firstIndex { $0 == 0 || $0 >> 32 == tag } ?? 8
      // SAFETY: there are eight.
      if unsafe columns_first_slot(slots, tag, first) != expected { mistakes += 1 }
    }
    #expect(mistakes == 0, "seed \(seed)")
  }

  @Test(
    arguments: [columns_128_bits, columns_256_bits, columns_512_bits].filter { columns_has($0) })
  func `are looked for in lines in registers of every width alike`(width: columns_width) {
    let seed: UInt64 = 20_261_130
    var generator = SplitMix64(seed: seed)
    var mistakes = 0
    for _ in 0..<2_000 {
      let count = generator.below(20)
      let tags = (0..<count).map { _ in UInt32(generator.below(4)) &* 0x5555_5555 }
      let slots = (0..<8 * count).map { _ -> UInt64 in
        if generator.once(in: 9) { return 0 }
        let other = UInt64(generator.below(24)) * 0x5555_5555 & 0xFFFF_FFFF
        return other << 32 | UInt64(1 + generator.below(9))
      }
      let lines = (0..<count).map { slots[8 * $0..<8 * $0 + 8] }
      let places = zip(lines, tags).map { line, tag in
        (line.firstIndex { $0 == 0 || $0 >> 32 == tag } ?? line.endIndex) - line.startIndex
      }
      let numbers = zip(lines, places).map { line, place in
        place == 8 ? 0 : UInt32(truncatingIfNeeded: line[line.startIndex + place])
      }
      let found = find(tags, in: slots, width)
      if found.places != places.map({ UInt32($0) }) || found.numbers != numbers { mistakes += 1 }
    }
    #expect(mistakes == 0, "seed \(seed)")
  }

  /// The numbers and places that are found of keys with some tags, each in the next eight slots.
  private func find(
    _ tags: [UInt32], in slots: [UInt64], _ width: columns_width
  ) -> (numbers: [UInt32], places: [UInt32]) {
    var numbers = [UInt32](repeating: .max, count: tags.count)
    var places = numbers
    // SAFETY: a line for each tag, and room for as many keys.
    unsafe slots.withUnsafeBufferPointer { all in
      let start = UInt(bitPattern: all.baseAddress)
      unsafe columns_find_keys_by(
        width, tags.indices.map { start + UInt($0) * 64 }, tags, tags.count, &numbers, &places)
    }
    return (numbers, places)
  }

  @Test func `traps past its capacity`() async {
    await #expect(processExitsWith: .failure) {
      var table = KeyTable(capacity: 255)
      for number in 0..<1_000 { _ = table.intern(Spread.uniform.key(UInt64(number))) }
    }
  }
}

@Suite struct `A key of parts` {
  private func key(_ build: (inout KeyHasher) -> Void) -> Key128 {
    var hasher = KeyHasher(.published)
    build(&hasher)
    return hasher.finish()
  }

  private func append(_ text: String, to hasher: inout KeyHasher) {
    let bytes = Array(text.utf8)
    hasher.append(text: bytes.span)
  }

  @Test func `differs when its parts differ in place, kind or number`() {
    let keys = [
      key { _ in },
      key { append("", to: &$0) },
      key {
        append("ab", to: &$0); append("c", to: &$0)
      },
      key {
        append("a", to: &$0); append("bc", to: &$0)
      },
      key { append("abc", to: &$0) },
      key { $0.append(word: 1) },
      key { $0.append(reference: 1) },
      key {
        $0.append(word: 1); $0.append(word: 0)
      },
      key {
        $0.append(word: 0); $0.append(word: 1)
      },
    ]
    #expect(Set(keys).count == keys.count)
  }
}
