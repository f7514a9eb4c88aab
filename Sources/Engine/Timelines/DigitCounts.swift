/// How many entries have each digit: four bits of their value, from the shift of their tree on.
///
/// *Shape*: 64 bytes.
struct DigitCounts: TreeSummary {
  private var counts = SIMD16<UInt32>(repeating: 0)

  static var empty: DigitCounts {
    @inline(__always) get { DigitCounts() }
  }

  @inline(__always)
  init() {}

  @inline(__always)
  init(_ value: Int64, shift: UInt8) {
    let digit = SIMD16<UInt32>(
      repeating: UInt32(truncatingIfNeeded: Self.digit(value, shift)))
    counts.replace(with: 1, where: digit .== Self.digits)
  }

  private static var digits: SIMD16<UInt32> {
    @inline(__always) get { SIMD16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15) }
  }

  @inline(__always)
  static func digit(_ value: Int64, _ shift: UInt8) -> Int {
    Int(truncatingIfNeeded: RankTrie.bits(value) &>> UInt64(shift)) & 15
  }

  @inline(__always)
  subscript(digit: Int) -> Int {
    get { Int(counts[digit]) }
    set { counts[digit] = UInt32(truncatingIfNeeded: newValue) }
  }

  @inline(__always)
  var count: Int64 { Int64(counts.wrappedSum()) }

  @inline(__always)
  mutating func add(_ other: DigitCounts) { counts &+= other.counts }

  /// Changes nothing but the count of its digit.
  @inline(__always)
  static func add(_ value: Int64, shift: UInt8, to fields: borrowing Fields, _ offset: Int) {
    let place = offset &+ 4 &* digit(value, shift)
    fields.store(fields.load(place, as: UInt32.self) &+ 1, place)
  }

  @inline(__always)
  mutating func subtract(_ other: DigitCounts) { counts &-= other.counts }

  @inline(__always)
  mutating func remove(_ value: Int64, shift: UInt8) -> Bool {
    counts[Self.digit(value, shift)] &-= 1
    return true
  }
}

extension TreePool where Summary == DigitCounts {
  /// Entries of a range by digit, of a tree that has `total`; what is left out counts too.
  func digits(_ root: TreeRoot, total: DigitCounts, _ range: EntryRange) -> DigitCounts {
    guard range.lower < range.upper else { return .empty }
    var digits = digits(root, total: total, through: range.upper)
    digits.subtract(self.digits(root, total: total, through: range.lower))
    return digits
  }

  /// Entries up to a key by digit: at each level what is left of it, or all but what is not,
  /// whichever is less.
  private func digits(
    _ root: TreeRoot, total: DigitCounts, through key: EntryKey
  ) -> DigitCounts {
    guard root.block != 0 else { return .empty }
    var node = root
    var total = total
    var result = DigitCounts.empty
    while node.height > 0 {
      let index = childIndex(node, key)
      let size = size(node)
      if index &+ index < size {
        for left in 0..<index { result.add(childSummary(node, left)) }
      } else {
        result.add(total)
        for right in index..<size { result.subtract(childSummary(node, right)) }
      }
      total = childSummary(node, index)
      node = child(node, index)
    }
    let rank = leafRank(node, key)
    let size = size(node)
    if rank &+ rank < size {
      for index in 0..<rank {
        result.add(DigitCounts(entry(node, index).value, shift: node.shift))
      }
    } else {
      result.add(total)
      for index in rank..<size {
        result.subtract(DigitCounts(entry(node, index).value, shift: node.shift))
      }
    }
    return result
  }

  /// Divides a tree by digits from another shift on.
  ///
  /// *Complexity*: looks at every entry.
  mutating func setShift(_ shift: UInt8, of root: inout TreeRoot) {
    root = TreeRoot(
      block: root.block, height: root.height, isSmall: root.isSmall, shift: shift)
    guard root.height > 0 else { return }
    for index in 0..<size(root) {
      var below = child(root, index)
      setShift(shift, of: &below)
      setSummary(root, index, summary(of: below))
    }
  }
}
