import Engine
import Model
import Program
import Testing

/// Events of a batch that take each stage together are decided as one by one: every kind of signal,
/// keys that become hubs, late events, missing fields, and labels and erasures in between. Where a
/// signal counts what was decided, nothing may wait, and what was decided stays as it was made.
@Suite struct `A batch in stages` {
  private static let start: Int64 = 1_767_636_000_000_000
  private static let minute: Int64 = 60_000_000

  private static let staged = """
    entity account { account_id: string key  age: int }
    identifier device: string links account normalize trim max_degree 4
    identifier phone: string links account normalize trim max_degree 4
    event referral late 2h {
      referral_id: string id
      at:          timestamp time
      referrer:    account
      referee:     account
      device:      device? of referee
      phone:       phone? of referee
      reward:      decimal(2) unit "MXN"
    }
    event login late 2h { login_id: string id  at: timestamp time  who: account  device: device? of who }
    link shares = account -- account via [device, phone] over lifetime
    link invited = account -> account over 2d from referral
    signal invited_2h = count() from referral by referrer over 2h excluding current
    signal paid_2d = sum(reward) from referral by referrer over 2d
    signal large = count() from referral where reward > 60.00 by referrer over 1d
    signal friends = distinct(referee) from referral by device over 1d
    signal phones_ever = distinct(referee) from referral by phone over lifetime
    signal devices_ever = distinct(device) from referral by referee over lifetime excluding current
    signal middle = percentile(reward, 50) from referral by device over 1d
    signal greatest = max(reward) from referral by referrer over 1d
    signal odd_logins = count() from login where login_id != "e7" by device over 2d
    signal logged = sequence(login then referral within 3h) by device over 2d
    signal logins = count() from login by device over 1d
    signal ring = cycle_length(invited, of: referrer, max_hops: 4)
    signal group = component_size(shares, of: referee)
    signal frauds = component_count(shares, of: referee, label: "fraud")
    signal hops = hops_to(shares, of: referrer, label: "fraud", max_hops: 2)
    signal deep = depth(invited, of: referee, max_hops: 3)
    signal both = common(referrer, referee, "device")
    signal busy = is_hub(device)
    reason R {
      severity low
      analyst  en "{invited_2h} {paid_2d} {friends}" es "{ring}"
      customer en "." es "."
    }
    policy all {
      on referral
      combine sum cap 100
      decide block at 80
      decide hold at 40 for 2h
      otherwise grant
      if_unavailable hold
    }
    rule many { on referral when invited_2h > 2 score 20 reason R status live owner "x" }
    rule paid { on referral when paid_2d > 300.00 and middle < greatest score 15 reason R status live owner "x" }
    rule shared { on referral when friends > 2 or phones_ever > 2 score 25 reason R status live owner "x" }
    rule near { on referral when frauds > 0 or hops <= 2 or ring > 0 score 30 reason R status live owner "x" }
    rule young { on referral when referee.age < 20 and group > 1 score 12 reason R status live owner "x" }
    """

  /// The same without the signals that take events one by one through all timelines.
  private static let listed = staged.split(separator: "\n").filter { line in
    !["middle", "greatest", "logged"].contains { line.contains($0) }
  }.joined(separator: "\n")

  /// A list is read for another key than that of the entry, so that later entries would show.
  private static let asked = """

    rule asked { on referral when invited_2h(referee) > 0 score 11 reason R status live owner "x" }
    """

  private static let counted = """

    signal granted = count() from all where outcome == grant by referrer over 1d
    rule granted_often { on referral when granted > 3 score 40 reason R status live owner "x" }
    """

  /// Questions that the engine answers from lists of different kinds.
  private static let shown = """

    signal alike = common_count(referrer, referee, ["device", "phone"])
    signal one_phone = common(referrer, referee, "phone")
    """

  /// With `rarely` of anything else, events come mostly in order, and a list is entered by many at
  /// once.
  private static func events(_ schema: Schema, count: Int, rarely: Int = 1) -> [Event] {
    var random = SplitMix64(seed: 4_711)
    return (1...count).map { sequence in
      let name =
        random.once(in: 40)
        ? "label"
        : random.once(in: 90) ? "erase" : random.once(in: 4 * rarely) ? "login" : "referral"
      let number = schema.events.firstIndex { $0.name == name } ?? 0
      let type = schema.events[number]
      var event = Event()
      event.reset(type: number, slotCount: type.slotCount)
      event.sequence = UInt64(sequence)
      let late = random.once(in: 6 * rarely) ? Int64(random.below(150)) : 0
      event.time = Timestamp(microseconds: start + (Int64(sequence / 2) - late) * minute)
      for field in type.fields { set(field, of: type, sequence, &event, &random) }
      return event
    }
  }

  private static func set(
    _ field: Field, of type: EventType, _ sequence: Int, _ event: inout Event,
    _ random: inout SplitMix64
  ) {
    func text(_ value: String) { event.set(field.slot, utf8: value.utf8) }
    // Old accounts come again, and new ones all the time.
    let account = random.once(in: 3) ? "n\(sequence)" : "a\(random.below(25))"
    if field.isOptional && random.once(in: 4) { return }
    switch field.name {
    case type.fields[type.idField].name:
      text("e\(sequence)")
      event.id = TextReference(bits: event.payloads[field.slot])
    case "at": event.set(field.slot, payload: UInt64(bitPattern: event.time.microseconds))
    case "referrer", "referee", "who":
      text(account)
      if random.once(in: 3) { event.set(field.slot + 1, payload: UInt64(random.below(40))) }
    case "entity": event.set(field.slot, payload: 0)
    case "key": text(account)
    case "label": text(random.once(in: 3) ? "other" : "fraud")
    case "device": text(" d\(random.below(30))")
    case "phone": text("p\(random.below(60)) ")
    case "removed": event.set(field.slot, payload: UInt64(random.below(2)))
    default: event.set(field.slot, payload: UInt64(random.below(12) * 1_500))
    }
  }

  private static let runs: [(String, Int)] = [
    (staged, 7), (staged, 16), (staged, 130), (listed, 16), (listed, 130), (listed + asked, 16),
    (staged + asked, 130), (staged + counted, 16), (staged + counted, 130),
  ]

  @Test(arguments: `A batch in stages`.runs)
  func `decides as events one by one`(_ text: String, _ size: Int) throws {
    let program = try CompiledText.program(text)
    let events = `A batch in stages`.events(
      program.schema, count: 2_500, rarely: size > 64 ? 8 : 1)
    var alone = try ScoringEngine(program: program)
    var together = try ScoringEngine(program: program)
    var decision = Decision()
    var batch = EventBatch(capacity: size)
    var values: [Int: Set<UInt64>] = [:]
    for first in stride(from: 0, to: events.count, by: size) {
      batch.count = min(size, events.count - first)
      for place in 0..<batch.count { batch.events[place] = events[first + place] }
      together.apply(&batch)
      for place in 0..<batch.count {
        let isDecided = alone.apply(events[first + place], into: &decision)
        #expect(batch.isDecided[place] == isDecided)
        guard isDecided else { continue }
        #expect(
          Saying(batch.decisions[place]) == Saying(decision), "event \(first + place)")
        #expect(decision.rules.count == program.catalog.rules.count)
        #expect(decision.toldRules != nil)
        for result in decision.signals where result.state == .present {
          values[result.signal, default: []].insert(result.payload)
        }
      }
    }
    #expect(together.statistics == alone.statistics)
    #expect(together.memoryReport() == alone.memoryReport())
    // Nothing above is shown by what never varies.
    for signal in program.catalog.signals.indices {
      let name = program.catalog.signals[signal].name
      #expect(values[signal, default: []].count > 1, "\(name) is always the same")
    }
    #expect(together.statistics.lateBeyond > 0 && together.statistics.hubRebuilds > 0)
  }

  /// Devices come a few times each, and are forgotten days later.
  @Test func `forgets what many entered at once as what came one by one`() throws {
    let program = try CompiledText.program(`A batch in stages`.listed)
    let type = try #require(program.schema.events.first { $0.name == "referral" })
    let device = try #require(type.fields.first { $0.name == "device" }).slot
    let all = `A batch in stages`.events(program.schema, count: 6_000, rarely: 1_000_000)
    var events = all.filter { program.schema.events[$0.type].name == "referral" }
    for place in events.indices {
      events[place].time = Timestamp(
        microseconds: `A batch in stages`.start + Int64(place) * 20 * `A batch in stages`.minute)
      events[place].set(device, utf8: "d\(place / 8)".utf8)
    }
    var alone = try ScoringEngine(program: program)
    var together = try ScoringEngine(program: program)
    var decision = Decision()
    var batch = EventBatch(capacity: 64)
    for first in stride(from: 0, to: events.count, by: 64) {
      batch.count = min(64, events.count - first)
      for place in 0..<batch.count { batch.events[place] = events[first + place] }
      together.apply(&batch)
      for place in 0..<batch.count {
        let isDecided = alone.apply(events[first + place], into: &decision)
        #expect(isDecided && batch.isDecided[place])
        #expect(Saying(batch.decisions[place]) == Saying(decision), "event \(first + place)")
      }
    }
    let (expected, found) = (alone.memoryReport().windows, together.memoryReport().windows)
    #expect(abs(expected - found) < expected / 20, "\(expected) and \(found)")
  }

  @Test func `shows evidence in the order of signals`() throws {
    let program = try CompiledText.program(
      `A batch in stages`.staged + `A batch in stages`.shown)
    var options = EngineOptions()
    options.collectsEvidence = true
    var engine = try ScoringEngine(program: program, options: options)
    var decision = Decision()
    let alike = program.catalog.signals.firstIndex { $0.name == "alike" } ?? -1
    var mixed = 0
    for event in `A batch in stages`.events(program.schema, count: 2_500)
    where engine.apply(event, into: &decision) {
      let shown = decision.evidence.map(\.signal)
      #expect(shown == shown.sorted())
      if let place = shown.firstIndex(of: alike), place > 0, place < shown.count - 1 { mixed += 1 }
    }
    #expect(mixed > 0)
  }
}
