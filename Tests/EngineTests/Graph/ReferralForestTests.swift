import Testing

@testable import Engine

@Suite struct `Referral forest` {
  @Test(arguments: [1, 2, 3] as [UInt64])
  func `has children newest first, whoever of them is erased`(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let space = KeyRecords()
    var forest = ReferralForest(in: space, limits: [], deepest: nil)
    space.open()
    var plain = PlainFamilies()
    for _ in 0..<4_000 {
      let account = UInt32(random.below(30) + 1)
      if random.once(in: 5) {
        forest.erase(account)
        plain.erase(account)
      } else {
        // Few have many children.
        let parent = UInt32(random.below(4) + 1)
        forest.add(from: parent, to: account)
        plain.add(from: parent, to: account)
      }
      let all: ClosedRange<UInt32> = 1...30
      #expect(all.map { children(of: $0, forest) } == all.map { plain.children[$0] ?? [] })
      #expect(all.map { forest.parent(of: $0) } == all.map { plain.parents[$0] ?? 0 })
    }
    #expect(plain.erasedBetween > 100)
  }

  private func children(of account: UInt32, _ forest: borrowing ReferralForest) -> [UInt32] {
    var found: [UInt32] = []
    var child = forest.newestChild(of: account)
    while child != 0 && found.count < 31 {
      found.append(child)
      child = forest.olderSibling(of: child)
    }
    return found
  }
}

/// The same as lists.
private struct PlainFamilies {
  private(set) var children: [UInt32: [UInt32]] = [:]
  private(set) var parents: [UInt32: UInt32] = [:]
  /// How many were erased that had siblings on both sides.
  private(set) var erasedBetween = 0
  private var seen: Set<UInt32> = []

  mutating func add(from parent: UInt32, to child: UInt32) {
    if parent == child { return }
    seen.insert(parent)
    guard seen.insert(child).inserted else { return }
    parents[child] = parent
    children[parent, default: []].insert(child, at: 0)
  }

  mutating func erase(_ account: UInt32) {
    if let parent = parents[account], let place = children[parent]?.firstIndex(of: account) {
      let last = (children[parent]?.count ?? 0) - 1
      if place > 0 && place < last { erasedBetween += 1 }
      children[parent]?.remove(at: place)
    }
    for child in children[account] ?? [] { parents[child] = nil }
    parents[account] = nil
    children[account] = nil
    seen.remove(account)
  }
}
