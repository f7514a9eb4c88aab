/// Sets of texts that are told apart by their keys alone, see `TextKey`: a table of keys each, at
/// most half full, in which one look is nearly always enough.
struct ShortTextSets: ~Copyable {
  /// Tables, set after set; `vacant` where there is no key.
  private let slots: FixedArray<UInt64>
  private let tables: FixedArray<Table>

  struct Table: BitwiseCopyable {
    /// Negative for a set that is no such one.
    var start = -1
    var mask = 0
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
        var size = 4
        while size < 2 * set.count { size *= 2 }
        table = Table(start: slots.count, mask: size - 1)
        slots += [UInt64](repeating: Self.vacant, count: size)
        for key in set {
          var place = Self.place(key, table)
          while slots[place] != Self.vacant { place = Self.next(place, table) }
          slots[place] = key
        }
      }
      tables.append(table)
    }
    self.slots = FixedArray(slots)
    self.tables = FixedArray(tables)
  }

  /// Whether a set is one of these.
  @inline(__always)
  func has(_ set: Int) -> Bool { tables[set].start >= 0 }

  /// Whether a set has the text of a key.
  ///
  /// *Requires* `has` of the set.
  @inline(__always)
  func contains(_ key: UInt64, in set: Int) -> Bool {
    let table = tables[set]
    var place = Self.place(key, table)
    while true {
      let slot = slots[place]
      if slot == key { return true }
      if slot == Self.vacant { return false }
      place = Self.next(place, table)
    }
  }

  /// Where a key is looked for first: its bits, mixed by a multiplication.
  @inline(__always)
  private static func place(_ key: UInt64, _ table: Table) -> Int {
    let mixed = key &* 0x9E37_79B9_7F4A_7C15
    return table.start &+ Int(truncatingIfNeeded: mixed &>> 32) & table.mask
  }

  @inline(__always)
  private static func next(_ place: Int, _ table: Table) -> Int {
    table.start &+ (place &- table.start &+ 1) & table.mask
  }
}
