/// When clocks change every year: `CET-1CEST,M3.5.0,M10.5.0/3`.
///
/// *Source*: POSIX, TZ variable; RFC 8536, section 3.3.1, for hours beyond a day.
struct ZoneRule {
  private var text: Substring.UTF8View
  private var standard: Int32 = 0
  private var summer: Int32 = 0
  private var begins: Change?
  private var ends: Change?

  /// A day of each year and the local second of it.
  private enum Day {
    /// The week (5: the last) and weekday (0: Sunday) of a month.
    case weekday(month: Int, week: Int, day: Int)
    /// 1…365, without a leap day.
    case julian(Int)
    /// 0…365.
    case ordinal(Int)
  }

  private struct Change {
    var day: Day
    var second: Int
  }

  init?(_ rule: String) {
    let whole = Substring(rule)
    text = whole.utf8
    guard skipName(), let offset = duration() else { return nil }
    standard = Int32(-offset)
    summer = standard + 3_600
    guard !text.isEmpty else { return }
    guard skipName() else { return nil }
    if text.first != UInt8(ascii: ",") {
      guard let offset = duration() else { return nil }
      summer = Int32(-offset)
    }
    guard let first = change(), let second = change() else { return nil }
    begins = first
    ends = second
  }

  /// All changes from 1970 through a year, in order.
  func transitions(through last: Int) -> [(time: Int64, offset: Int32)] {
    guard let begins, let ends else { return [] }
    var changes: [(time: Int64, offset: Int32)] = []
    for year in 1_970...last {
      changes.append((time(begins, year, standard), summer))
      changes.append((time(ends, year, summer), standard))
    }
    return changes.sorted { $0.time < $1.time }
  }

  private func time(_ change: Change, _ year: Int, _ offset: Int32) -> Int64 {
    let newYear = CivilDate(year: year, month: 1, day: 1).daysSince1970
    let day: Int
    switch change.day {
    case .ordinal(let number): day = newYear + number
    case .julian(let number):
      let isLeap = CivilDate.days(in: 2, of: year) == 29
      day = newYear + number - 1 + (isLeap && number > 59 ? 1 : 0)
    case .weekday(let month, let week, let weekday):
      let first = CivilDate(year: year, month: month, day: 1).daysSince1970
      // 1970-01-01 was a Thursday, day 4 of a week that starts on Sunday.
      let firstWeekday = ((first + 4) % 7 + 7) % 7
      var place = first + (weekday - firstWeekday + 7) % 7 + 7 * (week - 1)
      while place >= first + CivilDate.days(in: month, of: year) { place -= 7 }
      day = place
    }
    return Int64(day) * 86_400 + Int64(change.second) - Int64(offset)
  }

  // MARK: Reading

  private mutating func skipName() -> Bool {
    let start = text.count
    if text.first == UInt8(ascii: "<") {
      while let byte = text.popFirst(), byte != UInt8(ascii: ">") {}
    } else {
      while let byte = text.first, byte | 0x20 >= UInt8(ascii: "a"),
        byte | 0x20 <= UInt8(ascii: "z")
      {
        text.removeFirst()
      }
    }
    return text.count < start
  }

  private mutating func number() -> Int? {
    var value: Int?
    while let byte = text.first, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9"),
      value ?? 0 < 100_000
    {
      value = (value ?? 0) * 10 + Int(byte - UInt8(ascii: "0"))
      text.removeFirst()
    }
    return value
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard text.first == UInt8(ascii: character) else { return false }
    text.removeFirst()
    return true
  }

  /// `[+-]h[:m[:s]]` in seconds.
  private mutating func duration() -> Int? {
    let isNegative = take("-")
    if !isNegative { _ = take("+") }
    guard let hours = number() else { return nil }
    var seconds = hours * 3_600
    if take(":") { seconds += 60 * (number() ?? 0) }
    if take(":") { seconds += number() ?? 0 }
    return isNegative ? -seconds : seconds
  }

  /// `,day[/time]`
  private mutating func change() -> Change? {
    guard take(",") else { return nil }
    let day: Day
    if take("M") {
      guard let month = number(), (1...12).contains(month), take("."), let week = number(),
        (1...5).contains(week), take("."), let weekday = number(), weekday < 7
      else { return nil }
      day = .weekday(month: month, week: week, day: weekday)
    } else if take("J") {
      guard let number = number(), (1...365).contains(number) else { return nil }
      day = .julian(number)
    } else {
      guard let number = number(), number < 366 else { return nil }
      day = .ordinal(number)
    }
    guard take("/") else { return Change(day: day, second: 7_200) }
    guard let second = duration() else { return nil }
    return Change(day: day, second: second)
  }
}
