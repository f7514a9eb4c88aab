import Compiler
import Engine
import Expressions
import Model
import Program
import RuleLanguage
import Testing
import Values

/// What a decision says, its texts included.
struct Saying: Equatable {
  var rules: [RuleResult]
  var signals: [SignalResult]
  var numbers: [Int]
  var text: [UInt8]

  init(_ decision: Decision) {
    rules = decision.rules
    signals = decision.signals
    numbers = [
      Int(decision.sequence), decision.eventType, decision.outcome, decision.score,
      decision.queue ?? -1, decision.isExempt ? 1 : 0,
      Int(decision.holdUntil?.microseconds ?? 0),
    ]
    text = decision.text
    if let noted = decision.toldRules { #expect(noted == Self.told(rules)) }
  }

  /// Which of at most 64 rules are not silent, or do not follow the one before.
  private static func told(_ rules: [RuleResult]) -> UInt64 {
    var told: UInt64 = 0
    for (index, result) in rules.enumerated() {
      let follows = result.rule == (index == 0 ? 0 : rules[index - 1].rule + 1)
      if result.outcome != .silent || !follows { told |= 1 << UInt64(index) }
    }
    return told
  }
}

/// Events in batches are decided as one by one, whatever rules ask: texts of events, of identifiers
/// made comparable and of attributes that change meanwhile, computed texts, lists whose entries
/// expire, periods, shares of events, scores and reasons that code computes.
@Suite struct `A batch` {
  private static let start: Int64 = 1_767_636_000_000_000
  private static let minute: Int64 = 60_000_000

  private static let rules = """
    enum channel_kind { app, web }
    entity account { account_id: string key  country: string  age: int }
    identifier device: string links account normalize trim
    event referral {
      referral_id: string id
      at:          timestamp time
      referrer:    account
      device:      device? of referrer
      email:       string?
      channel:     channel_kind?
      reward:      decimal(2) unit "MXN"
      tries:       int?
    }
    event login { login_id: string id  at: timestamp time  who: account  device: device? of who }
    list kiosks: device { source "kiosks.csv" column "device"  entries_expire_after 10d }
    list words: string = ["ab", "a longer word than a key holds"]
    signal invited = count() from referral by referrer over 2d
    signal paid = sum(reward) from referral by device over lifetime
    signal seen = count() from login by device over 3d
    let rate = reward / tries
    let local = email.lowerAscii()
    reason R {
      severity low
      analyst  en "{invited} of {rate} {local} {referrer.country}" es "{channel} {device}"
      customer en "." es "."
    }
    reason FIXED { severity low  analyst en "x" es "x"  customer en "." es "." }
    policy all {
      on referral
      combine noisy_or cap 95
      exempt when tries == 7
      decide block at 80
      decide hold at 40 for 2h
      otherwise grant
      if_unavailable hold
    }
    rule mail { on referral when local.matches("^[a-z]+[0-9]{2,}@")
      score 10 reason R status live owner "x" }
    rule kiosk { on referral when device not in kiosks
      score invited * 7 reason FIXED status live owner "x" }
    rule home { on referral when referrer.country in ["MX", "CO"] exempt when tries > 3
      score 20 reason R status live owner "x" missing fires }
    rule rated { on referral when rate > 10.00 score 30 reason R status live owner "x" }
    rule paid_well { on referral when paid > 500.00 and seen > 0
      score 25 force review reason FIXED status live owner "x" }
    rule worded { on referral when email in words or channel == web
      score 5 reason R status canary 40 % owner "x" }
    rule early { on referral when invited > 1 score 15 reason R status live owner "x"
      active from "2026-01-05T18:30:00Z" until "2026-01-05T20:00:00Z" }
    rule young { on referral when referrer.age < 20 score 12 reason R status shadow owner "x" }
    """

  private static let program = Result {
    try CompiledText.program(rules)
  }

  private static func events(_ schema: Schema, count: Int) -> [Event] {
    var random = SplitMix64(seed: 77)
    return (1...count).map { sequence in
      // Mostly referrals; at times hardly any.
      let isLogin = random.once(in: sequence % 400 > 200 ? 2 : 6)
      let type = schema.events[isLogin ? 1 : 0]
      var event = Event()
      event.reset(type: isLogin ? 1 : 0, slotCount: type.slotCount)
      event.sequence = UInt64(sequence)
      event.time = Timestamp(microseconds: start + Int64(sequence) * minute / 3)
      for field in type.fields {
        set(field, in: type, sequence, &event, &random)
      }
      return event
    }
  }

  private static func set(
    _ field: Field, in type: EventType, _ sequence: Int, _ event: inout Event,
    _ random: inout SplitMix64
  ) {
    func text(_ value: String) { event.set(field.slot, utf8: value.utf8) }
    let number = random.below(12)
    if field.isOptional && random.once(in: 4) { return }
    switch field.name {
    case type.fields[type.idField].name:
      text("e\(sequence)")
      event.id = TextReference(bits: event.payloads[field.slot])
    case "at": event.set(field.slot, payload: UInt64(bitPattern: event.time.microseconds))
    case "referrer", "who":
      text("a\(number)")
      if random.once(in: 2) {
        event.set(field.slot + 1, utf8: ["MX", "CO", "US", "ñandú"][random.below(4)].utf8)
      }
      if random.once(in: 3) { event.set(field.slot + 2, payload: UInt64(random.below(40))) }
    case "device": text(["", " "][random.below(2)] + "d\(number) ")
    case "email":
      text(["Ana12@x", "ab", "bo@x", "a longer word than a key holds", "é99@"][number % 5])
    case "channel": event.set(field.slot, payload: UInt64(number % 2))
    case "reward": event.set(field.slot, payload: UInt64(number * 1_500))
    default: event.set(field.slot, payload: UInt64(number % 9))
    }
  }

  private static func engine() throws -> ScoringEngine {
    var engine = try ScoringEngine(program: program.get())
    engine.setList(
      0,
      to: (0..<10).map { number in
        // Half of them expire among the events of one batch or another.
        ListEntry(
          text: Array("d\(number)".utf8),
          expiry: number % 2 == 0 ? .max : start + Int64(number) * 40 * minute)
      })
    return engine
  }

  @Test(arguments: [5, 16, 250])
  func `decides as events one by one`(_ size: Int) throws {
    let program = try `A batch`.program.get()
    let events = `A batch`.events(program.schema, count: 1_000)
    var alone = try `A batch`.engine()
    var together = try `A batch`.engine()
    var decision = Decision()
    var batch = EventBatch(capacity: size)
    var outcomes: [RuleOutcome: Int] = [:]
    var sizes: Set<Int> = []
    for first in stride(from: 0, to: events.count, by: size) {
      batch.count = min(size, events.count - first)
      for place in 0..<batch.count { batch.events[place] = events[first + place] }
      together.apply(&batch)
      for place in 0..<batch.count {
        let isDecided = alone.apply(events[first + place], into: &decision)
        #expect(batch.isDecided[place] == isDecided)
        guard isDecided else { continue }
        let (found, wanted) = (Saying(batch.decisions[place]), Saying(decision))
        #expect(found == wanted, "event \(first + place)")
        for result in decision.rules { outcomes[result.outcome, default: 0] += 1 }
        sizes.insert(decision.rules.count)
      }
    }
    #expect(together.statistics == alone.statistics)
    // Nothing above is shown by what never happens.
    for outcome in [RuleOutcome.fires, .silent, .unknown, .error] {
      #expect(outcomes[outcome, default: 0] > 40, "\(outcomes)")
    }
    #expect(sizes == [7, 8])
  }

  @Test func `tells rules of an event type that are not the first of the package`() throws {
    let rules = """
      event deposit { deposit_id: string id  at: timestamp time  paid: int }
      event payout { payout_id: string id  at: timestamp time  paid: int? }
      reason R { severity low  analyst en "x" es "x"  customer en "." es "." }
      policy deposits { on deposit  combine sum cap 100  decide hold at 40  otherwise grant
        if_unavailable hold }
      policy payouts { on payout  combine sum cap 100  decide hold at 40  otherwise grant
        if_unavailable hold }
      rule first { on deposit when paid > 5 score 50 reason R status live owner "x" }
      rule second { on payout when paid > 7 score 50 reason R status live owner "x" }
      rule third { on payout when paid > 5 score 30 reason R status live owner "x" }
      """
    let program = try CompiledText.program(rules)
    var engine = try ScoringEngine(program: program)
    var batch = EventBatch(capacity: 6)
    batch.count = 6
    for place in 0..<6 {
      let type = program.schema.events[place / 3]
      batch.events[place].reset(type: place / 3, slotCount: type.slotCount)
      batch.events[place].sequence = UInt64(place + 1)
      batch.events[place].time = Timestamp(microseconds: `A batch`.start + Int64(place))
      for field in type.fields {
        switch field.name {
        case "at":
          let time = batch.events[place].time.microseconds
          batch.events[place].set(field.slot, payload: UInt64(bitPattern: time))
        case "paid":
          // Of three events of a type one has no rule that holds.
          batch.events[place].set(field.slot, payload: UInt64(4 + 2 * (place % 3)))
        default:
          batch.events[place].set(field.slot, utf8: "e\(place)".utf8)
          batch.events[place].id = TextReference(bits: batch.events[place].payloads[field.slot])
        }
      }
    }
    engine.apply(&batch)
    let told = batch.decisions.map(\.toldRules)
    // The first rule of the second type does not follow one of the decision.
    #expect(told == [0, 1, 1, 1, 3, 3])
    for decision in batch.decisions { _ = Saying(decision) }
  }
}
