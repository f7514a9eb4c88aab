import CMeasures
import Engine
import Model

/// A predicate as the engine runs it, and the rows it is asked about.
struct CompiledPredicate: ~Copyable {
  private var condition: CompiledCondition
  private var block: ConditionBlock

  /// Nanoseconds per evaluation, block of measures by block.
  struct Times {
    var compiled: [Double] = []
    var plain: [Double] = []
    var allocations = 0
  }

  /// *Throws* when the engine refuses it.
  init(
    _ package: ExpressionsPackage, _ predicate: ExpressionsPackage.Predicate
  ) throws(BenchmarkError) {
    let events = package.events(of: predicate)
    condition = try Self.condition(package)
    block = condition.block(of: events)
  }

  private static func condition(
    _ package: ExpressionsPackage
  ) throws(BenchmarkError) -> CompiledCondition {
    do throws(EngineError) {
      return try CompiledCondition(package.program, event: 0, rule: 0)
    } catch {
      throw .rules("\(error)")
    }
  }

  private mutating func isRight(_ expected: [ExpressionsPackage.Row]) -> Bool {
    expected.indices.allSatisfy { index in
      condition.evaluate(&block, at: index).payload == (expected[index].velocity >= 5 ? 1 : 0)
    }
  }

  /// Steps it takes.
  var stepCount: Int { condition.stepCount }

  /// Measures in turn one row after the other, each by itself as an event that is scored alone, and
  /// the same in plain C where there is a compiler.
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
      let time = time(ofRounds: max(options.evaluations / block.count, 1))
      times.allocations += Int(measures_allocations() - before)
      times.compiled.append(time)
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
}
