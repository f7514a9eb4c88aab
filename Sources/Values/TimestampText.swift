public import Model

/// Timestamps as text.
///
/// *Source*: RFC 3339, section 5.6. Letters `T` and `Z` in either case; no space in place of `T`;
/// no leap seconds, for they have no place on a time line without them.
public enum TimestampText {
  /// 0001-01-01T00:00:00Z.
  public static let earliest = Timestamp(microseconds: -62_135_596_800_000_000)
  /// 9999-12-31T23:59:59.999999Z.
  public static let latest = Timestamp(microseconds: 253_402_300_799_999_999)
  /// Bytes of `2026-01-31T23:59:59Z`.
  @inlinable public static var shortCount: Int { 20 }

  /// Reads an RFC 3339 date and time with offset.
  ///
  /// *Shape*: any number of fraction digits from one on, those after the sixth must be 0. *Throws*
  /// `ValueError.timestamp`.
  public static func parse(_ text: Span<UInt8>) throws(ValueError) -> Timestamp {
    var reader = TimestampReader()
    return try reader.parse(text)
  }

  /// Reads a date and time; where they are right the day is told to `knownDays`.
  fileprivate static func parse(
    _ text: Span<UInt8>, _ knownDays: inout Int
  ) throws(ValueError) -> Timestamp {
    guard text.count >= 20 else { throw .timestamp(.shape) }
    // `2026-01-`, `6-01-31t` and `23:59:59`: what overlaps is asked twice.
    let month = DigitPairs(
      TextWord.load(text, at: 0), shape: 0x2D30_302D_3030_3030, limits: 0x7F76_767F_7676_7676)
    let day = DigitPairs(
      TextWord.load(text, at: 3) | 0x20 << 56, shape: 0x7430_302D_3030_2D30,
      limits: 0x7F76_767F_7676_7F76)
    let time = DigitPairs(
      TextWord.load(text, at: 11), shape: 0x3030_3A30_303A_3030, limits: 0x7676_7F76_767F_7676)
    guard (month.faults | day.faults | time.faults) == 0 else { throw .timestamp(.shape) }
    let date = CivilDate(year: month[0] * 100 + month[2], month: month[5], day: day[5])
    let (hour, minute, second) = (time[0], time[3], time[6])
    guard date.month >= 1, date.month <= 12, date.day >= 1,
      date.day <= 28 || date.day <= CivilDate.days(in: date.month, of: date.year), hour < 24,
      minute < 60, second < 60
    else { throw .timestamp(.range) }
    let days = date.daysSince1970
    let instant = try instant(text, days, hour * 60 + minute, second)
    guard date.year >= 1 else { throw .timestamp(.year) }
    knownDays = days
    return instant
  }

  /// An instant by its day, minute of the day and second, and what the text says behind these.
  @inline(__always)
  fileprivate static func instant(
    _ text: Span<UInt8>, _ days: Int, _ minute: Int, _ second: Int
  ) throws(ValueError) -> Timestamp {
    var (fraction, offsetMinutes): (Int64, Int64) = (0, 0)
    // Most times have neither a fraction nor an offset.
    if text.count != shortCount || text[19] | 0x20 != smallZ {
      var position = 19
      fraction = try fractionMicroseconds(text, &position)
      offsetMinutes = try offset(text, position)
    }
    let minutes = Int64(days) * 1_440 + Int64(minute) - offsetMinutes
    let instant = Timestamp(microseconds: (minutes * 60 + Int64(second)) * 1_000_000 + fraction)
    guard instant >= earliest, instant <= latest else { throw .timestamp(.year) }
    return instant
  }

  /// Appends the instant in UTC with 0, 3 or 6 fraction digits, the fewest that lose nothing.
  ///
  /// A timestamp outside `earliest…latest` is printed with as many year digits as it takes.
  @inlinable
  public static func append(
    _ timestamp: Timestamp, to output: inout some TextOutput & ~Copyable
  ) {
    let printed = PrintedTimestamp(timestamp)
    guard printed.hasShortYear else { return appendFar(printed, to: &output) }
    output.append(printed.date, count: 8)
    output.append(printed.dayAndHours, count: 8)
    if printed.fraction == 0 { return output.append(printed.seconds, count: 4) }
    output.append(printed.seconds, count: 3)
    ValueText.appendMicroseconds(printed.fraction, to: &output)
    output.append(UInt8(ascii: "Z"))
  }

  /// Appends an instant whose year has no four digits.
  @usableFromInline
  @inline(never)
  static func appendFar(
    _ printed: PrintedTimestamp, to output: inout some TextOutput & ~Copyable
  ) {
    if printed.year < 0 { output.append(UInt8(ascii: "-")) }
    ValueText.appendPadded(printed.year.magnitude, digits: 4, to: &output)
    // The month, without the digits of the year.
    output.append(printed.date &>> 32, count: 4)
    output.append(printed.dayAndHours, count: 8)
    output.append(printed.seconds, count: 3)
    ValueText.appendMicroseconds(printed.fraction, to: &output)
    output.append(UInt8(ascii: "Z"))
  }

  private static let dash = UInt8(ascii: "-")
  private static let colon = UInt8(ascii: ":")
  private static let smallT = UInt8(ascii: "t")
  private static let smallZ = UInt8(ascii: "z")

  /// Two digits of an offset.
  private static func number(_ text: Span<UInt8>, _ start: Int) throws(ValueError) -> Int {
    let (tens, ones) = (text[start] &- 48, text[start + 1] &- 48)
    guard tens < 10, ones < 10 else { throw .timestamp(.shape) }
    return Int(tens) * 10 + Int(ones)
  }

  private static func fractionMicroseconds(
    _ text: Span<UInt8>, _ position: inout Int
  ) throws(ValueError) -> Int64 {
    guard text[position] == UInt8(ascii: ".") else { return 0 }
    var microseconds: Int64 = 0
    var digits = 0
    position += 1
    while position < text.count, text[position] &- 48 < 10 {
      let digit = Int64(text[position] &- 48)
      if digits < 6 {
        microseconds = microseconds * 10 + digit
      } else if digit != 0 {
        throw .timestamp(.precision)
      }
      digits += 1
      position += 1
    }
    guard digits > 0 else { throw .timestamp(.shape) }
    for _ in min(digits, 6)..<6 { microseconds *= 10 }
    return microseconds
  }

  /// Minutes east of UTC of the offset that must fill the rest of the text.
  private static func offset(_ text: Span<UInt8>, _ position: Int) throws(ValueError) -> Int64 {
    guard position < text.count else { throw .timestamp(.shape) }
    let sign = text[position]
    if sign | 0x20 == smallZ {
      guard position + 1 == text.count else { throw .timestamp(.shape) }
      return 0
    }
    guard sign == UInt8(ascii: "+") || sign == dash, position + 6 == text.count,
      text[position + 3] == colon
    else { throw .timestamp(.shape) }
    let hours = try number(text, position + 1)
    let minutes = try number(text, position + 4)
    guard hours < 24, minutes < 60 else { throw .timestamp(.range) }
    let total = Int64(hours * 60 + minutes)
    return sign == dash ? -total : total
  }

  fileprivate static func floorDivision(_ value: Int64, _ divisor: Int64) -> (Int64, Int64) {
    let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }
}

/// Reads times one after the other: most are of the day that the one before was of, whose text need
/// not be read again.
public struct TimestampReader: Sendable {
  /// `1970-01-` and `0-01-01T` of the last time.
  private var month: UInt64 = 0x2D31_302D_3037_3931
  private var day: UInt64 = 0x5431_302D_3130_2D30
  /// The day that these are.
  private var days = 0

  /// Creates a reader.
  public init() {}

  /// Reads an RFC 3339 date and time with offset, see `TimestampText`.
  public mutating func parse(_ text: Span<UInt8>) throws(ValueError) -> Timestamp {
    if text.count >= 20, TextWord.load(text, at: 0) == month, TextWord.load(text, at: 3) == day {
      let time = DigitPairs(
        TextWord.load(text, at: 11), shape: 0x3030_3A30_303A_3030, limits: 0x7676_7F76_767F_7676)
      guard time.faults == 0 else { throw .timestamp(.shape) }
      let (hour, minute, second) = (time[0], time[3], time[6])
      guard hour < 24, minute < 60, second < 60 else { throw .timestamp(.range) }
      return try TimestampText.instant(text, days, hour &* 60 &+ minute, second)
    }
    let instant = try TimestampText.parse(text, &days)
    month = TextWord.load(text, at: 0)
    day = TextWord.load(text, at: 3)
    return instant
  }
}

/// Eight bytes of a text, digits and signs, read at once.
private struct DigitPairs {
  /// Zero when all bytes are what they should be.
  let faults: UInt64
  /// In each byte its digit ten times and the next one: no sum is above 99.
  private let sums: UInt64

  /// Reads bytes of which those that are `0` in `shape` should be digits, whose `limits` are 0x76,
  /// and the others the same, whose limits are 0x7F.
  @inline(__always)
  init(_ word: UInt64, shape: UInt64, limits: UInt64) {
    // What is left are the digits, and nothing of signs.
    let digits = word ^ shape
    // A byte of a digit reaches its highest bit from 10 on, one of a sign from 1 on. One that has
    // it already may carry into the next and is a fault however that comes out.
    faults = (digits &+ limits | digits) & 0x8080_8080_8080_8080
    sums = digits &* 10 &+ digits &>> 8
  }

  /// The number whose first digit is at a byte.
  @inline(__always)
  subscript(byte: Int) -> Int { Int(truncatingIfNeeded: sums &>> UInt64(8 &* byte) & 0xFF) }
}

/// A timestamp as it is printed, parts of up to eight bytes each, the first lowest.
@usableFromInline
struct PrintedTimestamp {
  @usableFromInline var year: Int64
  /// `2026-01-`; of a year that is longer its last four digits.
  @usableFromInline var date: UInt64
  /// `31T23:59`
  @usableFromInline var dayAndHours: UInt64
  /// `:59Z`
  @usableFromInline var seconds: UInt64
  /// Microseconds of the second.
  @usableFromInline var fraction: Int64

  @usableFromInline
  init(_ timestamp: Timestamp) {
    let (days, microsecondOfDay) = TimestampText.floorDivision(
      timestamp.microseconds, 86_400_000_000)
    let civil = CivilDate(daysSince1970: Int(days))
    let (secondOfDay, fraction) = UInt64(microsecondOfDay).quotientAndRemainder(
      dividingBy: 1_000_000)
    self.fraction = Int64(fraction)
    year = Int64(civil.year)
    let (minuteOfDay, second) = UInt32(secondOfDay).quotientAndRemainder(dividingBy: 60)
    let (hour, minute) = minuteOfDay.quotientAndRemainder(dividingBy: 60)
    let (century, yearOfCentury) = UInt32(truncatingIfNeeded: year.magnitude % 10_000)
      .quotientAndRemainder(dividingBy: 100)
    let dateDigits = Self.digits(
      century, yearOfCentury, UInt32(civil.month), UInt32(civil.day))
    let timeDigits = Self.digits(hour, minute, second, 0)
    date =
      dateDigits & 0xFFFF_FFFF | 0x2D &<< 32 | (dateDigits &>> 32 & 0xFFFF) &<< 40 | 0x2D &<< 56
    dayAndHours =
      dateDigits &>> 48 | 0x54 &<< 16 | (timeDigits & 0xFFFF) &<< 24 | 0x3A &<< 40
      | (timeDigits &>> 16 & 0xFFFF) &<< 48
    seconds = 0x3A | (timeDigits &>> 32 & 0xFFFF) &<< 8 | 0x5A &<< 24
  }

  /// Whether the year has four digits and no sign.
  @inlinable
  var hasShortYear: Bool { year >= 0 && year < 10_000 }

  /// Two digits each of four numbers below 100, the first lowest.
  private static func digits(
    _ first: UInt32, _ second: UInt32, _ third: UInt32, _ fourth: UInt32
  ) -> UInt64 {
    EightDigits(
      quarters: UInt64(first) | UInt64(second) &<< 16 | UInt64(third) &<< 32
        | UInt64(fourth) &<< 48
    ).text
  }
}
