import Testing
import Values

/// Patterns that are known to take exponential or quadratic time, and patterns that people write.
@Suite struct `A pattern's growth` {
  @Test(arguments: [
    "^(a+)+$", "^([a-z]+)*$", "(a|aa)+$", "(a|a)*b$", "^(\\w+\\s?)*$", "^(.*)*$", "(x+x+)+y",
    "^([a-zA-Z0-9])(([\\-.]|[_]+)?([a-zA-Z0-9]+))*(@)$", "^.*a.*a.*b$", "^(\\d+)*!$",
  ])
  func `is shown by a text on which it gives up`(pattern: String) throws {
    let witness = try #require(RegexGrowth.witness(of: pattern), "\(pattern) is not found slow")
    let text =
      witness.start
      + String(repeating: witness.repeated, count: 4_096 / witness.repeated.utf8.count)
      + witness.end
    var compiled = try CompiledPattern(Array(pattern.utf8).span)
    #expect(compiled.matches(Array(text.utf8).span) == .limit)
  }

  @Test(arguments: [
    "^[a-z]+[0-9]{4,}@", "^(INV|REF)-\\d+$", "^[^@]+@[^@]+\\.[a-z]{2,}$", "promo", "(?i)^test",
    "^\\+52\\d{10}$", "^[A-Z]{4}\\d{6}[HM][A-Z]{5}[A-Z0-9]\\d$", "(ab)+c", "a*b*c*", "^\\s*$",
    "(foo|bar)+baz", "[0-9]+", "^$", "",
  ])
  func `is none in what people write`(pattern: String) {
    #expect(RegexGrowth.witness(of: pattern) == nil)
  }
}
