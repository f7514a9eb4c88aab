/// `EST5EDT,M3.2.0,M11.1.0`: when clocks change, year after year.
///
/// *Source*: POSIX.1-2017, section 8.3; RFC 8536, section 3.3.1, for hours beyond a day.
struct PosixZoneRule {
  /// The day in a month and the second in that day, counted on the clock that is about to change.
  private struct Change {
    var month = 0
    var week = 0
    var weekday = 0
    var second = 7_200

    func seconds(in year: Int) -> Int64 {
      let first = CivilDate(year: year, month: month, day: 1).daysSince1970
      let weekdayOfFirst = ((first + 4) % 7 + 7) % 7
      var day = first + (weekday - weekdayOfFirst + 7) % 7 + 7 * (week - 1)
      while day >= first + CivilDate.days(in: month, of: year) { day -= 7 }
      return Int64(day) * 86_400 + Int64(second)
    }
  }

  private var standard = 0
  private var summer = 0
  private var changes: (start: Change, end: Change)?

  init?(_ text: String) {
    var bytes = Array(text.utf8)[...]
    guard PosixZoneRule.skipName(&bytes), let west = PosixZoneRule.time(&bytes) else { return nil }
    standard = -west
    guard !bytes.isEmpty else { return }
    guard PosixZoneRule.skipName(&bytes) else { return nil }
    summer = PosixZoneRule.time(&bytes).map { -$0 } ?? standard + 3_600
    guard let start = PosixZoneRule.change(&bytes), let end = PosixZoneRule.change(&bytes) else {
      return nil
    }
    changes = (start, end)
  }

  /// All changes of some years, in order of time; none where clocks do not change.
  func transitions(in years: ClosedRange<Int>) -> [(time: Int64, offset: Int)] {
    guard let changes else { return [] }
    return years.flatMap { year in
      [
        (changes.start.seconds(in: year) - Int64(standard), summer),
        (changes.end.seconds(in: year) - Int64(summer), standard),
      ]
    }.sorted { $0.time < $1.time }
  }

  private static func skipName(_ bytes: inout ArraySlice<UInt8>) -> Bool {
    if bytes.first == UInt8(ascii: "<") {
      guard let end = bytes.firstIndex(of: UInt8(ascii: ">")) else { return false }
      bytes = bytes[(end + 1)...]
      return true
    }
    let before = bytes.count
    bytes = bytes.drop { $0 | 0x20 >= UInt8(ascii: "a") && $0 | 0x20 <= UInt8(ascii: "z") }
    return bytes.count < before
  }

  private static func number(_ bytes: inout ArraySlice<UInt8>) -> Int? {
    let digits = bytes.prefix { $0 &- 48 < 10 }
    bytes = bytes.dropFirst(digits.count)
    return Int(String(decoding: digits, as: UTF8.self))
  }

  private static func take(_ sign: Character, _ bytes: inout ArraySlice<UInt8>) -> Bool {
    guard let first = bytes.first, first == sign.asciiValue else { return false }
    bytes = bytes.dropFirst()
    return true
  }

  /// `[+-]h[:mm[:ss]]` in seconds.
  private static func time(_ bytes: inout ArraySlice<UInt8>) -> Int? {
    let isNegative = take("-", &bytes)
    if !isNegative { _ = take("+", &bytes) }
    guard let hours = number(&bytes) else { return nil }
    var seconds = hours * 3_600
    if take(":", &bytes) { seconds += (number(&bytes) ?? 0) * 60 }
    if take(":", &bytes) { seconds += number(&bytes) ?? 0 }
    return isNegative ? -seconds : seconds
  }

  /// `,Mm.w.d[/time]`
  private static func change(_ bytes: inout ArraySlice<UInt8>) -> Change? {
    guard take(",", &bytes), take("M", &bytes), let month = number(&bytes), take(".", &bytes),
      let week = number(&bytes), take(".", &bytes), let weekday = number(&bytes),
      (1...12).contains(month)
    else { return nil }
    var change = Change(month: month, week: week, weekday: weekday)
    if take("/", &bytes) { change.second = time(&bytes) ?? 7_200 }
    return change
  }
}
