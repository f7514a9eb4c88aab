internal import Expressions
internal import Model
internal import Values

/// What conditions speak of: the values they compare, each with a number and the values it can have
/// at all. Written the same way twice is the same term.
struct TermTable {
  /// An expression compared with constants, or two compared with each other: less, equal, greater
  /// are −1, 0 and 1.
  private enum Key: Hashable {
    case value(Shape)
    case pair(Int, Int)
  }

  let index: PackageIndex
  private var numbers: [Key: Int] = [:]
  private(set) var universes: [ValueSet] = []
  /// For a term, those that say whether it is missing.
  private(set) var missingTests: [Int: [Int]] = [:]
  /// Texts as places, in order of first mention.
  private var texts: [Value: Int128] = [:]

  init(index: PackageIndex) {
    self.index = index
  }

  private mutating func number(_ key: Key, universe: (PackageIndex) -> ValueSet) -> Int {
    if let known = numbers[key] { return known }
    numbers[key] = universes.count
    universes.append(universe(index))
    return universes.count - 1
  }

  mutating func term(_ expression: TypedExpression) -> Int {
    number(.value(Shape(expression))) { ValueSet($0.range(of: expression)) }
  }

  /// The term that is true where an expression is missing.
  mutating func missing(_ test: TypedExpression, of operand: TypedExpression) -> Int {
    let (term, subject) = (self.term(test), self.term(operand))
    if missingTests[subject]?.contains(term) != true {
      missingTests[subject, default: []].append(term)
    }
    return term
  }

  /// The comparison of two terms; `isTurned` when it is kept the other way round.
  mutating func pair(
    _ left: TypedExpression, _ right: TypedExpression
  ) -> (term: Int, isTurned: Bool) {
    let (a, b) = (term(left), term(right))
    let isTurned = a > b
    let (first, second) = isTurned ? (right, left) : (left, right)
    let number = number(.pair(min(a, b), max(a, b))) { index in
      let (x, y) = (index.range(of: first), index.range(of: second))
      var signs: [Int128] = []
      if a != b, x.lowerBound < y.upperBound { signs.append(-1) }
      if x.overlaps(y) { signs.append(0) }
      if a != b, x.upperBound > y.lowerBound { signs.append(1) }
      return ValueSet(points: signs)
    }
    return (number, isTurned)
  }

  /// The place of a constant; texts have places too, in no order.
  mutating func place(of value: Value) -> Int128? {
    switch value {
    case .string, .bytes:
      if let known = texts[value] { return known }
      texts[value] = Int128(texts.count)
      return texts[value]
    default: return ValuePlace.place(of: value)
    }
  }
}
