import Foundation
import Program
import Testing
import Values

@testable import Engine

@Suite struct `A unit of the calendar` {
  private struct Question {
    var zone: String
    var unit: CalendarUnit
    var second: Int64
  }

  private static func zone(_ name: String) throws -> TimeZoneTable {
    try #require(TimeZoneTable.named(name))
  }

  /// What Python's zoneinfo gives, written down.
  @Test(arguments: [
    // The day and the hours clocks change, and a month with both offsets.
    ("Europe/Madrid", CalendarUnit.day, 1_774_764_000, 1_774_738_800),
    ("Europe/Madrid", .hour, 1_792_890_000, 1_792_886_400),
    ("Europe/Madrid", .hour, 1_792_893_500, 1_792_886_400),
    ("Europe/Madrid", .month, 1_793_400_000, 1_790_805_600),
    // Far enough for the rule after the table.
    ("Europe/Madrid", .year, 2_240_000_000, 2_208_985_200),
    ("America/Mexico_City", .day, 1_648_972_800, 1_648_965_600),
    ("America/Mexico_City", .week, 1_667_160_000, 1_666_587_600),
    ("America/Mexico_City", .month, 1_769_925_600, 1_769_925_600),
    ("America/Bogota", .year, 1_767_243_600, 1_767_243_600),
    ("America/Bogota", .quarter, 1_767_243_599, 1_759_294_800),
    // A day without midnight.
    ("America/Sao_Paulo", .day, 1_541_350_000, 1_541_300_400),
  ])
  func `begins where its zone says`(
    _ name: String, _ unit: CalendarUnit, _ second: Int64, _ expected: Int64
  ) throws {
    let zone = try Self.zone(name)
    #expect(zone.start(of: unit, holding: second * 1_000_000) == expected * 1_000_000)
    #expect(zone.start(of: unit, holding: second * 1_000_000 + 999_999) == expected * 1_000_000)
  }

  private static let python = "/usr/bin/python3"

  /// Instants around every change of clocks and others anywhere.
  private static func questions() throws -> [Question] {
    var questions: [Question] = []
    var generator = SplitMix64(seed: 7)
    for name in ["America/Mexico_City", "America/Bogota", "Europe/Madrid", "America/Sao_Paulo"] {
      let zone = try Self.zone(name)
      let recent = zone.transitions.filter { $0 > 0 && $0 < 2_500_000_000 }
      for (index, transition) in recent.enumerated() {
        for step in -6...6 as ClosedRange<Int64> {
          let unit = CalendarUnit.allCases[(index + Int(step) + 6) % 6]
          questions.append(
            Question(zone: name, unit: unit, second: transition + step * 1_800 - step % 2))
        }
      }
      for unit in CalendarUnit.allCases {
        for _ in 0..<200 {
          questions.append(
            Question(zone: name, unit: unit, second: Int64(generator.below(2_500_000_000))))
        }
      }
    }
    return questions
  }

  @Test(
    .enabled(
      if: FileManager.default.isExecutableFile(atPath: python), "python3 is not installed here"))
  func `begins where Python's zoneinfo says`() throws {
    let questions = try Self.questions()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Self.python)
    process.arguments = ["-c", Self.script]
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    let lines = questions.map { "\($0.zone) \($0.unit) \($0.second)\n" }.joined()
    let writer = Thread { [handle = input.fileHandleForWriting] in
      handle.write(Data(lines.utf8))
      try? handle.close()
    }
    writer.start()
    let answer = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    let starts = answer.split(separator: "\n").compactMap { Int64($0) }
    try #require(starts.count == questions.count)
    var wrong: [String] = []
    var zones: [String: TimeZoneTable] = [:]
    for (question, expected) in zip(questions, starts) {
      let zone = try zones[question.zone] ?? Self.zone(question.zone)
      zones[question.zone] = zone
      let found = zone.start(of: question.unit, holding: question.second * 1_000_000)
      if found != expected * 1_000_000 { wrong.append("\(question): \(found), not \(expected)") }
    }
    #expect(wrong.isEmpty, "\(wrong.count): \(wrong.prefix(5))")
    #expect(questions.count > 5_000)
  }

  private static let script = """
    import sys, datetime as d
    from zoneinfo import ZoneInfo
    def offset(t, z): return d.datetime.fromtimestamp(t, z).utcoffset()
    def instant(naive, z):
        first = int(naive.replace(tzinfo=z, fold=0).timestamp())
        if d.datetime.fromtimestamp(first, z).replace(tzinfo=None, fold=0) == naive: return first
        # The time is skipped: find when clocks change.
        low, high = int(naive.replace(tzinfo=z, fold=1).timestamp()), first
        before = offset(low, z)
        while high - low > 1:
            middle = (low + high) // 2
            if offset(middle, z) == before: low = middle
            else: high = middle
        return high
    def start(unit, t, z):
        s = d.datetime.fromtimestamp(t, z).replace(tzinfo=None, fold=0, minute=0, second=0)
        if unit != 'hour': s = s.replace(hour=0)
        if unit == 'week': s -= d.timedelta(days=s.weekday())
        if unit in ('month', 'quarter', 'year'): s = s.replace(day=1)
        if unit == 'quarter': s = s.replace(month=(s.month - 1) // 3 * 3 + 1)
        if unit == 'year': s = s.replace(month=1)
        return instant(s, z)
    for line in sys.stdin:
        name, unit, t = line.split()
        print(start(unit, int(t), ZoneInfo(name)))
    """
}
