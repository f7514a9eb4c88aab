import CMeasures
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
    let plain = try PlainPredicate()
    note("peers")
    let peers = try ExpressionsReference.peers(options)
    for predicate in ExpressionsPackage.Predicate.allCases {
      let group = predicate == .withRegex ? "with_regex" : "without_regex"
      note(group)
      let package = try ExpressionsPackage(predicate)
      var compiled = try CompiledPredicate(package, predicate)
      let times = try compiled.measure(options, beside: plain, predicate)
      figures.add("steps", .number(compiled.stepCount), in: group)
      figures.add("compiled_ns", Quantiles(times.compiled).median, in: group)
      figures.add("compiled_best_ns", times.compiled.min(), in: group)
      figures.add("compiled_columns_ns", Quantiles(times.columns).median, in: group)
      figures.add("compiled_columns_best_ns", times.columns.min(), in: group)
      figures.add("compiled_columns_lanes", .number(compiled.lanes), in: group)
      figures.add("compiled_allocations", .number(times.allocations), in: group)
      figures.add("interpreted_ns", interpreted(package, predicate, options), in: group)
      figures.add("plain_c_ns", Quantiles(times.plain).median, in: group)
      figures.add("plain_c_best_ns", times.plain.min(), in: group)
      let ratios = zip(times.compiled, times.plain).map { $0 / $1 }
      figures.add("ratio_to_plain_c", Quantiles(ratios).median, decimals: 2, in: group)
      let columnRatios = zip(times.columns, times.plain).map { $0 / $1 }
      figures.add(
        "columns_ratio_to_plain_c", Quantiles(columnRatios).median, decimals: 2, in: group)
      add(peers, predicate, times, to: &figures, in: group)
    }
    if !plain.isThere { figures.notes.append("no C compiler or PCRE2: plain C left out") }
    if peers.isEmpty { figures.notes.append("no Python with the peers: they are left out") }
    return figures
  }

  private static func add(
    _ peers: [PeerTime], _ predicate: ExpressionsPackage.Predicate,
    _ times: CompiledPredicate.Times, to figures: inout Figures, in group: String
  ) {
    var fastest: Double?
    for peer in peers {
      let total = peer.nanoseconds[predicate.rawValue]
      // Calling it took longer than calling it with work, when the clock changed between the two.
      let own = total > peer.overhead ? total - peer.overhead : nil
      figures.add("\(peer.name)_ns", total, in: group)
      figures.add("\(peer.name)_of_which_calling_ns", peer.overhead, in: group)
      figures.add("\(peer.name)_own_ns", own, in: group)
      if let own { fastest = min(fastest ?? own, own) }
    }
    guard let fastest else { return }
    for (name, own) in [("", times.compiled), ("columns_", times.columns)] {
      let ratio = Quantiles(own).median.map { fastest / $0 }
      figures.add("\(name)fastest_peer_own_ratio", ratio, in: group)
    }
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
