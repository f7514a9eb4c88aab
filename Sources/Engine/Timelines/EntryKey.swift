/// The order of entries: by time, then by arrival.
struct EntryKey: BitwiseCopyable, Comparable {
  var time: Int64
  var order: UInt64

  /// Below every entry of the moments after `time`, and not below those of `time`.
  @inline(__always)
  static func end(of time: Int64) -> EntryKey { EntryKey(time: time, order: .max) }

  /// The greatest key below this one. Arrivals count from 1.
  @inline(__always)
  var predecessor: EntryKey { EntryKey(time: time, order: order &- 1) }

  @inline(__always)
  static func < (left: EntryKey, right: EntryKey) -> Bool {
    left.time < right.time || left.time == right.time && left.order < right.order
  }

  static let least = EntryKey(time: .min, order: 0)
  static let greatest = EntryKey(time: .max, order: .max)
}

/// One entry of a timeline.
struct Entry: BitwiseCopyable {
  var key: EntryKey
  var value: Int64
}

/// What is known of a set of entries without looking at each.
///
/// *Shape*: 64 bytes. The sum of squares stops at the greatest Int128; because squares are never
/// negative, a set whose true sum fits has no part that stopped.
struct EntrySummary: TreeSummary {
  var sum: Int128 = 0
  var squares: Int128 = 0
  var least = Int64.max
  var greatest = Int64.min
  var count: Int64 = 0
  private var padding: Int64 = 0

  static var empty: EntrySummary {
    @inline(__always) get { EntrySummary() }
  }

  @inline(__always)
  init() {}

  @inline(__always)
  init(_ value: Int64, shift: UInt8 = 0) {
    sum = Int128(value)
    squares = Int128(value) * Int128(value)
    least = value
    greatest = value
    count = 1
  }

  @inline(__always)
  mutating func add(_ other: EntrySummary) {
    sum &+= other.sum
    let (total, overflows) = squares.addingReportingOverflow(other.squares)
    squares = overflows ? Int128.max : total
    least = min(least, other.least)
    greatest = max(greatest, other.greatest)
    count &+= other.count
  }

  @inline(__always)
  mutating func remove(_ value: Int64, shift: UInt8) -> Bool {
    // The next least or greatest is in no sum.
    guard least < value, value < greatest, squares != Int128.max else { return false }
    sum &-= Int128(value)
    squares &-= Int128(value) * Int128(value)
    count &-= 1
    return true
  }
}

/// What a `TreePool` knows of the entries below each node.
protocol TreeSummary: BitwiseCopyable {
  static var empty: Self { get }
  /// What is known of one entry in a tree of this shift.
  init(_ value: Int64, shift: UInt8)
  /// How many there are.
  var count: Int64 { get }
  mutating func add(_ other: Self)
  /// Adds one entry to what lies at an offset.
  static func add(_ value: Int64, shift: UInt8, to fields: borrowing Fields, _ offset: Int)
  /// Takes an entry away; false when that needs a look at those that stay.
  mutating func remove(_ value: Int64, shift: UInt8) -> Bool
}

extension TreeSummary {
  @inline(__always)
  static func add(_ value: Int64, shift: UInt8, to fields: borrowing Fields, _ offset: Int) {
    var summary = fields.load(offset, as: Self.self)
    summary.add(Self(value, shift: shift))
    fields.store(summary, offset)
  }
}
