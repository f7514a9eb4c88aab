import Foundation
import Model
import Program
import Testing

@testable import Engine

/// What the comparisons came upon, to show that the streams reach every case.
private struct Tally {
  var comparisons = 0
  var kinds: [String: Int] = [:]
  var present = 0
  var errors = 0
  var late = 0
  var excluded = 0
  var hubs = 0
  var wrong: [String] = []

  /// Counts one question, which two stores answered.
  mutating func add(
    _ kind: String, _ expected: SignalValue, isLate: Bool, isExcluding: Bool, isHub: Bool
  ) {
    comparisons += 2
    kinds[kind, default: 0] += 1
    if expected.state == .present && expected.payload != 0 { present += 2 }
    if expected.state == .error { errors += 2 }
    if isLate { late += 2 }
    if isExcluding { excluded += 2 }
    if isHub { hubs += 2 }
  }
}

@Suite struct `A timeline store` {
  /// `SABUESO_ORACLE_STREAMS` asks for more than the default.
  @Test func `agrees with the whole history on random streams`() {
    var tally = Tally()
    var streams: UInt64 = 42
    if let asked = ProcessInfo.processInfo.environment["SABUESO_ORACLE_STREAMS"] {
      streams = UInt64(asked) ?? streams
    }
    for seed in 1...streams {
      compare(seed: seed, events: 420, tally: &tally)
      if tally.wrong.count > 5 { break }
    }
    #expect(tally.wrong.isEmpty, "\(tally.wrong.prefix(5).joined(separator: "\n"))")
    #expect(tally.comparisons >= 100_000)
    print("timeline oracle: seeds 1 to \(streams), \(tally.comparisons) comparisons")
    // The streams must reach what they are for.
    #expect(tally.kinds.count >= 40, "\(tally.kinds.keys.sorted())")
    #expect(tally.kinds.values.allSatisfy { $0 > 1 }, "\(tally.kinds)")
    #expect(tally.present > tally.comparisons / 2)
    #expect(tally.errors > 100)
    #expect(tally.late > 10_000)
    #expect(tally.excluded > 10_000)
    #expect(tally.hubs > 10_000)
  }

  /// An event of a stream and what is asked after it.
  private struct Step {
    var order: UInt64
    var time: Int64
    var clock: Int64
    var key: UInt32
    var payload: UInt64
    var isCounted: Bool
    var sweeps: Bool
    var questions: [Question]
  }

  private struct Question {
    var read: TimelineRead
    var key: UInt32
    var moment: Int64
  }

  /// Feeds one stream to a store that forgets, one that does not, and the oracle; a stream that
  /// shows a difference is made as short as it can be.
  private func compare(seed: UInt64, events: Int, tally: inout Tally) {
    var stream = TimelineStream(seed: seed)
    let steps = (1...UInt64(events)).map { Self.step($0, &stream) }
    guard let wrong = difference(steps, stream, &tally) else { return }
    var silent = Tally()
    let least = Self.shrunk(steps) { difference($0, stream, &silent) != nil }
    let said = difference(least, stream, &silent) ?? wrong
    let history = least.map {
      "#\($0.order) key \($0.key) at \($0.time) clock \($0.clock) payload \($0.payload)"
        + ($0.isCounted ? "" : " not counted")
    }
    tally.wrong.append("seed \(seed): \(said)\nafter \(history.joined(separator: ", "))")
  }

  private static func step(_ order: UInt64, _ stream: inout TimelineStream) -> Step {
    let time = stream.time()
    let key = stream.key()
    var step = Step(
      order: order, time: time, clock: stream.clock, key: key, payload: stream.payload(),
      isCounted: !stream.generator.once(in: 8), sweeps: stream.generator.once(in: 5),
      questions: [])
    for _ in 0..<3 {
      let asked = stream.generator.once(in: 2) ? key : stream.key()
      let read = stream.read()
      let isEarlier = stream.generator.once(in: 20)
      let moment = isEarlier ? time - Int64(stream.generator.below(50)) * stream.scale : time
      step.questions.append(Question(read: read, key: asked, moment: moment))
    }
    return step
  }

  /// The shortest stream found that still fails, taking away ever smaller stretches.
  private static func shrunk(_ steps: [Step], _ fails: ([Step]) -> Bool) -> [Step] {
    var steps = steps
    var stretch = steps.count / 2
    while stretch > 0 {
      var start = 0
      while start < steps.count {
        var fewer = steps
        fewer.removeSubrange(start..<min(start + stretch, steps.count))
        if fails(fewer) { steps = fewer } else { start += stretch }
      }
      stretch /= 2
    }
    return steps
  }

  /// The first answer that is not the oracle's.
  private func difference(
    _ steps: [Step], _ stream: TimelineStream, _ tally: inout Tally
  ) -> String? {
    let plan = stream.plan
    let zones = [stream.zone]
    var oracle = TimelineOracle(plan: plan, zone: stream.zone)
    var store = TimelineStore(plan: plan, keyCapacity: 64)
    var keeper = TimelineStore(plan: plan, keyCapacity: 64, forgets: false)
    for step in steps {
      if step.isCounted {
        oracle.push(.init(time: step.time, order: step.order, payload: step.payload), key: step.key)
        let value = TimelineCoding.value(step.payload, plan.value ?? .int)
        store.push(
          key: step.key, time: step.time, order: step.order, value: value, clock: step.clock)
        keeper.push(
          key: step.key, time: step.time, order: step.order, value: value, clock: step.clock)
      }
      if step.sweeps { store.forgetIdle(keys: 2, clock: step.clock) }
      for question in step.questions {
        let excludes =
          question.read.excludingCurrent && step.isCounted && question.key == step.key
        var lists: [[UInt64]] = [[], [], []]
        let expected = oracle.read(
          question.read, key: question.key, at: question.moment, clock: step.clock,
          excluding: excludes ? step.order : nil, collecting: &lists[0])
        let found = store.read(
          question.read, key: question.key, at: question.moment, clock: step.clock,
          excludingLastPush: excludes, zones: zones, collecting: &lists[1])
        let kept = keeper.read(
          question.read, key: question.key, at: question.moment, clock: step.clock,
          excludingLastPush: excludes, zones: zones, collecting: &lists[2])
        if found != expected || kept != expected || Set(lists).count > 1 {
          return "event \(step.order): \(question.read) of key \(question.key) at "
            + "\(question.moment), clock \(step.clock), excluding \(excludes): \(found) and "
            + "\(kept) instead of \(expected), \(lists)"
        }
        tally.add(
          Self.name(question.read), expected, isLate: question.moment < step.clock,
          isExcluding: excludes,
          isHub: oracle.history[question.key]?.count ?? 0 > RankTrie.bagEntries)
      }
    }
    return nil
  }

  /// Aggregate × kind of window.
  private static func name(_ read: TimelineRead) -> String {
    let span =
      switch read.span {
      case .sliding: "over"
      case .last: "last"
      case .calendar(let unit, _): "calendar \(unit)"
      case .lifetime: "lifetime"
      }
    let aggregate = "\(read.aggregate)".prefix { $0 != "(" }
    return "\(aggregate) \(span)"
  }

  @Test func `shows a difference by as few events as it takes`() {
    let steps = (1...100 as ClosedRange<UInt64>).map { order in
      Step(
        order: order, time: 0, clock: 0, key: 1, payload: 0, isCounted: true, sweeps: false,
        questions: [])
    }
    let least = Self.shrunk(steps) { steps in
      steps.contains { $0.order == 17 } && steps.contains { $0.order == 80 }
    }
    #expect(least.map(\.order) == [17, 80])
  }

  @Test func `gives memory back when it forgets`() {
    var plan = TimelinePlan(event: 0, keySpace: 0, value: .key(0), lateMicroseconds: 10)
    plan.spanMicroseconds = 100
    plan.isRanked = true
    plan.countsDistinct = true
    var store = TimelineStore(plan: plan, keyCapacity: 64)
    var keeper = TimelineStore(plan: plan, keyCapacity: 64, forgets: false)
    for number in 1...5_000 as ClosedRange<Int64> {
      for key in 1...2 as ClosedRange<UInt32> {
        store.push(
          key: key, time: number, order: UInt64(2 * number) + UInt64(key), value: number,
          clock: number)
        keeper.push(
          key: key, time: number, order: UInt64(2 * number) + UInt64(key), value: number,
          clock: number)
      }
    }
    #expect(store.liveBytes < keeper.liveBytes / 10)
    for _ in 0..<100 { store.forgetIdle(keys: 64, clock: 10_000) }
    let isEmpty = store.pool.isEmpty
    #expect(isEmpty)
    let pairs = store.occurrences.pairCount
    #expect(pairs == 0)
    let nodes = store.tries.nodes.liveBlocks
    #expect(nodes == 0)
    let isTrieEmpty = store.tries.pool.isEmpty
    #expect(isTrieEmpty)
  }
}
