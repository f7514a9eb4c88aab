import CZones

/// How far the clocks of a time zone are from UTC, and since when.
///
/// The tables are part of the program, as they were when it was built: no result depends on the
/// machine it runs on.
///
/// *Source*: IANA time zone database 2025b.
public struct TimeZoneTable: Hashable, Sendable {
  /// The name: `America/Mexico_City`.
  public let name: String
  /// Seconds since 1970 at which an offset begins, in order, through `lastYear`.
  public let transitions: [Int64]
  /// Seconds east of UTC: before the first transition, then from each on.
  public let offsets: [Int32]

  /// The last year whose changes are written out. After it the calendar, weekdays included, repeats
  /// what was four hundred years before; no zone has changes of its own after 2087.
  static let lastYear = 2_500
  private static let cycleSeconds: Int64 = 146_097 * 86_400
  private static let firstRepeated = Int64(
    CivilDate(year: lastYear, month: 1, day: 1).daysSince1970 * 86_400)

  /// Creates a table of its own.
  ///
  /// *Traps* unless there is one offset more than transitions.
  public init(name: String, transitions: [Int64], offsets: [Int32]) {
    precondition(offsets.count == transitions.count + 1, "one offset more than transitions")
    self.name = name
    self.transitions = transitions
    self.offsets = offsets
  }

  /// The table of a zone; nil for a name nothing has.
  ///
  /// *Complexity*: writes the changes of four hundred years out, so whoever asks often keeps it.
  public static func named(_ name: String) -> TimeZoneTable? {
    guard let line = lines[name] else {
      return name == "UTC" ? TimeZoneTable(name: name, transitions: [], offsets: [0]) : nil
    }
    let (transitions, offsets) = history(line.changes, rule: line.rule)
    return TimeZoneTable(name: name, transitions: transitions, offsets: offsets)
  }

  /// Seconds east of UTC that a zone's clocks stand at an instant; nil for a name nothing has.
  ///
  /// *Units*: `seconds` since 1970. *Complexity*: that of `named`.
  public static func offset(of name: String, at seconds: Int64) -> Int? {
    named(name)?.offset(at: seconds)
  }

  /// Seconds east of UTC that the zone's clocks stand at an instant.
  ///
  /// *Units*: `seconds` since 1970. *Complexity*: O(log transitions).
  public func offset(at seconds: Int64) -> Int {
    Int(offsets[piece(at: seconds - TimeZoneTable.cycles(before: seconds))])
  }

  /// Seconds to take from an instant so that it lies where the changes are written out, by whole
  /// cycles of the calendar.
  public static func cycles(before seconds: Int64) -> Int64 {
    guard seconds >= firstRepeated else { return 0 }
    return ((seconds - firstRepeated) / cycleSeconds + 1) * cycleSeconds
  }

  /// Position in `offsets` of the offset at an instant before the year `lastYear`.
  ///
  /// *Complexity*: O(log transitions).
  public func piece(at seconds: Int64) -> Int {
    var low = 0
    var high = transitions.count
    while low < high {
      let middle = (low + high) / 2
      if transitions[middle] <= seconds { low = middle + 1 } else { high = middle }
    }
    return low
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

  // MARK: Reading

  /// What is known of each zone, as written: a package names one or two of six hundred.
  private static let lines: [String: (changes: ArraySlice<UInt8>, rule: ArraySlice<UInt8>)] = {
    // SAFETY: the text is a constant of the program, and this many bytes long.
    let text = unsafe Array(
      UnsafeBufferPointer(start: sabueso_zones(), count: sabueso_zones_size()))
    var lines: [String: (changes: ArraySlice<UInt8>, rule: ArraySlice<UInt8>)] = [:]
    for line in text.split(separator: UInt8(ascii: "\n")) {
      let parts = line.split(separator: UInt8(ascii: "|"), omittingEmptySubsequences: false)
      precondition(parts.count == 3, "a line of zones is names, changes and a rule")
      for name in parts[0].split(separator: UInt8(ascii: ",")) {
        lines[String(decoding: name, as: UTF8.self)] = (parts[1], parts[2])
      }
    }
    return lines
  }()

  /// `offset time:offset …` and the rule that holds from the last time on.
  private static func history(
    _ changes: ArraySlice<UInt8>, rule: ArraySlice<UInt8>
  ) -> (transitions: [Int64], offsets: [Int32]) {
    var transitions: [Int64] = []
    var offsets: [Int32] = []
    var time: Int64 = 0
    for (position, item) in changes.split(separator: UInt8(ascii: " ")).enumerated() {
      let parts = item.split(separator: UInt8(ascii: ":"))
      if position > 0 {
        time += number(parts[0])
        transitions.append(time)
      }
      offsets.append(Int32(number(parts[parts.count - 1])))
    }
    guard let rule = PosixZoneRule(String(decoding: rule, as: UTF8.self)) else {
      return (transitions, offsets)
    }
    let last = transitions.last ?? Int64.min
    for change in rule.transitions(in: 1_970...lastYear) where change.time > last {
      guard offsets.last != Int32(change.offset) else { continue }
      transitions.append(change.time)
      offsets.append(Int32(change.offset))
    }
    return (transitions, offsets)
  }

  private static func number(_ text: ArraySlice<UInt8>) -> Int64 {
    Int64(String(decoding: text, as: UTF8.self), radix: 36) ?? 0
  }
}
