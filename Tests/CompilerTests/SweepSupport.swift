import Compiler
import Engine
import Model
import Program
import RuleLanguage
import Testing
import Values

/// An outcome with its score.
struct Verdict: Hashable {
  var outcome: Int
  var score: Int
}

/// What a sweep said of a stream of events: by param and value, event by event.
struct SweptVerdicts {
  var present: [Verdict] = []
  /// By event of `present`, its type.
  var types: [Int] = []
  var byValue: [[[Verdict]]] = []
  var refusals: [SweepRefusal?] = []

  /// Runs events through one engine and its columns, which are decided when a block is full or,
  /// at the latest, when `size` events of a type wait.
  init(
    _ program: RuleProgram, _ events: [Event], blocksOf size: Int = ParamSweep.blockEvents,
    prepare: (inout ScoringEngine) -> Void = { _ in }
  ) throws {
    var engine = try ScoringEngine(program: program)
    prepare(&engine)
    var sweep = try ParamSweep(program)
    refusals = program.freeParams.indices.map { sweep.refusal(ofParam: $0) }
    var decision = Decision()
    var places = [[Int]](repeating: [], count: program.events.count)
    var changes: [(place: Int, change: SweptDecision)] = []
    var found: [SweptDecision] = []
    func decide(_ type: Int) {
      found.removeAll()
      sweep.decide(type, into: &found)
      changes += found.map { (places[type][$0.lane], $0) }
      sweep.clear(type)
      places[type].removeAll()
    }
    for event in events {
      guard engine.apply(event, into: &decision, answered: nil, waitingIn: &sweep) else { continue }
      places[event.type].append(present.count)
      present.append(Verdict(outcome: decision.outcome, score: decision.score))
      types.append(event.type)
      if sweep.count(ofType: event.type) == size { decide(event.type) }
    }
    for type in program.events.indices where sweep.count(ofType: type) > 0 { decide(type) }
    byValue = program.freeParams.map { $0.payloads.map { _ in present } }
    for (place, change) in changes {
      byValue[change.param][change.value][place] = Verdict(
        outcome: change.outcome, score: change.score)
    }
  }
}

/// What a whole engine says under one value, where signals count what was decided as it stands.
func verdicts(
  _ program: RuleProgram, _ events: [Event], answered: [Verdict],
  prepare: (inout ScoringEngine) -> Void = { _ in }
) throws -> [Verdict] {
  var engine = try ScoringEngine(program: program)
  prepare(&engine)
  var decision = Decision()
  var verdicts: [Verdict] = []
  for event in events {
    var before: AnsweredDecision?
    if program.events[event.type].policy != nil {
      let verdict = answered[verdicts.count]
      before = AnsweredDecision(outcome: verdict.outcome, score: verdict.score)
    }
    guard engine.apply(event, into: &decision, answered: before) else { continue }
    verdicts.append(Verdict(outcome: decision.outcome, score: decision.score))
  }
  return verdicts
}

/// The positions of params by name.
func positions(_ rules: CheckedRules, _ values: [String: [Value]]) -> [Int: [Value]] {
  var free: [Int: [Value]] = [:]
  for (position, param) in rules.params.enumerated() {
    if let values = values[param.name] { free[position] = values }
  }
  return free
}
