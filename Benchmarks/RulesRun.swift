import CMeasures
import Engine
import Model
import Program

/// Thirty rules over stored signals: compiled from their text, and written by hand in Swift and C.
enum RulesRun {
  static func measure(
    _ options: RulesOptions, _ note: (String) -> Void
  ) throws(BenchmarkError) -> Figures {
    var figures = Figures()
    figures.add("events", .number(options.events))
    figures.add("blocks", .number(options.blocks))
    let package = try HotpathPackage(path: "Benchmarks/hotpath.rules")
    let signals = StoredSignals(seed: options.seed)
    note("one event alone")
    var alone = try RuleShape<256>(package, signals)
    try alone.measure(options, &figures, "alone")
    note("16 events at a time")
    var few = try RuleShape<16>(package, signals)
    try few.measure(options, &figures, "lanes_16")
    note("256 events at a time")
    var many = try RuleShape<1>(package, signals)
    try many.measure(options, &figures, "lanes_256")
    return figures
  }
}

/// The same 256 events cut into so many blocks.
private struct RuleShape<let count: Int>: ~Copyable {
  private var rules: CompiledRules
  private var blocks: InlineArray<count, RuleBlock>
  private let signals: StoredSignals
  private var fires = [UInt32](repeating: 0, count: StoredSignals.events)
  private var unknown = [UInt32](repeating: 0, count: StoredSignals.events)
  private var scores = [Int32](repeating: 0, count: StoredSignals.events)

  private var lanes: Int { StoredSignals.events / count }

  init(_ package: HotpathPackage, _ signals: StoredSignals) throws(BenchmarkError) {
    rules = try Self.rules(package)
    blocks = Self.blocks(rules, package, signals)
    self.signals = signals
  }

  private static func rules(
    _ package: HotpathPackage
  ) throws(BenchmarkError) -> CompiledRules {
    do throws(EngineError) {
      return try CompiledRules(package.program, event: package.type)
    } catch {
      throw .rules("\(error)")
    }
  }

  private static func blocks(
    _ rules: borrowing CompiledRules, _ package: HotpathPackage, _ signals: StoredSignals
  ) -> InlineArray<count, RuleBlock> {
    let catalog = package.program.catalog.signals.map(\.name)
    let columns = StoredSignals.names.map { name in
      name == "amount"
        ? rules.column(ofSlot: package.amount)
        : catalog.firstIndex(of: name).flatMap { rules.column(ofSignal: $0) }
    }
    let lanes = StoredSignals.events / count
    return InlineArray { number in
      var block = rules.block(lanes: lanes)
      for lane in 0..<lanes {
        let event = number * lanes + lane
        for (signal, column) in columns.enumerated() {
          // A signal that no rule asks for has no column.
          guard let column else { continue }
          let isMissing = signals.missing[event] >> UInt32(signal) & 1 != 0
          let value = signals.columns[signal * StoredSignals.events + event]
          block.set(
            column, lane: lane, payload: isMissing ? 0 : UInt64(bitPattern: value),
            state: isMissing ? .missing : .present)
        }
      }
      return block
    }
  }

  /// Measures all three in turn and compares their answers.
  mutating func measure(
    _ options: RulesOptions, _ figures: inout Figures, _ group: String
  ) throws(BenchmarkError) {
    try compareAnswers()
    let rounds = max(options.events / StoredSignals.events, 1)
    var (compiled, swift, plain): ([Double], [Double], [Double]) = ([], [], [])
    var allocations = 0
    for _ in 0..<options.blocks {
      let before = measures_allocations()
      let time = compiledTime(rounds)
      allocations += Int(measures_allocations() - before)
      compiled.append(time)
      swift.append(swiftTime(rounds))
      plain.append(plainTime(rounds))
    }
    figures.add("compiled_ns", Quantiles(compiled).median, in: group)
    figures.add("compiled_best_ns", compiled.min(), in: group)
    figures.add("compiled_allocations", .number(allocations), in: group)
    figures.add("hand_swift_ns", Quantiles(swift).median, in: group)
    figures.add("hand_c_ns", Quantiles(plain).median, in: group)
    let toSwift = zip(compiled, swift).map { $0 / $1 }
    let toPlain = zip(compiled, plain).map { $0 / $1 }
    figures.add("ratio_to_hand_swift", Quantiles(toSwift).median, decimals: 2, in: group)
    figures.add("ratio_to_hand_c", Quantiles(toPlain).median, decimals: 2, in: group)
    let median = Quantiles(compiled).median ?? 0
    figures.add("million_events_per_second", 1_000 / median, in: group)
  }

  private mutating func compareAnswers() throws(BenchmarkError) {
    _ = swiftTime(1)
    let bySwift = (fires, unknown, scores)
    _ = plainTime(1)
    _ = compiledTime(1)
    guard bySwift.0 == fires, bySwift.1 == unknown, bySwift.2 == scores else {
      throw .rules("the two written by hand differ")
    }
    var firing = 0
    for event in 0..<StoredSignals.events {
      let (block, lane) = (event / lanes, event % lanes)
      for rule in 0..<30 {
        let outcome = blocks[block].outcome(ofRule: rule, lane: lane)
        let bit = UInt32(1) << UInt32(rule)
        guard (outcome == .fires) == (fires[event] & bit != 0),
          (outcome == .unknown) == (unknown[event] & bit != 0), outcome != .error
        else { throw .rules("event \(event), rule \(rule): \(outcome)") }
        if outcome == .fires { firing += 1 }
      }
      guard blocks[block].score(lane: lane) == Int(scores[event]) else {
        throw .rules("event \(event): another score")
      }
    }
    guard firing > 0 else { throw .rules("no rule fires on any event") }
  }

  private mutating func compiledTime(_ rounds: Int) -> Double {
    let start = measures_nanoseconds()
    for _ in 0..<rounds {
      for block in blocks.indices { rules.decide(&blocks[block]) }
    }
    return Double(measures_nanoseconds() - start) / Double(rounds * StoredSignals.events)
  }

  private mutating func swiftTime(_ rounds: Int) -> Double {
    let signals = signals
    let (columns, missing) = (signals.columns.span, signals.missing.span)
    let start = measures_nanoseconds()
    for _ in 0..<rounds {
      for event in 0..<StoredSignals.events {
        let answer = HandRules(
          columns, first: event, stride: StoredSignals.events, missing: missing[event]
        ).decide()
        fires[event] = answer.fires
        unknown[event] = answer.unknown
        scores[event] = answer.score
      }
    }
    return Double(measures_nanoseconds() - start) / Double(rounds * StoredSignals.events)
  }

  private mutating func plainTime(_ rounds: Int) -> Double {
    // An event alone has its signals together, many have them column by column.
    let isAlone = lanes == 1
    let values = isAlone ? signals.rows : signals.columns
    let step = isAlone ? StoredSignals.names.count : 1
    let stride = isAlone ? 1 : StoredSignals.events
    let lanes = lanes
    var fires = [UInt32](repeating: 0, count: StoredSignals.events)
    var unknown = fires
    var scores = [Int32](repeating: 0, count: StoredSignals.events)
    defer { (self.fires, self.unknown, self.scores) = (fires, unknown, scores) }
    let start = measures_nanoseconds()
    for _ in 0..<rounds {
      for block in 0..<count {
        // SAFETY: the arrays hold `StoredSignals.events` events, of which this reads and writes
        // `lanes` that are among them.
        unsafe measures_hand_rules(
          values, signals.missing, block * lanes, lanes, step, stride, &fires, &unknown, &scores)
      }
    }
    return Double(measures_nanoseconds() - start) / Double(rounds * StoredSignals.events)
  }
}
