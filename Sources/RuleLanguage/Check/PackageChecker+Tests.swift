internal import Expressions
internal import Model
internal import Values

/// Test blocks, and what no test or policy covers.
extension PackageChecker {
  func checkTests(rules: [CheckedRule?], policies: [CheckedPolicy?]) -> [CheckedTest] {
    let hasBrokenPolicy = hasBrokenPolicy(policies)
    let policies = policies.compactMap { $0 }
    return index.tests.compactMap { test in
      var context = TestContext(
        file: test.file, policies: policies, hasBrokenPolicy: hasBrokenPolicy,
        hasMistake: test.syntax.hasMistake)
      var steps: [CheckedStep] = []
      var isSound = true
      for step in test.syntax.steps {
        if let checked = self.step(step, &context) {
          steps.append(checked)
        } else {
          isSound = false
        }
      }
      guard isSound else { return nil }
      return CheckedTest(title: test.syntax.title, span: test.syntax.titleSpan, steps: steps)
    }
  }

  /// What the steps before decide about the next: the file, and the event last sent.
  private struct TestContext {
    let file: Int
    let policies: [CheckedPolicy]
    let hasBrokenPolicy: Bool
    /// Whether a step could not be read: the event that is spoken of, perhaps.
    var hasMistake: Bool
    var lastEvent: Int?
  }

  /// Whether a policy has a mistake of its own, so that nothing may be said of events without one.
  private func hasBrokenPolicy(_ policies: [CheckedPolicy?]) -> Bool {
    policies.contains { $0 == nil }
      || index.policies.all.count
        < index.package.files.reduce(0) { $0 + $1.syntax.blocks.count(where: \.isPolicy) }
      || index.package.files.contains { !$0.isComplete || !$0.syntax.brokenNames.isEmpty }
  }

  private func step(_ step: TestStepSyntax, _ context: inout TestContext) -> CheckedStep? {
    switch step {
    case .starting(let text, let span): return timestamp((text, span)).map(CheckedStep.starting)
    case .given(let record): return given(record, context)
    case .with(let name, let value): return with(name, value, context)
    case .at(let time, let record):
      guard let checked = self.record(record, &context, counter: nil) else { return nil }
      return .at(microseconds: time.microseconds, checked)
    case .repeated(let count, let variable, let every, let record):
      guard let checked = self.record(record, &context, counter: variable.text) else { return nil }
      return .repeated(
        count, counter: index.number(of: .counter(variable.text)),
        everyMicroseconds: every.microseconds, checked)
    case .expect(let expectation, let span):
      guard let event = context.lastEvent else {
        if context.hasMistake { return nil }
        index.report(
          Diagnostic(
            .missingClause,
            Phrase("no event was sent yet", es: "todavía no se envía ningún evento"), at: span,
            help: Phrase(
              "send one first: `at 0m referral{ … }`", es: "envía uno antes: `at 0m referral{ … }`")
          ))
        return nil
      }
      return self.expectation(expectation, event: event, context).map { .expect($0, span) }
    }
  }

  // MARK: Givens

  private func given(_ record: RecordSyntax, _ context: TestContext) -> CheckedStep? {
    guard
      let entity = find(
        record.type, in: index.entities, from: context.file,
        kind: Phrase("entity", es: "la entidad"))
    else { return nil }
    let declared = index.schema.entities[entity.position]
    let environment = RuleEnvironment(index: index, file: context.file, event: nil)
    var key: TypedExpression?
    var attributes: [(Int, TypedExpression)] = []
    var isSound = true
    for field in record.fields {
      let purpose = Phrase("`\(field.name.text)`", es: "`\(field.name.text)`")
      if field.name.text == declared.keyName {
        key = typed(environment) { $0.check(field.value, being: .string, purpose: purpose) }
        isSound = isSound && key != nil
      } else if let position = declared.attributes.firstIndex(where: { $0.name == field.name.text })
      {
        let type = declared.attributes[position].type
        if let value = typed(environment, { $0.check(field.value, being: type, purpose: purpose) })
        {
          attributes.append((position, value))
        } else {
          isSound = false
        }
      } else {
        unknownField(
          field.name, of: declared.name, [declared.keyName] + declared.attributes.map(\.name))
        isSound = false
      }
    }
    guard let key else {
      if isSound {
        missingClause(
          declared.keyName, of: Phrase("`given`", es: "este `given`"), record.type.span,
          help: Phrase("say which \(declared.name)", es: "di cuál \(declared.name)"))
      }
      return nil
    }
    return isSound ? .given(entity: entity.position, key: key, attributes: attributes) : nil
  }

  private func with(
    _ name: NameSyntax, _ value: ExpressionSyntax, _ context: TestContext
  ) -> CheckedStep? {
    let environment = RuleEnvironment(index: index, file: context.file, event: nil)
    let purpose = Phrase("`\(name.text)`", es: "`\(name.text)`")
    if let list = index.lists[name.text] {
      guard let checked = index.checkedLists[list.position] else { return nil }
      return typed(environment) {
        $0.check(value, being: .list(checked.element), purpose: purpose)
      }.map { .withList(list.position, $0) }
    }
    if let param = index.params[name.text] {
      guard let checked = index.checkedParams[param.position] else { return nil }
      return typed(environment) { $0.check(value, being: checked.type, purpose: purpose) }
        .map { .withParam(param.position, $0) }
    }
    guard !index.mayExist(name.text, from: context.file) else { return nil }
    let near = Suggestion.nearest(
      to: name.text, among: index.lists.all.map(\.name.text) + index.params.all.map(\.name.text))
    index.report(
      Diagnostic(
        .unknownDeclaration,
        Phrase(
          "unknown list or param `\(name.text)`",
          es: "no existe la lista o parámetro `\(name.text)`"
        ),
        at: name.span,
        help: near.map { Phrase("did you mean `\($0)`?", es: "¿quisiste decir `\($0)`?") },
        edit: near.map { SourceEdit(span: name.span, replacement: $0) }))
    return nil
  }

  // MARK: Events

  private func record(
    _ record: RecordSyntax, _ context: inout TestContext, counter: String?
  ) -> CheckedRecord? {
    guard let event = sentEvent(record.type, from: context.file) else {
      context.hasMistake = true
      return nil
    }
    context.lastEvent = event.position
    let declared = index.schema.events[event.position]
    let environment = RuleEnvironment(
      index: index, file: context.file, event: nil, counters: counter.map { [$0] } ?? [])
    var fields: [(field: Int, value: TypedExpression)] = []
    var isSound = true
    for field in record.fields {
      guard let position = declared.fields.firstIndex(where: { $0.name == field.name.text }) else {
        unknownField(field.name, of: declared.name, declared.fields.map(\.name))
        isSound = false
        continue
      }
      let type = declared.fields[position].type
      let purpose = Phrase("`\(field.name.text)`", es: "`\(field.name.text)`")
      if let value = typed(environment, { $0.check(field.value, being: type, purpose: purpose) }) {
        fields.append((position, value))
      } else {
        isSound = false
      }
    }
    return isSound ? CheckedRecord(event: event.position, fields: fields) : nil
  }

  private func unknownField(_ name: NameSyntax, of owner: String, _ known: [String]) {
    let near = Suggestion.nearest(to: name.text, among: known)
    let list = known.joined(separator: ", ")
    index.report(
      Diagnostic(
        .unknownMember,
        Phrase(
          "`\(owner)` has no field `\(name.text)`",
          es: "`\(owner)` no tiene el campo `\(name.text)`"),
        at: name.span, note: Phrase("it has: \(list)", es: "tiene: \(list)"),
        help: near.map { Phrase("did you mean `\($0)`?", es: "¿quisiste decir `\($0)`?") },
        edit: near.map { SourceEdit(span: name.span, replacement: $0) }))
  }

  // MARK: Expectations

  private func expectation(
    _ expectation: ExpectationSyntax, event: Int, _ context: TestContext
  ) -> CheckedExpectation? {
    switch expectation {
    case .signal(let name, let operation, let value):
      guard let signal = readableSignal(name, event: event, context) else { return nil }
      return comparison(name, operation, value, event: event, context)
        .map { .signal(signal, comparison: $0) }
    case .signalMissing(let name, let isMissing):
      return readableSignal(name, event: event, context)
        .map { .signalMissing($0, isMissing: isMissing) }
    case .rule(let name, let outcome):
      guard
        let rule = find(
          name, in: index.rules, from: context.file, kind: Phrase("rule", es: "la regla"))
      else { return nil }
      return PackageChecker.outcome(named: outcome).map { .rule(rule.position, $0) }
    case .score(let operation, let value):
      let environment = RuleEnvironment(
        index: index, file: context.file, event: nil, counters: ["score"])
      let left = ExpressionSyntax(.name("score"), span: value.span)
      return typed(environment) {
        $0.check(ExpressionSyntax(.binary(operation, left, value), span: value.span))
      }.map { .score(comparison: $0) }
    case .decision(let name):
      guard let policy = context.policies.first(where: { $0.event == event }) else {
        return noPolicy(event, name.span, context)
      }
      var outcomes = OutcomeNames(policy)
      let syntax = OutcomeSyntax(name: name, hold: nil, queue: nil)
      return outcome(&outcomes, syntax) == nil ? nil : .decision(name.text)
    case .reasons(let codes):
      let kind = Phrase("reason", es: "el motivo")
      let found = codes.filter {
        find($0, in: index.reasons, from: context.file, kind: kind) != nil
      }
      return found.count == codes.count ? .reasons(codes.map(\.text)) : nil
    }
  }

  private func noPolicy<Result>(
    _ event: Int, _ span: SourceSpan, _ context: TestContext
  ) -> Result? {
    if context.hasBrokenPolicy { return nil }
    let name = index.schema.events[event].name
    index.report(
      Diagnostic(
        .unknownDeclaration,
        Phrase("no policy governs `\(name)`", es: "ninguna política gobierna `\(name)`"), at: span,
        help: policyHelp(name)))
    return nil
  }

  /// A file looked at alone often has its policy in another file of its folder.
  private func policyHelp(_ event: String) -> Phrase {
    Phrase(
      "check the whole folder or import the file that has the policy, else add "
        + "`policy … { on \(event) … }`",
      es: "revisa toda la carpeta o importa el archivo que tiene la política; si no hay, agrega "
        + "`policy … { on \(event) … }`")
  }

  private static func outcome(named name: String) -> RuleOutcome? {
    switch name {
    case "fires": .fires
    case "silent": .silent
    case "unknown": .unknown
    case "error": .error
    default: nil
    }
  }

  private func readableSignal(
    _ name: NameSyntax, event: Int, _ context: TestContext
  ) -> Int? {
    guard
      let signal = find(
        name, in: index.signals, from: context.file, kind: Phrase("signal", es: "la señal")),
      let checked = index.checkedSignals[signal.position]
    else { return nil }
    guard checked.bareKeys[event] != nil else {
      let environment = RuleEnvironment(index: index, file: context.file, event: event)
      if let refusal = environment.refusal(of: name.text, at: name.span) { index.report(refusal) }
      return nil
    }
    guard context.policies.contains(where: { $0.event == event }) else {
      return noPolicy(event, name.span, context)
    }
    return signal.position
  }

  private func comparison(
    _ left: NameSyntax, _ operation: BinaryOperator, _ right: ExpressionSyntax, event: Int,
    _ context: TestContext
  ) -> TypedExpression? {
    let environment = RuleEnvironment(index: index, file: context.file, event: event)
    let signal = ExpressionSyntax(.name(left.text), span: left.span)
    let whole = ExpressionSyntax(
      .binary(operation, signal, right), span: left.span.joined(with: right.span))
    guard let checked = typed(environment, { $0.check(whole) }) else { return nil }
    let isSettled =
      checked.queries.isEmpty
      && checked.variables.allSatisfy { number in
        switch index.symbols[number] {
        case .param: true
        case .signal(let position): index.signals.all[position].name.text == left.text
        default: false
        }
      }
    guard isSettled else {
      index.report(
        Diagnostic(
          .wrongArguments,
          Phrase(
            "a test compares a signal with a value written out",
            es: "una prueba compara una señal con un valor escrito tal cual"),
          at: right.span))
      return nil
    }
    return checked
  }

  // MARK: Coverage

  /// Looked at only in a package without errors: what has one seems unused too easily.
  func checkCoverage(rules: [CheckedRule?], policies: [CheckedPolicy?]) {
    if index.findings.contains(where: { $0.code.severity == .error }) { return }
    let rules = rules.compactMap { $0 }
    let governed = Set(policies.compactMap { $0?.event })
    for rule in rules where !governed.contains(rule.event) {
      let event = index.schema.events[rule.event].name
      index.report(
        Diagnostic(
          .noPolicy, Phrase("this rule is never evaluated", es: "esta regla nunca se evalúa"),
          at: rule.span,
          note: Phrase("no policy governs `\(event)`", es: "ninguna política gobierna `\(event)`"),
          help: policyHelp(event)))
    }
    var tested: Set<String> = []
    for test in index.tests {
      for step in test.syntax.steps {
        if case .expect(.rule(let name, _), _) = step { tested.insert(name.text) }
      }
    }
    for rule in rules where rule.status == .live && !tested.contains(rule.name) {
      index.report(
        Diagnostic(
          .untestedRule,
          Phrase(
            "no test speaks of this live rule", es: "ninguna prueba habla de esta regla `live`"),
          at: rule.span,
          help: Phrase(
            "add a test with `expect rule \(rule.name) fires`",
            es: "agrega una prueba con `expect rule \(rule.name) fires`")))
    }
  }
}
