/// Code points as a regular expression tells them apart: those of ASCII one by one, all others
/// alike.
struct RegexCharacters: Hashable {
  var ascii: UInt128 = 0
  var others = false

  static let all = RegexCharacters(ascii: .max, others: true)

  var isEmpty: Bool { ascii == 0 && !others }

  func intersection(_ other: RegexCharacters) -> RegexCharacters {
    RegexCharacters(ascii: ascii & other.ascii, others: others && other.others)
  }

  mutating func formUnion(_ other: RegexCharacters) {
    ascii |= other.ascii
    others = others || other.others
  }

  var inverted: RegexCharacters { RegexCharacters(ascii: ~ascii, others: !others) }

  mutating func insert(_ range: ClosedRange<UInt32>) {
    for value in range.lowerBound...min(range.upperBound, 127) where value < 128 {
      ascii |= 1 << UInt128(value)
    }
    if range.upperBound > 127 { others = true }
  }

  /// A character to show: a letter or digit where there is one.
  var example: Character? {
    let order =
      Array("abcxyz019ABC -_.@+".unicodeScalars).map(\.value) + Array(33...126) + [32, 9, 10]
    for value in order where ascii >> UInt128(value) & 1 != 0 {
      return Unicode.Scalar(value).map(Character.init)
    }
    for value in 0..<UInt32(128) where ascii >> UInt128(value) & 1 != 0 {
      return Unicode.Scalar(value).map(Character.init)
    }
    return others ? "ñ" : nil
  }
}

/// The shape of a regular expression, as far as its time depends on it. Anchors and borders are
/// taken for nothing: that may only make it look worse than it is.
indirect enum RegexTree {
  case nothing
  case characters(RegexCharacters)
  case sequence([RegexTree])
  case choice([RegexTree])
  case repetition(RegexTree, least: Int, greatest: Int?)
}

/// Reads a pattern that `RegexSyntax` has passed.
struct RegexTreeReader {
  private let scalars: [Unicode.Scalar]
  private var position = 0
  private var ignoresCase = false
  private var dotTakesNewlines = false

  init(_ pattern: String) {
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
    while let next = peek(), next != "|", next != ")" {
      parts.append(repeated(atom()))
    }
    return .sequence(parts)
  }

  private mutating func repeated(_ atom: RegexTree) -> RegexTree {
    var tree = atom
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
    let inside = String(String.UnicodeScalarView(scalars[(position + 1)..<end]))
    let parts = inside.split(separator: ",", omittingEmptySubsequences: false)
    guard parts.count <= 2, let least = Int(parts[0]) else { return nil }
    if parts.count == 1 { return (least, least, end - position + 1) }
    if parts[1].isEmpty { return (least, nil, end - position + 1) }
    return Int(parts[1]).map { (least, $0, end - position + 1) }
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
    var set = RegexCharacters()
    set.insert(scalar.value...scalar.value)
    return .characters(folded(set))
  }

  private func folded(_ set: RegexCharacters) -> RegexCharacters {
    guard ignoresCase else { return set }
    var folded = set
    for letter in 0..<26 {
      let bits: UInt128 = 1 << UInt128(65 + letter) | 1 << UInt128(97 + letter)
      if set.ascii & bits != 0 { folded.ascii |= bits }
    }
    return folded
  }

  private mutating func group() -> RegexTree {
    let before = (ignoresCase, dotTakesNewlines)
    if peek() == "?" {
      var isOn = true
      position += 1
      if peek() == "P" || peek() == "<" {
        while let next = peek(), next != ">" { position += next == ">" ? 0 : 1 }
        position += 1
      } else {
        while let next = peek(), next != ":", next != ")" {
          if next == "-" { isOn = false }
          if next == "i" { ignoresCase = isOn }
          if next == "s" { dotTakesNewlines = isOn }
          position += 1
        }
        let end = peek()
        position += 1
        // `(?i)` holds for the rest of the group it stands in.
        if end == ")" { return .nothing }
      }
    }
    let inside = choice()
    if peek() == ")" { position += 1 }
    (ignoresCase, dotTakesNewlines) = before
    return inside
  }

  private mutating func characterClass() -> RegexCharacters {
    var set = RegexCharacters()
    let isNegated = peek() == "^"
    if isNegated { position += 1 }
    var isFirst = true
    while let next = peek(), isFirst || next != "]" {
      isFirst = false
      if next == "[", peek(1) == ":" {
        set.formUnion(posixClass())
        continue
      }
      position += 1
      if next == "\\" {
        let (kind, value) = escaped()
        set.formUnion(kind)
        guard let value else { continue }
        insert(from: value, into: &set)
      } else {
        insert(from: next.value, into: &set)
      }
    }
    position += 1
    return isNegated ? set.inverted : set
  }

  /// Inserts a character, or the range it begins.
  private mutating func insert(from low: UInt32, into set: inout RegexCharacters) {
    guard peek() == "-", let end = peek(1), end != "]" else {
      set.insert(low...low)
      return
    }
    position += 2
    var high = end.value
    if end == "\\", let value = escaped().value { high = value }
    if low <= high { set.insert(low...high) }
  }

  private mutating func posixClass() -> RegexCharacters {
    guard let end = scalars[position...].firstIndex(of: "]") else { return .all }
    let name = String(String.UnicodeScalarView(scalars[position..<end]))
    position = end + 1
    if position < scalars.count, scalars[position - 1] != "]" { position += 1 }
    var set = RegexCharacters()
    switch name.filter(\.isLetter) {
    case "digit": set.insert(48...57)
    case "lower": set.insert(97...122)
    case "upper": set.insert(65...90)
    case "space": [9...13, 32...32].forEach { set.insert($0) }
    case "alpha": [65...90, 97...122].forEach { set.insert($0) }
    case "alnum", "word", "xdigit": [48...57, 65...90, 97...122].forEach { set.insert($0) }
    default: set = .all
    }
    return name.contains("^") ? set.inverted : set
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
      if let value, let scalar = Unicode.Scalar(value) { return literal(scalar) }
      return .characters(folded(kind))
    }
  }

  /// What follows a backslash: a class, or one character.
  private mutating func escaped() -> (kind: RegexCharacters, value: UInt32?) {
    guard let next = peek() else { return (RegexCharacters(), nil) }
    position += 1
    var set = RegexCharacters()
    switch next {
    case "d", "D": set.insert(48...57)
    case "s", "S": [9...13, 32...32].forEach { set.insert($0) }
    case "w", "W": [48...57, 65...90, 95...95, 97...122].forEach { set.insert($0) }
    case "p", "P":
      skipName()
      return (.all, nil)
    case "x": return (set, hexadecimal())
    case "n": return (set, 10)
    case "t": return (set, 9)
    case "r": return (set, 13)
    case "f": return (set, 12)
    case "a": return (set, 7)
    default: return (set, next.value)
    }
    return (next.properties.isUppercase ? set.inverted : set, nil)
  }

  private mutating func skipName() {
    guard peek() == "{" else {
      position += 1
      return
    }
    while let next = peek(), next != "}" { position += next == "}" ? 0 : 1 }
    position += 1
  }

  private mutating func hexadecimal() -> UInt32 {
    var digits = ""
    if peek() == "{" {
      position += 1
      while let next = peek(), next != "}" {
        digits.unicodeScalars.append(next)
        position += 1
      }
      position += 1
    } else {
      while digits.count < 2, let next = peek(), next.properties.isASCIIHexDigit {
        digits.unicodeScalars.append(next)
        position += 1
      }
    }
    return UInt32(digits, radix: 16) ?? 0
  }
}
