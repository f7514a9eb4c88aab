public import Engine
public import Ledger
public import Model
public import Program

/// Events to be decided again.
public enum SweepHistory {
  /// Files of events; an event dated after `latest` is refused.
  case files([String], latest: Timestamp)
  /// A log, whose answers are what signals over a policy count.
  case log(DecisionLedger)
}

/// Why a sweep cannot go on.
public enum SweepError: Error, Sendable {
  case live(LiveError)
  case file(FileError)
}

/// Finds what other values of params would have decided.
///
/// One replay of the history decides under the present values and, in columns of events, under all
/// other values of each param that no signal depends on. The others are replayed value by value.
/// Signals that count decisions of a policy count those of the log, or of the package as it stands.
public struct Sweep: ~Copyable {
  private let program: RuleProgram
  private let params: [SweptParam]
  private let options: EngineOptions
  private let lists: ListContents
  private let money: MoneyFields
  private var report: SweepReport
  private var ways: [SweepWay]
  /// Decisions under the present values, by policy and outcome.
  private var present: [[MoneyTally]]
  /// By param and value, what differs.
  private var tallies: [[SweepTally]]
  /// Under the present values, decided event after decided event.
  private var decided: [Decided] = []
  private var keepsDecided: Bool
  /// By event type, what the waiting events ask for.
  private var asked: [[Int64?]]
  private var changes: [SweptDecision] = []

  private struct Decided {
    var outcome: Int32
    var score: Int32
  }

  /// Prepares for a program whose free params are these, in the same order with the same values.
  public init(
    program: RuleProgram, params: [SweptParam], options: EngineOptions = EngineOptions(),
    lists: ListContents = [:]
  ) throws(SweepError) {
    precondition(
      program.freeParams.map(\.payloads.count) == params.map(\.values.count),
      "a program of other params")
    let sweep = try Self.sweep(program)
    ways = params.indices.map { param in
      sweep.refusal(ofParam: param).map { SweepWay.replays($0) } ?? .columns
    }
    keepsDecided = ways.contains { $0 != .columns }
    report = SweepReport(program.catalog)
    present = program.catalog.policies.map {
      [MoneyTally](repeating: MoneyTally(), count: $0.outcomes.count)
    }
    let nothing = SweepTally(program.catalog.policies)
    tallies = params.map { [SweepTally](repeating: nothing, count: $0.values.count) }
    asked = program.schema.events.map { _ in [] }
    money = MoneyFields(program.schema)
    self.program = program
    self.params = params
    self.options = options
    self.lists = lists
  }

  /// The values, by position of the param and of the value, that need a replay of their own; known
  /// for good after `run`.
  public var replays: [(param: Int, value: Int)] {
    var replays: [(param: Int, value: Int)] = []
    for (param, way) in ways.enumerated() where way != .columns {
      for value in params[param].values.indices where value != params[param].present {
        replays.append((param, value))
      }
    }
    return replays
  }

  /// Replays the history under the present values, and those that need no replay of their own.
  public mutating func run(
    _ history: SweepHistory, onReject: (RejectedLine, String) -> Void = { _, _ in },
    onProgress: (_ events: Int, _ bytes: Int) -> Void = { _, _ in }
  ) throws(SweepError) {
    var pass = try Self.pass(program, options, lists)
    switch history {
    case .files(let files, let latest):
      try pass.read(files: files, latest: latest, onReject: onReject, onProgress: onProgress) {
        take(&$0, nil)
      }
    case .log(let ledger):
      // A log may lack answers, which is seen on the way.
      keepsDecided = true
      var (unreadable, count): ([RescoreReport.Unreadable], Int) = ([], 0)
      var lacksAnswers = false
      try Self.inLedger { () throws(LiveError) in
        try pass.read(
          ledger,
          onUnreadable: { event in
            count += 1
            if unreadable.count < RescoreReport.listed { unreadable.append(event) }
          }, onProgress: { onProgress($0, $0) }
        ) { pass, answered in
          if take(&pass, answered) && answered == nil && countsDecisions(ofType: pass.event.type) {
            lacksAnswers = true
          }
        }
      }
      (report.unreadable, report.unreadableCount) = (unreadable, count)
      if lacksAnswers { replayAll() }
    }
    for type in asked.indices { decide(type, &pass) }
  }

  /// Whether signals count the decisions on an event type.
  private func countsDecisions(ofType type: Int) -> Bool {
    program.events[type].policy?.decisionEvent != nil
  }

  /// Has every value replayed: what signals count differs with it.
  private mutating func replayAll() {
    for param in ways.indices where ways[param] == .columns { ways[param] = .unanswered }
    let nothing = SweepTally(program.catalog.policies)
    for param in tallies.indices {
      for value in tallies[param].indices { tallies[param][value] = nothing }
    }
  }

  @discardableResult
  private mutating func take(_ pass: inout SweepPass, _ answered: AnsweredDecision?) -> Bool {
    report.events += 1
    guard pass.apply(answered) else { return false }
    report.decisions += 1
    money.add(pass.event, to: &present[pass.decision.policy][pass.decision.outcome])
    if keepsDecided {
      decided.append(
        Decided(outcome: Int32(pass.decision.outcome), score: Int32(pass.decision.score)))
    }
    let type = pass.event.type
    asked[type].append(money.units(of: pass.event))
    if asked[type].count == ParamSweep.blockEvents { decide(type, &pass) }
    return true
  }

  /// Decides the waiting events of a type under every value, and counts what differs.
  private mutating func decide(_ type: Int, _ pass: inout SweepPass) {
    guard !asked[type].isEmpty, let policy = program.events[type].policy?.policy else { return }
    changes.removeAll(keepingCapacity: true)
    pass.sweep.decide(type, into: &changes)
    for change in changes where ways[change.param] == .columns {
      let before = pass.sweep.decided(ofType: type, lane: change.lane).outcome
      guard change.outcome != before else { continue }
      tallies[change.param][change.value].add(
        policy: policy, from: before, to: change.outcome,
        asked: asked[type][change.lane].flatMap { money.amount(ofType: type, units: $0) },
        accounts: pass.sweep.accounts(ofType: type, lane: change.lane))
    }
    pass.sweep.clear(type)
    asked[type].removeAll(keepingCapacity: true)
  }

  /// Replays the history under one value of a param, with the program that has it.
  ///
  /// *Traps* before `run`, or when the program decides on other events.
  public mutating func replay(
    param: Int, value: Int, program: RuleProgram, _ history: SweepHistory,
    onProgress: (_ events: Int, _ bytes: Int) -> Void = { _, _ in }
  ) throws(SweepError) {
    var pass = try Self.pass(program, options, lists)
    var next = 0
    switch history {
    case .files(let files, let latest):
      try pass.read(
        files: files, latest: latest, onReject: { _, _ in }, onProgress: onProgress
      ) { pass in
        // Signals count what the package decides as it stands, which is known already.
        let isDecided = program.events[pass.event.type].policy != nil
        let answered = isDecided ? decided[next] : Decided(outcome: 0, score: 0)
        compare(
          &pass, param, value, &next,
          AnsweredDecision(outcome: Int(answered.outcome), score: Int(answered.score)))
      }
    case .log(let ledger):
      try Self.inLedger { () throws(LiveError) in
        try pass.read(ledger, onUnreadable: { _ in }, onProgress: { onProgress($0, $0) }) {
          compare(&$0, param, value, &next, $1)
        }
      }
    }
    precondition(next == decided.count, "a program that decides on other events")
  }

  private mutating func compare(
    _ pass: inout SweepPass, _ param: Int, _ value: Int, _ next: inout Int,
    _ answered: AnsweredDecision?
  ) {
    guard pass.apply(answered) else { return }
    let before = Int(decided[next].outcome)
    next += 1
    let type = pass.event.type
    if pass.decision.outcome != before {
      let lane = pass.sweep.count(ofType: type) - 1
      tallies[param][value].add(
        policy: pass.decision.policy, from: before, to: pass.decision.outcome,
        asked: money.amount(of: pass.event),
        accounts: pass.sweep.accounts(ofType: type, lane: lane))
    }
    if pass.sweep.count(ofType: type) == ParamSweep.blockEvents { pass.sweep.clear(type) }
  }

  /// What was found.
  public func finish() -> SweepReport {
    var report = report
    for (number, param) in params.enumerated() {
      report.curves.append(
        SweepCurve(
          param: param, way: ways[number],
          points: tallies[number].map { $0.point(from: present) }))
    }
    return report
  }

  // MARK: Errors

  private static func pass(
    _ program: RuleProgram, _ options: EngineOptions, _ lists: ListContents
  ) throws(SweepError) -> SweepPass {
    do throws(LiveError) {
      return try SweepPass(program, options, lists)
    } catch {
      throw .live(error)
    }
  }

  private static func sweep(_ program: RuleProgram) throws(SweepError) -> ParamSweep {
    do throws(LiveError) {
      return try SweepPass.sweep(program)
    } catch {
      throw .live(error)
    }
  }

  private static func inLedger(_ body: () throws(LiveError) -> Void) throws(SweepError) {
    do throws(LiveError) {
      try body()
    } catch {
      throw .live(error)
    }
  }
}
