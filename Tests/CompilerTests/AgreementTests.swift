import Compiler
import Engine
import Expressions
import Foundation
import Model
import Program
import RuleLanguage
import Testing
import Values

/// The compiled code on the real engine gives what the interpreter gives, on random expressions and
/// values. `SABUESO_SEED` and `SABUESO_ROUNDS` choose others and more.
@Suite struct `Compiled code` {
  static let seed =
    ProcessInfo.processInfo.environment["SABUESO_SEED"].flatMap(UInt64.init) ?? 0xC0DE
  /// Packages of `rulesPerPackage` expressions, each run on `eventsPerPackage` events.
  static let rounds = ProcessInfo.processInfo.environment["SABUESO_ROUNDS"].flatMap(Int.init) ?? 63
  static let rulesPerPackage = 40
  static let eventsPerPackage = 20

  /// What was met, so that a generator that makes only trivial expressions is seen.
  private struct Tally {
    var outcomes: [RuleOutcome: Int] = [:]
    var scores: Set<Int> = []
    var operations: Set<Program.Operation> = []
  }

  @Test func `agrees with the interpreter`() throws {
    var tally = Tally()
    for round in 0..<`Compiled code`.rounds {
      try run(seed: `Compiled code`.seed &+ UInt64(round), &tally)
    }
    let all = tally.outcomes.values.reduce(0, +)
    for outcome in [RuleOutcome.fires, .silent, .unknown, .error] {
      #expect(
        tally.outcomes[outcome, default: 0] > all / 50,
        "\(outcome) is hardly met: \(tally.outcomes)")
    }
    #expect(tally.scores.count > 20)
    #expect(tally.operations.count >= 46, "met only \(tally.operations.count) operations")
  }

  private func run(seed: UInt64, _ tally: inout Tally) throws {
    var generator = ExpressionGenerator(seed: seed)
    var text = Fixture.schema
    var conditions: [String] = []
    for number in 0..<`Compiled code`.rulesPerPackage {
      let condition = generator.expression(.bool, levels: 1 + number % 6)
      // Every fourth rule shows an int, bounded so that clamping hides nothing.
      let score =
        number % 4 == 0 ? "(\(generator.expression(.int, levels: 1 + number % 4))) % 101" : nil
      conditions.append(condition + (score.map { "\n  score " + $0 } ?? ""))
      text += Fixture.rule(number, condition, score: score)
    }
    let check = Fixture.check(text)
    let rules = try #require(
      check.rules,
      "seed \(seed): \(DiagnosticRenderer(sources: check.sources).render(check.findings[0]))")
    let program = PackageCompiler.compile(rules)
    for instruction in program.events[0].arrival + program.events[0].evaluation {
      tally.operations.insert(instruction.operation)
    }
    var engine = try ScoringEngine(program: program)
    var decision = Decision()
    var probes: [Probe] = []
    var alone: [[RuleResult]] = []
    for sequence in 1...`Compiled code`.eventsPerPackage {
      let probe = Probe(
        type: rules.schema.events[0], schema: rules.schema, sequence: sequence, &generator.random)
      #expect(engine.apply(probe.event, into: &decision))
      probes.append(probe)
      alone.append(decision.rules)
      for (number, rule) in rules.rules.enumerated() {
        let found = decision.rules[number]
        let wanted = expected(rule, probe, rules)
        tally.outcomes[found.outcome, default: 0] += 1
        tally.scores.insert(found.score)
        if found.outcome == wanted.outcome && found.score == wanted.score { continue }
        let smallest = smallestDifference(conditions[number], probe)
        Issue.record(
          """
          seed \(seed), event \(sequence): engine \(found.outcome) \(found.score), interpreter \
          \(wanted.outcome) \(wanted.score) on
            \(conditions[number])
          over \(described(probe, rules))\(smallest)
          """)
      }
    }
    var batch = EventBatch(capacity: probes.count)
    batch.count = probes.count
    for (place, probe) in probes.enumerated() { batch.events[place] = probe.event }
    var another = try ScoringEngine(program: program)
    another.apply(&batch)
    for (place, results) in alone.enumerated() {
      #expect(
        batch.isDecided[place] && batch.decisions[place].rules == results,
        "in a batch, event \(place), seed \(seed)")
    }
    try runInColumns(program, rules, probes, "seed \(seed)")
    for number in stride(from: 0, to: rules.rules.count, by: 8) {
      try runAlone(program, rules, number, probes, "seed \(seed): \(conditions[number])")
    }
  }

  /// The same by all rules over columns, for as many events as there are and one by one.
  /// Attributes, which columns do not have, are missing.
  private func runInColumns(
    _ program: RuleProgram, _ rules: CheckedRules, _ probes: [Probe], _ place: String
  ) throws {
    var compiled = try CompiledRules(program, event: 0)
    let numbers = compiled.evaluatedRules
    for lanes in [probes.count, 1] {
      var block = compiled.block(lanes: lanes)
      for first in stride(from: 0, to: probes.count, by: lanes) {
        fill(&block, compiled, Array(probes[first..<first + lanes]), rules.schema.events[0])
        compiled.decide(&block)
        for lane in 0..<lanes {
          for (index, number) in numbers.enumerated() {
            let found = block.outcome(ofRule: index, lane: lane)
            let wanted = expected(
              rules.rules[number], probes[first + lane], rules, hasAttributes: false)
            #expect(found == wanted.outcome, "rule \(number), event \(first + lane), \(place)")
          }
        }
      }
    }
  }

  /// Puts the slots of events in a block, their texts one after the other.
  private func fill(
    _ block: inout RuleBlock, _ rules: borrowing CompiledRules, _ probes: [Probe],
    _ type: EventType
  ) {
    var text: [UInt8] = []
    for (lane, probe) in probes.enumerated() {
      for field in type.fields {
        var payload = probe.event.payloads[field.slot]
        let state = ValueState(rawValue: probe.event.states[field.slot]) ?? .missing
        if field.type.isText && state == .present {
          let own = TextReference(bits: payload)
          payload =
            TextReference(arena: .event, offset: text.count + own.offset, length: own.length).bits
        }
        block.set(rules.column(ofSlot: field.slot), lane: lane, payload: payload, state: state)
      }
      text += probe.event.text
    }
    block.setText(text)
  }

  /// The same by the condition alone. Attributes, which it does not have, are missing.
  private func runAlone(
    _ program: RuleProgram, _ rules: CheckedRules, _ number: Int, _ probes: [Probe],
    _ place: String
  ) throws {
    var condition = try CompiledCondition(program, event: 0, rule: number)
    var block = condition.block(of: probes.map(\.event))
    for (row, probe) in probes.enumerated() {
      let found = condition.evaluate(&block, at: row)
      let wanted = probe.value(rules.rules[number].when, rules, hasAttributes: false)
      switch wanted {
      case .bool(let value):
        #expect(found.state == .present && (found.payload == 1) == value, "row \(row), \(place)")
      default: #expect(found.state == wanted.state, "row \(row), \(place)")
      }
    }
  }

  private func expected(
    _ rule: CheckedRule, _ probe: Probe, _ rules: CheckedRules, hasAttributes: Bool = true
  ) -> (outcome: RuleOutcome, score: Int) {
    switch probe.value(rule.when, rules, hasAttributes: hasAttributes) {
    case .bool(false): return (.silent, 0)
    case .missing: return (.unknown, 0)
    case .error: return (.error, 0)
    default: break
    }
    guard let score = rule.score else { return (.fires, 0) }
    return switch probe.value(score, rules, hasAttributes: hasAttributes) {
    case .int(let value): (.fires, Int(min(max(value, 0), 100)))
    case .missing: (.unknown, 0)
    default: (.error, 0)
    }
  }

  /// The smallest bracketed part on which engine and interpreter still differ.
  private func smallestDifference(_ condition: String, _ probe: Probe) -> String {
    for part in bracketed(condition).sorted(by: { $0.count < $1.count }) {
      for text in [part, "\(part) is missing"] {
        guard let rules = Fixture.check(Fixture.schema + Fixture.rule(0, text)).rules,
          var engine = try? ScoringEngine(program: PackageCompiler.compile(rules))
        else { continue }
        var decision = Decision()
        _ = engine.apply(probe.event, into: &decision)
        if decision.rules[0].outcome != expected(rules.rules[0], probe, rules).outcome {
          return "\nsmallest part that differs: \(text)"
        }
      }
    }
    return ""
  }

  private func bracketed(_ text: String) -> [String] {
    var starts: [String.Index] = []
    var parts: [String] = []
    for position in text.indices {
      if text[position] == "(" { starts.append(position) }
      if text[position] == ")", let start = starts.popLast() {
        parts.append(String(text[start...position]))
      }
    }
    return parts
  }

  private func described(_ probe: Probe, _ rules: CheckedRules) -> String {
    rules.schema.events[0].fields
      .map { "\($0.name): \(probe.values[$0.slot].map { "\($0)" } ?? "missing")" }
      .joined(separator: ", ")
  }
}
