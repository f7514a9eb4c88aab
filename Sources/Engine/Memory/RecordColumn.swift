import CPrefetch

/// A cache line that the number of a key leads to.
struct RecordLine: BitwiseCopyable, Sendable {
  /// The address for number 0.
  var start: UInt
  /// Bytes from one number to the next.
  var stride: UInt

  /// The address for a number, of which only the number is to be used.
  @inline(__always)
  func address(_ number: UInt32) -> UInt { start &+ UInt(number) &* stride }
}

/// Where something of every number lies in memory.
struct RecordColumn {
  /// The address of the record of number 0, where a cache line begins; 0 where there are none.
  var start: UInt
  /// Bytes from one record to the next.
  var stride: Int
  /// Which bytes of a record it is.
  var bytes: Range<Int>

  /// No records.
  static let none = RecordColumn(start: 0, stride: 0, bytes: 0..<0)

  private static let lineBytes = 64

  /// Brings nearer whole records, one after the other.
  @inline(__always)
  func prefetch(_ numbers: Range<UInt32>) {
    let records = RecordLine(start: start, stride: UInt(bitPattern: stride))
    let end = records.address(numbers.upperBound)
    var line = records.address(numbers.lowerBound) & ~UInt(Self.lineBytes &- 1)
    while line < end {
      // SAFETY: a prefetch reads nothing a program could see, whatever the address.
      unsafe prefetch_line(UnsafeRawPointer(bitPattern: line))
      line &+= UInt(Self.lineBytes)
    }
  }

  /// The lines that hold columns of the same records, wherever in a line a record begins.
  static func lines(_ columns: [RecordColumn]) -> [RecordLine] {
    guard let first = columns.first else { return [] }
    precondition(
      columns.allSatisfy { $0.start == first.start && $0.stride == first.stride },
      "columns of one record")
    let parts = columns.map(\.bytes).sorted { $0.lowerBound < $1.lowerBound }
    var places: [Int] = []
    for part in parts {
      places += Swift.stride(from: part.lowerBound, to: part.upperBound, by: lineBytes)
      places.append(part.upperBound - 1)
    }
    places = Array(Set(places)).sorted()
    // A place is one too many when those that are left lead to every line without it.
    for place in places {
      let others = places.filter { $0 != place }
      if cover(others, parts, stride: first.stride) { places = others }
    }
    return places.map {
      RecordLine(start: first.start + UInt($0), stride: UInt(first.stride))
    }
  }

  /// Whether some places of a record lead to every line that parts of it lie in.
  private static func cover(_ places: [Int], _ parts: [Range<Int>], stride: Int) -> Bool {
    // Wherever in a line a record begins: after a few of them the places come again.
    var begin = 0
    repeat {
      for part in parts {
        let end = begin + part.upperBound - 1
        for line in (begin + part.lowerBound) / lineBytes...end / lineBytes
        where !places.contains(where: { (begin + $0) / lineBytes == line }) {
          return false
        }
      }
      begin = (begin + stride) % lineBytes
    } while begin != 0
    return true
  }
}
