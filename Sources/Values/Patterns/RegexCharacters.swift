/// Code points as the study of a pattern's time tells them apart: those of ASCII one by one, all
/// others alike.
struct RegexCharacters: Hashable {
  var ascii: UInt128 = 0
  var others = false

  static let all = RegexCharacters(ascii: .max, others: true)
  static let digits = RegexCharacters(48...57)
  static let upper = RegexCharacters(65...90)
  static let lower = RegexCharacters(97...122)
  static let letters = upper.union(lower)
  static let word = letters.union(digits).union(RegexCharacters(95...95))
  static let space = RegexCharacters(9...13).union(RegexCharacters(32...32))

  init(ascii: UInt128 = 0, others: Bool = false) {
    self.ascii = ascii
    self.others = others
  }

  init(_ range: ClosedRange<UInt32>) {
    for value in range.lowerBound...max(range.lowerBound, min(range.upperBound, 127))
    where value < 128 {
      ascii |= 1 << UInt128(value)
    }
    others = range.upperBound > 127
  }

  var isEmpty: Bool { ascii == 0 && !others }
  var inverted: RegexCharacters { RegexCharacters(ascii: ~ascii, others: true) }

  func union(_ other: RegexCharacters) -> RegexCharacters {
    RegexCharacters(ascii: ascii | other.ascii, others: others || other.others)
  }

  func intersection(_ other: RegexCharacters) -> RegexCharacters {
    RegexCharacters(ascii: ascii & other.ascii, others: others && other.others)
  }

  /// With both cases of each letter.
  var folded: RegexCharacters {
    var folded = self
    for letter in UInt128(0)..<26 {
      let bits: UInt128 = 1 << (65 + letter) | 1 << (97 + letter)
      if ascii & bits != 0 { folded.ascii |= bits }
    }
    return folded
  }

  /// A character to show: a letter or digit where there is one; nil of nothing.
  var example: Unicode.Scalar? {
    for value in RegexCharacters.order where ascii >> UInt128(value) & 1 != 0 {
      return Unicode.Scalar(UInt8(value))
    }
    return others ? "ñ" : nil
  }

  private static let order: [UInt32] =
    Array("abcxyz019ABC".unicodeScalars).map(\.value) + Array(33...126) + Array(0...32) + [127]
}
