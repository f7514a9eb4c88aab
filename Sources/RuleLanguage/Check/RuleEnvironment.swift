internal import Expressions
internal import Model
internal import Values

/// What names mean in a file, on an event type, with or without signals.
struct RuleEnvironment: ExpressionEnvironment {
  let index: PackageIndex
  /// The file the expression stands in.
  let file: Int
  /// The event whose fields are visible; nil outside events.
  var event: Int?
  /// Whether signals may be named: not in what is frozen at arrival.
  var allowsSignals = true
  /// Names of counters visible in a test's event.
  var counters: [String] = []
  /// Whether a name that means nothing here is no mistake, so that nobody need look for the one
  /// that was meant.
  var isProbing = false

  private func isVisible(_ declaring: Int) -> Bool { index.visible[file].contains(declaring) }

  // MARK: Lookup

  func variable(named name: String) -> Variable? {
    if counters.contains(name) {
      return Variable(
        number: index.number(of: .counter(name)), type: .int, mayBeMissing: false,
        role: Phrase("counter", es: "un contador"))
    }
    return field(named: name) ?? declared(named: name, where: isVisible)
  }

  private func field(named name: String) -> Variable? {
    guard let event,
      let field = index.schema.events[event].fields.firstIndex(where: { $0.name == name })
    else { return nil }
    let found = index.schema.events[event].fields[field]
    return Variable(
      number: index.number(of: .field(event: event, field: field)), type: found.type,
      mayBeMissing: found.isOptional && !index.isSettled(found.name, of: event),
      role: Phrase("field", es: "un campo"))
  }

  private func declared(named name: String, where isVisible: (Int) -> Bool) -> Variable? {
    guard let value = index.values[name], isVisible(value.file) else { return nil }
    switch value {
    case .param(let param):
      guard let type = index.checkedParam(param.position)?.type else { return nil }
      return Variable(
        number: index.number(of: .param(param.position)), type: type, mayBeMissing: false,
        role: Phrase("param", es: "un parámetro"), declared: param.name.span)
    case .list(let list):
      guard let element = index.checkedList(list.position)?.element else { return nil }
      return Variable(
        number: index.number(of: .list(list.position)), type: .list(element),
        mayBeMissing: false, role: Phrase("list", es: "una lista"), declared: list.name.span)
    case .signal(let signal): return self.signal(signal)
    case .derived(let declared): return derived(declared)
    }
  }

  private func derived(_ declared: Declared<LetSyntax>) -> Variable? {
    guard let event, allowsSignals || !index.mentionsSignal(declared),
      let typed = index.typedLet(declared, event: event)
    else { return nil }
    let value = index.typedLets[typed].value
    return Variable(
      number: index.number(of: .derived(typed)), type: value.type,
      mayBeMissing: value.mayBeMissing, role: Phrase("let", es: "un let"),
      declared: declared.name.span)
  }

  private func signal(_ declared: Declared<SignalSyntax>) -> Variable? {
    guard allowsSignals, let event, let checked = index.checkedSignal(declared.position),
      let keys = checked.bareKeys[event]
    else { return nil }
    return Variable(
      number: index.number(of: .signal(declared.position)), type: checked.type,
      mayBeMissing: keys.contains(where: \.mayBeMissing) || checked.source.mayBeMissing,
      role: Phrase("signal", es: "una señal"),
      declared: declared.name.span)
  }

  func member(_ name: String, of base: String) -> Variable? {
    if let (event, field, entity) = entityField(base) {
      guard let attribute = entity.attributes.firstIndex(where: { $0.name == name }) else {
        return nil
      }
      let symbol = Symbol.attribute(event: event, field: field, attribute: attribute)
      return Variable(
        number: index.number(of: symbol), type: entity.attributes[attribute].type,
        mayBeMissing: true, role: Phrase("attribute", es: "un atributo"))
    }
    if let files = index.aliased[file][base] {
      return declared(named: name) { files.contains($0) }
    }
    return nil
  }

  private func entityField(_ name: String) -> (event: Int, field: Int, entity: Entity)? {
    guard let event,
      let field = index.schema.events[event].fields.firstIndex(where: { $0.name == name }),
      case .entity(let entity) = index.schema.events[event].fields[field].kind
    else { return nil }
    return (event, field, index.schema.entities[entity])
  }

  func memberNames(of base: String) -> [String]? {
    if let (_, _, entity) = entityField(base) { return entity.attributes.map(\.name) }
    guard let files = index.aliased[file][base] else { return nil }
    return declaredNames { files.contains($0) }.map(\.name)
      .filter { index.values[$0].map(index.isAhead) != true }
  }

  func query(named name: String) -> Query? {
    guard allowsSignals, case .signal(let declared)? = index.values[name],
      isVisible(declared.file), let checked = index.checkedSignal(declared.position)
    else { return nil }
    let parameters: [ValueType] =
      switch checked.source {
      case .window(let window): window.keys.map(\.type)
      case .timeline(let window): window.keys.map(\.type)
      case .sequence(let sequence): sequence.second.keys.map(\.type)
      case .cycleLength, .componentSize, .graph: index.keyTypes(of: checked.source)
      }
    return Query(
      number: declared.position, parameters: parameters, type: checked.type,
      mayBeMissing: checked.source.mayBeMissing, declared: declared.name.span)
  }

  func cases(of enumeration: String) -> [String] {
    index.schema.enumerations.first { $0.name == enumeration }?.cases ?? []
  }

  func normalized(_ text: String, as reference: String) -> String {
    index.schema.identifiers.first { $0.name == reference }?.normalized(text) ?? text
  }

  // MARK: Explaining

  /// Whether the name is declared but has a mistake of its own, which is reported there.
  func isBroken(_ name: String) -> Bool {
    if isProbing { return true }
    guard let value = index.values[name] else { return index.mayExist(name, from: file) }
    guard isVisible(value.file) else { return index.isImportTold(value.file, in: file) }
    switch value {
    case _ where index.isAhead(value): return false
    case .param(let param): return index.checkedParam(param.position) == nil
    case .list(let list): return index.checkedList(list.position) == nil
    case .signal(let signal): return index.checkedSignal(signal.position) == nil
    case .derived(let declared):
      guard let event, allowsSignals || !index.mentionsSignal(declared) else { return false }
      return index.typedLet(declared, event: event) == nil
    }
  }

  func refusal(of name: String, at span: SourceSpan) -> Diagnostic? {
    let value = index.values[name]
    if let hidden = value?.file, !isVisible(hidden) {
      index.tellImport(hidden, in: file)
      let path = index.package.files[hidden].path.split(separator: "/").last ?? ""
      return Diagnostic(
        .unknownName,
        Phrase("`\(name)` is not imported here", es: "`\(name)` no está importado aquí"),
        at: span, note: Phrase("it is declared in \(path)", es: "se declara en \(path)"),
        help: Phrase("add `import \"\(path)\"`", es: "agrega `import \"\(path)\"`"),
        edit: index.importing(hidden, into: file))
    }
    switch value {
    case .param(let param)? where index.isAhead(.param(param)):
      return aheadRefusal(param.name, span)
    case .list(let list)? where index.isAhead(.list(list)):
      return aheadRefusal(list.name, span)
    case .signal(let signal):
      if !allowsSignals { return signalRefusal(name, span) }
      return event.map { keyRefusal(signal, on: $0, at: span) }
    case .derived: return allowsSignals ? nil : signalRefusal(name, span)
    default: return nil
    }
  }

  private func aheadRefusal(_ declared: NameSyntax, _ span: SourceSpan) -> Diagnostic {
    let name = declared.text
    return Diagnostic(
      .unknownName,
      Phrase("`\(name)` has no value yet here", es: "`\(name)` aún no tiene valor aquí"),
      at: span,
      secondary: [
        DiagnosticLabel(declared.span, Phrase("declared here", es: "se declara aquí"))
      ],
      note: Phrase(
        "params get their values in the order of their declarations, and lists after them",
        es: "los parámetros toman su valor en el orden en que se declaran, y las listas después"),
      help: Phrase(
        "write the value itself, or name a param that is declared above",
        es: "escribe el valor mismo, o nombra un parámetro declarado antes"))
  }

  private func keyRefusal(
    _ signal: Declared<SignalSyntax>, on event: Int, at span: SourceSpan
  ) -> Diagnostic {
    let name = signal.name.text
    let eventName = index.schema.events[event].name
    let keys = signal.syntax.keys.map { index.package.sources.text($0.span) }
    let arguments = signal.syntax.arguments.filter { $0.label?.text == "of" }
      .map { index.package.sources.text($0.value.span) }
    let asked = (keys + arguments).joined(separator: ", ")
    return Diagnostic(
      .keyNotOnEvent,
      Phrase(
        "`\(name)` cannot be read on `\(eventName)` by its bare name",
        es: "`\(name)` no se puede leer en `\(eventName)` con solo su nombre"), at: span,
      secondary: [
        DiagnosticLabel(signal.name.span, Phrase("declared here", es: "se declara aquí"))
      ],
      note: Phrase(
        "its key `\(asked)` is not on `\(eventName)`, or has another type there",
        es: "su clave `\(asked)` no está en `\(eventName)`, o ahí es de otro tipo"),
      help: Phrase("ask it for a key: `\(name)(…)`", es: "pregúntala con una clave: `\(name)(…)`"))
  }

  private func signalRefusal(_ name: String, _ span: SourceSpan) -> Diagnostic {
    Diagnostic(
      .signalOverSignal,
      Phrase(
        "`\(name)` depends on a signal and cannot be used here",
        es: "`\(name)` depende de una señal y no se puede usar aquí"),
      at: span,
      note: Phrase(
        "what a signal counts is settled when its event arrives: fields, attributes, params and lists only",
        es:
          "lo que cuenta una señal se fija cuando llega su evento: solo campos, atributos, parámetros y listas"
      ))
  }

  /// So many findings come with the name that was probably meant.
  private static let mostSuggestions = 200

  var names: [(name: String, role: Phrase)] {
    // What is only tried out is told to nobody. And among a thousand mistakes nobody looks for what
    // each name may have meant, which takes as long as there are names.
    if isProbing || index.isProbing || index.findings.count >= Self.mostSuggestions { return [] }
    var all: [(name: String, role: Phrase)] = counters.map {
      ($0, Phrase("counter", es: "un contador"))
    }
    if let event {
      all += index.schema.events[event].fields.map { ($0.name, Phrase("field", es: "un campo")) }
    }
    return all + declaredNames(where: isVisible)
  }

  private func declaredNames(where isVisible: (Int) -> Bool) -> [(name: String, role: Phrase)] {
    var all: [(name: String, role: Phrase)] = []
    if allowsSignals {
      for signal in index.signals.all where isVisible(signal.file) {
        all.append((signal.name.text, Phrase("signal", es: "una señal")))
      }
    }
    for param in index.params.all where isVisible(param.file) {
      all.append((param.name.text, Phrase("param", es: "un parámetro")))
    }
    for list in index.lists.all where isVisible(list.file) {
      all.append((list.name.text, Phrase("list", es: "una lista")))
    }
    for derived in index.lets.all where isVisible(derived.file) {
      all.append((derived.name.text, Phrase("let", es: "un let")))
    }
    return all
  }

  /// The fields of the event, as many as one reads.
  var overview: Phrase? {
    guard let event else { return nil }
    let declared = index.schema.events[event]
    let fields = declared.fields.prefix(20).map(\.name).joined(separator: ", ")
    let more = declared.fields.count > 20 ? ", …" : ""
    return Phrase(
      "`\(declared.name)` has the fields \(fields)\(more)",
      es: "`\(declared.name)` tiene los campos \(fields)\(more)")
  }

  var visibleKinds: Phrase {
    if event == nil { return Phrase("param or list", es: "ningún parámetro o lista") }
    return allowsSignals
      ? Phrase("signal, field, list or param", es: "ninguna señal, campo, lista o parámetro")
      : Phrase("field, list or param", es: "ningún campo, lista o parámetro")
  }
}
