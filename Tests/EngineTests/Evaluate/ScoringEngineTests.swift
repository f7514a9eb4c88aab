import Model
import Program
import Testing

@testable import Engine

/// A stream with ties, late events, missing fields and few names, so that everything meets.
private func stream(seed: UInt64, count: Int) -> [Note] {
  var generator = SplitMix64(seed: seed)
  var now: Int64 = 1_767_636_000_000_000
  return (0..<count).map { _ in
    if generator.once(in: 3) { now += Int64(generator.below(40 * 60)) * 1_000_000 }
    var time = now
    if generator.once(in: 4) { time -= Int64(generator.below(3 * 3_600)) * 1_000_000 }
    if generator.once(in: 50) { time -= ReferralPackage.day }
    func name(_ prefix: String, _ count: Int) -> String? {
      generator.once(in: 12) ? nil : prefix + String(generator.below(count))
    }
    var note = Note(isLogin: generator.once(in: 4), time: time)
    note.referrer = name("a", 6)
    note.referee = name("a", 9)
    note.device = generator.once(in: 10) ? "  " : name(generator.once(in: 2) ? "d" : " d", 12)
    note.reward = Int64(generator.below(1_000)) - 200
    note.channel = generator.once(in: 8) ? nil : UInt64(generator.below(3))
    note.note = name("n", 4)
    switch generator.below(8) {
    case 0: note.kyc = .cleared
    case 1...2: note.kyc = .value(Int64(generator.below(14)))
    default: note.kyc = .unsaid
    }
    // An account is only named with its attributes.
    if note.referrer != nil, generator.once(in: 6) { note.city = name("city ", 3) }
    return note
  }
}

/// The decisions of a stream; nil where no policy governs.
private func decisions(
  _ notes: [Note], options: EngineOptions = EngineOptions()
) throws -> [Decision?] {
  var engine = try ScoringEngine(program: ReferralPackage.program, options: options)
  var event = Event()
  var decision = Decision()
  return notes.enumerated().map { index, note in
    note.fill(&event, sequence: UInt64(index + 1))
    return engine.apply(event, into: &decision) ? decision : nil
  }
}

@Suite struct `A scoring engine` {
  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func `gives the signals that the whole history gives`(_ seed: UInt64) throws {
    let notes = stream(seed: seed, count: 600)
    let all = try decisions(notes)
    var history = ReferralHistory()
    var checked = 0
    for (index, note) in notes.enumerated() {
      history.append(note)
      guard let decision = all[index] else {
        #expect(note.isLogin)
        continue
      }
      #expect(decision.signals.map(\.signal) == ReferralPackage.Signal.allCases.map(\.rawValue))
      for signal in ReferralPackage.Signal.allCases {
        let result = decision.signals[signal.rawValue]
        let value = result.state == .present ? Int64(bitPattern: result.payload) : nil
        #expect(
          value == history.value(signal), "seed \(seed), event \(index), \(signal): \(note)")
        checked += 1
      }
      #expect(decision.sequence == UInt64(index + 1))
      #expect(decision.time.microseconds == note.time)
      let isMany = history.value(.count1h).map { $0 > 3 }
      #expect(decision.rules[0].outcome == (isMany.map { $0 ? .fires : .silent } ?? .unknown))
      #expect(decision.score == (isMany == true ? 60 : 0))
      #expect(decision.outcome == (isMany == true ? 2 : 0))
    }
    #expect(checked > 4_000)
  }

  @Test func `gives the same decisions again, whatever the hash secret`() throws {
    let notes = stream(seed: 9, count: 800)
    let first = try decisions(notes).compactMap(Comparable.init)
    #expect(first.count > 400)
    #expect(first.contains { $0.texts.contains { !$0.isEmpty } })
    #expect(try decisions(notes).compactMap(Comparable.init) == first)
    let secret = HashSecret(first: 0xDEAD_BEEF, second: 42)
    let options = EngineOptions(hashSecret: secret)
    #expect(try decisions(notes, options: options).compactMap(Comparable.init) == first)
  }

  @Test(arguments: [1, 2, 16, 63, 64, 65, 300])
  func `gives the same decisions in batches of any size`(_ size: Int) throws {
    let notes = stream(seed: 9, count: 800)
    let expected = try decisions(notes).map(Comparable.init)
    var engine = try ScoringEngine(program: ReferralPackage.program)
    var batch = EventBatch(capacity: size)
    var found: [Comparable?] = []
    for start in stride(from: 0, to: notes.count, by: size) {
      batch.count = min(size, notes.count - start)
      for index in 0..<batch.count {
        notes[start + index].fill(&batch.events[index], sequence: UInt64(start + index + 1))
      }
      engine.apply(&batch)
      for index in 0..<batch.count {
        found.append(batch.isDecided[index] ? Comparable(batch.decisions[index]) : nil)
        #expect(batch.isDecided[index] || batch.decisions[index].signals.isEmpty)
      }
    }
    #expect(found == expected)
  }

  @Test func `counts what it met`() throws {
    var engine = try ScoringEngine(program: ReferralPackage.program)
    var event = Event()
    var decision = Decision()
    let start: Int64 = 1_767_636_000_000_000
    var notes = [Note](repeating: Note(time: start, referrer: "a", referee: "b"), count: 5)
    notes[1].kyc = .value(0)
    notes[2].isLogin = true
    notes[3].referrer = nil
    notes[3].time = start - ReferralPackage.late
    notes[4].time = start - ReferralPackage.late - 1
    for (index, note) in notes.enumerated() {
      note.fill(&event, sequence: UInt64(index + 1))
      #expect(engine.apply(event, into: &decision) == !note.isLogin)
      if note.isLogin { #expect(decision.rules.isEmpty && decision.signals.isEmpty) }
    }
    var expected = EngineStatistics()
    expected.events = 5
    expected.decisions = 4
    expected.lateBeyond = 1
    // Events 2 and 5: kyc is 0 from event 2 on.
    expected.filterErrors = 2
    // Event 4 has no referrer; no event has a channel.
    expected.unknownOutcomes = 5
    #expect(engine.statistics == expected)
    let memory = engine.memoryReport()
    #expect(memory.keys > 0 && memory.windows > 0 && memory.graph > 0 && memory.attributes > 0)
    #expect(memory.total == memory.keys + memory.windows + memory.graph + memory.attributes)
  }

  @Test func `writes reasons in two languages`() throws {
    let start: Int64 = 1_767_636_000_000_000
    var notes = [Note](
      repeating: Note(
        time: start, referrer: "ana", referee: "b", device: " d1 ", reward: 25_050, channel: 1),
      count: 5)
    notes[4].device = nil
    let results = try decisions(notes)
    #expect(try #require(results[2]).text.isEmpty)
    let fourth = try Comparable(#require(results[3]))
    #expect(
      fourth.texts == [
        "ana paid 1002.00 by web on d1", "dispositivo d1 a las 2026-01-05T18:00:00Z", "no", "",
      ])
    let fifth = try Comparable(#require(results[4]))
    #expect(fifth.texts[0] == "ana paid 1252.50 by web on –")
    #expect(fifth.texts[1] == "dispositivo sin dato a las 2026-01-05T18:00:00Z")
    let silent = try decisions(notes, options: EngineOptions(rendersTexts: false))
    #expect(try #require(silent[3]).text.isEmpty)
    #expect(try #require(silent[3]).score == 60)
    #expect(
      try #require(results[3]).holdUntil?.microseconds == start + ReferralPackage.day)
  }

  @Test(arguments: [0, 254, 255, -1])
  func `refuses depths that a byte cannot tell`(_ maxHops: Int) {
    var program = ReferralPackage.program
    program.signals[0] = .graph(.depth(link: 1, maxHops: maxHops))
    var refusal: EngineError?
    do { _ = try ScoringEngine(program: program) } catch { refusal = error }
    let isKept = (0...254).contains(maxHops)
    #expect(refusal == (isKept ? nil : .program(detail: "depths up to \(maxHops)")))
  }

  @Test func `refuses a timeline that keeps nothing of a whole life it is asked for`() {
    var program = ReferralPackage.program
    var timeline = TimelinePlan(event: 0, keySpace: 0, value: nil, lateMicroseconds: 0)
    timeline.hasLifetime = true
    program.timelines.append(timeline)
    var refusal: EngineError?
    do { _ = try ScoringEngine(program: program) } catch { refusal = error }
    #expect(refusal == .program(detail: "a timeline keeps nothing of the whole life"))
  }

  @Test func `refuses an event type whose keys lie in another order than its fields`() {
    var program = ReferralPackage.program
    program.schema.events[0].fields.reverse()
    var refusal: EngineError?
    do { _ = try ScoringEngine(program: program) } catch { refusal = error }
    #expect(refusal == .program(detail: "slots in another order"))
  }
}

/// A decision by what it says, to compare two engines.
private struct Comparable: Hashable {
  var numbers: [Int]
  var rules: [RuleResult]
  var signals: [SignalResult]
  var texts: [String]

  init(_ decision: Decision) {
    numbers = [
      Int(decision.sequence), decision.eventType, decision.policy, decision.outcome,
      decision.score, decision.queue ?? -1, decision.isExempt ? 1 : 0,
    ]
    rules = decision.rules
    signals = decision.signals
    texts = decision.rules.filter { $0.outcome != .silent && $0.rule == 0 }.flatMap { rule in
      let texts = decision.texts(of: rule)
      return [
        texts.analystEnglish, texts.analystSpanish, texts.customerEnglish, texts.customerSpanish,
      ].map { String(decoding: decision.text[$0], as: UTF8.self) }
    }
  }

  init?(_ decision: Decision?) {
    guard let decision else { return nil }
    self.init(decision)
  }
}
