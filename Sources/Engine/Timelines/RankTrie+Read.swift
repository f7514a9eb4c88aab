extension RankTrie {
  /// Entries of a range below a node.
  func count(_ node: UInt32, _ range: EntryRange) -> Int {
    guard node != 0 else { return 0 }
    guard kind(node) == .sum else { return pool.count(tree(node), range) }
    var count = 0
    for digit in 0..<Self.digits { count += self.count(child(node, digit), range) }
    return count
  }

  /// Entries of a range by digit, below a node that is no bag.
  private func digits(_ node: UInt32, _ range: EntryRange) -> DigitCounts {
    if kind(node) == .inner {
      var digits = pool.digits(tree(node), total: total(node), range)
      if let excluded = range.excluded, range.lower < excluded, excluded <= range.upper,
        upper(Self.bits(range.excludedValue), node) == prefix(node)
      {
        _ = digits.remove(range.excludedValue, shift: UInt8(truncatingIfNeeded: shift(node)))
      }
      return digits
    }
    var digits = DigitCounts.empty
    for digit in 0..<Self.digits where child(node, digit) != 0 {
      digits[digit] = count(child(node, digit), range)
    }
    return digits
  }

  /// Entries of a range whose value is at most `value`.
  func count(
    _ node: UInt32, through value: Int64, _ range: EntryRange
  ) -> Int {
    let bits = Self.bits(value)
    var node = node
    var count = 0
    while node != 0 {
      if kind(node) == .bag {
        let root = tree(node)
        if pool.isLarger(root, than: Self.bagEntries) {
          let isThrough = pool.oldest(root).value <= value
          return count + (isThrough ? pool.count(root, range) : 0)
        }
        pool.forEach(root, range) { if $0.value <= value { count += 1 } }
        return count
      }
      let (upper, prefix) = (upper(bits, node), prefix(node))
      if upper != prefix {
        return upper < prefix ? count : count + self.count(node, range)
      }
      let digit = digit(bits, node)
      if digit > 0 {
        let digits = digits(node, range)
        for lower in 0..<digit { count += digits[lower] }
      }
      node = child(node, digit)
    }
    return count
  }

  /// The value with `index` entries of the range before it in order of value.
  ///
  /// *Traps* when the range has no more than `index` entries.
  func select(
    _ node: UInt32, _ index: Int, _ range: EntryRange
  ) -> Int64 {
    var node = node
    var rest = index
    while true {
      precondition(node != 0, "no such entry")
      if kind(node) == .bag { return select(bag: tree(node), rest, range) }
      let digits = digits(node, range)
      var digit = 0
      while digit < Self.digits && rest >= digits[digit] {
        rest -= digits[digit]
        digit += 1
      }
      precondition(digit < Self.digits, "no such entry")
      node = child(node, digit)
    }
  }

  private func select(
    bag root: TreeRoot, _ index: Int, _ range: EntryRange
  ) -> Int64 {
    if pool.isLarger(root, than: Self.bagEntries) { return pool.oldest(root).value }
    var values = SmallValues()
    pool.forEach(root, range) { values.append($0.value) }
    return values.sorted(at: index)
  }

  /// The most frequent value of a range; of several, the one that occurred last.
  ///
  /// *Complexity*: goes only where there are as many entries as the best value found has.
  func mode(_ node: UInt32, _ range: EntryRange) -> Frequency? {
    var best = Frequency(count: 0, last: .least, value: 0)
    search(node, range, &best)
    return best.count > 0 ? best : nil
  }

  private func search(
    _ node: UInt32, _ range: EntryRange, _ best: inout Frequency
  ) {
    guard node != 0 else { return }
    let count = count(node, range)
    guard count > 0 && count >= best.count else { return }
    guard kind(node) == .bag else {
      var counts = digits(node, range)
      for _ in 0..<Self.digits {
        var most = 0
        for digit in 1..<Self.digits where counts[digit] > counts[most] { most = digit }
        if counts[most] < 1 || counts[most] < best.count { return }
        counts[most] = 0
        search(child(node, most), range, &best)
      }
      return
    }
    let root = tree(node)
    if pool.isLarger(root, than: Self.bagEntries) {
      if let last = pool.last(root, range) {
        best.improve(Frequency(count: count, last: last.key, value: last.value))
      }
    } else {
      pool.search(root, range, &best)
    }
  }
}

extension TreePool {
  /// Looks through at most 64 entries for the most frequent value.
  func search(_ root: TreeRoot, _ range: EntryRange, _ best: inout Frequency) {
    var values = SmallValues()
    forEach(root, range) { values.append($0.value) }
    var found = best
    forEach(root, range) { entry in
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
