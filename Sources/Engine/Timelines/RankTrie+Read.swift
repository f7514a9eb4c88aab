extension RankTrie {
  /// Entries of a range below a node.
  func count(_ node: UInt32, _ range: EntryRange, _ pool: borrowing TreePool) -> Int {
    guard node != 0 else { return 0 }
    guard kind(node) == .sum else { return pool.count(tree(node), range) }
    var count = 0
    for digit in 0..<4 { count += self.count(child(node, digit), range, pool) }
    return count
  }

  /// Entries of a range whose value is at most `value`.
  func count(
    _ node: UInt32, through value: Int64, _ range: EntryRange, _ pool: borrowing TreePool
  ) -> Int {
    let bits = Self.bits(value)
    var node = node
    var count = 0
    while node != 0 {
      if kind(node) == .bag {
        let root = tree(node)
        if pool.count(root) > Self.bagEntries {
          let isThrough = pool.entry(of: root, at: 0).value <= value
          return count + (isThrough ? pool.count(root, range) : 0)
        }
        pool.forEach(root, range) { if $0.value <= value { count += 1 } }
        return count
      }
      let (upper, prefix) = (upper(bits, node), prefix(node))
      if upper != prefix {
        return upper < prefix ? count : count + self.count(node, range, pool)
      }
      let digit = digit(bits, node)
      for lower in 0..<digit { count += self.count(child(node, lower), range, pool) }
      node = child(node, digit)
    }
    return count
  }

  /// The value with `index` entries of the range before it in order of value.
  ///
  /// *Traps* when the range has no more than `index` entries.
  func select(
    _ node: UInt32, _ index: Int, _ range: EntryRange, _ pool: borrowing TreePool
  ) -> Int64 {
    var node = node
    var rest = index
    while true {
      precondition(node != 0, "no such entry")
      if kind(node) == .bag { return select(bag: tree(node), rest, range, pool) }
      var next: UInt32 = 0
      for digit in 0..<4 {
        let child = child(node, digit)
        let count = count(child, range, pool)
        if rest < count {
          next = child
          break
        }
        rest -= count
      }
      node = next
    }
  }

  private func select(
    bag root: TreeRoot, _ index: Int, _ range: EntryRange, _ pool: borrowing TreePool
  ) -> Int64 {
    if pool.count(root) > Self.bagEntries { return pool.entry(of: root, at: 0).value }
    var values = SmallValues()
    pool.forEach(root, range) { values.append($0.value) }
    return values.sorted(at: index)
  }

  /// The most frequent value of a range; of several, the one that occurred last.
  ///
  /// *Complexity*: goes only where there are as many entries as the best value found has.
  func mode(_ node: UInt32, _ range: EntryRange, _ pool: borrowing TreePool) -> Frequency? {
    var best = Frequency(count: 0, last: .least, value: 0)
    search(node, range, pool, &best)
    return best.count > 0 ? best : nil
  }

  private func search(
    _ node: UInt32, _ range: EntryRange, _ pool: borrowing TreePool, _ best: inout Frequency
  ) {
    guard node != 0 else { return }
    let count = count(node, range, pool)
    guard count > 0 && count >= best.count else { return }
    guard kind(node) == .bag else {
      var counts = InlineArray<4, Int>(repeating: 0)
      for digit in 0..<4 { counts[digit] = self.count(child(node, digit), range, pool) }
      for _ in 0..<4 {
        var most = 0
        for digit in 1..<4 where counts[digit] > counts[most] { most = digit }
        if counts[most] < 1 || counts[most] < best.count { return }
        counts[most] = 0
        search(child(node, most), range, pool, &best)
      }
      return
    }
    let root = tree(node)
    if pool.count(root) > Self.bagEntries {
      if let last = pool.last(root, range) {
        best.improve(Frequency(count: count, last: last.key, value: last.value))
      }
    } else {
      Self.search(bag: root, range, pool, &best)
    }
  }

  /// Looks through at most 64 entries.
  static func search(
    bag root: TreeRoot, _ range: EntryRange, _ pool: borrowing TreePool, _ best: inout Frequency
  ) {
    var values = SmallValues()
    pool.forEach(root, range) { values.append($0.value) }
    var found = best
    pool.forEach(root, range) { entry in
      found.improve(
        Frequency(count: values.occurrences(of: entry.value), last: entry.key, value: entry.value))
    }
    best = found
  }
}

/// How often a value occurs, and when it did last.
struct Frequency {
  var count: Int
  var last: EntryKey
  var value: Int64

  mutating func improve(_ other: Frequency) {
    if other.count > count || other.count == count && last < other.last { self = other }
  }
}

/// Up to 64 values.
struct SmallValues {
  private var values = InlineArray<64, Int64>(repeating: 0)
  private(set) var count = 0

  mutating func append(_ value: Int64) {
    values[count] = value
    count += 1
  }

  func occurrences(of value: Int64) -> Int {
    var occurrences = 0
    for index in 0..<count where values[index] == value { occurrences += 1 }
    return occurrences
  }

  /// Different values.
  var distinct: Int {
    var distinct = 0
    for index in 0..<count {
      var earlier = 0
      while values[earlier] != values[index] { earlier += 1 }
      if earlier == index { distinct += 1 }
    }
    return distinct
  }

  /// The value with `index` before it when sorted.
  func sorted(at index: Int) -> Int64 {
    precondition(index < count, "no such value")
    var sorted = values
    for end in 1..<max(count, 1) {
      var place = end
      while place > 0 && sorted[place - 1] > sorted[place] {
        sorted.swapAt(place - 1, place)
        place -= 1
      }
    }
    return sorted[index]
  }
}
