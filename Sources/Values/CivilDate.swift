/// Dates of the proleptic Gregorian calendar and their day numbers.
///
/// *Source*: H. Hinnant, "chrono-compatible low-level date algorithms": years start in March, so
/// that the leap day is the last of its year. Dates of days: C. Neri, L. Schneider, "Euclidean
/// affine functions and their application to calendar algorithms", 2022.
public struct CivilDate: Hashable, Sendable {
  /// Year, may be zero or negative.
  public var year: Int
  /// Month, 1…12.
  public var month: Int
  /// Day of the month, from 1.
  public var day: Int

  /// Creates a date; does not check it.
  public init(year: Int, month: Int, day: Int) {
    self.year = year
    self.month = month
    self.day = day
  }

  /// The date `days` after 1970-01-01.
  public init(daysSince1970 days: Int) {
    // After 0000-03-01, in eras of 400 years, after which the calendar repeats.
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = UInt32(shifted - era * 146_097)
    let (century, dayOfCentury) = (4 &* dayOfEra &+ 3).quotientAndRemainder(dividingBy: 146_097)
    let product = 2_939_745 &* UInt64(dayOfCentury | 3)
    let yearOfCentury = UInt32(truncatingIfNeeded: product &>> 32)
    let dayOfYear = UInt32(truncatingIfNeeded: product) / 2_939_745 / 4
    let shiftedMonth = 2_141 &* dayOfYear &+ 197_913
    let isNextYear = dayOfYear >= 306
    day = Int((shiftedMonth & 0xFFFF) / 2_141) &+ 1
    month = Int(shiftedMonth &>> 16) &- (isNextYear ? 12 : 0)
    year = 400 * era + Int(100 &* century &+ yearOfCentury) + (isNextYear ? 1 : 0)
  }

  /// Days from 1970-01-01 to this date.
  public var daysSince1970: Int {
    let shiftedYear = month <= 2 ? year - 1 : year
    let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
    let yearOfEra = shiftedYear - era * 400
    let shiftedMonth = month > 2 ? month - 3 : month + 9
    let dayOfYear = (153 * shiftedMonth + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  /// Days of a month.
  ///
  /// *Traps* when `month` is not in 1…12.
  public static func days(in month: Int, of year: Int) -> Int {
    precondition((1...12).contains(month), "month out of range")
    switch month {
    case 2:
      let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
      return isLeap ? 29 : 28
    case 4, 6, 9, 11: return 30
    default: return 31
    }
  }
}
