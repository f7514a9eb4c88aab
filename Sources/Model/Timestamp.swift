/// A point on the time line.
///
/// *Units*: microseconds since 1970-01-01T00:00:00Z, without leap seconds.
public struct Timestamp: BitwiseCopyable, Hashable, Comparable, Sendable {
  /// Microseconds since 1970.
  public var microseconds: Int64

  /// Creates a timestamp from microseconds since 1970.
  public init(microseconds: Int64) {
    self.microseconds = microseconds
  }

  /// Earlier in time is less.
  public static func < (left: Timestamp, right: Timestamp) -> Bool {
    left.microseconds < right.microseconds
  }
}
