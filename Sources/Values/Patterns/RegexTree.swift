/// The shape of a regular expression, as far as its time depends on it. Anchors and borders are
/// taken for nothing: that can only make it look worse than it is.
indirect enum RegexTree {
  case nothing
  case characters(RegexCharacters)
  case sequence([RegexTree])
  case choice([RegexTree])
  case repetition(RegexTree, least: Int, greatest: Int?)
}

/// Reads a pattern that `RegexSyntax` has passed and PCRE2 has compiled.
struct RegexTreeReader {
  private let scalars: [Unicode.Scalar]
  private var position = 0
  private var ignoresCase = false
  private var dotTakesNewlines = false

  private init(_ pattern: String) {
    scalars = Array(pattern.unicodeScalars)
  }

  static func tree(of pattern: String) -> RegexTree {
    var reader = RegexTreeReader(pattern)
    return reader.choice()
  }

  private func peek(_ distance: Int = 0) -> Unicode.Scalar? {
    position + distance < scalars.count ? scalars[position + distance] : nil
  }

  private mutating func choice() -> RegexTree {
    var branches = [sequence()]
    while peek() == "|" {
      position += 1
      branches.append(sequence())
    }
    return branches.count == 1 ? branches[0] : .choice(branches)
  }

  private mutating func sequence() -> RegexTree {
    var parts: [RegexTree] = []
    while let next = peek(), next != "|", next != ")" { parts.append(repeated(atom())) }
    return .sequence(parts)
  }

  private mutating func repeated(_ atom: RegexTree) -> RegexTree {
    let tree: RegexTree
    switch peek() {
    case "*": tree = .repetition(atom, least: 0, greatest: nil)
    case "+": tree = .repetition(atom, least: 1, greatest: nil)
    case "?": tree = .repetition(atom, least: 0, greatest: 1)
    case "{":
      guard let (least, greatest, length) = braces() else { return atom }
      tree = .repetition(atom, least: least, greatest: greatest)
      position += length - 1
    default: return atom
    }
    position += 1
    if peek() == "?" { position += 1 }
    return tree
  }

  /// `{n}`, `{n,}` or `{n,m}` and how long it is; nil for a brace that stands for itself.
  private func braces() -> (least: Int, greatest: Int?, length: Int)? {
    guard let end = scalars[position...].firstIndex(of: "}") else { return nil }
    let parts = text(position + 1..<end).split(separator: ",", omittingEmptySubsequences: false)
    guard parts.count <= 2, let least = Int(parts[0]) else { return nil }
    let length = end - position + 1
    if parts.count == 1 { return (least, least, length) }
    if parts[1].isEmpty { return (least, nil, length) }
    return Int(parts[1]).map { (least, $0, length) }
  }

  private func text(_ range: Range<Int>) -> String {
    String(String.UnicodeScalarView(scalars[range]))
  }

  private mutating func atom() -> RegexTree {
    guard let next = peek() else { return .nothing }
    position += 1
    switch next {
    case "(": return group()
    case "[": return .characters(folded(characterClass()))
    case ".":
      var all = RegexCharacters.all
      if !dotTakesNewlines { all.ascii &= ~(1 << 10) }
      return .characters(all)
    case "^", "$": return .nothing
    case "\\": return escape()
    default: return literal(next)
    }
  }

  private func literal(_ scalar: Unicode.Scalar) -> RegexTree {
    .characters(folded(RegexCharacters(scalar.value...scalar.value)))
  }

  private func folded(_ set: RegexCharacters) -> RegexCharacters {
    ignoresCase ? set.folded : set
  }

  private mutating func group() -> RegexTree {
    let before = (ignoresCase, dotTakesNewlines)
    if peek() == "?" {
      position += 1
      if peek() == "P" || peek() == "<" {
        skip(to: ">")
      } else if flags() {
        // `(?i)` holds for the rest of the group it stands in.
        return .nothing
      }
    }
    let inside = choice()
    if peek() == ")" { position += 1 }
    (ignoresCase, dotTakesNewlines) = before
    return inside
  }

  /// Reads flags; whether the group ends with them.
  private mutating func flags() -> Bool {
    var isOn = true
    while let next = peek(), next != ":", next != ")" {
      switch next {
      case "-": isOn = false
      case "i": ignoresCase = isOn
      case "s": dotTakesNewlines = isOn
      default: break
      }
      position += 1
    }
    defer { position += 1 }
    return peek() == ")"
  }

  private mutating func skip(to end: Unicode.Scalar) {
    while let next = peek(), next != end { position += 1 }
    position += 1
  }
}

// MARK: Characters

extension RegexTreeReader {
  private mutating func characterClass() -> RegexCharacters {
    var set = RegexCharacters()
    let isNegated = peek() == "^"
    if isNegated { position += 1 }
    var isFirst = true
    while let next = peek(), isFirst || next != "]" {
      isFirst = false
      if next == "[", peek(1) == ":" {
        set = set.union(posixClass())
        continue
      }
      position += 1
      if next == "\\" {
        let (kind, value) = escaped()
        set = set.union(kind)
        if let value { set = set.union(range(from: value)) }
      } else {
        set = set.union(range(from: next.value))
      }
    }
    position += 1
    return isNegated ? folded(set).inverted : set
  }

  /// A character, or the range it begins.
  private mutating func range(from low: UInt32) -> RegexCharacters {
    guard peek() == "-", let end = peek(1), end != "]" else { return RegexCharacters(low...low) }
    position += 2
    var high = end.value
    if end == "\\" { high = escaped().value ?? low }
    return RegexCharacters(low...max(low, high))
  }

  private mutating func posixClass() -> RegexCharacters {
    let start = position + 2
    skip(to: "]")
    let name = text(start..<max(start, position - 2))
    let set: RegexCharacters =
      switch name.drop(while: { $0 == "^" }) {
      case "digit": .digits
      case "lower": .lower
      case "upper": .upper
      case "space": .space
      case "alpha": .letters
      case "alnum", "xdigit": .letters.union(.digits)
      case "word": .word
      case "blank": RegexCharacters(9...9).union(RegexCharacters(32...32))
      case "punct":
        RegexCharacters(33...126).intersection(.letters.union(.digits).inverted)
      default: .all
      }
    return name.hasPrefix("^") ? set.inverted : set
  }

  private mutating func escape() -> RegexTree {
    switch peek() {
    case "A", "z", "b", "B":
      position += 1
      return .nothing
    case "Q":
      position += 1
      var parts: [RegexTree] = []
      while let next = peek(), !(next == "\\" && peek(1) == "E") {
        parts.append(literal(next))
        position += 1
      }
      position += 2
      return .sequence(parts)
    default:
      let (kind, value) = escaped()
      return value.flatMap(Unicode.Scalar.init).map(literal) ?? .characters(folded(kind))
    }
  }

  /// What follows a backslash: a class, or one character.
  private mutating func escaped() -> (kind: RegexCharacters, value: UInt32?) {
    guard let next = peek() else { return (RegexCharacters(), nil) }
    position += 1
    switch next {
    case "d": return (.digits, nil)
    case "D": return (RegexCharacters.digits.inverted, nil)
    case "s": return (.space, nil)
    case "S": return (RegexCharacters.space.inverted, nil)
    case "w": return (.word, nil)
    case "W": return (RegexCharacters.word.inverted, nil)
    case "p": return (property(), nil)
    case "P": return (property().inverted, nil)
    case "x": return (RegexCharacters(), hexadecimal())
    case "n": return (RegexCharacters(), 10)
    case "t": return (RegexCharacters(), 9)
    case "r": return (RegexCharacters(), 13)
    case "f": return (RegexCharacters(), 12)
    case "a": return (RegexCharacters(), 7)
    case "0": return (RegexCharacters(), 0)
    default: return (RegexCharacters(), next.value)
    }
  }

  /// A property of Unicode, by its first letters; one that is not known here is everything.
  private mutating func property() -> RegexCharacters {
    guard let first = peek() else { return .all }
    var name = String(Character(first))
    if first == "{" {
      let start = position + 1
      skip(to: "}")
      name = text(start..<max(start, position - 1))
    } else {
      position += 1
    }
    switch name {
    case "L": return RegexCharacters(ascii: RegexCharacters.letters.ascii, others: true)
    case "Lu": return RegexCharacters(ascii: RegexCharacters.upper.ascii, others: true)
    case "Ll": return RegexCharacters(ascii: RegexCharacters.lower.ascii, others: true)
    case "N", "Nd": return RegexCharacters(ascii: RegexCharacters.digits.ascii, others: true)
    default: return .all
    }
  }

  private mutating func hexadecimal() -> UInt32 {
    let start = peek() == "{" ? position + 1 : position
    if peek() == "{" {
      skip(to: "}")
      return UInt32(text(start..<max(start, position - 1)), radix: 16) ?? 0
    }
    while position < start + 2, let next = peek(), next.properties.isASCIIHexDigit { position += 1 }
    return UInt32(text(start..<position), radix: 16) ?? 0
  }
}
