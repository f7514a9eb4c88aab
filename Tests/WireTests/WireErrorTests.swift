import Model
import Testing
import Wire

@Suite struct `A wire error` {
  struct Case: CustomTestStringConvertible, Sendable {
    var line: String
    var code: WireError.Code
    var pointer: String
    var suggestion: String?
    var testDescription: String { "\(code.rawValue) at \(pointer)" }

    init(
      _ line: String, _ code: WireError.Code, _ pointer: String, _ suggestion: String? = nil
    ) {
      self.line = line
      self.code = code
      self.pointer = pointer
      self.suggestion = suggestion
    }
  }

  static let cases: [Case] = [
    Case("", .invalidJSON, ""),
    Case("   ", .invalidJSON, ""),
    Case("{", .invalidJSON, ""),
    Case("{\"event\":\"referral\"", .invalidJSON, ""),
    Case(Fixture.referral() + "x", .invalidJSON, ""),
    Case(Fixture.referral() + "}", .invalidJSON, ""),
    Case(Fixture.referral() + Fixture.referral(), .invalidJSON, ""),
    Case(Fixture.referral(#""clicks":01"#), .invalidJSON, ""),
    Case(Fixture.referral(#""clicks":+1"#), .invalidJSON, ""),
    Case(Fixture.referral(#""clicks":1."#), .invalidJSON, ""),
    Case(Fixture.referral(#""clicks":NaN"#), .invalidJSON, ""),
    Case(Fixture.referral(#""clicks":1,"#), .invalidJSON, ""),
    Case(Fixture.referral(#""note":"\x""#), .invalidJSON, ""),
    Case(Fixture.referral(#""note":"\ud83d""#), .invalidJSON, ""),
    Case(Fixture.referral("\"note\":\"a\u{1}b\""), .invalidJSON, ""),
    Case(Fixture.referral(#""clicks":tru"#), .invalidJSON, ""),
    Case(#"{"event":"login" "at":0}"#, .invalidJSON, ""),
    Case(#"{"event":"login",}"#, .invalidJSON, ""),
    Case(#"{,"event":"login"}"#, .invalidJSON, ""),
    Case(#"{"event" "login"}"#, .invalidJSON, ""),
    Case(#"{"event":}"#, .invalidJSON, ""),
    Case(#"{"event"}"#, .invalidJSON, ""),
    Case(#"{:"login"}"#, .invalidJSON, ""),
    Case(#"{event:"login"}"#, .invalidJSON, ""),
    Case(#"{"event"::"login"}"#, .invalidJSON, ""),
    Case(#"{"event":"login"x}"#, .invalidJSON, ""),
    Case(#"{"event":"login","who":{"account_id":"A",}}"#, .invalidJSON, ""),
    Case(#"{"event":"login","who":{"account_id":"A"}"#, .invalidJSON, ""),
    Case(#"{"event":"login","who":{"account_id":"A"}}}"#, .invalidJSON, ""),
    Case(#"{"event":"login","who":{"account_id":["A"}}"#, .invalidJSON, ""),
    Case(#"{"event":"login","who":[1,[2]}"#, .invalidJSON, ""),
    Case(#"{"event":"login","who":{}"at":0}"#, .invalidJSON, ""),
    Case(#"{"event":"login","who":nulll}"#, .invalidJSON, ""),
    Case(#"{"event":"login","who":fals}"#, .invalidJSON, ""),
    Case(#"{"event":"login","wh\o":1}"#, .invalidJSON, ""),
    Case("{}", .missingField, "/event"),
    Case(#" { } "#, .missingField, "/event"),
    Case(#"{"event":"login","who":{},"at":0,"login_id":"1"}"#, .missingField, "/who/account_id"),
    Case("[1]", .notAnObject, ""),
    Case("\"x\"", .notAnObject, ""),
    Case(Fixture.referral("event", nil), .missingField, "/event"),
    Case(Fixture.referral("event", "1"), .wrongType, "/event"),
    Case(Fixture.referral("event", "\"referal\""), .unknownEvent, "/event", "referral"),
    Case(Fixture.referral("event", "\"purchase\""), .unknownEvent, "/event"),
    Case(Fixture.referral(#""event":"referral""#), .duplicateKey, "/event"),
    Case(Fixture.referral(#""refree":"B""#), .unknownField, "/refree", "referee"),
    Case(Fixture.referral(#""a/b~c":1"#), .unknownField, "/a~1b~0c"),
    Case(Fixture.referral(#""x":[1,{"y":2}]"#), .unknownField, "/x"),
    Case(Fixture.referral(#""reward":1"#), .duplicateKey, "/reward"),
    Case(Fixture.referral(#""r\u0065ward":1"#), .duplicateKey, "/reward"),
    Case(Fixture.referral("referral_id", nil), .missingField, "/referral_id"),
    Case(Fixture.referral("referral_id", "null"), .missingField, "/referral_id"),
    Case(Fixture.referral("referral_id", "\"\""), .emptyKey, "/referral_id"),
    Case(Fixture.referral("referral_id", "1"), .wrongType, "/referral_id"),
    Case(Fixture.referral("referral_id", "\"a\\u0000b\""), .invalidText, "/referral_id"),
    Case(Fixture.referral("at", nil), .missingField, "/at"),
    Case(Fixture.referral("at", "\"2026-13-01T00:00:00Z\""), .invalidTime, "/at"),
    Case(Fixture.referral("at", "\"2026-01-01 00:00:00Z\""), .invalidTime, "/at"),
    Case(Fixture.referral("at", "true"), .wrongType, "/at"),
    Case(Fixture.referral("reward", "\"1x\""), .invalidNumber, "/reward"),
    Case(Fixture.referral("reward", "\"\""), .invalidNumber, "/reward"),
    Case(Fixture.referral("reward", "\"01\""), .invalidNumber, "/reward"),
    Case(Fixture.referral("reward", "\" 1\""), .invalidNumber, "/reward"),
    Case(Fixture.referral("reward", "1.234"), .tooManyDigits, "/reward"),
    Case(Fixture.referral("reward", "1e99"), .numberOutOfRange, "/reward"),
    Case(Fixture.referral("reward", "null"), .missingField, "/reward"),
    Case(Fixture.referral("reward", "{}"), .wrongType, "/reward"),
    Case(Fixture.referral("reward", "[]"), .wrongType, "/reward"),
    Case(Fixture.referral(#""clicks":1.0"#), .wrongType, "/clicks"),
    Case(Fixture.referral(#""clicks":1e2"#), .wrongType, "/clicks"),
    Case(Fixture.referral(#""clicks":"1""#), .wrongType, "/clicks"),
    Case(Fixture.referral(#""clicks":9223372036854775808"#), .numberOutOfRange, "/clicks"),
    Case(Fixture.referral(#""clicks":-9223372036854775809"#), .numberOutOfRange, "/clicks"),
    Case(Fixture.referral(#""views":-1"#), .numberOutOfRange, "/views"),
    Case(Fixture.referral(#""views":18446744073709551616"#), .numberOutOfRange, "/views"),
    Case(Fixture.referral(#""distance":1e999"#), .numberOutOfRange, "/distance"),
    Case(Fixture.referral(#""is_new":1"#), .wrongType, "/is_new"),
    Case(Fixture.referral(#""session":"x""#), .invalidDuration, "/session"),
    Case(Fixture.referral(#""token":"?""#), .invalidBytes, "/token"),
    Case(Fixture.referral(#""channel":"wep""#), .unknownCase, "/channel", "web"),
    Case(Fixture.referral(#""channel":1"#), .wrongType, "/channel"),
    Case(Fixture.referral(#""device":5"#), .wrongType, "/device"),
    Case(Fixture.referral(#""device":"""#), .emptyKey, "/device"),
    Case(Fixture.referral(#""cam/pa~ign":1"#), .wrongType, "/cam~1pa~0ign"),
    Case(Fixture.referral("referee", "7"), .wrongType, "/referee"),
    Case(Fixture.referral("referee", "\"\""), .emptyKey, "/referee"),
    Case(Fixture.referral("referee", "null"), .missingField, "/referee"),
    Case(Fixture.referral("referee", "[\"B\"]"), .wrongType, "/referee"),
    Case(Fixture.referral("referee", "{}"), .missingField, "/referee/account_id"),
    Case(
      Fixture.referral("referee", #"{"account_id":null}"#), .missingField, "/referee/account_id"),
    Case(Fixture.referral("referee", #"{"account_id":""}"#), .emptyKey, "/referee/account_id"),
    Case(Fixture.referral("referee", #"{"account_id":3}"#), .wrongType, "/referee/account_id"),
    Case(
      Fixture.referral("referee", #"{"account_id":"B","contry":"MX"}"#), .unknownAttribute,
      "/referee/contry", "country"),
    Case(
      Fixture.referral("referee", #"{"account_id":"B","country":"MX","country":"CO"}"#),
      .duplicateKey, "/referee/country"),
    Case(
      Fixture.referral("referee", #"{"account_id":"B","kyc_level":null}"#), .missingField,
      "/referee/kyc_level"),
    Case(
      Fixture.referral("referee", #"{"account_id":"B","kyc_level":"2"}"#), .wrongType,
      "/referee/kyc_level"),
    Case(
      Fixture.referral("referee", #"{"account_id":{"x":1}}"#), .wrongType, "/referee/account_id"),
  ]

  @Test(arguments: cases) func `names its kind, its place and what was meant`(_ test: Case) throws {
    let error = try #require(Fixture.error(test.line), "accepted \(test.line)")
    #expect(error.code == test.code, "\(error)")
    #expect(error.pointer == test.pointer, "\(error)")
    #expect(error.suggestion == test.suggestion, "\(error)")
    #expect(!error.detail.isEmpty && !error.remedy.isEmpty)
  }

  @Test func `has a golden case for every code`() {
    var codes = Set(Self.cases.map(\.code))
    codes.formUnion([.tooLarge, .invalidUTF8])
    #expect(codes == Set(WireError.Code.allCases))
  }

  @Test func `reports bytes that are not UTF-8`() throws {
    var line = Array(Fixture.referral(#""note":"abc""#).utf8)
    let place = try #require(line.lastIndex(of: UInt8(ascii: "b")))
    line[place] = 0xE9
    #expect(throws: WireError.self) { try Fixture.decode(line) }
    do {
      _ = try Fixture.decode(line)
    } catch {
      #expect(error.code == .invalidUTF8)
    }
  }

  @Test func `reports a line beyond the limit and takes one at it`() throws {
    let frame = Fixture.referral("\"note\":\"\"").utf8.count
    let atLimit = String(repeating: "n", count: Limits.eventBytes - frame)
    #expect(try Fixture.decode(Fixture.referral("\"note\":\"\(atLimit)\"")).text(18) == atLimit)
    #expect(Fixture.error(Fixture.referral("\"note\":\"\(atLimit)x\""))?.code == .tooLarge)
  }

  @Test func `never repeats what is personal`() throws {
    let secret = "S3CRET"
    let lines = [
      Fixture.referral("\"note\":{\"\(secret)\":1}"), Fixture.referral("\"note\":98765"),
      Fixture.referral("\"device\":98765"), Fixture.referral("referee", "98765"),
      Fixture.referral("referee", "{\"account_id\":98765}"),
      Fixture.referral("referee", "{\"account_id\":\"\(secret)\",\"email\":98765}"),
      Fixture.referral("referee", "{\"account_id\":\"\(secret)\\u0000\"}"),
    ]
    for line in lines {
      let error = try #require(Fixture.error(line))
      #expect(!error.description.contains(secret), "\(error)")
      #expect(!error.description.contains("98765"), "\(error)")
    }
  }

  @Test func `reads as a sentence`() throws {
    let error = try #require(Fixture.error(Fixture.referral("reward", "1.234")))
    #expect(
      error.description == """
        too_many_digits at /reward: Expected a number with at most 2 fraction digits \
        (decimal(2) MXN), found 1.234. Round it before sending; no digit is dropped here.
        """)
  }

  @Test func `stays short whatever was sent`() throws {
    let long = String(repeating: "x", count: 5_000)
    let error = try #require(Fixture.error(Fixture.referral("\"\(long)\":1")))
    #expect(error.description.utf8.count < 700)
  }
}
