import Model
import Testing
import Wire

@Suite struct `An event decoder` {
  @Test func `fills every slot by its type`() throws {
    let event = try Fixture.decode(
      #"""
      { "referral_id" : "r\u00e9\n1", "at":"2026-01-01T10:00:00.25-06:00", "event":"referral",
        "referrer":{"account_id":"A","country":null,"kyc_level":2},
        "referee":{"email":"b@example.com","account_id":"B"},
        "device":" D1 ", "reward":"250.5", "channel":"web", "clicks":-7,
        "views":18446744073709551615,
        "distance":12.5e-1, "is_new":true, "session":"1h30m", "note":"", "token":"AQID",
        "cam\/pa~ign":"🐕" }
      """#)
    #expect(event.type == 0)
    #expect(event.idText == "ré\n1")
    #expect(event.time == Timestamp(microseconds: 1_767_283_200_250_000))
    #expect(event.int(1) == 1_767_283_200_250_000)
    #expect(event.text(2) == "A")
    #expect(event.states[3] == ValueState.cleared.rawValue)
    #expect(event.int(4) == 2)
    #expect(event.states[5] == ValueState.missing.rawValue)
    #expect(event.text(6) == "B")
    #expect(event.text(9) == "b@example.com")
    #expect(event.text(10) == " D1 ")
    #expect(event.int(11) == 25_050)
    #expect(event.int(12) == 1)
    #expect(event.int(13) == -7)
    #expect(event.payloads[14] == UInt64.max)
    #expect(Double(bitPattern: event.payloads[15]) == 1.25)
    #expect(event.int(16) == 1)
    #expect(event.int(17) == 5_400_000_000)
    #expect(event.text(18)?.isEmpty == true)
    #expect(event.text(19) == "\u{1}\u{2}\u{3}")
    #expect(event.text(20) == "🐕")
  }

  @Test func `leaves out what is optional`() throws {
    let absent = try Fixture.decode(Fixture.referral())
    let null = try Fixture.decode(Fixture.referral(#""device":null,"clicks":null,"channel":null"#))
    for slot in [10, 12, 13] {
      #expect(absent.states[slot] == ValueState.missing.rawValue)
      #expect(null.states[slot] == ValueState.missing.rawValue)
    }
    #expect(absent.int(11) == 25_000)
  }

  @Test func `tells events apart and keeps the sequence`() throws {
    var decoder = EventDecoder(Fixture.schema)
    var event = Event()
    event.sequence = 9
    let lines = [
      Fixture.referral(), #"{"login_id":"l1","at":0,"who":"A","event":"login"}"#,
      Fixture.referral(),
    ]
    var types: [Int] = []
    for line in lines {
      try decoder.decode(Array(line.utf8).span, into: &event)
      types.append(event.type)
      #expect(event.payloads.count == Fixture.schema.events[event.type].slotCount)
    }
    #expect(types == [0, 1, 0])
    #expect(event.sequence == 9)
  }

  @Test func `takes members in any order, each once`() throws {
    let names = ["referral_a", "referral_b", "who", "device_of_him", "note"]
    var fields = [
      Field(name: "id", type: .string, slot: 0), Field(name: "at", type: .timestamp, slot: 1),
    ]
    for name in names {
      fields.append(Field(name: name, type: .string, isOptional: true, slot: fields.count))
    }
    let type = EventType(
      name: "seen", fields: fields, idField: 0, timeField: 1, retentionMicroseconds: nil,
      lateMicroseconds: 0, slotCount: fields.count)
    var decoder = EventDecoder(
      Schema(enumerations: [], entities: [], identifiers: [], events: [type]))
    var event = Event()
    var random = SplitMix64(state: 29)
    let values = ["plain", #"q\"uo\\te"#, #"ni\u00f1a"#, "", "ñandú"]
    let read = ["plain", #"q"uo\te"#, "niña", "", "ñandú"]
    for round in 0..<2_000 {
      var members = [#""event":"seen""#, #""id":"1""#, #""at":0"#]
      var wanted: [String?] = []
      for name in names {
        let choice = random.below(values.count + 2)
        let value = choice < values.count ? "\"\(values[choice])\"" : "null"
        if choice <= values.count { members.append("\"\(name)\":\(value)") }
        wanted.append(choice < values.count ? read[choice] : nil)
      }
      for place in members.indices where random.below(3) == 0 {
        members.swapAt(place, random.below(members.count))
      }
      let line = "{" + members.joined(separator: ",") + "}"
      try decoder.decode(Array(line.utf8).span, into: &event)
      #expect((2..<7).map { event.text($0) } == wanted, "round \(round): \(line)")
      members.insert(members[random.below(members.count)], at: random.below(members.count))
      let doubled = "{" + members.joined(separator: ",") + "}"
      let thrown = #expect(throws: WireError.self, "\(doubled)") {
        try decoder.decode(Array(doubled.utf8).span, into: &event)
      }
      #expect(thrown?.code == .duplicateKey, "\(doubled)")
    }
  }

  @Test(arguments: [false, true])
  func `tells names of every length apart`(_ isText: Bool) throws {
    // Names that differ in one byte, of fewer than eight, up to sixteen and more bytes.
    let counts = [1, 3, 7, 8, 9, 12, 15, 16, 17, 24, 25, 40]
    var names: [String] = []
    for count in counts {
      let name = String(repeating: "n", count: count)
      names.append(name)
      for place in 0..<count {
        let (head, tail) = (name.prefix(place), name.dropFirst(place + 1))
        names.append(head + "m" + tail)
      }
    }
    let declared = names.enumerated().filter { $0.offset % 3 != 1 }.map(\.element)
    var fields = [
      Field(name: "id", type: .string, slot: 0), Field(name: "at", type: .timestamp, slot: 1),
    ]
    for name in declared {
      fields.append(
        Field(name: name, type: isText ? .string : .int, isOptional: true, slot: fields.count))
    }
    let events = declared.map { name in
      EventType(
        name: name, fields: fields, idField: 0, timeField: 1, retentionMicroseconds: nil,
        lateMicroseconds: 0, slotCount: fields.count)
    }
    var decoder = EventDecoder(
      Schema(enumerations: [], entities: [], identifiers: [], events: events))
    var event = Event()
    for (number, name) in names.enumerated() {
      let place = declared.firstIndex(of: name)
      let value = isText ? "\"\(number)\"" : "\(number)"
      let line = #"{"event":"\#(declared[0])","id":"1","at":0,"\#(name)":\#(value)}"#
      let typed = #"{"event":"\#(name)","id":"1","at":0}"#
      do throws(WireError) {
        try decoder.decode(Array(line.utf8).span, into: &event)
        if isText {
          #expect(place.map { event.text($0 + 2) } == String(number))
        } else {
          #expect(place.map { event.int($0 + 2) } == Int64(number))
        }
        try decoder.decode(Array(typed.utf8).span, into: &event)
        #expect(event.type == place)
      } catch {
        #expect(place == nil && error.code == .unknownField, "\(name): \(error.detail)")
        #expect(throws: WireError.self) {
          try decoder.decode(Array(typed.utf8).span, into: &event)
        }
      }
    }
  }

  @Test func `lays what was escaped and what was Base64 behind the line`() throws {
    let event = try Fixture.decode(
      Fixture.referral(##""no\u0074e":"a\tb","token":"AQID","cam/pa~ign":"\u0041","device":"D""##))
    #expect(event.text(18) == "a\tb")
    #expect(event.text(19) == "\u{1}\u{2}\u{3}")
    #expect(event.text(20) == "A")
    #expect(event.text(10) == "D")
  }

  @Test func `reads lines of any length one after the other`() throws {
    let seed: UInt64 = 21
    var random = SplitMix64(state: seed)
    var decoder = EventDecoder(Fixture.schema)
    var event = Event()
    for round in 0..<300 {
      let note = String(repeating: "n", count: random.below(4) == 0 ? random.below(3_000) : 7)
      let escape = random.below(3) == 0 ? "\\n" : ""
      let token = random.below(3) == 0 ? ",\"token\":\"AQID\"" : ""
      let line = Fixture.referral("\"note\":\"\(note)\(escape)\",\"device\":\"D\"\(token)")
      try decoder.decode(Array(line.utf8).span, into: &event)
      #expect(event.text(18) == note + (escape.isEmpty ? "" : "\n"), "round \(round)")
      #expect(event.text(10) == "D" && event.text(0) == "r1")
      #expect(event.text(19) == (token.isEmpty ? nil : "\u{1}\u{2}\u{3}"))
      #expect(event.text.count < 2 * line.utf8.count + 1_000, "nothing long stays for ever")
    }
  }

  @Test func `does not take a line for whole because of the one before`() throws {
    var decoder = EventDecoder(Fixture.schema)
    var event = Event()
    let line = Array(Fixture.referral(#""device":"D1","note":"a""#).utf8)
    for length in line.indices {
      try decoder.decode(line.span, into: &event)
      #expect(throws: WireError.self, "of \(length) bytes") {
        try decoder.decode(line.span.extracting(0..<length), into: &event)
      }
    }
  }

  @Test func `uses the room of the event again`() throws {
    var decoder = EventDecoder(Fixture.schema)
    var event = Event()
    let line = Array(Fixture.referral(#""device":"D1","note":"a\n""#).utf8)
    try decoder.decode(line.span, into: &event)
    let places = [event.payloads.place, event.states.place, event.text.place]
    for _ in 0..<100 { try decoder.decode(line.span, into: &event) }
    #expect([event.payloads.place, event.states.place, event.text.place] == places)
  }

  @Test func `goes on after a bad line as if it had not been`() throws {
    var decoder = EventDecoder(Fixture.schema)
    var event = Event()
    try decoder.decode(Array(Fixture.referral().utf8).span, into: &event)
    let expected = event
    let length = Fixture.referral().utf8.count
    for bad in [Fixture.referral(#""clicks":1,"clicks":2"#), "{", Fixture.referral("reward", nil)] {
      #expect(throws: WireError.self) {
        try decoder.decode(Array(bad.utf8).span, into: &event)
      }
      try decoder.decode(Array(Fixture.referral().utf8).span, into: &event)
      #expect(event.payloads == expected.payloads)
      #expect(event.states == expected.states)
      #expect(event.text.prefix(length) == expected.text.prefix(length))
    }
  }

  @Test(arguments: [
    ("250", 25_000), ("250.00", 25_000), ("-0.05", -5), ("0", 0), ("-0", 0), ("2.5e2", 25_000),
    ("25000e-2", 25_000), ("0.0000e99", 0), ("1E+2", 10_000), ("250.000e1", 250_000),
    ("0.00", 0),
    ("92233720368547758.07", Int64.max), ("-92233720368547758.08", Int64.min),
    ("0.1e1", 100), ("0.00000000000000000000123e21", 123), ("100.10", 10_010),
    // On both sides of the length up to which no digit can be too many.
    ("9223372036854775.80", 922_337_203_685_477_580),
    ("-9223372036854775.80", -922_337_203_685_477_580),
    ("1234567890123456789e-2", 1_234_567_890_123_456_789),
    ("92233720368547758", 9_223_372_036_854_775_800), ("10.0e00000000000000", 1_000),
  ])
  func `reads a decimal digit by digit`(json: String, units: Int64) throws {
    #expect(try Fixture.decode(Fixture.referral("reward", json)).int(11) == units)
    #expect(try Fixture.decode(Fixture.referral("reward", "\"\(json)\"")).int(11) == units)
  }

  @Test(arguments: [
    ("250.001", WireError.Code.tooManyDigits), ("1e-3", .tooManyDigits),
    ("250.000", .tooManyDigits), ("0.000", .tooManyDigits), ("-0.000", .tooManyDigits),
    ("0e-3", .tooManyDigits), ("1000e-3", .tooManyDigits),
    ("1000000000000000000000e-20", .tooManyDigits),
    ("0.00000000000000000000000001", .tooManyDigits),
    ("123456789012345678901234567890.123", .tooManyDigits),
    ("92233720368547758.08", .numberOutOfRange), ("-92233720368547758.09", .numberOutOfRange),
    ("1e17", .numberOutOfRange), ("1e999999999999", .numberOutOfRange),
    ("1e-999999999999", .tooManyDigits), ("99999999999999999999", .numberOutOfRange),
    ("9999999999999999999", .numberOutOfRange), ("-999999999999999999", .numberOutOfRange),
  ])
  func `refuses a decimal it cannot hold`(json: String, code: WireError.Code) {
    #expect(Fixture.error(Fixture.referral("reward", json))?.code == code)
    #expect(Fixture.error(Fixture.referral("reward", "\"\(json)\""))?.code == code)
  }

  @Test(arguments: [
    ("\"90s\"", 90_000_000), ("\"2h\"", 7_200_000_000), ("\"1d2h3m4s5ms6us\"", 93_784_005_006),
    ("\"-0.500s\"", -500_000), ("\"400d\"", 34_560_000_000_000), ("\"0s\"", 0), ("1500", 1_500),
    ("\"34560000000ms\"", 34_560_000_000_000), ("\"1.5h\"", 5_400_000_000),
  ])
  func `reads a duration`(json: String, microseconds: Int64) throws {
    let event = try Fixture.decode(Fixture.referral("\"session\":\(json)"))
    #expect(event.int(17) == microseconds)
  }

  @Test(arguments: [
    "\"\"", "\"-\"", "\"90\"", "\"s\"", "\"90x\"", "\"90s \"", "\"1.s\"", "\".5s\"",
    "\"0.0000001s\"",
    "\"1e3s\"", "\"999999999999d\"", "\"1h-2m\"",
  ])
  func `refuses what is no duration`(json: String) {
    let error = Fixture.error(Fixture.referral("\"session\":\(json)"))
    #expect(error?.code == .invalidDuration)
  }

  @Test func `reads microseconds since 1970 as a time`() throws {
    #expect(try Fixture.decode(Fixture.referral("at", "-5")).time.microseconds == -5)
    #expect(Fixture.error(Fixture.referral("at", "1.5"))?.code == .wrongType)
    #expect(Fixture.error(Fixture.referral("at", "9223372036854775807"))?.code == .invalidTime)
  }

  @Test(arguments: [
    ("", ""), ("TQ==", "M"), ("TWE=", "Ma"), ("TWFu", "Man"), ("TWFuTQ==", "ManM"),
  ])
  func `reads bytes in Base64`(text: String, bytes: String) throws {
    let event = try Fixture.decode(Fixture.referral("\"token\":\"\(text)\""))
    #expect(event.text(19) == bytes)
  }

  @Test(arguments: ["T", "TQ", "TQ=", "TQ===", "T===", "TR==", "TWF=", "TQ==TQ==", "T Q=", "TW=u"])
  func `refuses what is not Base64`(text: String) {
    #expect(Fixture.error(Fixture.referral("\"token\":\"\(text)\""))?.code == .invalidBytes)
  }
}

extension Array {
  /// Where the elements lie.
  fileprivate var place: UInt {
    // SAFETY: only the number is used.
    unsafe withUnsafeBufferPointer { UInt(bitPattern: $0.baseAddress) }
  }
}
