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
  /// A bit for each term it speaks of, by the term's number modulo 64: two formulas without a
  /// common bit have no term in common, so that neither says anything of the other.
  var mentions: UInt64 = 0

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

  /// Whether the two may speak of something in common.
  func touches(_ other: Formula) -> Bool { mentions & other.mentions != 0 }

  /// Whether each is a comparison of something else.
  static func areApart(_ formulas: [Formula]) -> Bool {
    var mentioned: UInt64 = 0
    return formulas.allSatisfy { formula in
      guard case .atom = formula.kind, mentioned & formula.mentions == 0 else { return false }
      mentioned |= formula.mentions
      return true
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
        (kind, mentions) = Formula.truth(of: expression, isNegated, &terms)
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
      var parts: [Formula] = []
      Formula.addParts(of: expression, overload, isNegated, to: &parts, &terms)
      kind = (overload == .and) != isNegated ? .all(parts) : .any(parts)
      mentions = parts.reduce(0) { $0 | $1.mentions }
    default:
      if let kind = Formula.comparison(overload, operands, isNegated, &terms) {
        self.kind = kind
        if case .atom(let term, _, _) = kind { mentions = Formula.bit(term) }
      } else {
        (kind, mentions) = Formula.truth(of: expression, isNegated, &terms)
      }
    }
  }

  private static func bit(_ term: Int) -> UInt64 { 1 << UInt64(term & 63) }

  /// The operands of a chain of one connective, in order.
  private static func addParts(
    of expression: TypedExpression, _ overload: Overload, _ isNegated: Bool,
    to parts: inout [Formula], _ terms: inout TermTable
  ) {
    guard case .apply(overload, let operands) = expression.kind else {
      parts.append(Formula(expression, isNegated: isNegated, &terms))
      return
    }
    for operand in operands { addParts(of: operand, overload, isNegated, to: &parts, &terms) }
  }

  /// An expression that is true or false itself. Whether something is missing is known where its
  /// value is, so that speaks of both.
  private static func truth(
    of expression: TypedExpression, _ isNegated: Bool, _ terms: inout TermTable
  ) -> (Kind, mentions: UInt64) {
    let term: Int
    var mentions: UInt64 = 0
    if case .apply(.isMissing, let operands) = expression.kind {
      term = terms.missing(expression, of: operands[0])
      mentions = bit(terms.term(operands[0]))
    } else {
      term = terms.term(expression)
    }
    let set = ValueSet(isNegated ? 0...0 : 1...1)
    return (.atom(term: term, set, subject: expression), mentions | bit(term))
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
    let ranges = signs.map { sign in
      sign < 0
        ? ValueSet.everything.lowerBound...place - 1
        : sign == 0 ? place...place : place + 1...ValueSet.everything.upperBound
    }
    return negated(terms.term(subject), ValueSet(ranges), isNegated, subject: subject, terms)
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
