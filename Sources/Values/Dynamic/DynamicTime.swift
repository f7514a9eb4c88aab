/// Timestamps and durations in nanoseconds, in the whole range the language has.
///
/// *Source*: google/protobuf/timestamp.proto and duration.proto; RFC 3339; Go's duration text.
public enum DynamicTime {
  /// 0001-01-01T00:00:00Z in seconds.
  public static let earliestSecond: Int64 = -62_135_596_800
  /// 9999-12-31T23:59:59Z in seconds.
  public static let latestSecond: Int64 = 253_402_300_799
  /// 10,000 years of 365.2425 days.
  public static let durationSeconds: Int64 = 315_576_000_000

  static let second: Int128 = 1_000_000_000

  /// The nanoseconds, if they lie in the years 0001…9999.
  public static func timestamp(_ nanoseconds: Int128) throws(DynamicFault) -> Int128 {
    guard nanoseconds >= Int128(earliestSecond) * second,
      nanoseconds < Int128(latestSecond + 1) * second
    else { throw .overflow }
    return nanoseconds
  }

  /// The nanoseconds, if a duration may be so long.
  public static func duration(_ nanoseconds: Int128) throws(DynamicFault) -> Int128 {
    guard nanoseconds.magnitude <= UInt128(durationSeconds) * 1_000_000_000 else {
      throw .overflow
    }
    return nanoseconds
  }

  /// Whole seconds, towards the past, and the nanoseconds beyond them.
  public static func parts(_ nanoseconds: Int128) -> (seconds: Int64, nanoseconds: Int64) {
    let (quotient, remainder) = nanoseconds.quotientAndRemainder(dividingBy: second)
    return remainder < 0
      ? (Int64(quotient) - 1, Int64(remainder) + 1_000_000_000)
      : (Int64(quotient), Int64(remainder))
  }

  // MARK: Timestamps as text

  /// Reads RFC 3339 with up to nine fraction digits.
  public static func timestamp(text: String) throws(DynamicFault) -> Int128 {
    var reader = DigitReader(text)
    guard let year = reader.number(4), reader.take("-"), let month = reader.number(2),
      reader.take("-"), let day = reader.number(2), reader.take("T") || reader.take("t"),
      let hour = reader.number(2), reader.take(":"), let minute = reader.number(2),
      reader.take(":"), let seconds = reader.number(2), let fraction = reader.fraction(),
      let offset = reader.offset(), reader.isAtEnd
    else { throw .invalidArgument("`\(text)` is not a timestamp") }
    guard year >= 1, (1...12).contains(month), day >= 1,
      day <= CivilDate.days(in: month, of: year), hour < 24, minute < 60, seconds < 60
    else { throw .invalidArgument("`\(text)` is no instant") }
    let days = CivilDate(year: year, month: month, day: day).daysSince1970
    let total = Int128(days) * 86_400 + Int128(hour * 3_600 + minute * 60 + seconds - offset)
    return try timestamp(total * second + Int128(fraction))
  }

  /// RFC 3339 in UTC with 0, 3, 6 or 9 fraction digits.
  public static func text(timestamp: Int128) -> String {
    let (seconds, nanoseconds) = parts(timestamp)
    let fields = CivilTime(seconds: seconds)
    var output: [UInt8] = []
    ValueText.appendPadded(UInt64(fields.date.year), digits: 4, to: &output)
    for (sign, number) in [
      ("-", fields.date.month), ("-", fields.date.day), ("T", fields.hour),
      (":", fields.minute), (":", fields.second),
    ] {
      output.append(contentsOf: sign.utf8)
      ValueText.appendPadded(UInt64(number), digits: 2, to: &output)
    }
    appendFraction(nanoseconds, shortest: false, to: &output)
    output.append(UInt8(ascii: "Z"))
    return String(decoding: output, as: UTF8.self)
  }

  private static func appendFraction(
    _ nanoseconds: Int64, shortest: Bool, to output: inout [UInt8]
  ) {
    if nanoseconds == 0 { return }
    output.append(UInt8(ascii: "."))
    var digits = 9
    var rest = UInt64(nanoseconds)
    let step = shortest ? 1 : 3
    let divisor: UInt64 = shortest ? 10 : 1_000
    while rest % divisor == 0 {
      rest /= divisor
      digits -= step
    }
    ValueText.appendPadded(rest, digits: digits, to: &output)
  }

  // MARK: Durations as text

  private static let units: [(name: String, nanoseconds: Int128)] = [
    ("ns", 1), ("us", 1_000), ("µs", 1_000), ("μs", 1_000), ("ms", 1_000_000),
    ("s", second), ("m", 60 * second), ("h", 3_600 * second),
  ]

  /// Reads `1h30m`, `-1.5s`, `300ms`.
  public static func duration(text: String) throws(DynamicFault) -> Int128 {
    var reader = DigitReader(text)
    let isNegative = reader.take("-")
    if !isNegative { _ = reader.take("+") }
    if reader.isRest("0") { return 0 }
    var total: Int128 = 0
    repeat {
      let whole = reader.digits()
      let fraction = reader.take(".") ? reader.digits() : ""
      guard !whole.isEmpty || !fraction.isEmpty, whole.count <= 20, fraction.count <= 15,
        let unit = units.first(where: { reader.take(unit: $0.name) })
      else { throw .invalidArgument("`\(text)` is not a duration") }
      var scale: Int128 = 1
      for _ in fraction.utf8 { scale *= 10 }
      total += (Int128(whole) ?? 0) * unit.nanoseconds
      total += (Int128(fraction) ?? 0) * unit.nanoseconds / scale
      guard total.magnitude < 1 << 100 else { throw .overflow }
    } while !reader.isAtEnd
    return try duration(isNegative ? -total : total)
  }

  /// Seconds with the digits they need: `3600s`, `-0.5s`.
  public static func text(duration: Int128) -> String {
    let magnitude = duration.magnitude
    var output: [UInt8] = duration < 0 ? [UInt8(ascii: "-")] : []
    ValueText.append(UInt64(magnitude / 1_000_000_000), to: &output)
    appendFraction(Int64(magnitude % 1_000_000_000), shortest: true, to: &output)
    output.append(UInt8(ascii: "s"))
    return String(decoding: output, as: UTF8.self)
  }
}

/// A date and a time of day.
struct CivilTime {
  let date: CivilDate
  let secondOfDay: Int
  /// Days since 1970-01-01, a Thursday.
  let day: Int

  /// From seconds since 1970, in whatever zone they are meant.
  init(seconds: Int64) {
    day = Int(seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400)
    secondOfDay = Int(seconds) - day * 86_400
    date = CivilDate(daysSince1970: day)
  }

  var hour: Int { secondOfDay / 3_600 }
  var minute: Int { secondOfDay / 60 % 60 }
  var second: Int { secondOfDay % 60 }
  /// 0 is Sunday.
  var dayOfWeek: Int { ((day + 4) % 7 + 7) % 7 }
  /// 0 is the first of January.
  var dayOfYear: Int { day - CivilDate(year: date.year, month: 1, day: 1).daysSince1970 }
}

/// Takes a text of numbers and signs apart.
struct DigitReader {
  private let bytes: [UInt8]
  private var position = 0

  init(_ text: String) { bytes = Array(text.utf8) }

  var isAtEnd: Bool { position == bytes.count }

  func isRest(_ text: String) -> Bool { bytes[position...].elementsEqual(text.utf8) }

  /// Takes the sign if it is next.
  mutating func take(_ sign: String) -> Bool {
    guard bytes[position...].starts(with: sign.utf8) else { return false }
    position += sign.utf8.count
    return true
  }

  /// Takes the unit if it is next and no letter follows.
  mutating func take(unit: String) -> Bool {
    let end = position + unit.utf8.count
    guard bytes[position...].starts(with: unit.utf8) else { return false }
    if end < bytes.count, bytes[end] &- 48 > 9, bytes[end] != UInt8(ascii: ".") { return false }
    position = end
    return true
  }

  /// As many digits as there are.
  mutating func digits() -> String {
    let start = position
    while position < bytes.count, bytes[position] &- 48 < 10 { position += 1 }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  /// Exactly so many digits.
  mutating func number(_ count: Int) -> Int? {
    guard position + count <= bytes.count else { return nil }
    var value = 0
    for byte in bytes[position..<position + count] {
      guard byte &- 48 < 10 else { return nil }
      value = value * 10 + Int(byte - 48)
    }
    position += count
    return value
  }

  /// Nanoseconds of `.123`, 0 where there is no point; nil for more than nine digits.
  mutating func fraction() -> Int64? {
    guard take(".") else { return 0 }
    let text = digits()
    guard (1...9).contains(text.count), var value = Int64(text) else { return nil }
    for _ in text.count..<9 { value *= 10 }
    return value
  }

  /// Seconds east of UTC of `Z` or `+01:00`.
  mutating func offset() -> Int? {
    if take("Z") || take("z") { return 0 }
    let isWest = take("-")
    guard isWest || take("+"), let hours = number(2), take(":"), let minutes = number(2),
      hours < 24, minutes < 60
    else { return nil }
    let seconds = hours * 3_600 + minutes * 60
    return isWest ? -seconds : seconds
  }
}
