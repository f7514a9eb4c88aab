import CZones

/// The time zones of the IANA database, as they were when the program was built.
///
/// *Source*: IANA time zone database 2025b; POSIX.1-2017, section 8.3, for the rules of the future.
public enum TimeZoneTable {
  /// Seconds east of UTC that a zone's clocks stood at an instant; nil for a name nothing has.
  ///
  /// *Units*: `seconds` since 1970.
  public static func offset(of name: String, at seconds: Int64) -> Int? {
    guard let range = lines[name] else { return nil }
    let line = text[range].split(separator: UInt8(ascii: "|"), omittingEmptySubsequences: false)
    var offset = 0
    var time: Int64 = 0
    var isPast = true
    for (position, item) in line[1].split(separator: UInt8(ascii: " ")).enumerated() {
      if position == 0 {
        offset = Int(number(item))
        continue
      }
      let parts = item.split(separator: UInt8(ascii: ":"))
      time += number(parts[0])
      guard time <= seconds else {
        isPast = false
        break
      }
      offset = Int(number(parts[1]))
    }
    guard isPast, let rule = PosixZoneRule(String(decoding: line[2], as: UTF8.self)) else {
      return offset
    }
    return rule.offset(at: seconds)
  }

  /// Seconds east of UTC of `+05:30`, `-09:30` or `02:00`; nil for anything else.
  public static func fixedOffset(_ text: String) -> Int? {
    var reader = DigitReader(text)
    let isWest = reader.take("-")
    if !isWest { _ = reader.take("+") }
    guard let hours = reader.number(2), reader.take(":"), let minutes = reader.number(2),
      reader.isAtEnd, hours < 24, minutes < 60
    else { return nil }
    let seconds = hours * 3_600 + minutes * 60
    return isWest ? -seconds : seconds
  }

  private static func number(_ text: ArraySlice<UInt8>) -> Int64 {
    Int64(String(decoding: text, as: UTF8.self), radix: 36) ?? 0
  }

  private static let text: [UInt8] = {
    // SAFETY: the table is a constant of the program, and this many bytes long.
    unsafe Array(UnsafeBufferPointer(start: sabueso_zones(), count: sabueso_zones_size()))
  }()

  /// Where the line of each name lies.
  private static let lines: [String: Range<Int>] = {
    var lines: [String: Range<Int>] = ["UTC": 0..<0]
    for line in text.split(separator: UInt8(ascii: "\n")) {
      guard let names = line.split(separator: UInt8(ascii: "|")).first else { continue }
      for name in names.split(separator: UInt8(ascii: ",")) {
        lines[String(decoding: name, as: UTF8.self)] = line.startIndex..<line.endIndex
      }
    }
    return lines
  }()
}

/// `EST5EDT,M3.2.0,M11.1.0`: when clocks change, year after year.
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

  func offset(at seconds: Int64) -> Int {
    guard let changes else { return standard }
    let year = CivilTime(seconds: seconds + Int64(standard)).date.year
    let start = changes.start.seconds(in: year) - Int64(standard)
    let end = changes.end.seconds(in: year) - Int64(summer)
    let isSummer =
      start < end ? seconds >= start && seconds < end : seconds >= start || seconds < end
    return isSummer ? summer : standard
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
