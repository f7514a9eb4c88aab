/// Refuses what RE2 does not have, before a pattern reaches PCRE2.
///
/// What makes a pattern other than linear (back-references, look-around, recursion, possessive and
/// atomic groups) is refused, and so is what PCRE2 would read differently from RE2. Everything
/// else, unbalanced parentheses for instance, is left to the compiler of the pattern.
///
/// *Source*: the syntax page of RE2 (github.com/google/re2/wiki/Syntax).
public enum RegexSyntax {
  /// Checks a pattern.
  ///
  /// *Throws* `ValueError.pattern` at the first construct that is refused.
  public static func check(_ pattern: Span<UInt8>) throws(ValueError) {
    var scanner = RegexScanner(count: pattern.count)
    while scanner.position < pattern.count {
      try scanner.step(pattern)
    }
  }
}

/// Where the check stands in a pattern.
private struct RegexScanner {
  var position = 0
  let count: Int
  /// Whether the last thing read was a quantifier, which a `+` would make possessive.
  var followsQuantifier = false

  init(count: Int) {
    self.count = count
  }

  mutating func step(_ pattern: Span<UInt8>) throws(ValueError) {
    let wasQuantifier = followsQuantifier
    followsQuantifier = false
    switch pattern[position] {
    case UInt8(ascii: "\\"): try escape(pattern, inClass: false)
    case UInt8(ascii: "["): try characterClass(pattern)
    case UInt8(ascii: "("): try group(pattern)
    case UInt8(ascii: "+"):
      if wasQuantifier { throw refusal("possessive quantifiers are not supported") }
      afterQuantifier(pattern)
    case UInt8(ascii: "*"), UInt8(ascii: "?"):
      if wasQuantifier { throw refusal("a quantifier must follow something to repeat") }
      afterQuantifier(pattern)
    case UInt8(ascii: "{"):
      if let end = try repetition(pattern) {
        if wasQuantifier { throw refusal("a quantifier must follow something to repeat") }
        position = end
        afterQuantifier(pattern)
      } else {
        position += 1
      }
    default: position += 1
    }
  }

  /// Steps over a quantifier and the `?` that makes it lazy.
  private mutating func afterQuantifier(_ pattern: Span<UInt8>) {
    position += 1
    if position < count && pattern[position] == UInt8(ascii: "?") { position += 1 }
    followsQuantifier = true
  }

  /// The position of the closing brace of `{n}`, `{n,}` or `{n,m}`; nil for a literal brace.
  private func repetition(_ pattern: Span<UInt8>) throws(ValueError) -> Int? {
    var index = position + 1
    guard let least = number(pattern, &index) else { return nil }
    var greatest = least
    if index < count && pattern[index] == UInt8(ascii: ",") {
      index += 1
      greatest = number(pattern, &index) ?? least
    }
    guard index < count, pattern[index] == UInt8(ascii: "}") else { return nil }
    if max(least, greatest) > 1_000 { throw refusal("a repetition may not exceed 1000") }
    return index
  }

  private func number(_ pattern: Span<UInt8>, _ index: inout Int) -> Int? {
    var value: Int?
    while index < count, pattern[index] &- 48 < 10 {
      value = min((value ?? 0) * 10 + Int(pattern[index] - 48), 1_000_000)
      index += 1
    }
    return value
  }

  private mutating func group(_ pattern: Span<UInt8>) throws(ValueError) {
    if byte(pattern, 1) == UInt8(ascii: "*") { throw refusal("verbs are not supported") }
    guard byte(pattern, 1) == UInt8(ascii: "?") else {
      position += 1
      return
    }
    let isPython = byte(pattern, 2) == UInt8(ascii: "P")
    let kind = byte(pattern, isPython ? 3 : 2)
    if kind == UInt8(ascii: "<") {
      let next = byte(pattern, isPython ? 4 : 3)
      if !isPython && (next == UInt8(ascii: "=") || next == UInt8(ascii: "!")) {
        throw refusal("look-behind is not supported")
      }
      position += isPython ? 4 : 3
      return
    }
    if kind == UInt8(ascii: "=") || kind == UInt8(ascii: "!") {
      throw refusal(
        isPython ? "back-references are not supported" : "look-ahead is not supported")
    }
    if isPython { throw refusal("unknown group") }
    var index = 2
    while let flag = byte(pattern, index), isFlag(flag) { index += 1 }
    guard let end = byte(pattern, index), end == UInt8(ascii: ":") || end == UInt8(ascii: ")")
    else {
      throw refusal(
        "unknown group: a group is (…), (?:…), (?P<name>…) or (?flags:…) with i, m, s, U")
    }
    position += index + (end == UInt8(ascii: ":") ? 1 : 0)
  }

  private func isFlag(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "i"), UInt8(ascii: "m"), UInt8(ascii: "s"), UInt8(ascii: "U"),
      UInt8(ascii: "-"):
      true
    default: false
    }
  }

  private mutating func characterClass(_ pattern: Span<UInt8>) throws(ValueError) {
    let start = position
    position += 1
    if byte(pattern, 0) == UInt8(ascii: "^") { position += 1 }
    if byte(pattern, 0) == UInt8(ascii: "]") { position += 1 }
    while let next = byte(pattern, 0) {
      switch next {
      case UInt8(ascii: "]"):
        position += 1
        return
      case UInt8(ascii: "\\"): try escape(pattern, inClass: true)
      case UInt8(ascii: "[") where byte(pattern, 1) == UInt8(ascii: ":"):
        position += 2
        while let letter = byte(pattern, 0), letter != UInt8(ascii: ":") { position += 1 }
        position += 2
      case UInt8(ascii: "[")
      where byte(pattern, 1) == UInt8(ascii: ".") || byte(pattern, 1) == UInt8(ascii: "="):
        throw refusal("collating elements are not supported")
      default: position += 1
      }
    }
    throw .pattern(offset: start, message: "this character class is not closed")
  }

  private mutating func escape(_ pattern: Span<UInt8>, inClass: Bool) throws(ValueError) {
    guard let letter = byte(pattern, 1) else {
      throw refusal("a pattern may not end in a backslash")
    }
    switch letter {
    case UInt8(ascii: "1")...UInt8(ascii: "9"), UInt8(ascii: "g"), UInt8(ascii: "k"):
      throw refusal("back-references are not supported")
    case UInt8(ascii: "A"), UInt8(ascii: "z"), UInt8(ascii: "b"), UInt8(ascii: "B"):
      if inClass { throw refusal("this escape is not supported in a character class") }
      position += 2
    case UInt8(ascii: "Q") where !inClass:
      position += 2
      while let next = byte(pattern, 0) {
        if next == UInt8(ascii: "\\") && byte(pattern, 1) == UInt8(ascii: "E") { break }
        position += 1
      }
      position = min(position + 2, count)
    case UInt8(ascii: "a"), UInt8(ascii: "f"), UInt8(ascii: "t"), UInt8(ascii: "n"),
      UInt8(ascii: "r"), UInt8(ascii: "d"), UInt8(ascii: "D"), UInt8(ascii: "s"),
      UInt8(ascii: "S"), UInt8(ascii: "w"), UInt8(ascii: "W"), UInt8(ascii: "0"):
      position += 2
    case UInt8(ascii: "x"), UInt8(ascii: "p"), UInt8(ascii: "P"):
      position += 2
      if byte(pattern, 0) == UInt8(ascii: "{") {
        while let next = byte(pattern, 0), next != UInt8(ascii: "}") { position += 1 }
        position = min(position + 1, count)
      }
    case 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E:
      position += 2
    default:
      throw refusal("this escape is not supported")
    }
  }

  /// The byte `distance` ahead, if the pattern is that long.
  private func byte(_ pattern: Span<UInt8>, _ distance: Int) -> UInt8? {
    position + distance < count ? pattern[position + distance] : nil
  }

  private func refusal(_ message: String) -> ValueError {
    .pattern(offset: position, message: message)
  }
}
