import Expressions
import Testing

@Suite struct `The lexer` {
  static func tokens(_ text: String) -> (tokens: [Token], findings: [Diagnostic], texts: [String]) {
    let source = SourceFile(path: "t", bytes: Array(text.utf8))
    let (tokens, findings) = Lexer.tokens(of: source, file: 0)
    return (tokens, findings, tokens.map { source.text($0.start..<$0.end) })
  }

  static func kinds(_ text: String) -> [TokenKind] { tokens(text).tokens.dropLast().map(\.kind) }

  @Test(arguments: [
    ("0", TokenKind.int), ("42", .int), ("1_000", .int), ("0x1F", .int), ("7u", .uint),
    ("0xFFu", .uint), ("1.5", .double), (".5", .double), ("2e10", .double), ("1.5E-3", .double),
    ("90s", .duration), ("1h30m", .duration), ("400d", .duration), ("250ms", .duration),
    ("10us", .duration), ("2w", .duration), ("abc", .identifier), ("_x9", .identifier),
    ("r", .identifier), ("b", .identifier), ("rb", .identifier), ("rule", .identifier),
    ("\"a\"", .string), ("'a'", .string), ("r\"\\d\"", .string), ("R'x'", .string),
    ("b\"x\"", .bytes), ("rb'x'", .bytes), ("Br\"x\"", .bytes), ("\"\"\"a\nb\"\"\"", .string),
    ("''", .string), ("\"\\\"\"", .string), ("==", .punctuation(.equal)),
    ("=", .punctuation(.assign)), ("!=", .punctuation(.notEqual)), ("!", .punctuation(.not)),
    ("<=", .punctuation(.lessOrEqual)), ("&&", .punctuation(.and)), ("||", .punctuation(.or)),
  ])
  func `knows what a word is`(text: String, kind: TokenKind) {
    #expect(`The lexer`.kinds(text) == [kind])
    #expect(`The lexer`.tokens(text).findings.isEmpty)
  }

  @Test(arguments: [
    ("12abc", "E0107"), ("5 hours 3x", "E0107"), ("1h30", "E0107"), ("0xZZ", "E0107"),
    ("\"open", "E0102"), ("'open\n", "E0102"), ("\"\"\"open\n", "E0102"), ("\"end\\", "E0102"),
    ("\"", "E0102"), ("r\"", "E0102"), ("“", "E0104"), ("’", "E0104"), ("“text”", "E0104"),
    ("«texto»", "E0104"), ("#", "E0106"), ("&", "E0106"), ("é", "E0106"), ("\u{0}", "E0106"),
  ])
  func `says once what it cannot read`(text: String, code: String) {
    #expect(`The lexer`.tokens(text).findings.map(\.code.rawValue) == [code])
  }

  @Test func `reads a text between typographic quotes as one string`() {
    let (tokens, findings, texts) = `The lexer`.tokens("en “Hello {x}” es")
    #expect(tokens.map(\.kind) == [.identifier, .string, .identifier, .endOfFile])
    #expect(texts[1] == "“Hello {x}”")
    #expect(findings.first?.edit?.replacement == "\"Hello {x}\"")
    #expect(Bench.shape("“a”") == "E0104")
  }

  @Test func `keeps every byte, trivia included`() {
    let text = "a  // comment é\n  + \"x\" 5d\r\n\t[.5] #"
    let (tokens, _, _) = `The lexer`.tokens(text)
    var end = 0
    for token in tokens {
      #expect(token.triviaStart == end)
      #expect(token.start >= token.triviaStart && token.end >= token.start)
      end = token.end
    }
    #expect(end == text.utf8.count)
    #expect(tokens.map(\.startsLine) == [true, true, false, false, true, false, false, false, false])
  }

  @Test func `ends whatever it is given`() {
    var random = SplitMix64(seed: 7)
    let signs = Array("a1.\"'\\{}()[]=<>!&|?:,;-+*/%#_ \n\tuxrbesmhdwé“”".utf8)
    for round in 0..<3_000 {
      let bytes = (0..<random.below(40)).map { _ in signs[random.below(signs.count)] }
      let source = SourceFile(path: "t", bytes: bytes)
      let (tokens, _) = Lexer.tokens(of: source, file: 0)
      #expect(tokens.last?.kind == .endOfFile, "seed 7, round \(round)")
      #expect(tokens.dropLast().allSatisfy { $0.end > $0.start }, "seed 7, round \(round)")
    }
  }

  @Test(arguments: [
    ("90s", 90_000_000), ("1h30m", 5_400_000_000), ("30d", 2_592_000_000_000), ("1us", 1),
    ("1w", 604_800_000_000), ("0s", 0), ("5ms", 5_000),
  ] as [(String, Int64)])
  func `counts durations in microseconds`(text: String, microseconds: Int64) {
    #expect(DurationText.microseconds(of: text) == microseconds)
    #expect(
      DurationText.microseconds(of: DurationText.text(ofMicroseconds: microseconds)) == microseconds)
  }

  @Test(arguments: ["", "s", "5", "5x", "5d3", "99999999999999d", "9999999999999999999s"])
  func `knows no other durations`(text: String) {
    #expect(DurationText.microseconds(of: text) == nil)
  }

  @Test func `writes durations in the largest unit that divides them`() {
    #expect(DurationText.text(ofMicroseconds: 0) == "0s")
    #expect(DurationText.text(ofMicroseconds: 129_600_000_000) == "36h")
    #expect(DurationText.text(ofMicroseconds: 90_000_000) == "90s")
    #expect(DurationText.text(ofMicroseconds: 1_500) == "1500us")
    #expect(DurationText.text(ofMicroseconds: -86_400_000_000) == "-1d")
  }

  @Test(arguments: [
    (#""a\nb""#, "a\nb"), (#""\u00e9\x41\101\U0001F600""#, "éAA😀"), (#"'it''"#, nil),
    (#"r"\d+""#, #"\d+"#), (#""\d""#, nil), (#""\ud800""#, nil), (#""\x4""#, nil),
    (#""\"\\\'""#, #""\'"#), (#""""a"b""""#, #"a"b"#),
  ] as [(String, String?)])
  func `reads escapes`(literal: String, text: String?) {
    #expect(Bench.parse(literal).expression?.kind == text.map { .literal(.string($0)) })
  }

  @Test func `reads bytes byte by byte`() {
    #expect(Bench.shape(#"b"\xff\101é""#) == "[255, 65, 195, 169]")
  }

  @Test func `reads numbers exactly or not at all`() {
    #expect(Bench.shape("9223372036854775807") == "9223372036854775807")
    #expect(Bench.shape("-9223372036854775808") == "-9223372036854775808")
    #expect(Bench.shape("9223372036854775808") == "E0107")
    #expect(Bench.shape("18446744073709551615u") == "18446744073709551615u")
    #expect(Bench.shape("18446744073709551616u") == "E0107")
    #expect(Bench.shape("0x7fffffffffffffff") == "9223372036854775807")
    #expect(Bench.shape("1_000_000") == "1000000")
    #expect(Bench.shape("1e999") == "E0107")
    #expect(Bench.shape("-5d") == "(-432000000000us)")
  }
}
