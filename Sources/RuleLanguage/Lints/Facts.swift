/// What is known of terms while a condition is looked at.
struct Facts {
  /// By term, in no order: a condition speaks of few.
  private var sets: [(term: Int, set: ValueSet)] = []
  /// Whether facts cannot hold together.
  private(set) var areImpossible = false

  /// What a term can be.
  func known(_ term: Int, _ terms: TermTable) -> ValueSet {
    sets.first { $0.term == term }?.set ?? terms.universes[term]
  }

  /// Takes a formula as true, as far as it is a conjunction of atoms; an `or` says too little.
  mutating func assume(_ formula: Formula, _ terms: TermTable) {
    switch formula.kind {
    case .constant(let value): areImpossible = areImpossible || !value
    case .all(let parts): for part in parts { assume(part, terms) }
    case .any: break
    case .atom(let term, let set, _):
      narrow(term, to: set, terms)
      // What is compared is there.
      for test in terms.missingTests[term] ?? [] {
        narrow(test, to: ValueSet(points: [0]), terms)
      }
    }
  }

  /// Takes a formula as false, as far as it is a disjunction of atoms.
  mutating func deny(_ formula: Formula, _ terms: TermTable) {
    switch formula.kind {
    case .constant(let value): areImpossible = areImpossible || value
    case .any(let parts): for part in parts { deny(part, terms) }
    case .all: break
    case .atom(let term, let set, _):
      narrow(term, to: set.complement(in: terms.universes[term]), terms)
    }
  }

  private mutating func narrow(_ term: Int, to set: ValueSet, _ terms: TermTable) {
    let left = known(term, terms).intersection(set)
    if let place = sets.firstIndex(where: { $0.term == term }) {
      sets[place].set = left
    } else {
      sets.append((term, left))
    }
    if left.isEmpty { areImpossible = true }
  }

  /// Whether a formula is true or false by what is known; nil when that depends.
  func value(of formula: Formula, _ terms: TermTable) -> Bool? {
    switch formula.kind {
    case .constant(let value): return value
    case .atom(let term, let set, _):
      let known = known(term, terms)
      if known.isSubset(of: set) { return true }
      return known.intersection(set).isEmpty ? false : nil
    case .all(let parts):
      var isTrue = true
      for part in parts {
        let value = value(of: part, terms)
        if value == false { return false }
        isTrue = isTrue && value == true
      }
      if isTrue { return true }
      var together = self
      for part in parts { together.assume(part, terms) }
      return together.areImpossible ? false : nil
    case .any(let parts):
      var isFalse = true
      for part in parts {
        let value = value(of: part, terms)
        if value == true { return true }
        isFalse = isFalse && value == false
      }
      if isFalse { return false }
      var none = self
      for part in parts { none.deny(part, terms) }
      return none.areImpossible ? true : nil
    }
  }
}
