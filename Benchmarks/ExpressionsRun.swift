import CMeasures
import Engine
import Expressions
import Model
import Values

/// One predicate over many rows: compiled and interpreted here, in plain C, and in the engines of
/// others.
enum ExpressionsRun {
  static func measure(
    _ options: ExpressionsOptions, _ note: (String) -> Void
  ) throws(BenchmarkError) -> Figures {
    var figures = Figures()
    figures.add("evaluations", .number(options.evaluations))
    figures.add("blocks", .number(options.blocks))
    note("plain C with PCRE2")
    let plain = try ExpressionsReference.plain(options)
    note("peers")
    let peers = try ExpressionsReference.peers(options)
    for predicate in ExpressionsPackage.Predicate.allCases {
      let group = predicate == .withRegex ? "with_regex" : "without_regex"
      note(group)
      let package = try ExpressionsPackage(predicate)
      let compiled = try compiled(package, predicate, options, rows: 64)
      let alone = try self.compiled(package, predicate, options, rows: 1)
      figures.add("steps", .number(compiled.steps), in: group)
      figures.add("compiled_ns", compiled.nanoseconds, in: group)
      figures.add("compiled_best_ns", compiled.best, in: group)
      figures.add("compiled_alone_ns", alone.nanoseconds, in: group)
      figures.add("compiled_allocations", .number(compiled.allocations), in: group)
      figures.add("interpreted_ns", interpreted(package, predicate, options), in: group)
      figures.add("plain_c_ns", plain?[predicate.rawValue], in: group)
      add(peers, predicate, compiled.nanoseconds, to: &figures, in: group)
    }
    if plain == nil { figures.notes.append("no C compiler or PCRE2: plain C left out") }
    if peers.isEmpty { figures.notes.append("no Python with the peers: they are left out") }
    return figures
  }

  private static func add(
    _ peers: [PeerTime], _ predicate: ExpressionsPackage.Predicate, _ compiled: Double,
    to figures: inout Figures, in group: String
  ) {
    var fastest: Double?
    for peer in peers {
      let total = peer.nanoseconds[predicate.rawValue]
      let own = max(total - peer.overhead, 0)
      figures.add("\(peer.name)_ns", total, in: group)
      figures.add("\(peer.name)_of_which_calling_ns", peer.overhead, in: group)
      figures.add("\(peer.name)_own_ns", own, in: group)
      fastest = min(fastest ?? own, own)
    }
    if let fastest { figures.add("fastest_peer_own_ratio", fastest / compiled, in: group) }
  }

  private static func compiled(
    _ package: ExpressionsPackage, _ predicate: ExpressionsPackage.Predicate,
    _ options: ExpressionsOptions, rows: Int
  ) throws(BenchmarkError)
    -> (nanoseconds: Double, best: Double, steps: Int, allocations: Int)
  {
    var condition: CompiledCondition
    do throws(EngineError) {
      condition = try CompiledCondition(package.program, event: 0, rule: 0)
    } catch {
      throw .rules("\(error)")
    }
    let events = Array(package.events(of: predicate).prefix(rows))
    var block = condition.block(of: events)
    condition.evaluate(&block)
    let fired = events.indices.count { block.value(at: $0).payload == 1 }
    let wanted = ExpressionsPackage.rows(of: predicate).prefix(rows).count { $0.velocity >= 5 }
    guard fired == wanted else { throw .rules("the predicate fires on \(fired) rows") }
    let rounds = options.evaluations / events.count
    var times: [Double] = []
    times.reserveCapacity(options.blocks)
    var sum: UInt64 = 0
    let before = measures_allocations()
    for _ in 0..<options.blocks {
      let start = measures_nanoseconds()
      for round in 0..<rounds {
        condition.evaluate(&block)
        sum &+= block.value(at: round % events.count).payload
      }
      let time = measures_nanoseconds() - start
      times.append(Double(time) / Double(rounds * events.count))
    }
    let allocations = Int(measures_allocations() - before)
    guard sum > 0 || wanted == 0 else { throw .rules("the predicate never fires") }
    return (Quantiles(times).median ?? 0, times.min() ?? 0, condition.stepCount, allocations)
  }

  private static func interpreted(
    _ package: ExpressionsPackage, _ predicate: ExpressionsPackage.Predicate,
    _ options: ExpressionsOptions
  ) -> Double? {
    let expression = package.typed
    let interpreters = ExpressionsPackage.rows(of: predicate).map { row in
      Interpreter(variable: package.variables(of: row), query: { _, _ in .missing })
    }
    var times: [Double] = []
    var fired = 0
    let count = max(options.evaluations / 100, 1_000)
    for _ in 0..<options.blocks {
      let start = measures_nanoseconds()
      for number in 0..<count
      where interpreters[number % interpreters.count].evaluate(expression) == .bool(true) {
        fired += 1
      }
      times.append(Double(measures_nanoseconds() - start) / Double(count))
    }
    return fired > 0 ? Quantiles(times).median : nil
  }
}
