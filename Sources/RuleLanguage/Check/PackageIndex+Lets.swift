internal import Expressions
internal import Model

/// A let on one event type.
struct LetPlace: Hashable {
  var position: Int
  var event: Int
}

/// What is known of a typed let and of all the lets it names.
struct LetFacts {
  /// Levels of expressions inside one another.
  var levels: Int
  var needsSignal: Bool
  /// A field or attribute with personal data.
  var personalName: String?
}

/// Lets are typed where they are first used, on the event they are used on.
extension PackageIndex {
  /// The let on an event type, typed on first use; nil when it has a mistake, which is then reported.
  func typedLet(_ declared: Declared<LetSyntax>, event: Int) -> Int? {
    let place = LetPlace(position: declared.position, event: event)
    if let known = letPositions[place] { return known }
    if isProbing && unfitLets.contains(place) { return nil }
    guard !letsInProgress.contains(place) else {
      let path = (letsInProgress.map { lets.all[$0.position].name.text } + [declared.name.text])
        .joined(separator: " → ")
      report(
        Diagnostic(
          .selfDependent,
          Phrase(
            "`\(declared.name.text)` needs itself",
            es: "`\(declared.name.text)` se necesita a sí mismo"),
          at: declared.name.span, note: Phrase(path, es: path)))
      return nil
    }
    // Typing a let types the lets it names, one inside the other.
    guard letsInProgress.count < Limits.nesting else {
      report(tooDeep(declared.name))
      return nil
    }
    letsInProgress.append(place)
    defer { letsInProgress.removeLast() }
    let environment = RuleEnvironment(index: self, file: declared.file, event: event)
    var checker = ExpressionChecker(environment: environment)
    let value = checker.check(declared.syntax.value)
    checker.findings.forEach(report)
    guard let value, isRunnable(value), isShallow(value, of: declared.name) else {
      if isProbing {
        unfitLets.insert(place)
      } else {
        letPositions[place] = .some(nil)
      }
      return nil
    }
    letFacts.append(
      LetFacts(
        levels: levels(value), needsSignal: needsSignal(value), personalName: personalName(in: value)))
    typedLets.append(CheckedLet(name: declared.name.text, event: event, value: value))
    letPositions[place] = typedLets.count - 1
    return typedLets.count - 1
  }

  /// The compiler walks through names into what they stand for, so their levels count.
  private func isShallow(_ value: TypedExpression, of name: NameSyntax) -> Bool {
    if levels(value) <= Limits.expressionLevels { return true }
    report(tooDeep(name))
    return false
  }

  private func levels(_ expression: TypedExpression) -> Int {
    if case .variable(let number) = expression.kind, case .derived(let position) = symbols[number] {
      return 1 + letFacts[position].levels
    }
    return 1 + (expression.children.map(levels).max() ?? 0)
  }

  private func tooDeep(_ name: NameSyntax) -> Diagnostic {
    Diagnostic(
      .nestingTooDeep,
      Phrase(
        "`\(name.text)` builds on too many other lets",
        es: "`\(name.text)` se apoya en demasiados otros let"),
      at: name.span,
      note: Phrase(
        "at most \(Limits.nesting) names and \(Limits.expressionLevels) levels",
        es: "a lo más \(Limits.nesting) nombres y \(Limits.expressionLevels) niveles"))
  }

  /// Whether a let names a signal, directly or through lets. Looked at before types are known: while
  /// signals are checked, no let that needs one can be typed.
  func mentionsSignal(_ declared: Declared<LetSyntax>) -> Bool {
    var seen: Set<Int> = []
    return mentionsSignal(declared.syntax.value, within: declared, seen: &seen)
  }

  private func mentionsSignal(
    _ expression: ExpressionSyntax, within declared: Declared<LetSyntax>, seen: inout Set<Int>
  ) -> Bool {
    let name: String? =
      switch expression.kind {
      case .name(let name): name
      case .call(let name, _): name.text
      case .member(let base, let name):
        if case .name(let alias) = base.kind, aliased[declared.file][alias] != nil {
          name.text
        } else {
          nil
        }
      default: nil
      }
    if let name {
      if signals[name] != nil { return true }
      if let other = lets[name], seen.insert(other.position).inserted,
        mentionsSignal(other.syntax.value, within: other, seen: &seen)
      {
        return true
      }
    }
    return expression.children.contains { mentionsSignal($0, within: declared, seen: &seen) }
  }

  /// Whether the expression needs a signal, directly or through lets.
  func needsSignal(_ expression: TypedExpression) -> Bool {
    if !expression.queries.isEmpty { return true }
    return expression.variables.contains { number in
      switch symbols[number] {
      case .signal: true
      case .derived(let position): letFacts[position].needsSignal
      default: false
      }
    }
  }

  /// The first field or attribute with personal data an expression reads, directly or through lets.
  func personalName(in expression: TypedExpression) -> String? {
    for number in expression.variables {
      switch symbols[number] {
      case .field(let event, let field):
        let found = schema.events[event].fields[field]
        if found.isPersonal { return found.name }
      case .attribute(let event, let field, let attribute):
        guard case .entity(let entity) = schema.events[event].fields[field].kind else {
          continue
        }
        let found = schema.entities[entity].attributes[attribute]
        if found.isPersonal { return found.name }
      case .derived(let position):
        if let name = letFacts[position].personalName { return name }
      default: continue
      }
    }
    return nil
  }
}
