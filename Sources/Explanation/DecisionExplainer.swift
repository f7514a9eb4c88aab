internal import Compiler
public import Engine
internal import Expressions
public import Model
internal import Program
public import RuleLanguage
internal import Values

/// Replays events through the engine and takes the last decision apart.
///
/// It runs the package as it is, with rules in shadow behind its own that tell the values which
/// rules read; decisions are those that the package alone makes.
public struct DecisionExplainer: ~Copyable {
  private let package: ProbedPackage
  private let check: PackageCheck
  /// The engine that is run, for its lists.
  public var engine: ScoringEngine
  private var decision = Decision()
  /// By key space and number, as the first event has it.
  private var names: [[String?]]

  /// Prepares for a package; nil when it has errors.
  public init?(
    _ check: PackageCheck, options: EngineOptions = EngineOptions()
  ) throws(EngineError) {
    guard let rules = check.rules else { return nil }
    var options = options
    options.collectsEvidence = true
    options.rendersTexts = true
    package = ProbedPackage(rules)
    self.check = check
    engine = try ScoringEngine(program: PackageCompiler.compile(package.rules), options: options)
    names = [[String?]](
      repeating: [], count: rules.schema.entities.count + rules.schema.identifiers.count)
  }

  /// The events it takes.
  public var schema: Schema { package.rules.schema }

  /// Applies an event, for which a log may say what was decided then; whether a policy decided on
  /// it.
  public mutating func apply(
    _ event: borrowing Event, answered: AnsweredDecision? = nil
  ) -> Bool {
    let isDecided = engine.apply(event, into: &decision, answered: answered)
    var names: [[String?]] = []
    swap(&names, &self.names)
    engine.numbers(ofLast: event) { slot, space, number in
      let place = Int(number)
      while names[space].count <= place { names[space].append(nil) }
      if names[space][place] == nil { names[space][place] = event.text(slot: slot) }
    }
    self.names = names
    return isDecided
  }

  /// What was decided on the event that was applied last, and why.
  ///
  /// *Traps* when no policy decided on it.
  public func explanation(of event: borrowing Event) -> DecisionExplanation {
    precondition(decision.sequence == event.sequence, "the event was not the last one decided")
    let names = EvidenceNames(decision, texts: textsByToken())
    return ExplanationBuilder(
      package: package, sources: check.sources, catalog: engine.program.catalog,
      decision: decision, names: names
    ).build(EventFacts(event, schema.events[event.type]))
  }

  /// What tokens stand for, of the accounts (first) and values that were seen.
  private func textsByToken() -> [UInt64: String] {
    var texts: [UInt64: String] = [:]
    for space in names.indices {
      for (number, text) in names[space].enumerated() {
        guard let text else { continue }
        let token = engine.token(space: space, UInt32(number))
        if texts[token] == nil { texts[token] = text }
      }
    }
    return texts
  }
}

/// What an event says.
struct EventFacts {
  var event: String
  var id: String
  /// Values of its fields but key, time, and what is personal; an account is there all the same.
  var fields: [(field: Field, value: Value)] = []

  init(_ event: borrowing Event, _ type: EventType) {
    self.event = type.name
    id = event.idText
    for (position, field) in type.fields.enumerated()
    where position != type.idField && position != type.timeField {
      if case .entity = field.kind {} else if field.isPersonal { continue }
      let state = ValueState(rawValue: event.states[field.slot]) ?? .missing
      let value = Value(event.payloads[field.slot], state, field.type, event.text)
      fields.append((field, value))
    }
  }
}

/// Texts of accounts and values in evidence.
struct EvidenceNames {
  private let text: [UInt8]
  private let texts: [UInt64: String]

  init(_ decision: Decision, texts: [UInt64: String]) {
    text = decision.text
    self.texts = texts
  }

  func name(_ name: EvidenceName) -> String {
    if !name.text.isEmpty { return String(decoding: text[name.text], as: UTF8.self) }
    if let known = texts[name.token] { return known }
    let digits = String(name.token, radix: 16)
    return "#" + (String(repeating: "0", count: 16 - digits.count) + digits).prefix(8)
  }
}

extension Event {
  /// The text in a slot, as sent.
  fileprivate func text(slot: Int) -> String {
    let place = TextReference(bits: payloads[slot])
    return String(decoding: text[place.offset..<place.offset + place.length], as: UTF8.self)
  }
}
