internal import Expressions
internal import Model
internal import Values

/// A condition as what it says of terms: `term in set`, joined by and and or. Negations are pushed
/// into the sets.
struct Formula {
  indirect enum Kind {
    case constant(Bool)
    /// The subject is the compared expression where it was written.
    case atom(term: Int, ValueSet, subject: TypedExpression)
    case all([Formula])
    case any([Formula])
  }

  var kind: Kind
  /// The expression it stands for.
  var expression: TypedExpression
  /// Whether it says that the expression is false.
  var isNegated: Bool

  var span: SourceSpan { expression.span }

  /// Whether another formula is true of the same values.
  func saysTheSame(as other: Formula) -> Bool {
    switch (kind, other.kind) {
    case (.constant(let left), .constant(let right)): left == right
    case (.atom(let term, let set, _), .atom(let otherTerm, let otherSet, _)):
      term == otherTerm && set == otherSet
    case (.all(let left), .all(let right)), (.any(let left), .any(let right)):
      left.count == right.count && zip(left, right).allSatisfy { $0.saysTheSame(as: $1) }
    default: false
    }
  }

  /// The terms it speaks of.
  var terms: Set<Int> {
    switch kind {
    case .constant: []
    case .atom(let term, _, _): [term]
    case .all(let parts), .any(let parts): parts.reduce(into: []) { $0.formUnion($1.terms) }
    }
  }

  /// The formula of a condition.
  init(_ expression: TypedExpression, isNegated: Bool = false, _ terms: inout TermTable) {
    self.expression = expression
    self.isNegated = isNegated
    guard case .apply(let overload, let operands) = expression.kind else {
      if case .constant(.bool(let value)) = expression.kind {
        kind = .constant(value != isNegated)
      } else {
        kind = Formula.truth(of: expression, isNegated, &terms)
      }
      return
    }
    switch overload {
    case .not:
      self = Formula(operands[0], isNegated: !isNegated, &terms)
      // The whole negation is what is spoken of where it is no more than one comparison.
      if case .atom = kind {
        self.expression = expression
        self.isNegated = isNegated
      }
    case .and, .or:
      let parts = Formula.parts(of: expression, overload).map { part in
        Formula(part, isNegated: isNegated, &terms)
      }
      kind = (overload == .and) != isNegated ? .all(parts) : .any(parts)
    default:
      let kind = Formula.comparison(overload, operands, isNegated, &terms)
      self.kind = kind ?? Formula.truth(of: expression, isNegated, &terms)
    }
  }

  /// The operands of a chain of one connective, in order.
  private static func parts(of expression: TypedExpression, _ overload: Overload)
    -> [TypedExpression]
  {
    guard case .apply(overload, let operands) = expression.kind else { return [expression] }
    return operands.flatMap { parts(of: $0, overload) }
  }

  private static func truth(
    of expression: TypedExpression, _ isNegated: Bool, _ terms: inout TermTable
  ) -> Kind {
    let term: Int
    if case .apply(.isMissing, let operands) = expression.kind {
      term = terms.missing(expression, of: operands[0])
    } else {
      term = terms.term(expression)
    }
    return .atom(term: term, ValueSet(points: [isNegated ? 0 : 1]), subject: expression)
  }

  // MARK: Comparisons

  private static func comparison(
    _ overload: Overload, _ operands: [TypedExpression], _ isNegated: Bool,
    _ terms: inout TermTable
  ) -> Kind? {
    let signs: [Int128]
    switch overload {
    case .equalBits, .equalDouble, .equalText: signs = [0]
    case .notEqualBits, .notEqualDouble, .notEqualText: signs = [-1, 1]
    case .lessInt, .lessUInt, .lessDouble: signs = [-1]
    case .lessOrEqualInt, .lessOrEqualUInt, .lessOrEqualDouble: signs = [-1, 0]
    case .isIn: return membership(operands, isNegated, &terms)
    default: return nil
    }
    let (left, right) = (operands[0], operands[1])
    if case .constant(let value) = right.kind {
      return atom(left, signs, than: value, isNegated, &terms)
    }
    if case .constant(let value) = left.kind {
      return atom(right, signs.map { -$0 }, than: value, isNegated, &terms)
    }
    let (term, isTurned) = terms.pair(left, right)
    let set = ValueSet(points: signs.map { isTurned ? -$0 : $0 })
    return negated(term, set, isNegated, subject: left, terms)
  }

  /// `subject < value` and the like, by the signs of subject − value that are meant.
  private static func atom(
    _ subject: TypedExpression, _ signs: [Int128], than value: Value, _ isNegated: Bool,
    _ terms: inout TermTable
  ) -> Kind? {
    guard let place = terms.place(of: value) else { return nil }
    var set = ValueSet([])
    if signs.contains(-1) { set = set.union(ValueSet(ValueSet.everything.lowerBound...place - 1)) }
    if signs.contains(0) { set = set.union(ValueSet(place...place)) }
    if signs.contains(1) { set = set.union(ValueSet(place + 1...ValueSet.everything.upperBound)) }
    return negated(terms.term(subject), set, isNegated, subject: subject, terms)
  }

  /// `subject in [a, b]`, where the list is written out.
  private static func membership(
    _ operands: [TypedExpression], _ isNegated: Bool, _ terms: inout TermTable
  ) -> Kind? {
    let values: [Value]
    switch operands[1].kind {
    case .constant(.list(let elements)): values = elements
    case .list(let elements):
      values = elements.compactMap { if case .constant(let value) = $0.kind { value } else { nil } }
      guard values.count == elements.count else { return nil }
    default: return nil
    }
    let places = values.compactMap { terms.place(of: $0) }
    guard places.count == values.count else { return nil }
    let set = ValueSet(points: places)
    return negated(terms.term(operands[0]), set, isNegated, subject: operands[0], terms)
  }

  private static func negated(
    _ term: Int, _ set: ValueSet, _ isNegated: Bool, subject: TypedExpression, _ terms: TermTable
  ) -> Kind {
    let meant = isNegated ? set.complement(in: ValueSet(ValueSet.everything)) : set
    return .atom(term: term, meant, subject: subject)
  }
}
