/// Why a text is not a value or a pattern.
public enum ValueError: Error, Hashable, Sendable {
  /// A pattern is refused; `offset` counts bytes inside it.
  case pattern(offset: Int, message: String)
  /// A text is not a timestamp of RFC 3339.
  case timestamp(TimestampFault)
}

/// What is wrong with a text that should be a timestamp.
public enum TimestampFault: Hashable, Sendable {
  /// It does not have the shape `2026-01-05T18:00:00.123456Z` or `…+01:00`.
  case shape
  /// A field is outside its range: month 13, 30 February, 24:00, a leap second, an offset of 24 h.
  case range
  /// More than six fraction digits, and one after the sixth is not zero.
  case precision
  /// The instant is outside the years 0001…9999.
  case year
}
