/// Finds what the parameters of calls stand for.
///
/// *Source*: langdef.md, "Gradual type checking"; the rules of cel-go's checker, which conformance
/// is measured by: the most general of two types that go together, `dyn` where none does.
struct TypeUnifier {
  private var substitutions: [Int: StandardType] = [:]
  private var next = 0

  mutating func fresh() -> StandardType {
    next += 1
    return .variable(next)
  }

  /// The type with what is known put in place of variables; the rest becomes `dyn` when `final`.
  func resolved(_ type: StandardType, final: Bool = false) -> StandardType {
    if case .variable(let number) = type {
      guard let known = substitutions[number] else { return final ? .dyn : type }
      return resolved(known, final: final)
    }
    return type.mapped { resolved($0, final: final) }
  }

  /// Whether a value of the first type may stand where the second is asked for; keeps what was
  /// inferred only if so.
  mutating func assign(_ value: StandardType, to target: StandardType) -> Bool {
    var attempt = self
    guard attempt.assignable(value, target) else { return false }
    self = attempt
    return true
  }

  /// All of them, or none.
  mutating func assign(_ values: [StandardType], to targets: [StandardType]) -> Bool {
    guard values.count == targets.count else { return false }
    var attempt = self
    for (value, target) in zip(values, targets) {
      guard attempt.assignable(value, target) else { return false }
    }
    self = attempt
    return true
  }

  /// The type of a collection with one more element.
  mutating func joined(_ previous: StandardType?, _ type: StandardType) -> StandardType {
    guard let previous else { return type }
    return assign(previous, to: type) ? TypeUnifier.mostGeneral(previous, type) : .dyn
  }

  private mutating func assignable(_ a: StandardType, _ b: StandardType) -> Bool {
    if case .variable = b {
      let (isValid, isKnown) = substitute(a, b)
      if isValid { return true }
      if isKnown { return false }
    }
    if case .variable = a { return substitute(b, a).isValid }
    switch (a, b) {
    case (.dyn, _), (_, .dyn): return true
    case (.null, let other), (let other, .null): return TypeUnifier.isNullable(other)
    case (.wrapper(let inner), .wrapper(let other)): return inner == other
    case (.wrapper(let inner), let other), (let other, .wrapper(let inner)): return inner == other
    case (.type, .type): return true
    case (.list, .list), (.map, .map): break
    case (.abstract(let name, _), .abstract(let other, _)):
      guard name == other else { return false }
    default: return a == b
    }
    let inner = a.parameters
    let outer = b.parameters
    guard inner.count == outer.count else { return false }
    for (x, y) in zip(inner, outer) {
      guard assignable(x, y) else { return false }
    }
    return true
  }

  /// Lets a variable stand for a type, or checks it against what it stands for already.
  private mutating func substitute(
    _ type: StandardType, _ variable: StandardType
  ) -> (isValid: Bool, isKnown: Bool) {
    guard case .variable(let number) = variable else { return (false, false) }
    if type == variable { return (true, true) }
    if let known = substitutions[number] {
      if type == known { return (true, true) }
      guard assignable(type, known) else { return (false, true) }
      let general = TypeUnifier.mostGeneral(type, known)
      if !mentions(general, number) { substitutions[number] = general }
      return (true, true)
    }
    guard !mentions(type, number) else { return (false, false) }
    substitutions[number] = type
    return (true, false)
  }

  private func mentions(_ type: StandardType, _ number: Int) -> Bool {
    switch type {
    case .variable(number): true
    case .variable(let other): substitutions[other].map { mentions($0, number) } ?? false
    default: type.parameters.contains { mentions($0, number) }
    }
  }

  private static func isNullable(_ type: StandardType) -> Bool {
    switch type {
    case .null, .abstract, .timestamp, .duration, .wrapper: true
    default: false
    }
  }

  static func mostGeneral(_ a: StandardType, _ b: StandardType) -> StandardType {
    isLessOrEquallySpecific(a, b) ? a : b
  }

  private static func isLessOrEquallySpecific(_ a: StandardType, _ b: StandardType) -> Bool {
    switch (a, b) {
    case (.dyn, _), (.variable, _): return true
    case (_, .dyn), (_, .variable): return false
    case (.type, .type): return true
    case (.list, .list), (.map, .map): break
    case (.abstract(let name, _), .abstract(let other, _)):
      guard name == other else { return false }
    default: return a == b
    }
    return a.parameters.count == b.parameters.count
      && zip(a.parameters, b.parameters).allSatisfy { isLessOrEquallySpecific($0, $1) }
  }
}
