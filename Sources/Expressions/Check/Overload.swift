public import Values

/// An operation with its operand types settled: what the checker resolves a sign or a function to.
///
/// Decimals meet at one scale before an operation: the checker inserts `rescale`.
public enum Overload: Hashable, Sendable {
  case addInt, addUInt, addDouble, addDecimal, addDuration, addTimestampDuration
  case subtractInt, subtractUInt, subtractDouble, subtractDecimal, subtractDuration
  case subtractTimestamps, subtractTimestampDuration
  case multiplyInt, multiplyUInt, multiplyDouble
  /// Scales add.
  case multiplyDecimal
  case divideInt, divideUInt, divideDouble
  /// Keeps the scale, rounds half to even.
  case divideDecimalInt
  /// A unitless decimal(6), rounded half to even.
  case divideDecimals
  case remainderInt, remainderUInt
  case negateInt, negateDouble, negateDecimal, negateDuration
  /// To the scale of the result type, which is greater.
  case rescale

  /// Equality of values that are one 64-bit pattern: bool, int, uint, timestamp, duration, enum,
  /// decimal.
  case equalBits, notEqualBits
  case equalDouble, notEqualDouble, equalText, notEqualText
  /// Order of int, timestamp, duration and decimal.
  case lessInt, lessOrEqualInt
  case lessUInt, lessOrEqualUInt, lessDouble, lessOrEqualDouble, lessText, lessOrEqualText

  case and, or, not
  case isMissing
  /// The second operand where the first is missing.
  case orDefault
  /// What a macro was written out to: the operand. Its parts stand in more places than one, so that
  /// no change to the text fits one of them.
  case expanded
  /// Whether the first operand is an element of the second, a list.
  case isIn
  /// How many values the operand, what a signal collected, holds; the value at a position of it.
  case sizeOfCollected, collectedItem

  case matches, contains, startsWith, endsWith, sizeOfText
  case intToDouble, uintToDouble, decimalToDouble, doubleToInt
  /// Seconds that the zone of the second operand, a name written out, is east of UTC at the first.
  case zoneOffset
  /// A function of the library.
  case library(LibraryFunction)
}
