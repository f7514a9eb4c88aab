public import Expressions
public import Model
public import Values

/// A checked package, or what is wrong with it.
public struct PackageCheck: Sendable {
  /// The files, for spans.
  public var sources: SourceMap
  /// The package; nil when there are errors.
  public var rules: CheckedRules?
  /// Errors and warnings in file order.
  public var findings: [Diagnostic]
  /// A path that could not be read at all.
  public var unreadable: (path: String, failure: RuleFileFailure)?

  /// Whether any finding is an error.
  public var hasErrors: Bool {
    unreadable != nil || findings.contains { $0.code.severity == .error }
  }
}

/// Checks a package: names first, then the schema, then what builds on it, in the order of need.
public struct PackageChecker {
  let index: PackageIndex

  /// Loads and checks the package at a path. With a time, rules whose dates are past are told too;
  /// without one the findings depend on the files alone. Params named in `setting` have these
  /// values instead of those that the files give them.
  public static func check(
    _ path: String, from store: any RuleFileStore, now: Timestamp? = nil,
    setting: [String: Value] = [:]
  ) -> PackageCheck {
    let package = PackageLoader.load(path, from: store)
    if let unreadable = package.unreadable {
      return PackageCheck(
        sources: package.sources, rules: nil, findings: [], unreadable: unreadable)
    }
    let index = PackageIndex(package)
    index.store = store
    index.setting = setting
    package.findings.forEach(index.report)
    let rules = PackageChecker(index: index).run(now: now)
    let findings = index.findings.sorted {
      ($0.primary.span.file, $0.primary.span.start, $0.code.rawValue)
        < ($1.primary.span.file, $1.primary.span.start, $1.code.rawValue)
    }
    let hasErrors = findings.contains { $0.code.severity == .error }
    return PackageCheck(
      sources: package.sources, rules: hasErrors ? nil : rules, findings: findings)
  }

  private func run(now: Timestamp?) -> CheckedRules {
    declareAll()
    declareBuiltInEvents()
    declareDecisionEvents()
    checkRuleCount()
    checkSchema()
    checkParams()
    checkLists()
    checkLinks()
    checkSignals()
    checkReasons()
    let policies = checkPolicies()
    let rules = checkRules(policies)
    let defaults = fieldDefaults()
    let tests = checkTests(rules: rules, policies: policies)
    checkUnusedLets()
    checkCoverage(rules: rules, policies: policies)
    checkLints(rules: rules, policies: policies, now: now)
    return CheckedRules(
      schema: index.schema, symbols: index.symbols,
      params: index.checkedParams.compactMap { $0 }, settledParams: index.settledParams,
      lists: index.checkedLists.compactMap { $0 },
      links: index.checkedLinks.compactMap { $0 }, signals: index.checkedSignals.compactMap { $0 },
      lets: index.typedLets, reasons: index.reasons.all.map { CheckedReason(code: $0.name.text) },
      rules: rules.compactMap { $0 }, policies: policies.compactMap { $0 }, tests: tests,
      fieldDefaults: defaults, builtInEvents: builtInEvents(), zones: index.zones,
      canonicalText: index.package.files.map(\.syntax.canonicalText).joined(separator: "\n"))
  }

  // MARK: Names

  private func declareAll() {
    for (file, loaded) in index.package.files.enumerated() {
      for block in loaded.syntax.blocks { declare(block, file) }
    }
    var fields: [String: NameSyntax] = [:]
    for event in index.events.all {
      for field in event.syntax.fields { fields[field.name.text] = field.name }
    }
    for name in valueNames() {
      if let field = fields[name.text] {
        duplicate(
          name, first: field, Phrase("a field has this name", es: "un campo tiene este nombre"))
      }
    }
  }

  /// Checking and compiling are linear in rules, and no team of people reads more.
  private func checkRuleCount() {
    guard index.rules.all.count > Limits.rules else { return }
    let first = index.rules.all[Limits.rules]
    index.report(
      Diagnostic(
        .tooManyRules,
        Phrase(
          "a package of more than \(Limits.rules) rules",
          es: "un paquete de más de \(Limits.rules) reglas"),
        at: first.name.span, label: Phrase("one too many", es: "esta ya no cabe"),
        help: Phrase(
          "put values that differ into a list or param, or split the package",
          es: "pasa los valores que cambian a una lista o parámetro, o divide el paquete")))
  }

  private func valueNames() -> [NameSyntax] {
    index.params.all.map(\.name) + index.lists.all.map(\.name) + index.signals.all.map(\.name)
      + index.lets.all.map(\.name)
  }

  private func declare(_ block: BlockSyntax, _ file: Int) {
    switch block {
    case .enumeration(let block):
      guard isFreeType(block.name) else { return }
      note(index.enumerations.add(block, block.name, file: file), block.name)
    case .entity(let block):
      guard isFreeType(block.name) else { return }
      note(index.entities.add(block, block.name, file: file), block.name)
    case .identifier(let block):
      guard isFreeType(block.name) else { return }
      note(index.identifiers.add(block, block.name, file: file), block.name)
    case .event(let block): note(index.events.add(block, block.name, file: file), block.name)
    case .list(let block):
      guard isFreeValue(block.name) else { return }
      let declared = index.lists.add(block, block.name, file: file).declared
      index.values[block.name.text] = .list(declared)
    case .param(let block):
      guard isFreeValue(block.name) else { return }
      let declared = index.params.add(block, block.name, file: file).declared
      index.values[block.name.text] = .param(declared)
    case .link(let block): note(index.links.add(block, block.name, file: file), block.name)
    case .signal(let block):
      guard isFreeValue(block.name) else { return }
      let declared = index.signals.add(block, block.name, file: file).declared
      index.values[block.name.text] = .signal(declared)
    case .derived(let block):
      guard isFreeValue(block.name) else { return }
      let declared = index.lets.add(block, block.name, file: file).declared
      index.values[block.name.text] = .derived(declared)
    case .reason(let block): note(index.reasons.add(block, block.name, file: file), block.name)
    case .rule(let block): note(index.rules.add(block, block.name, file: file), block.name)
    case .policy(let block): note(index.policies.add(block, block.name, file: file), block.name)
    case .test(let block): index.tests.append((block, file))
    }
  }

  private func note<Syntax>(
    _ added: (declared: Declared<Syntax>, isNew: Bool), _ name: NameSyntax
  ) {
    if !added.isNew { duplicate(name, first: added.declared.name) }
  }

  /// Enums, entities and identifiers share one space of names, because fields name them as types.
  private func isFreeType(_ name: NameSyntax) -> Bool {
    if let other = index.typeNames[name.text] {
      duplicate(name, first: other)
      return false
    }
    index.typeNames[name.text] = name
    guard PackageChecker.plainTypes[name.text] != nil || name.text == "decimal" else {
      return true
    }
    index.report(
      Diagnostic(
        .duplicateName,
        Phrase("`\(name.text)` is a type already", es: "`\(name.text)` ya es un tipo"),
        at: name.span, help: Phrase("give it another name", es: "dale otro nombre")))
    return false
  }

  /// Params, lists, signals and lets share one space of names, because expressions name them.
  private func isFreeValue(_ name: NameSyntax) -> Bool {
    guard let other = index.values[name.text] else { return true }
    duplicate(name, first: other.name)
    return false
  }

  private func duplicate(_ name: NameSyntax, first: NameSyntax, _ note: Phrase? = nil) {
    index.report(
      Diagnostic(
        .duplicateName,
        Phrase("`\(name.text)` is declared twice", es: "`\(name.text)` se declara dos veces"),
        at: name.span, label: Phrase("again here", es: "otra vez aquí"),
        secondary: [DiagnosticLabel(first.span, Phrase("first here", es: "primero aquí"))],
        note: note,
        help: Phrase("give one of them another name", es: "dale otro nombre a uno de los dos")))
  }

  // MARK: Shared

  /// The change to the name that was most likely meant.
  func nearest(_ name: NameSyntax, among names: [String]) -> SourceEdit? {
    Suggestion.nearest(to: name.text, among: names)
      .map { SourceEdit(span: name.span, replacement: $0) }
  }

  /// The declaration of a name that must exist and be visible; reports when it is not.
  func find<Syntax>(
    _ name: NameSyntax, in names: DeclaredNames<Syntax>, from file: Int, kind: Phrase
  ) -> Declared<Syntax>? {
    if let declared = names[name.text] {
      if index.visible[file].contains(declared.file) { return declared }
      guard !index.isImportTold(declared.file, in: file) else { return nil }
      index.tellImport(declared.file, in: file)
      let path = index.package.files[declared.file].path.split(separator: "/").last ?? ""
      index.report(
        Diagnostic(
          .unknownDeclaration,
          Phrase(
            "\(kind.english) `\(name.text)` is not imported here",
            es: "falta importar \(kind.spanish) `\(name.text)`"),
          at: name.span,
          help: Phrase("add `import \"\(path)\"`", es: "agrega `import \"\(path)\"`"),
          edit: index.importing(declared.file, into: file)))
      return nil
    }
    guard !index.mayExist(name.text, from: file) else { return nil }
    let near = Suggestion.nearest(to: name.text, among: names.all.map(\.name.text))
    index.report(
      Diagnostic(
        .unknownDeclaration,
        Phrase(
          "unknown \(kind.english) `\(name.text)`", es: "no existe \(kind.spanish) `\(name.text)`"),
        at: name.span,
        help: near.map { Phrase("did you mean `\($0)`?", es: "¿quisiste decir `\($0)`?") }
          ?? Phrase(
            "declare it: `\(kind.english) \(name.text) …`",
            es: "falta declarar: `\(kind.english) \(name.text) …`"),
        edit: near.map { SourceEdit(span: name.span, replacement: $0) }))
    return nil
  }

  /// Types one expression, collecting its findings.
  func typed(
    _ environment: RuleEnvironment,
    _ body: (inout ExpressionChecker) -> TypedExpression?
  ) -> TypedExpression? {
    var checker = ExpressionChecker(environment: environment)
    let result = body(&checker)
    checker.findings.forEach(index.report)
    guard let result, environment.event == nil || index.isRunnable(result) else { return nil }
    return result
  }

  /// The value of an expression over params and lists alone; nil when it has a mistake.
  func constant(
    _ expression: ExpressionSyntax, being type: ValueType, purpose: Phrase, file: Int
  ) -> Value? {
    let environment = RuleEnvironment(index: index, file: file, event: nil, allowsSignals: false)
    guard
      let typed = typed(environment, { $0.check(expression, being: type, purpose: purpose) })
    else { return nil }
    return value(of: typed)
  }

  /// The value of a typed expression over params and lists.
  func value(of typed: TypedExpression) -> Value {
    let symbols = index.symbols
    let interpreter = Interpreter(
      variable: { number in
        switch symbols[number] {
        case .param(let position): index.settle(position)
        case .list(let position): .list(index.checkedLists[position]?.values ?? [])
        default: .missing
        }
      }, query: { _, _ in .missing })
    return interpreter.evaluate(typed)
  }

  func missingClause(_ clause: String, of kind: Phrase, _ span: SourceSpan, help: Phrase) {
    index.report(
      Diagnostic(
        .missingClause,
        Phrase(
          "this \(kind.english) has no `\(clause)`", es: "a \(kind.spanish) le falta `\(clause)`"),
        at: span, help: help))
  }
}
