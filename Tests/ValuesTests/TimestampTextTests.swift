import Model
import Testing
import Values

private func read(_ text: String) throws(ValueError) -> Int64 {
  let bytes = Array(text.utf8)
  return try TimestampText.parse(bytes.span).microseconds
}

private func print(_ microseconds: Int64) -> String {
  var output: [UInt8] = []
  TimestampText.append(Timestamp(microseconds: microseconds), to: &output)
  return String(decoding: output, as: UTF8.self)
}

@Suite struct `A civil date` {
  @Test func `counts every day of four hundred years in order`() {
    var date = CivilDate(year: 1_800, month: 1, day: 1)
    var days = -62_091
    #expect(date.daysSince1970 == days)
    while date.year < 2_201 {
      #expect(date.daysSince1970 == days)
      #expect(CivilDate(daysSince1970: days) == date)
      date.day += 1
      if date.day > CivilDate.days(in: date.month, of: date.year) {
        date.day = 1
        date.month += 1
      }
      if date.month > 12 {
        date.month = 1
        date.year += 1
      }
      days += 1
    }
    #expect(days == 84_371)
  }

  @Test func `is found from any day, as the day is from the date`() {
    // Through where one way of counting ends and the other begins, on both sides.
    for days in Array(-800_000...(-700_000)) + Array(11_230_000...11_330_000)
      + stride(from: -40_000_000, through: 40_000_000, by: 997)
    {
      let date = CivilDate(daysSince1970: days)
      #expect(date.daysSince1970 == days)
      #expect(date.day >= 1 && date.day <= CivilDate.days(in: date.month, of: date.year))
    }
  }

  @Test func `knows dates far from now`() {
    #expect(CivilDate(year: 1, month: 1, day: 1).daysSince1970 == -719_162)
    #expect(CivilDate(year: 9_999, month: 12, day: 31).daysSince1970 == 2_932_896)
    #expect(CivilDate(daysSince1970: -719_163) == CivilDate(year: 0, month: 12, day: 31))
    #expect(CivilDate(daysSince1970: -719_528) == CivilDate(year: 0, month: 1, day: 1))
    #expect(CivilDate(daysSince1970: -719_529) == CivilDate(year: -1, month: 12, day: 31))
  }
}

@Suite struct `A reader of timestamps` {
  @Test func `reads each as if it were the first`() {
    let seed: UInt64 = 8
    var random = SplitMix64(seed: seed)
    var reader = TimestampReader()
    let days = [
      "2026-01-31T", "2026-01-30T", "2026-02-30T", "0000-01-31T", "0001-01-01T", "1970-01-01T",
    ]
    let times = ["23:59:59", "24:00:00", "00:00:00", "12:3x:00", "12:30:60"]
    let ends = [
      "Z", "z", ".5Z", ".1234567Z", "+01:00", "-23:59", "+1:00", "", "ZZ", ".Z", "+24:00",
    ]
    for round in 0..<4_000 {
      // A few changes, so that most are of the day before.
      var text = days[random.below(8) == 0 ? random.below(days.count) : 0]
      text += times[random.below(3) == 0 ? random.below(times.count) : 0]
      text += ends[random.below(2) == 0 ? random.below(ends.count) : 0]
      if random.below(20) == 0 { text = text.lowercased() }
      let bytes = Array(text.utf8)
      let expected = Result { try TimestampText.parse(bytes.span) }
      let read = Result { try reader.parse(bytes.span) }
      switch (expected, read) {
      case (.success(let left), .success(let right)):
        #expect(left == right, "\(text), seed \(seed), round \(round)")
      case (.failure(let left), .failure(let right)):
        #expect("\(left)" == "\(right)", "\(text), seed \(seed), round \(round)")
      default: Issue.record("\(text): \(expected) and \(read), seed \(seed), round \(round)")
      }
    }
  }
}

@Suite struct `A timestamp text` {
  @Test(arguments: [
    ("1970-01-01T00:00:00Z", 0),
    ("2026-01-05T18:00:00Z", 1_767_636_000_000_000),
    ("2000-02-29T23:59:59.999999Z", 951_868_799_999_999),
    ("1969-12-31T23:59:59.500Z", -500_000),
    ("0001-01-01T00:00:00Z", -62_135_596_800_000_000),
    ("9999-12-31T23:59:59.999999Z", 253_402_300_799_999_999),
  ])
  func `reads and prints an instant`(_ text: String, _ microseconds: Int64) throws {
    #expect(try read(text) == microseconds)
    #expect(print(microseconds) == text)
  }

  @Test func `reads every form of one instant alike`() throws {
    let instant = try read("2026-01-05T18:00:00Z")
    for text in [
      "2026-01-05t18:00:00z", "2026-01-05T18:00:00.0Z", "2026-01-05T18:00:00.000000000Z",
      "2026-01-05T12:00:00-06:00", "2026-01-06T00:30:00+06:30", "2026-01-05T18:00:00-00:00",
    ] {
      #expect(try read(text) == instant)
    }
    #expect(try read("2026-01-05T18:00:00.1234560Z") == instant + 123_456)
    #expect(try read("2026-01-05T18:00:00.5+00:00") == instant + 500_000)
  }

  @Test(arguments: [
    ("", TimestampFault.shape), ("2026-01-05", .shape), ("2026-01-05T18:00:00", .shape),
    ("2026-01-05 18:00:00Z", .shape), ("2026-1-05T18:00:00.0Z", .shape),
    ("2026-01-05T18:00:00Z ", .shape), ("2026-01-05T18:00:00.Z", .shape),
    ("2026-01-05T18:00:00.12", .shape), ("2026-01-05T18:00:00+0100", .shape),
    ("2026-01-05T18:00:00+01:0x", .shape), ("2026-01-05T18:00:0xZ", .shape),
    ("+026-01-05T18:00:00Z", .shape), ("2026-01-05T18:00:00,5Z", .shape),
    ("2026-13-05T18:00:00Z", .range), ("2026-00-05T18:00:00Z", .range),
    ("2026-02-29T18:00:00Z", .range), ("1900-02-29T18:00:00Z", .range),
    ("2026-04-31T18:00:00Z", .range), ("2026-01-00T18:00:00Z", .range),
    ("2026-01-05T24:00:00Z", .range), ("2026-01-05T23:60:00Z", .range),
    ("2016-12-31T23:59:60Z", .range), ("2026-01-05T18:00:00+24:00", .range),
    ("2026-01-05T18:00:00+23:60", .range),
    ("2026-01-05T18:00:00.1234567Z", .precision),
    ("0000-12-31T23:00:00Z", .year), ("0001-01-01T00:00:00+00:01", .year),
    ("9999-12-31T23:59:59-00:01", .year), ("0000-12-31T23:59:00-00:01", .year),
  ])
  func `is refused with its fault`(_ text: String, _ fault: TimestampFault) {
    #expect(throws: ValueError.timestamp(fault)) { try read(text) }
  }

  @Test(arguments: [
    ("10000-01-01T00:00:00Z", 253_402_300_800_000_000),
    ("12345-06-07T08:09:10.500Z", 327_416_976_550_500_000),
    ("0000-12-31T23:59:59Z", -62_135_596_801_000_000),
    ("-0001-12-31T23:59:59.000001Z", -62_167_219_200_999_999),
  ])
  func `is printed with as many digits of the year as it takes`(
    _ text: String, _ microseconds: Int64
  ) {
    #expect(print(microseconds) == text)
  }

  @Test func `knows every day of the calendar`() throws {
    var bytes = Array("0000-00-00T00:00:00Z".utf8)
    // Seven and the 400 years after which the calendar repeats have nothing in common.
    for year in stride(from: 3, through: 9_999, by: 7) {
      for month in 1...12 {
        // The days at which something can go wrong, and one between them.
        for day in [1, 2, 17, 28, 29, 30, 31] {
          for (place, number) in [(0, year / 100), (2, year % 100), (5, month), (8, day)] {
            bytes[place] = 48 + UInt8(number / 10)
            bytes[place + 1] = 48 + UInt8(number % 10)
          }
          let date = CivilDate(year: year, month: month, day: day)
          if day <= CivilDate.days(in: month, of: year) {
            let found = try TimestampText.parse(bytes.span).microseconds
            try #require(found == Int64(date.daysSince1970) * 86_400_000_000)
          } else {
            #expect(throws: ValueError.timestamp(.range)) { try TimestampText.parse(bytes.span) }
          }
        }
      }
    }
  }

  @Test func `asks for a digit or a sign at every place`() throws {
    let right = Array("2026-01-05T18:00:00Z".utf8)
    for place in 0..<19 {
      for byte in UInt8.min...UInt8.max {
        for other in [right[(place + 1) % 19], 0, 0x7F, 0x80, 0xFF] {
          var text = right
          text[place] = byte
          text[(place + 1) % 19] = other
          let isShaped = (0..<19).allSatisfy { index in
            switch right[index] {
            case UInt8(ascii: "T"): text[index] | 0x20 == UInt8(ascii: "t")
            case 48...57: (48...57).contains(text[index])
            default: text[index] == right[index]
            }
          }
          do {
            _ = try TimestampText.parse(text.span)
            try #require(isShaped)
          } catch let error as ValueError {
            try #require((error == .timestamp(.shape)) != isShaped)
          }
        }
      }
    }
  }

  @Test func `survives printing at random instants`() throws {
    let seed: UInt64 = 20_260_105
    var generator = SplitMix64(seed: seed)
    let range = TimestampText.earliest.microseconds...TimestampText.latest.microseconds
    for step in [1, 1_000, 1_000_000] as [Int64] {
      for _ in 0..<3_000 {
        let instant = Int64.random(in: range, using: &generator) / step * step
        let text = print(instant)
        #expect(try read(text) == instant, "seed \(seed): \(text)")
      }
    }
  }
}
