internal import Digests
internal import Expressions
internal import Model
public import Program
public import RuleLanguage
public import Values

/// Values that replace shipped ones: `--set p=8`, or what a test gives with `with`.
public struct Overrides: Sendable {
  /// Params by position.
  public var params: [Int: Value]
  /// List elements by position.
  public var lists: [Int: [Value]]

  /// Creates overrides, by default none.
  public init(params: [Int: Value] = [:], lists: [Int: [Value]] = [:]) {
    self.params = params
    self.lists = lists
  }
}

/// Turns checked rules into a program an engine runs.
///
/// Equal expressions are computed once per event, windows over one (event, key, filter) share one
/// list, and what is constant is folded.
public struct PackageCompiler {
  let rules: CheckedRules
  let overrides: Overrides
  /// By position the values to try of params that get registers of their own.
  let free: [Int: [Value]]
  /// Those of them whose value went into anything but code.
  var folded: Set<Int>
  var constants = ConstantPool()
  var keySpaces: [KeySpace] = []
  var lists = EventLists()
  var timelines = Timelines()
  var signals: [SignalSource] = []
  var listFiles: [ListFilePlan] = []

  /// Compiles a package. The params in `free`, by position, get registers of their own, so that the
  /// program serves all the values given: `RuleProgram.freeParams`.
  public static func compile(
    _ rules: CheckedRules, overrides: Overrides = Overrides(), free: [Int: [Value]] = [:]
  ) -> RuleProgram {
    var compiler = PackageCompiler(rules: rules, overrides: overrides, free: free)
    return compiler.run()
  }

  private init(rules: CheckedRules, overrides: Overrides, free: [Int: [Value]]) {
    self.rules = rules
    self.overrides = overrides
    self.free = free
    // What the checker has made of a value is in the checked rules for good.
    folded = rules.settledParams.intersection(free.keys)
  }

  private mutating func run() -> RuleProgram {
    keySpaces =
      rules.schema.entities.indices.map(KeySpace.entity)
      + rules.schema.identifiers.indices.map(KeySpace.identifier)
    signals = rules.signals.map { signalSource($0) }
    for (position, list) in rules.lists.enumerated() where overrides.lists[position] == nil {
      guard let file = list.file else { continue }
      listFiles.append(
        ListFilePlan(
          name: list.name, path: file.path, file: file.file,
          refreshMicroseconds: file.refreshMicroseconds, textSet: Int(constants.ownTextSet())))
    }
    let links = rules.links.indices.map(link)
    var freeParams = free.keys.sorted().map { position in
      FreeParam(
        param: position, registers: [],
        payloads: (free[position] ?? []).map { constants.load($0).payload }, isFolded: false)
    }
    let events = rules.schema.events.indices.map { event in
      var builder = EventProgramBuilder(compiler: self, event: event)
      var program = builder.build(links: links)
      CodeFusion.fuse(&program)
      constants = builder.compiler.constants
      folded = builder.compiler.folded
      for place in freeParams.indices {
        freeParams[place].registers.append(builder.freeRegisters[freeParams[place].param])
      }
      return program
    }
    for place in freeParams.indices {
      freeParams[place].isFolded = folded.contains(freeParams[place].param)
    }
    var program = RuleProgram(
      schema: rules.schema, catalog: catalog(), constants: constants.constants,
      keySpaces: keySpaces, lists: lists.plans, timelines: timelines.plans,
      sequences: timelines.sequences, zones: rules.zones, links: links, signals: signals,
      events: events)
    program.labels = labels
    program.listFiles = listFiles
    program.freeParams = freeParams
    return program
  }

  // MARK: State

  private mutating func signalSource(_ signal: CheckedSignal) -> SignalSource {
    switch signal.source {
    case .cycleLength(let link, let maxHops): return .cycleLength(link: link, maxHops: maxHops)
    case .componentSize(let link, let maxNodes):
      return .componentSize(link: link, maxNodes: maxNodes)
    case .graph(let question): return .graph(graphQuestion(question))
    case .timeline(let window): return timelineSource(window)
    case .sequence(let sequence): return sequenceSource(sequence)
    case .window(let window):
      let list = lists.list(
        for: window, keySpace: keySpace(of: window.keys.map(\.type)),
        lateMicroseconds: rules.schema.events[window.event].lateMicroseconds)
      let aggregate: Aggregate =
        switch window.aggregate {
        case .count: .count
        case .sum(let value): .sum(column: lists.sumColumn(value, of: list))
        case .distinct(let value):
          .distinct(
            column: lists.distinctColumn(value, of: list, keySpace: keySpace(of: [value.type])))
        }
      return .window(
        list: list, window: lists.window(window.microseconds, of: list), aggregate: aggregate,
        excludingCurrent: window.excludesCurrent)
    }
  }

  /// The space that keys of these types live in: an entity's or identifier's own, or one for
  /// tuples.
  mutating func keySpace(of types: [ValueType]) -> Int {
    if types.count == 1, case .reference(let name) = types[0] {
      if let entity = rules.schema.entities.firstIndex(where: { $0.name == name }) { return entity }
      if let identifier = rules.schema.identifiers.firstIndex(where: { $0.name == name }) {
        return rules.schema.entities.count + identifier
      }
    }
    let space = KeySpace.values(types)
    if let known = keySpaces.firstIndex(of: space) { return known }
    keySpaces.append(space)
    return keySpaces.count - 1
  }

  private func link(_ position: Int) -> LinkPlan {
    let link = rules.links[position]
    let source: LinkSource =
      switch link.source {
      case .identifiers(let identifiers): .identifiers(identifiers)
      case .event(let event, let from, let to, let isDirected):
        .event(
          type: event, fromSlot: rules.schema.events[event].fields[from].slot,
          toSlot: rules.schema.events[event].fields[to].slot, directed: isDirected)
      }
    return LinkPlan(
      name: link.name, entity: link.entity, source: source,
      windowMicroseconds: link.windowMicroseconds,
      needsComponents: signals.contains {
        if case .componentSize(position, _) = $0 { true } else { false }
      },
      needsAdjacency: signals.contains {
        if case .cycleLength(position, _) = $0 { true } else { false }
      })
  }

  /// Labels that signals look for, in order of declaration.
  private var labels: [String] {
    var labels: [String] = []
    for signal in rules.signals {
      guard case .graph(let question) = signal.source, let label = question.label,
        !labels.contains(label)
      else { continue }
      labels.append(label)
    }
    return labels
  }

  private func graphQuestion(_ question: CheckedGraph) -> GraphQuestion {
    func position(_ label: String) -> Int {
      guard let position = labels.firstIndex(of: label) else {
        preconditionFailure("every label is collected from the signals")
      }
      return position
    }
    return switch question {
    case .collapsedCycleLength(let link, let collapse, let maxHops):
      .collapsedCycleLength(link: link, collapse: collapse, maxHops: maxHops)
    case .componentCount(let link, let label):
      .componentCount(link: link, label: position(label))
    case .componentGrowth(let link, let length):
      .componentGrowth(link: link, microseconds: length)
    case .sharesCluster(let link): .sharesCluster(link: link)
    case .degree(let link): .degree(link: link)
    case .common(let identifier): .common(identifier: identifier)
    case .commonCount(let identifiers): .commonCount(identifiers: identifiers)
    case .isHub(let identifier): .isHub(identifier: identifier)
    case .depth(let link, let maxHops): .depth(link: link, maxHops: maxHops)
    case .fanOut(let link): .fanOut(link: link)
    case .subtreeSize(let link, let maxHops): .subtreeSize(link: link, maxHops: maxHops)
    case .hopsTo(let link, let label, let maxHops):
      .hopsTo(link: link, label: position(label), maxHops: maxHops)
    }
  }

  // MARK: Names

  private func catalog() -> DecisionCatalog {
    var catalog = DecisionCatalog(
      packageHash: packageHash(), eventNames: rules.schema.events.map(\.name),
      policies: rules.policies.map {
        PolicyDescription(name: $0.name, outcomes: $0.outcomes, queues: $0.queues)
      },
      rules: rules.rules.map {
        var rule = RuleDescription(
          name: $0.name, version: $0.version, status: $0.status, reason: $0.reason,
          titleEnglish: $0.titleEnglish, titleSpanish: $0.titleSpanish)
        rule.fixedTexts = $0.texts.fixed
        return rule
      }, reasons: rules.reasons.map(\.code),
      signals: rules.signals.map { SignalDescription(name: $0.name, type: $0.type) },
      enumerations: rules.schema.enumerations)
    catalog.links = rules.links.map(\.name)
    catalog.identifiers = rules.schema.identifiers.map(\.name)
    catalog.labels = labels
    return catalog
  }

  /// SHA-256 of the canonical text, and of what replaces shipped values.
  private func packageHash() -> String {
    var text = rules.canonicalText
    for zone in rules.zones + constants.constants.zones {
      text += "\nzone \(zone.name) \(zone.transitions) \(zone.offsets)"
    }
    for (position, value) in overrides.params.sorted(by: { $0.key < $1.key }) {
      text += "\nset \(rules.params[position].name) = \(value)"
    }
    for (position, values) in overrides.lists.sorted(by: { $0.key < $1.key }) {
      text += "\nset \(rules.lists[position].name) = \(values)"
    }
    return SHA256.digest(of: text).hex
  }

  // MARK: Values

  func paramValue(_ position: Int) -> Value {
    overrides.params[position] ?? rules.params[position].value
  }

  /// The set of a list from a file; nil for one written out.
  func ownSet(ofList position: Int) -> UInt16? {
    listFiles.first { $0.name == rules.lists[position].name }.map { UInt16($0.textSet) }
  }

  func listValues(_ position: Int) -> [Value] {
    overrides.lists[position] ?? rules.lists[position].values
  }
}
