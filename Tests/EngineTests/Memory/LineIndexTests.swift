import CColumns
import Testing

@testable import Engine

@Suite struct `An index of lines` {
  /// Which homes slots have.
  enum Spread: CaseIterable {
    /// Any.
    case uniform
    /// The last lines, behind which runs go on in the first.
    case lastLines
    /// Lines on both sides of where the sweep ends.
    case bothEnds
    /// Five.
    case fewTags
    /// One, the last.
    case oneTag

    func tag(_ generator: inout SplitMix64) -> UInt32 {
      let any = UInt32(truncatingIfNeeded: generator.below(1 << 32))
      return switch self {
      case .uniform: any
      case .lastLines: any | 0x3FF8
      case .bothEnds: any % 2 == 0 ? any & ~0x3FF8 : any | 0x3FF8
      case .fewTags: any % 5 &* 0x3333_3333
      case .oneTag: .max
      }
    }
  }

  @Test func `takes few steps for a large one, none of them long or of parts of a word`() {
    #expect(LineIndex.step(256) == 64)
    #expect(LineIndex.step(1 << 15) == 64)
    #expect(LineIndex.step(1 << 17) == 256)
    #expect(LineIndex.step(1 << 20) == 2_048)
    #expect(LineIndex.step(1 << 28) == 2_048)
    for slots in stride(from: 64, through: 1 << 18, by: 8) {
      #expect(LineIndex.step(slots).isMultiple(of: 64))
    }
  }

  /// How many of some slots are not found from their homes on, and how many lines have an empty
  /// slot before one in use.
  private func mistakes(_ index: borrowing LineIndex, _ slots: [UInt64]) -> Int {
    var mistakes = 0
    for slot in slots {
      var place = index.home(UInt32(slot >> 32))
      while index[place] != slot && index[place] != 0 { place = index.next(place) }
      if index[place] == 0 { mistakes += 1 }
    }
    for line in stride(from: 0, to: index.count, by: 8) {
      let used = (line..<line + 8).map { index[$0] != 0 }
      if used != used.sorted(by: { $0 && !$1 }) { mistakes += 1 }
    }
    return mistakes
  }

  @Test(arguments: Spread.allCases)
  func `finds every slot at each step of its growth, and holds none twice`(spread: Spread) {
    let seed: UInt64 = 20_261_201
    var generator = SplitMix64(seed: seed)
    var (missing, growing) = (0, 0)
    for first in [16, 64, 256] {
      var index = LineIndex(slots: first, most: 1 << 14)
      var slots: [UInt64] = []
      while slots.count < 1_500 {
        if index.isGrowing { index.grow() }
        if slots.count * 3 > index.count * 2 && !index.isGrowing { index.double() }
        let tag = spread.tag(&generator)
        let slot = UInt64(tag) << 32 | UInt64(slots.count + 1)
        index.put(slot, from: index.home(tag))
        slots.append(slot)
        if index.isGrowing { growing += 1 }
        if index.isGrowing || slots.count % 50 == 0 { missing += mistakes(index, slots) }
      }
      let all = (0..<index.count).map { index[$0] }.filter { $0 != 0 }
      #expect(all.sorted() == slots.sorted())
    }
    #expect(missing == 0, "seed \(seed)")
    #expect(growing > 20 || spread != .uniform)
  }

  @Test func `moves to huge pages once`() {
    var generator = SplitMix64(seed: 5)
    var index = LineIndex(slots: 256, most: 1 << 20)
    var slots: [UInt64] = []
    var addresses: Set<UInt> = [index.address(0)]
    while index.count < 1 << 19 {
      if index.isGrowing { index.grow() }
      if slots.count * 2 == index.count { index.expectDouble() }
      if slots.count * 3 > index.count * 2 { index.double() }
      let tag = UInt32(truncatingIfNeeded: generator.below(1 << 32))
      slots.append(UInt64(tag) << 32 | UInt64(slots.count + 1))
      index.put(slots[slots.count - 1], from: index.home(tag))
      addresses.insert(index.address(0))
    }
    #expect(mistakes(index, slots) == 0)
    #expect(addresses.count == 2)
    #expect(index.address(0).isMultiple(of: 2 << 20))
    #expect(index.liveBytes == 8 * index.count)
  }

  @Test func `does not double before its lines are split`() async {
    await #expect(processExitsWith: .failure) {
      var index = LineIndex(slots: 256, most: 1 << 14)
      index.double()
      index.double()
    }
  }

  /// A line whose slots, in front, mostly have a home.
  private func line(
    home: Int, _ lines: Int, most: Int, _ generator: inout SplitMix64
  ) -> [UInt64] {
    let count = generator.below(most + 1)
    return (0..<8).map { place in
      if place >= count { return 0 }
      let isForeign = generator.once(in: 9)
      let tag = isForeign ? generator.below(1 << 32) : home + lines * generator.below(1 << 20)
      return UInt64(tag & 0xFFFF_FFFF) << 32 | UInt64(1 + generator.below(1 << 32 - 1))
    }
  }

  /// Slot by slot, as it is said.
  private func split(
    _ slots: inout [UInt64], _ own: Range<Int>, _ lines: Int
  ) -> [UInt64] {
    var left: [UInt64] = []
    for line in own {
      let all = slots[8 * line..<8 * line + 8].filter { $0 != 0 }
      for place in 8 * line..<8 * line + 8 { slots[place] = 0 }
      for slot in all {
        let home = Int(slot >> 32) % (2 * lines)
        let next = slots[8 * home..<8 * home + 8].firstIndex(of: 0)
        if home % lines == line, let next { slots[next] = slot } else { left.append(slot) }
      }
    }
    return left
  }

  @Test(arguments: [columns_128_bits, columns_256_bits, columns_512_bits])
  func `splits lines in registers of any width`(width: columns_width) {
    let seed: UInt64 = 20_261_130
    var generator = SplitMix64(seed: seed)
    var (mistakes, leftSlots) = (0, 0)
    for _ in 0..<10_000 {
      let lines = 8 << generator.below(3)
      let count = 1 + generator.below(8)
      let first = generator.below(lines - count + 1)
      var slots = (0..<2 * lines).flatMap {
        line(home: $0, $0 < lines ? lines : 2 * lines, most: $0 < lines ? 8 : 3, &generator)
      }
      var expected = slots
      let expectedLeft = split(&expected, first..<first + count, lines)
      var left = [UInt64](repeating: 0, count: 72)
      // SAFETY: as many lines are there, and room for those of one more than are split.
      let found = unsafe columns_split_lines_by(width, &slots, first, count, lines, &left)
      if Array(left[..<found]) != expectedLeft || slots != expected { mistakes += 1 }
      leftSlots += found
    }
    #expect(mistakes == 0, "seed \(seed)")
    #expect(leftSlots > 10_000)
  }
}
