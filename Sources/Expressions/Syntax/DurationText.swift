/// Durations as rule files write them: `90s`, `1h30m`, `400d`.
public enum DurationText {
  /// Microseconds of each unit, longest name first.
  static let units: [(name: String, microseconds: Int64)] = [
    ("ms", 1_000), ("us", 1), ("w", 604_800_000_000), ("d", 86_400_000_000),
    ("h", 3_600_000_000), ("m", 60_000_000), ("s", 1_000_000),
  ]

  /// Other words people write for units, with how many of which unit each is. A month and a year
  /// are not always as long, so for them that is a guess.
  private static let words: [(names: [String], count: Int64, unit: String, isExact: Bool)] = [
    (["s", "sec", "secs", "second", "seconds", "segundo", "segundos"], 1, "s", true),
    (["m", "min", "mins", "minute", "minutes", "minuto", "minutos"], 1, "m", true),
    (["h", "hr", "hrs", "hour", "hours", "hora", "horas"], 1, "h", true),
    (["d", "day", "days", "dia", "dias"], 1, "d", true),
    (["w", "week", "weeks", "semana", "semanas"], 1, "w", true),
    (["mo", "month", "months", "mes", "meses"], 30, "d", false),
    (["y", "yr", "year", "years", "a"], 365, "d", false),
  ]

  /// What a number and a word are meant to be: `24` and `hours` are `24h`.
  static func meant(_ number: String, _ word: String) -> (text: String, isExact: Bool)? {
    guard let count = Int64(number), count <= 1_000_000,
      let found = words.first(where: { $0.names.contains(word.lowercased()) })
    else { return nil }
    return ("\(count * found.count)\(found.unit)", found.isExact)
  }

  /// The unit that starts at an offset.
  static func unit(at offset: Int, in bytes: ArraySlice<UInt8>) -> (
    length: Int, microseconds: Int64
  )? {
    for unit in units where bytes[offset...].starts(with: unit.name.utf8) {
      return (unit.name.utf8.count, unit.microseconds)
    }
    return nil
  }

  /// Microseconds of a duration literal; nil when it is none or does not fit 64 bits.
  public static func microseconds(of text: String) -> Int64? {
    let bytes = Array(text.utf8)
    var offset = 0
    var total: Int64 = 0
    while offset < bytes.count {
      let start = offset
      while offset < bytes.count && isDigit(bytes[offset]) { offset += 1 }
      guard let count = Int64(String(decoding: bytes[start..<offset], as: UTF8.self)),
        let unit = unit(at: offset, in: bytes[...])
      else { return nil }
      offset += unit.length
      let (product, overflow) = count.multipliedReportingOverflow(by: unit.microseconds)
      let (sum, overflowsSum) = total.addingReportingOverflow(product)
      if overflow || overflowsSum { return nil }
      total = sum
    }
    return bytes.isEmpty ? nil : total
  }

  /// The shortest way to write a duration in the largest unit that divides it: `90s`, `36h`, `30d`.
  public static func text(ofMicroseconds microseconds: Int64) -> String {
    for name in ["d", "h", "m", "s", "ms", "us"] {
      guard let unit = units.first(where: { $0.name == name }) else { continue }
      if microseconds % unit.microseconds == 0 && microseconds != 0 {
        return "\(microseconds / unit.microseconds)\(name)"
      }
    }
    return "0s"
  }
}
