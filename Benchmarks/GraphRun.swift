import CMeasures
import Engine
import Model
import Program

/// One question about the graph on every event of a stream: loading, in one go, call by call, and
/// beside peers.
struct GraphRun: ~Copyable {
  private let options: GraphOptions
  private let package: HotpathPackage
  private var engine: ScoringEngine
  private var source: GraphSource
  private var event = Event()
  private var block: [Event] = []
  private var decision = Decision()
  private var truncated = 0
  private var answered = 0

  /// What a part of the run took.
  private struct Part {
    var events = 0
    var edges = 0
    var nanoseconds: UInt64 = 0
  }

  /// Runs the benchmark; `progress` is told what happens meanwhile.
  static func measure(
    _ options: GraphOptions, _ progress: (String) -> Void
  ) throws(BenchmarkError) -> Figures {
    let package = try HotpathPackage(path: options.rules)
    var run = GraphRun(
      options: options, package: package, engine: try makeEngine(package),
      source: try GraphSource(options))
    var peers = options.asked > 0 ? try GraphPeers(options) : nil
    progress("loading")
    let load = run.load(&peers)
    var figures = Figures()
    run.begin(&figures, load)
    // Peers first: they are asked where the load ended, as we are.
    if var asking = peers {
      progress("asking peers")
      try run.ask(&asking, &figures)
    }
    progress("measuring")
    run.measure(&figures)
    return figures
  }

  private init(
    options: GraphOptions, package: HotpathPackage, engine: consuming ScoringEngine,
    source: GraphSource
  ) {
    self.options = options
    self.package = package
    self.engine = engine
    self.source = source
  }

  private static func makeEngine(
    _ package: HotpathPackage
  ) throws(BenchmarkError) -> ScoringEngine {
    do throws(EngineError) {
      return try ScoringEngine(program: package.program)
    } catch {
      throw .engine("\(error)")
    }
  }

  /// Edges and uses that an event adds to the link of the question.
  private func edges(_ event: HotpathEvent) -> Int {
    if event.isLabel { return 0 }
    if options.stream == .messages || options.question == .rings { return 1 }
    return [0, 2, 3, 4].count { event.identifiers[$0] != 0 }
  }

  /// Makes an event of the stream the current one.
  private mutating func prepare(_ source: HotpathEvent) {
    package.write(source, to: &event)
  }

  private mutating func load(_ peers: inout GraphPeers?) -> Part {
    var part = Part()
    let left = 2 * options.events + options.asked
    while !source.isLoaded(accounts: options.accounts, left: left), let next = source.take() {
      peers?.note(next, isAsked: false)
      prepare(next)
      let start = measures_nanoseconds()
      _ = engine.apply(event, into: &decision)
      part.nanoseconds += measures_nanoseconds() - start
      part.events += 1
      part.edges += edges(next)
    }
    return part
  }

  private func begin(_ figures: inout Figures, _ load: Part) {
    figures.add("benchmark", .text("graph"))
    figures.add("question", .text(options.question.rawValue))
    figures.add("stream", .text(options.stream.rawValue))
    figures.add("accounts", .number(engine.accountCount(entity: 0)))
    figures.add("events", .number(load.events), in: "load")
    figures.add("edges", .number(load.edges), in: "load")
    let seconds = Double(load.nanoseconds) / 1e9
    figures.add("edges_per_second", Double(load.edges) / seconds, decimals: 0, in: "load")
    let memory = engine.memoryReport()
    figures.add(
      "graph_bytes_per_edge", Double(memory.graph) / Double(max(load.edges, 1)), in: "load")
  }

  // MARK: Peers

  private mutating func ask(
    _ peers: inout GraphPeers, _ figures: inout Figures
  ) throws(BenchmarkError) {
    try peers.beginAsking()
    var ours: [(value: Int, isTruncated: Bool)] = []
    var times: [UInt64] = []
    while ours.count < options.asked, let next = source.take() {
      peers.note(next, isAsked: true)
      prepare(next)
      let start = measures_nanoseconds()
      let isDecided = engine.apply(event, into: &decision)
      let spent = measures_nanoseconds() - start
      guard isDecided, let answer = decision.signals.first else { continue }
      times.append(spent)
      ours.append((Int(Int64(bitPattern: answer.payload)), answer.isTruncated))
    }
    let mine = Quantiles(times)
    for answer in try peers.answers() {
      let theirs = Quantiles(answer.nanoseconds)
      let group = answer.peer
      figures.add("load_seconds", answer.loadSeconds, decimals: 1, in: group)
      for (name, share) in [("p50_us", 0.5), ("p99_us", 0.99), ("max_us", 1)] {
        figures.add(name, theirs[share].map { Double($0) / 1e3 }, decimals: 1, in: group)
      }
      if let median = theirs.median, let own = mine.median, own > 0 {
        figures.add("p50_ratio", Double(median) / Double(own), decimals: 0, in: group)
      }
      let same = zip(ours, answer.answers).count { $0.isTruncated || $0.value == $1 }
      figures.add("same_answers", .text("\(same) of \(ours.count)"), in: group)
    }
    figures.add("p50_us", mine.median.map { Double($0) / 1e3 }, decimals: 2, in: "asked")
    figures.add("truncated", .number(ours.count { $0.isTruncated }), in: "asked")
  }

  // MARK: Measuring

  private mutating func measure(_ figures: inout Figures) {
    var edgeCount = 0
    block.reserveCapacity(options.events)
    while block.count < options.events, let next = source.take() {
      edgeCount += edges(next)
      prepare(next)
      block.append(event)
    }
    let start = measures_nanoseconds()
    for index in block.indices { _ = engine.apply(block.span[index], into: &decision) }
    let seconds = Double(measures_nanoseconds() - start) / 1e9
    figures.add("events", .number(block.count), in: "batch")
    figures.add("edges_per_second", Double(edgeCount) / seconds, decimals: 0, in: "batch")
    figures.add("events_per_second", Double(block.count) / seconds, decimals: 0, in: "batch")
    var times: [UInt64] = []
    while times.count < options.events, let next = source.take() {
      prepare(next)
      let start = measures_nanoseconds()
      let isDecided = engine.apply(event, into: &decision)
      times.append(measures_nanoseconds() - start)
      guard isDecided, let answer = decision.signals.first else { continue }
      answered += 1
      if answer.isTruncated { truncated += 1 }
    }
    let quantiles = Quantiles(times)
    for (name, share) in [("p50_us", 0.5), ("p99_us", 0.99), ("p999_us", 0.999), ("max_us", 1)] {
      figures.add(name, quantiles[share].map { Double($0) / 1e3 }, decimals: 2, in: "single")
    }
    figures.add(
      "truncated_share", answered > 0 ? Double(truncated) / Double(answered) : nil, decimals: 5,
      in: "single")
  }
}
