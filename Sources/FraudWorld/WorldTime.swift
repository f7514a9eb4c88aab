/// Lengths of time in microseconds, and the calendar of a world.
enum WorldTime {
  static let second: Int64 = 1_000_000
  static let minute = 60 * second
  static let hour = 60 * minute
  static let day = 24 * hour
  /// Monday 2025-01-06 00:00 in Mexico City, which has been six hours behind UTC since 2022.
  static let start: Int64 = 1_736_121_600 * second + offset
  static let offset = 6 * hour
  /// Days in which people join; what they do afterwards runs on.
  static let days = 180
}
