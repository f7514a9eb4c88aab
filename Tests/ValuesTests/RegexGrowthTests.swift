import Testing
import Values

/// Patterns that take exponential time or powers of the text, and patterns that people write.
@Suite struct `A pattern's growth` {
  static let slow = [
    "^(a+)+$", "^([a-z]+)*$", "(a|aa)+$", "(a|a)*b$", "^(\\w+\\s?)*$", "^(.*)*$", "(x+x+)+y",
    "^([a-zA-Z0-9])(([\\-.]|[_]+)?([a-zA-Z0-9]+))*(@)$", "^.*a.*a.*a.*b$", "^(\\d+)*!$",
    "(a{1,40}){1,40}b", "^(a?){30}a{30}$", "^(([a-z])+.)+[A-Z]([a-z])+$", "^([\\w.]+)+@x",
    "^((ab|a)(b|ba)?)*c", "(?i)^(A|a)*$", "^(\\pL+ñ?)+!", "a*a*a*a*b",
    "^(?P<word>[[:alpha:]]+|\\Qab\\E)*;", "(\\x61+|\\x{62}a*)*z",
  ]

  static let linear = [
    "^[a-z]+[0-9]{4,}@", "^(INV|REF)-\\d+$", "^[^@]+@[^@]+\\.[a-z]{2,}$", "promo", "(?i)^test",
    "^\\+52\\d{10}$", "^[A-Z]{4}\\d{6}[HM][A-Z]{5}[A-Z0-9]\\d$", "(ab)+c", "a*b*c*", "^\\s*$",
    "(foo|bar)+baz", "[0-9]+", "^$", "", "^[\\w.+-]+@[\\w-]+\\.[\\w.-]+$",
    "^([a-z0-9]+[._-])*[a-z0-9]+@", "^(\\d{1,3}\\.){3}\\d{1,3}$", "^[A-ZÑ&]{3,4}\\d{6}[A-Z0-9]{3}$",
    "(?i)(calle|av(enida)?\\.?)\\s+\\w+", "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==)?$",
    "^[a-z]+([.][a-z]+)*$", "\\bgratis\\b", "(.)(.)(.)", "^https?://[^/]+/.*\\?ref=",
    "^\\w+\\d+$", "^(\\w+\\s)*\\w+$", "^-?\\d+(\\.\\d+)?$", "^\\s+|\\s+$", "foo.*bar.*baz",
    "(a|b|ab)c", "(ax?){2,5}", "[]a-]+x", "a{2", "a{1,3}b", "^(-|\\]|[^\\]])$",
  ]

  @Test(arguments: slow) func `is shown by a short text on which it gives up`(
    pattern: String
  ) throws {
    var compiled = try CompiledPattern(Array(pattern.utf8).span)
    let found = RegexGrowth.witness(of: pattern, &compiled)
    let witness = try #require(found, "\(pattern) is not found slow")
    let text = Array(witness.text.utf8)
    #expect(text.count <= 256)
    // A pattern compiled anew, and one repetition alone: it is the text, and its length.
    var fresh = try CompiledPattern(Array(pattern.utf8).span)
    #expect(fresh.matches(text.span) == .limit)
    var short = witness
    short.count = 1
    #expect(fresh.matches(Array(short.text.utf8).span) != .limit)
  }

  @Test(arguments: linear) func `is none in what people write`(pattern: String) throws {
    var compiled = try CompiledPattern(Array(pattern.utf8).span)
    #expect(RegexGrowth.witness(of: pattern, &compiled) == nil)
    let texts = [
      "a", "ab", "a1", "1", "a.", "a-", " ", "a ", "x", "é", "foo", "barfoo", "A", "@", "1.",
    ]
    for text in texts {
      for end in ["!", "", "\n", "@", "z"] {
        let bytes = Array((String(repeating: text, count: 256 / text.utf8.count) + end).utf8)
        #expect(compiled.matches(bytes.span) != .limit, "\(text) and \(end)")
      }
    }
  }
}
