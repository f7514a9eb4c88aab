import Model
import Program
import Testing

@testable import Engine

/// How many accounts ever used a value of an identifier is answered by the graph, where it lists
/// them anyway: the same as a timeline does, for hubs and after erasures, too.
@Suite struct `Accounts that ever used a value` {
  private static let counted = """
    signal devices = distinct(referee) from referral by device over lifetime
    signal phones = distinct(referee) from referral by phone over lifetime

    """
  /// Signals for which the same timelines are kept by themselves.
  private static let before = """
    signal devices_before = distinct(referee) from referral by device over lifetime excluding current
    signal phones_before = distinct(referee) from referral by phone over lifetime excluding current

    """

  private static func text(
    _ signals: String, options: String = "max_degree 4", more: String = ""
  ) -> String {
    """
    entity account { account_id: string key }
    identifier device: string links account \(options)
    identifier phone: string links account \(options)
    event referral {
      referral_id: string id
      at:          timestamp time
      referee:     account?
      device:      device? of referee
      phone:       phone? of referee
    }
    link shares = account -- account via [device, phone] over lifetime
    signal group = component_size(shares, of: referee)
    \(signals)
    \(more)
    reason R {
      severity low
      analyst  en "." es "."
      customer en "." es "."
    }
    policy all { on referral combine sum cap 100 otherwise grant if_unavailable hold }
    rule grouped { on referral when group > 1 score 20 reason R status live owner "x" }
    rule used { on referral when devices + phones > 3 score 20 reason R status live owner "x" }
    """
  }

  private struct Use {
    var event: Event
    var account: String?
    var device: String?
    var phone: String?
  }

  /// Uses of few and of many values, among them of hubs, with an erasure now and then.
  private static func uses(
    _ schema: Schema, count: Int, seed: UInt64, withErasures: Bool
  ) -> [Use] {
    var random = SplitMix64(seed: seed)
    return (1...count).map { sequence in
      let isErasure = withErasures && random.once(in: 60)
      let number =
        schema.events.firstIndex { $0.name == (isErasure ? "erase" : "referral") } ?? 0
      let type = schema.events[number]
      var use = Use(event: Event(), account: "a\(random.below(40))")
      use.event.reset(type: number, slotCount: type.slotCount)
      use.event.sequence = UInt64(sequence)
      use.event.time = Timestamp(microseconds: Int64(sequence) * 1_000_000)
      if !isErasure && random.once(in: 20) { use.account = nil }
      if !isErasure && random.once(in: 4) { use.account = "n\(sequence)" }
      if !isErasure && !random.once(in: 5) { use.device = "d\(random.below(30))" }
      if !isErasure && !random.once(in: 5) {
        // Of one account each, and mostly of it alone; new; of nearly all.
        let own = random.once(in: 8) ? "a\(random.below(40))" : use.account ?? ""
        use.phone =
          random.once(in: 2)
          ? "q\(own)" : random.once(in: 3) ? "p\(sequence)" : "p\(random.below(6))"
      }
      for field in type.fields {
        switch field.name {
        case type.fields[type.idField].name:
          use.event.set(field.slot, utf8: "e\(sequence)".utf8)
          use.event.id = TextReference(bits: use.event.payloads[field.slot])
        case "at":
          use.event.set(
            field.slot, payload: UInt64(bitPattern: use.event.time.microseconds))
        case "referee", "key":
          if let text = use.account { use.event.set(field.slot, utf8: text.utf8) }
        case "entity": use.event.set(field.slot, payload: 0)
        case "device": if let text = use.device { use.event.set(field.slot, utf8: text.utf8) }
        default: if let text = use.phone { use.event.set(field.slot, utf8: text.utf8) }
        }
      }
      return use
    }
  }

  /// An engine that goes on from the state of another.
  private static func copy(
    _ engine: inout ScoringEngine, _ program: RuleProgram, _ options: EngineOptions
  ) throws -> ScoringEngine {
    var state: [UInt8] = []
    var writing = StateArchive.writing { piece throws(SnapshotError) in
      state += piece
      piece.removeAll()
    }
    try engine.transfer(&writing)
    try writing.finish()
    var copy = try ScoringEngine(program: program, options: options)
    var position = 0
    var reading = StateArchive.reading { piece throws(SnapshotError) in
      let end = min(state.count, position + 1 << 16)
      piece = Array(state[position..<end])
      position = end
    }
    try copy.transfer(&reading)
    return copy
  }

  /// How events are scored, and what the package says of identifiers.
  private struct Way: Sendable, CustomStringConvertible {
    var size = 64
    var isApart = false
    var withErasures = true
    /// Then no event is scored in stages.
    var collectsEvidence = false
    var options = "max_degree 4"
    /// The same counts asked once more.
    var more = ""

    var description: String {
      "\(size) \(isApart) \(withErasures) \(collectsEvidence) \(options) \(more)"
    }
  }

  private static let ways: [Way] =
    [1, 7, 64].flatMap { size in
      [true, false].map { Way(size: size, withErasures: $0) } + [Way(size: size, isApart: true)]
    } + [
      Way(withErasures: false, collectsEvidence: true), Way(collectsEvidence: true),
      Way(options: "max_degree 0"), Way(options: "max_degree 1"), Way(options: ""),
      Way(withErasures: false, options: ""),
      Way(
        more: """
          signal again = distinct(referee) from referral by device over lifetime
          rule doubled { on referral when again + devices > 4 score 9 reason R status live owner "x" }
          """),
    ]

  @Test(arguments: `Accounts that ever used a value`.ways)
  private func `are counted, whoever keeps them`(_ way: Way) throws {
    let areApart = way.isApart
    let size = way.size
    let program = try CompiledText.program(
      Self.text(
        Self.counted + (areApart ? Self.before : ""), options: way.options, more: way.more))
    #expect(LinkedUses(program).identifiers == (areApart ? [] : [0, 1]))
    let costs = StateCost.costs(of: program).filter {
      if case .timeline = $0.part { true } else { false }
    }
    #expect(costs.count == 2)
    #expect(costs.allSatisfy { ($0.keyBytes > 0) == (areApart || way.options.hasSuffix(" 0")) })
    let uses = Self.uses(
      program.schema, count: 4_000, seed: 7, withErasures: way.withErasures)
    var options = EngineOptions()
    options.collectsEvidence = way.collectsEvidence
    var engine = try ScoringEngine(program: program, options: options)
    var (devices, phones): ([String: Set<String>], [String: Set<String>]) = ([:], [:])
    var batch = EventBatch(capacity: size)
    var greatest = 0
    for (round, first) in stride(from: 0, to: uses.count, by: size).enumerated() {
      if round * size % 1_024 < size { engine = try Self.copy(&engine, program, options) }
      batch.count = min(size, uses.count - first)
      for place in 0..<batch.count { batch.events[place] = uses[first + place].event }
      engine.apply(&batch)
      for place in 0..<batch.count where batch.isDecided[place] {
        let use = uses[first + place]
        if let account = use.account {
          if let device = use.device { devices[device, default: []].insert(account) }
          if let phone = use.phone { phones[phone, default: []].insert(account) }
        }
        let found = batch.decisions[place].signals.filter { $0.state == .present }
        for (name, count) in [
          ("devices", use.device.map { devices[$0]?.count ?? 0 }),
          ("phones", use.phone.map { phones[$0]?.count ?? 0 }),
        ] {
          let signal = program.catalog.signals.firstIndex { $0.name == name }
          let payload = found.first { $0.signal == signal }?.payload
          #expect(payload.map { Int($0) } == count, "\(name) of event \(first + place)")
          greatest = max(greatest, count ?? 0)
        }
      }
    }
    #expect(greatest > 30 && (engine.statistics.hubRebuilds > 10) == !way.options.isEmpty)
  }

  @Test(arguments: [
    ("retention", counted, "max_degree 4 retention 30d", ""),
    ("a filter", counted.replacing("referral by", with: #"referral where phone != "" by"#), "", ""),
    ("nobody's lists", counted, "", "link"),
    (
      "uses by another event", counted, "",
      """
      event login { login_id: string id  at: timestamp time  who: account
        device: device? of who  phone: phone? of who }
      """
    ),
    (
      "times", counted, "",
      """
      link lately = account -- account via [device, phone] over 7d
      signal recent = component_size(lately, of: referee)
      """
    ),
  ])
  func `are kept by themselves with`(
    _ what: String, _ signals: String, _ options: String, _ more: String
  ) throws {
    var text = Self.text(signals, options: options, more: more == "link" ? "" : more)
    if more == "link" {
      text = text.split(separator: "\n").filter { !$0.contains("group") && !$0.contains("link ") }
        .joined(separator: "\n")
    }
    #expect(LinkedUses(try CompiledText.program(text)).identifiers.isEmpty, "\(what)")
  }
}
