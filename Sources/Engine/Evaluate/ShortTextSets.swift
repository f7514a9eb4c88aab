import Model

/// Sets of texts that are told apart by their keys alone, see `TextKey`: a table of keys each, at
/// most a quarter full, in which one look is nearly always enough, for small sets always.
struct ShortTextSets: ~Copyable {
  /// Tables, set after set; `vacant` where there is no key.
  private let slots: FixedArray<UInt64>
  private let tables: FixedArray<Table>

  struct Table: BitwiseCopyable {
    /// Negative for a set that is no such one.
    var start: Int32 = -1
    var mask: UInt32 = 0
    /// Where in a mixed key the bits of a place begin.
    var shift: UInt32 = 32

    /// Whether the set is one of these.
    var isThere: Bool { start >= 0 }
  }

  /// A number that is no key of a text: none says a length of 254.
  private static let vacant: UInt64 = 254

  /// Takes those sets that are given and whose keys tell the whole texts.
  init(_ sets: [[UInt64]?]) {
    var slots: [UInt64] = []
    var tables: [Table] = []
    for set in sets {
      var table = Table()
      if let set, set.allSatisfy({ TextKey.isWhole($0) }) {
        var size = 8
        while size < 4 * set.count { size *= 2 }
        table = Table(start: Int32(slots.count), mask: UInt32(size - 1))
        table.shift = Self.shift(apart: set, table)
        slots += [UInt64](repeating: Self.vacant, count: size)
        for key in set {
          var place = Self.place(key, table)
          while slots[Int(table.start) + place] != Self.vacant { place = Self.next(place, table) }
          slots[Int(table.start) + place] = key
        }
      }
      tables.append(table)
    }
    self.slots = FixedArray(slots)
    self.tables = FixedArray(tables)
  }

  /// Where a set lies.
  @inline(__always)
  func table(_ set: Int) -> Table { tables[set] }

  /// Whether a set has a text.
  ///
  /// *Requires* a table that is there.
  @inline(__always)
  func contains(_ reference: TextReference, in arena: Span<UInt8>, _ table: Table) -> Bool {
    // No text of these sets is longer.
    if reference.length > TextKey.wholeLength { return false }
    let key = TextKey.of(reference, in: arena)
    let start = Int(table.start)
    var place = Self.place(key, table)
    while true {
      let slot = slots[start &+ place]
      if slot == key { return true }
      if slot == Self.vacant { return false }
      place = Self.next(place, table)
    }
  }

  /// Where in its table a key is looked for first: its bits, mixed by a multiplication.
  @inline(__always)
  private static func place(_ key: UInt64, _ table: Table) -> Int {
    let mixed = key &* 0x9E37_79B9_7F4A_7C15
    return Int(UInt32(truncatingIfNeeded: mixed &>> UInt64(table.shift)) & table.mask)
  }

  /// The shift that gives each key of a small set a place of its own, or the usual one.
  private static func shift(apart set: [UInt64], _ table: Table) -> UInt32 {
    guard set.count <= 64 else { return table.shift }
    for shift: UInt32 in 24..<48 {
      var tried = table
      tried.shift = shift
      if Set(set.map { place($0, tried) }).count == set.count { return shift }
    }
    return table.shift
  }

  @inline(__always)
  private static func next(_ place: Int, _ table: Table) -> Int {
    (place &+ 1) & Int(table.mask)
  }
}
