import CMeasures
import Engine
import Model
import Program

/// A predicate as the engine runs it, and the rows it is asked about.
struct CompiledPredicate: ~Copyable {
  private var condition: CompiledCondition
  private var block: ConditionBlock
  private var rules: CompiledRules
  private var columns: RuleBlock

  /// Nanoseconds per evaluation, block of measures by block.
  struct Times {
    var compiled: [Double] = []
    /// All rows in one call.
    var columns: [Double] = []
    var plain: [Double] = []
    var allocations = 0
  }

  /// *Throws* when the engine refuses it.
  init(
    _ package: ExpressionsPackage, _ predicate: ExpressionsPackage.Predicate
  ) throws(BenchmarkError) {
    let events = package.events(of: predicate)
    let condition = try Self.accepted { () throws(EngineError) in
      try CompiledCondition(package.program, event: 0, rule: 0)
    }
    let rules = try Self.accepted { () throws(EngineError) in
      try CompiledRules(package.program, event: 0)
    }
    block = condition.block(of: events)
    columns = Self.columns(rules, package, events)
    self.condition = condition
    self.rules = rules
  }

  /// The events in columns, their texts one after the other.
  private static func columns(
    _ rules: borrowing CompiledRules, _ package: ExpressionsPackage, _ events: [Event]
  ) -> RuleBlock {
    var columns = rules.block(lanes: events.count)
    var text: [UInt8] = []
    for (lane, event) in events.enumerated() {
      for field in package.program.schema.events[0].fields where event.states[field.slot] == 0 {
        var payload = event.payloads[field.slot]
        if field.type.isText {
          let own = TextReference(bits: payload)
          payload =
            TextReference(arena: .event, offset: text.count + own.offset, length: own.length).bits
        }
        columns.set(rules.column(ofSlot: field.slot), lane: lane, payload: payload)
      }
      text += event.text
    }
    columns.setText(text)
    return columns
  }

  private static func accepted<Made: ~Copyable>(
    _ make: () throws(EngineError) -> Made
  ) throws(BenchmarkError) -> Made {
    do throws(EngineError) { return try make() } catch { throw .rules("\(error)") }
  }

  private mutating func isRight(_ expected: [ExpressionsPackage.Row]) -> Bool {
    rules.decide(&columns)
    return expected.indices.allSatisfy { index in
      let fires = expected[index].velocity >= 5
      return condition.evaluate(&block, at: index).payload == (fires ? 1 : 0)
        && columns.outcome(ofRule: 0, lane: index) == (fires ? .fires : .silent)
    }
  }

  /// Rows that are decided at once by column.
  var lanes: Int { columns.lanes }

  /// Steps it takes.
  var stepCount: Int { condition.stepCount }

  /// Measures in turn one row after the other, each by itself as an event that is scored alone; all
  /// rows column by column; and the same in plain C where there is a compiler.
  ///
  /// *Throws* when the predicate gives something else than the rows say.
  mutating func measure(
    _ options: ExpressionsOptions, beside plain: borrowing PlainPredicate,
    _ predicate: ExpressionsPackage.Predicate
  ) throws(BenchmarkError) -> Times {
    guard isRight(ExpressionsPackage.rows(of: predicate)) else {
      throw .rules("the predicate is wrong about a row")
    }
    var times = Times()
    for _ in 0..<options.blocks {
      let before = measures_allocations()
      let rounds = max(options.evaluations / block.count, 1)
      let (alone, columns) = (time(ofRounds: rounds), columnsTime(ofRounds: rounds))
      times.allocations += Int(measures_allocations() - before)
      times.compiled.append(alone)
      times.columns.append(columns)
      if let nanoseconds = try plain.nanoseconds(options.evaluations) {
        times.plain.append(nanoseconds[predicate.rawValue])
      }
    }
    return times
  }

  private mutating func time(ofRounds rounds: Int) -> Double {
    var fired: UInt64 = 0
    let start = measures_nanoseconds()
    for _ in 0..<rounds {
      for row in 0..<block.count { fired &+= condition.evaluate(&block, at: row).payload }
    }
    let time = measures_nanoseconds() - start
    precondition(fired > 0, "the predicate never fires")
    return Double(time) / Double(rounds * block.count)
  }

  private mutating func columnsTime(ofRounds rounds: Int) -> Double {
    let start = measures_nanoseconds()
    for _ in 0..<rounds { rules.decide(&columns) }
    return Double(measures_nanoseconds() - start) / Double(rounds * columns.lanes)
  }
}
