internal import Expressions
internal import Model
internal import Values

/// Signals, and the lets nothing uses.
extension PackageChecker {
  static let windowAggregates = [
    "count", "sum", "avg", "min", "max", "distinct", "first", "last", "stddev", "variance",
    "percentile", "mode", "ratio", "rate", "time_since_last",
    "collect",
  ]
  static let aggregates = windowAggregates + ["sequence"] + graphFunctions.keys.sorted()

  func checkSignals() {
    // First what each counts, then where each can be read: that needs no other signal.
    for declared in index.signals.all { index.checkedSignals.append(signal(declared)) }
    for declared in index.signals.all {
      for event in index.schema.events.indices {
        if let keys = index.probing({ bareKeys(declared, event: event) }) {
          index.checkedSignals[declared.position]?.bareKeys[event] = keys
        }
      }
      reportUnreadable(declared)
    }
  }

  /// A graph signal whose account is on no event at all has a mistake in its account.
  private func reportUnreadable(_ declared: Declared<SignalSyntax>) {
    guard let checked = index.checkedSignals[declared.position], checked.bareKeys.isEmpty,
      let entity = index.accountEntity(of: checked.source)
    else { return }
    let accounts = graphKeys(declared.syntax)
    var event: Int?
    if let link = checked.source.link,
      case .event(let type, _, _, _)? = index.checkedLinks[link]?.source
    {
      event = type
    }
    let environment = RuleEnvironment(
      index: index, file: declared.file, event: event ?? index.schema.events.indices.first,
      allowsSignals: false)
    let type = ValueType.reference(index.schema.entities[entity].name)
    let purpose =
      accounts.count == 1
      ? Phrase("`of:`", es: "`of:`") : Phrase("each of the two", es: "cada una de las dos")
    for account in accounts {
      _ = typed(environment) { $0.check(account, being: type, purpose: purpose) }
    }
  }

  private func signal(_ declared: Declared<SignalSyntax>) -> CheckedSignal? {
    let syntax = declared.syntax
    let checked: (CheckedSource, ValueType)?
    switch syntax.aggregate.text {
    case let name where Self.windowAggregates.contains(name): checked = window(declared)
    case "sequence": checked = sequence(declared)
    case let name where Self.graphFunctions[name] != nil: checked = graphSignal(declared)
    default:
      let known = PackageChecker.aggregates.joined(separator: ", ")
      let near = Suggestion.nearest(to: syntax.aggregate.text, among: PackageChecker.aggregates)
      index.report(
        Diagnostic(
          .unknownDeclaration,
          Phrase(
            "unknown aggregate `\(syntax.aggregate.text)`",
            es: "función de agregación desconocida `\(syntax.aggregate.text)`"),
          at: syntax.aggregate.span, note: Phrase("there are: \(known)", es: "existen: \(known)"),
          help: near.map { Phrase("did you mean `\($0)`?", es: "¿quisiste decir `\($0)`?") },
          edit: near.map { SourceEdit(span: syntax.aggregate.span, replacement: $0) }))
      checked = nil
    }
    guard let (source, type) = checked else { return nil }
    return CheckedSignal(
      name: declared.name.text, title: syntax.title?.phrase, type: type, source: source,
      span: declared.name.span, bareKeys: [:])
  }

  // MARK: Windows

  private func window(_ declared: Declared<SignalSyntax>) -> (CheckedSource, ValueType)? {
    let syntax = declared.syntax
    let signal = Phrase("signal", es: "esta señal")
    guard let eventName = syntax.event else {
      missingClause(
        "from", of: signal, declared.name.span,
        help: Phrase(
          "say which event is counted: `from referral`",
          es: "di qué evento se cuenta: `from referral`"))
      return nil
    }
    guard
      let event = find(
        eventName, in: index.events, from: declared.file, kind: Phrase("event", es: "el evento"))
    else { return nil }
    guard !syntax.keys.isEmpty else {
      missingClause(
        "by", of: signal, declared.name.span,
        help: Phrase(
          "say for whom it is counted: `by referrer`", es: "di por quién se cuenta: `by referrer`"))
      return nil
    }
    guard let span = span(declared, of: event) else { return nil }
    let environment = RuleEnvironment(
      index: index, file: declared.file, event: event.position, allowsSignals: false)
    guard let (filter, keys) = filterAndKeys(syntax.filter, syntax.keys, environment) else {
      return nil
    }
    let plain = ["count", "sum", "distinct"].contains(syntax.aggregate.text)
    guard plain, case .sliding(let microseconds) = span, syntax.lag == nil,
      syntax.otherwise == nil
    else { return timeline(declared, event: event.position, span, filter, keys, environment) }
    guard let (aggregate, type) = aggregate(syntax, environment) else { return nil }
    let window = CheckedWindow(
      event: event.position, aggregate: aggregate, filter: filter, keys: keys,
      microseconds: microseconds, excludesCurrent: syntax.excludesCurrent)
    return (.window(window), type)
  }

  func aggregate(
    _ syntax: SignalSyntax, _ environment: RuleEnvironment
  ) -> (CheckedAggregate, ValueType)? {
    let name = syntax.aggregate.text
    let wanted = name == "count" ? 0 : 1
    guard syntax.arguments.count == wanted, syntax.arguments.allSatisfy({ $0.label == nil }) else {
      index.report(
        Diagnostic(
          .wrongArguments,
          wanted == 0
            ? Phrase("`count()` takes nothing", es: "`count()` no recibe nada")
            : Phrase("`\(name)` takes one value", es: "`\(name)` recibe un valor"),
          at: syntax.aggregateSpan,
          help: wanted == 0
            ? Phrase(
              "to count some events only, add `where …`",
              es: "para contar solo algunos eventos, agrega `where …`")
            : Phrase("write `\(name)(reward)`", es: "escribe `\(name)(reward)`")))
      return nil
    }
    if wanted == 0 { return (.count, .int) }
    guard let value = typed(environment, { $0.check(syntax.arguments[0].value) }) else {
      return nil
    }
    if name == "distinct" { return (.distinct(value), .int) }
    switch value.type {
    case .int, .decimal, .duration: return (.sum(value), value.type)
    default:
      let isDouble = value.type == .double
      index.report(
        Diagnostic(
          .typeMismatch,
          Phrase("`sum` does not add \(value.type)", es: "`sum` no suma \(value.type)"),
          at: value.span,
          note: isDouble
            ? Phrase(
              "sums of doubles depend on their order and would not replay exactly",
              es: "las sumas de doubles dependen del orden y no se repetirían exactamente") : nil,
          help: Phrase(
            "sum an int, a decimal or a duration", es: "suma un int, un decimal o una duración")))
      return nil
    }
  }

  // MARK: Bare reading

  /// The keys of a signal over the fields of another event, when all exist there with the same
  /// types. That they do not is no mistake, so nothing is reported.
  private func bareKeys(_ declared: Declared<SignalSyntax>, event: Int) -> [TypedExpression]? {
    guard let signal = index.checkedSignals[declared.position] else { return nil }
    var checker = ExpressionChecker(
      environment: RuleEnvironment(
        index: index, file: declared.file, event: event, allowsSignals: false, isProbing: true))
    switch signal.source {
    case .window(let window):
      return window.event == event
        ? window.keys : bareKeys(declared.syntax.keys, window.keys.map(\.type), &checker)
    case .timeline(let window):
      return window.event == event
        ? window.keys : bareKeys(declared.syntax.keys, window.keys.map(\.type), &checker)
    case .sequence(let sequence):
      if sequence.second.event == event { return sequence.second.keys }
      if sequence.first.event == event { return sequence.first.keys }
      return bareKeys(declared.syntax.keys, sequence.second.keys.map(\.type), &checker)
    case .cycleLength, .componentSize, .graph:
      return bareKeys(graphKeys(declared.syntax), index.keyTypes(of: signal.source), &checker)
    }
  }

  private func bareKeys(
    _ keys: [ExpressionSyntax], _ types: [ValueType], _ checker: inout ExpressionChecker
  ) -> [TypedExpression]? {
    guard keys.count == types.count else { return nil }
    var checked: [TypedExpression] = []
    for (key, type) in zip(keys, types) {
      guard let typed = checker.check(key), typed.type == type else { return nil }
      checked.append(typed)
    }
    return checked
  }

  /// Lets are typed where they are used; one that nothing uses is typed on the event it fits best,
  /// so that its mistakes are found too.
  func checkUnusedLets() {
    let used = Set(index.letPositions.keys.map(\.position))
    for declared in index.lets.all where !used.contains(declared.position) {
      var best: (event: Int, findings: Int)?
      for event in index.schema.events.indices {
        var checker = ExpressionChecker(
          environment: RuleEnvironment(index: index, file: declared.file, event: event))
        let value = index.probing { checker.check(declared.syntax.value) }
        let count = value == nil ? max(1, checker.findings.count) : 0
        if count < best?.findings ?? .max { best = (event, count) }
      }
      if let best { _ = index.typedLet(declared, event: best.event) }
    }
  }
}
