internal import Expressions
internal import Model
internal import Values

/// Signals that ask the graph of accounts.
extension PackageChecker {
  /// What one of these functions takes: a link or not, whose account, and what else by label.
  struct GraphFunction {
    enum Accounts {
      /// One account, `of: x`.
      case labelled
      /// Two accounts by place.
      case two
      /// One identifier by place.
      case identifier
    }

    var takesLink = true
    var accounts = Accounts.labelled
    /// Labels beside `of`, the needed ones first.
    var needed: [String] = []
    var optional: [String] = []
    /// Arguments by place behind the accounts.
    var extra = 0
    var example: String
  }

  static let graphFunctions: [String: GraphFunction] = [
    "cycle_length": GraphFunction(
      optional: ["max_hops", "collapse"], example: "cycle_length(referred, of: referrer)"),
    "component_size": GraphFunction(
      optional: ["max_nodes"], example: "component_size(shares_id, of: referee)"),
    "component_count": GraphFunction(
      needed: ["label"], example: "component_count(shares_id, of: referee, label: \"fraud\")"),
    "component_growth": GraphFunction(
      needed: ["over"], example: "component_growth(shares_id, of: referee, over: 24h)"),
    "shares_cluster": GraphFunction(
      accounts: .two, example: "shares_cluster(shares_id, referrer, referee)"),
    "degree": GraphFunction(example: "degree(shares_id, of: referee)"),
    "depth": GraphFunction(optional: ["max_hops"], example: "depth(referred, of: referrer)"),
    "fan_out": GraphFunction(example: "fan_out(referred, of: referrer)"),
    "subtree_size": GraphFunction(
      optional: ["max_hops"], example: "subtree_size(referred, of: referrer)"),
    "hops_to": GraphFunction(
      needed: ["label"], optional: ["max_hops"],
      example: "hops_to(shares_id, of: referee, label: \"fraud\", max_hops: 3)"),
    "common": GraphFunction(
      takesLink: false, accounts: .two, extra: 1, example: "common(referrer, referee, \"device\")"),
    "common_count": GraphFunction(
      takesLink: false, accounts: .two, extra: 1,
      example: "common_count(referrer, referee, [\"device\", \"phone\"])"),
    "is_hub": GraphFunction(takesLink: false, accounts: .identifier, example: "is_hub(device)"),
  ]

  /// Hops a search or a tree goes when the rule says nothing.
  private static let defaultHops = 6
  /// Beyond this a tree's counters cost more than they tell.
  private static let mostHops: Int64 = 64

  /// The expressions of the accounts or the identifier a signal asks about, as written.
  func graphKeys(_ syntax: SignalSyntax) -> [ExpressionSyntax] {
    guard let function = Self.graphFunctions[syntax.aggregate.text] else { return [] }
    let places = syntax.arguments.filter { $0.label == nil }.map(\.value)
      .dropFirst(function.takesLink ? 1 : 0)
    return switch function.accounts {
    case .labelled: syntax.arguments.filter { $0.label?.text == "of" }.map(\.value)
    case .two: Array(places.prefix(2))
    case .identifier: Array(places.prefix(1))
    }
  }

  func graphSignal(_ declared: Declared<SignalSyntax>) -> (CheckedSource, ValueType)? {
    let syntax = declared.syntax
    let name = syntax.aggregate.text
    guard let function = Self.graphFunctions[name], isWellFormed(syntax, function) else {
      return nil
    }
    var link: (position: Int, checked: CheckedLink, span: SourceSpan)?
    if function.takesLink {
      guard let argument = syntax.arguments.first?.value,
        let found = graphLink(argument, of: syntax, file: declared.file)
      else { return nil }
      link = (found.position, found.checked, argument.span)
    }
    guard let hops = hops(declared) else { return nil }
    switch (name, link) {
    case ("cycle_length", let link?): return cycle(declared, link, hops)
    case ("component_size", let link?):
      guard let most = count("max_nodes", declared, default: 0) else { return nil }
      return (.componentSize(link: link.position, maxNodes: most == 0 ? nil : most), .int)
    case ("component_count", let link?):
      guard let label = label(declared) else { return nil }
      return (.graph(.componentCount(link: link.position, label: label)), .int)
    case ("component_growth", let link?):
      guard let argument = argument("over", syntax),
        case .duration(let length)? = constant(
          argument, being: .duration, purpose: Phrase("`over:`", es: "`over:`"),
          file: declared.file),
        windowIsFit(DurationSyntax(microseconds: length, span: argument.span))
      else { return nil }
      return (.graph(.componentGrowth(link: link.position, microseconds: length)), .int)
    case ("shares_cluster", let link?): return (.graph(.sharesCluster(link: link.position)), .bool)
    case ("degree", let link?): return (.graph(.degree(link: link.position)), .int)
    case ("hops_to", let link?):
      guard let label = label(declared) else { return nil }
      return (.graph(.hopsTo(link: link.position, label: label, maxHops: hops)), .int)
    case (_, let link?): return tree(name, link, hops)
    case ("is_hub", nil): return hub(declared)
    default: return common(declared)
    }
  }

  // MARK: Functions

  private func cycle(
    _ declared: Declared<SignalSyntax>,
    _ link: (position: Int, checked: CheckedLink, span: SourceSpan), _ hops: Int
  ) -> (CheckedSource, ValueType)? {
    guard case .event = link.checked.source else {
      return unfit(
        link.span,
        Phrase(
          "a cycle needs a link that comes from an event",
          es: "un ciclo necesita un enlace que venga de un evento"))
    }
    guard let argument = argument("collapse", declared.syntax) else {
      return (.cycleLength(link: link.position, maxHops: hops), .int)
    }
    guard let collapse = graphLink(argument, of: declared.syntax, file: declared.file) else {
      return nil
    }
    guard !collapse.checked.isDirected, collapse.checked.entity == link.checked.entity else {
      return unfit(
        argument.span,
        Phrase(
          "`collapse:` needs a link written `--` between the same accounts",
          es: "`collapse:` necesita un enlace escrito `--` entre las mismas cuentas"))
    }
    return (
      .graph(
        .collapsedCycleLength(link: link.position, collapse: collapse.position, maxHops: hops)),
      .int
    )
  }

  private func tree(
    _ name: String, _ link: (position: Int, checked: CheckedLink, span: SourceSpan), _ hops: Int
  ) -> (CheckedSource, ValueType)? {
    guard link.checked.isDirected else {
      return unfit(
        link.span,
        Phrase(
          "`\(name)` needs a link with a direction, written `->`",
          es: "`\(name)` necesita un enlace con dirección, escrito `->`"))
    }
    let question: CheckedGraph =
      switch name {
      case "depth": .depth(link: link.position, maxHops: hops)
      case "fan_out": .fanOut(link: link.position)
      default: .subtreeSize(link: link.position, maxHops: hops)
      }
    return (.graph(question), .int)
  }

  private func hub(_ declared: Declared<SignalSyntax>) -> (CheckedSource, ValueType)? {
    // Which identifier it is follows from the field's type, on any event that has the field.
    let key = declared.syntax.arguments[0].value
    let types = index.schema.events.indices.compactMap { event in
      index.probing {
        var checker = ExpressionChecker(
          environment: RuleEnvironment(
            index: index, file: declared.file, event: event, allowsSignals: false))
        return checker.check(key)?.type
      }
    }
    for type in types {
      if case .reference(let name) = type, let found = index.identifiers[name],
        index.schema.identifiers[found.position].entity != nil
      {
        return (.graph(.isHub(identifier: found.position)), .bool)
      }
    }
    return unfit(
      key.span,
      Phrase(
        "`is_hub` asks about a field that is an identifier and links accounts",
        es: "`is_hub` pregunta por un campo que es un identificador y une cuentas"))
  }

  private func common(_ declared: Declared<SignalSyntax>) -> (CheckedSource, ValueType)? {
    let isCount = declared.syntax.aggregate.text == "common_count"
    let argument = declared.syntax.arguments[2].value
    let purpose = Phrase("the identifier's name", es: "el nombre del identificador")
    var names: [String] = []
    switch constant(
      argument, being: isCount ? .list(.string) : .string, purpose: purpose, file: declared.file)
    {
    case .string(let name)?: names = [name]
    case .list(let values)?:
      names = values.compactMap { if case .string(let name) = $0 { name } else { nil } }
    default: return nil
    }
    var identifiers: [Int] = []
    for name in names {
      guard
        let found = find(
          NameSyntax(name, span: argument.span), in: index.identifiers, from: declared.file,
          kind: Phrase("identifier", es: "el identificador"))
      else { return nil }
      identifiers.append(found.position)
    }
    let entities = Set(identifiers.map { index.schema.identifiers[$0].entity })
    guard entities.count == 1, !entities.contains(nil) else {
      return unfit(
        argument.span,
        Phrase(
          "these identifiers do not link accounts of one entity",
          es: "estos identificadores no unen cuentas de una misma entidad"))
    }
    return isCount
      ? (.graph(.commonCount(identifiers: identifiers)), .int)
      : (.graph(.common(identifier: identifiers[0])), .bool)
  }

  // MARK: Arguments

  private func isWellFormed(_ syntax: SignalSyntax, _ function: GraphFunction) -> Bool {
    let name = syntax.aggregate.text
    let places = syntax.arguments.prefix { $0.label == nil }
    var wantedPlaces = (function.takesLink ? 1 : 0) + function.extra
    switch function.accounts {
    case .labelled: break
    case .two: wantedPlaces += 2
    case .identifier: wantedPlaces += 1
    }
    var known = function.needed + function.optional
    if case .labelled = function.accounts { known.insert("of", at: 0) }
    let labelled = syntax.arguments.dropFirst(places.count)
    let help = Phrase("`\(function.example)`", es: "`\(function.example)`")
    for argument in labelled {
      guard let label = argument.label else {
        return misshapen(argument.value.span, name, known, help)
      }
      guard known.contains(label.text),
        labelled.filter({ $0.label?.text == label.text }).count == 1
      else { return misshapen(label.span, name, known, help) }
    }
    guard places.count == wantedPlaces else {
      let title =
        places.isEmpty && function.takesLink
        ? Phrase("`\(name)` starts with a link", es: "`\(name)` comienza con un enlace")
        : Phrase(
          "`\(name)` takes other arguments", es: "`\(name)` recibe otros argumentos")
      index.report(Diagnostic(.linkUnfit, title, at: syntax.aggregateSpan, help: help))
      return false
    }
    if case .labelled = function.accounts, argument("of", syntax) == nil {
      index.report(
        Diagnostic(
          .linkUnfit, Phrase("say whose: `of: referee`", es: "di de quién: `of: referee`"),
          at: syntax.aggregateSpan))
      return false
    }
    for label in function.needed where argument(label, syntax) == nil {
      index.report(
        Diagnostic(
          .linkUnfit,
          Phrase("`\(name)` needs `\(label):`", es: "`\(name)` necesita `\(label):`"),
          at: syntax.aggregateSpan, help: help))
      return false
    }
    return true
  }

  private func misshapen(
    _ span: SourceSpan, _ name: String, _ known: [String], _ help: Phrase
  ) -> Bool {
    let english = known.map { "`\($0):`" }.joined(separator: " and ")
    let spanish = known.map { "`\($0):`" }.joined(separator: " y ")
    index.report(
      Diagnostic(
        .linkUnfit,
        known.isEmpty
          ? Phrase("`\(name)` takes no labels", es: "`\(name)` no recibe etiquetas")
          : Phrase("`\(name)` takes \(english)", es: "`\(name)` recibe \(spanish)"),
        at: span, help: help))
    return false
  }

  private func argument(_ label: String, _ syntax: SignalSyntax) -> ExpressionSyntax? {
    syntax.arguments.first { $0.label?.text == label }?.value
  }

  private func graphLink(
    _ argument: ExpressionSyntax, of syntax: SignalSyntax, file: Int
  ) -> (position: Int, checked: CheckedLink)? {
    guard case .name(let name) = argument.kind else {
      return unfit(
        argument.span,
        Phrase(
          "`\(syntax.aggregate.text)` asks about a link, by its name",
          es: "`\(syntax.aggregate.text)` pregunta por un enlace, por su nombre"))
    }
    guard
      let link = find(
        NameSyntax(name, span: argument.span), in: index.links, from: file,
        kind: Phrase("link", es: "el enlace")), let checked = index.checkedLinks[link.position]
    else { return nil }
    return (link.position, checked)
  }

  private func label(_ declared: Declared<SignalSyntax>) -> String? {
    guard let argument = argument("label", declared.syntax),
      case .string(let label)? = constant(
        argument, being: .string, purpose: Phrase("`label:`", es: "`label:`"), file: declared.file)
    else { return nil }
    return label
  }

  private func hops(_ declared: Declared<SignalSyntax>) -> Int? {
    count("max_hops", declared, default: Self.defaultHops)
  }

  /// A whole number from 1 on; nil when it is none, which is reported.
  private func count(
    _ label: String, _ declared: Declared<SignalSyntax>, default value: Int
  ) -> Int? {
    guard let argument = argument(label, declared.syntax) else { return value }
    guard
      case .int(let count)? = constant(
        argument, being: .int, purpose: Phrase("`\(label)`", es: "`\(label)`"),
        file: declared.file)
    else { return nil }
    let most = label == "max_hops" ? Self.mostHops : .max
    guard count >= 1, count <= most else {
      return unfit(
        argument.span,
        label == "max_hops"
          ? Phrase("`max_hops:` is from 1 to 64", es: "`max_hops:` va de 1 a 64")
          : Phrase("`\(label):` is at least 1", es: "`\(label):` es al menos 1"))
    }
    return Int(count)
  }
}

extension CheckedLink {
  /// Whether it was written `->`.
  var isDirected: Bool {
    if case .event(_, _, _, let isDirected) = source { isDirected } else { false }
  }
}
