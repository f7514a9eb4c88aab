import CMeasures
import Compiler
import Engine
import Foundation
import Model
import Program
import RuleLanguage

/// What `Benchmarks windows` was asked for.
struct WindowsOptions: Hashable, Sendable {
  /// Events timed in each scenario.
  var events = 100_000
  /// Of those, how many the peers are asked about event by event.
  var peerEvents = 10_000
  /// How many a peer that is asked event by event takes in one by one.
  var eachEvents = 200
  /// Entries of the hub before any event is timed.
  var hubEntries = 1_000_000
  /// The scenarios to run; all when empty.
  var only: [String] = []
  var seed: UInt64 = 42
  var hasPeers = true
  var format = OutputFormat.text

  private static let flags = [
    "--events", "--peer-events", "--each-events", "--hub", "--only", "--seed", "--format",
  ]

  init(_ arguments: some Sequence<String>) throws(UsageError) {
    var rest = arguments.makeIterator()
    while let flag = rest.next() {
      if flag == "--no-peers" {
        hasPeers = false
        continue
      }
      guard Self.flags.contains(flag) else {
        throw UsageError(message: "unknown argument \(flag)")
      }
      guard let value = rest.next() else { throw UsageError(message: "\(flag) needs a value") }
      if flag == "--format", let format = OutputFormat(rawValue: value) {
        self.format = format
        continue
      }
      if flag == "--only" {
        only = value.split(separator: ",").map(String.init)
        continue
      }
      guard let number = Int(value), number > 0 else {
        throw UsageError(message: "\(flag) takes a number, not \(value)")
      }
      switch flag {
      case "--events": events = (number + 999) / 1_000 * 1_000
      case "--peer-events": peerEvents = (number + 999) / 1_000 * 1_000
      case "--each-events": eachEvents = number
      case "--hub": hubEntries = (number + 999) / 1_000 * 1_000
      case "--seed": seed = UInt64(number)
      default: throw UsageError(message: "--format is text or json, not \(value)")
      }
    }
    peerEvents = min(peerEvents, events)
    eachEvents = min(eachEvents, peerEvents)
    let names = WindowScenario.all(hubEntries: hubEntries).map(\.name)
    guard only.allSatisfy(names.contains) else {
      throw UsageError(message: "--only takes some of \(names.joined(separator: ","))")
    }
  }
}

/// Windows through the engine, event by event, beside other engines that answer the same.
struct WindowsRun: ~Copyable {
  private var engine: ScoringEngine
  private let program: RuleProgram
  private var ready = EventBatch(capacity: Self.blockEvents)
  private var decision = Decision()

  /// What one scenario gave.
  private struct Outcome {
    var nanoseconds = 0.0
    /// The same of all events, those before the timed ones too.
    var nanosecondsOfAll = 0.0
    var single: [UInt32] = []
    var checksum = 0
    /// The checksum over the events that peers are asked about.
    var peerChecksum = 0
    var eachChecksum = 0
    var measured = 0
    var control: UInt64 = 0

    /// Adds what the first three signals of a decision say.
    mutating func add(_ decision: borrowing Decision, _ options: WindowsOptions) {
      let answers = decision.signals.span
      let sum = answers[0].payload &+ 3 &* answers[1].payload &+ 7 &* answers[2].payload
      checksum = (checksum + Int(sum % 1_000_000_007)) % 1_000_000_007
      measured += 1
      if measured == options.peerEvents { peerChecksum = checksum }
      if measured == options.eachEvents { eachChecksum = checksum }
    }
  }

  /// As many as `score` reads ahead.
  private static let blockEvents = 64

  /// Runs the benchmark; `progress` is told what happens meanwhile.
  static func measure(
    _ options: WindowsOptions, _ progress: (String) -> Void
  ) throws(BenchmarkError) -> Figures {
    var figures = Figures()
    var questions = ""
    var ours: [String: Ours] = [:]
    var paths: [String] = []
    defer { for path in paths { try? FileManager.default.removeItem(atPath: path) } }
    for scenario in WindowScenario.all(hubEntries: options.hubEntries)
    where options.only.isEmpty || options.only.contains(scenario.name) {
      progress("\(scenario.name): \(scenario.filled) events, then \(options.events) timed")
      let stream = scenario.events(measured: options.events, seed: options.seed)
      let rules = "Benchmarks/windows.rules"
      // The clock drifts: the best of three, some time apart.
      var alone = WindowsAlone.measure(stream)
      let batch = try run(rules, stream, isTimedSingly: false, options)
      alone.takeBest(WindowsAlone.measure(stream))
      let single = try run(rules, stream, isTimedSingly: true, options)
      alone.takeBest(WindowsAlone.measure(stream))
      guard single.checksum == batch.checksum, alone.checksum == batch.checksum else {
        throw .engine("two runs differ")
      }
      ours[scenario.name] = Ours(
        windows: alone.nanoseconds, events: batch.nanoseconds, checksum: batch.peerChecksum)
      ours[scenario.name + "_pass"] = Ours(
        windows: alone.ofAll, events: batch.nanosecondsOfAll, checksum: batch.peerChecksum)
      ours[scenario.name + "_each"] = Ours(
        windows: alone.nanoseconds, events: batch.nanoseconds, checksum: batch.eachChecksum)
      figures.add("windows", alone.nanoseconds, in: scenario.name)
      figures.add("events", batch.nanoseconds, in: scenario.name)
      figures.add("windows_pass", alone.ofAll, in: scenario.name)
      figures.add("events_pass", batch.nanosecondsOfAll, in: scenario.name)
      add(single, to: &figures, scenario.name)
      if scenario.keys == 1 {
        let all = try run("Benchmarks/windows_all.rules", stream, isTimedSingly: true, options)
        add(all, to: &figures, scenario.name + "_all")
      }
      if options.hasPeers {
        let asked = stream.prefix(scenario.filled + options.peerEvents)
        let path = try write(asked, scenario.name)
        paths.append(path)
        questions +=
          "\(scenario.name) \(path) \(scenario.isLate ? WindowScenario.late : 0) "
          + "\(options.eachEvents)\n"
      }
    }
    if options.hasPeers {
      progress("the peers")
      try addPeers(questions, ours, to: &figures)
    }
    figures.notes.append(
      "nanoseconds per event: `events` through the whole engine, `windows` in the windows alone. "
        + "`all` has twenty-two signals, every aggregate. Peers answered the first "
        + "\(options.peerEvents) timed events of each scenario, `each` \(options.eachEvents) one by "
        + "one, all with the same sums")
    return figures
  }

  private static func add(_ outcome: Outcome, to figures: inout Figures, _ group: String) {
    let quantiles = Quantiles(outcome.single)
    figures.add("single_p50", quantiles.median.map { .number(Int($0)) } ?? .none, in: group)
    figures.add("single_p99", quantiles[0.99].map { .number(Int($0)) } ?? .none, in: group)
    figures.add("single_p99.9", quantiles[0.999].map { .number(Int($0)) } ?? .none, in: group)
    figures.add("single_max", quantiles.greatest.map { .number(Int($0)) } ?? .none, in: group)
    let above = outcome.single.count { $0 > 100_000 }
    figures.add("above_100us", .number(above), in: group)
    figures.add("control_max", .number(Int(outcome.control)), in: group)
  }

  // MARK: Engine

  private init(_ program: RuleProgram, _ engine: consuming ScoringEngine) {
    self.program = program
    self.engine = engine
  }

  private static func compiled(_ path: String) throws(BenchmarkError) -> RuleProgram {
    let check = PackageChecker.check(path, from: DiskRuleFiles())
    guard let rules = check.rules else { throw .rules("\(path) has errors") }
    return PackageCompiler.compile(rules)
  }

  private static func engine(_ program: RuleProgram) throws(BenchmarkError) -> ScoringEngine {
    do throws(EngineError) {
      return try ScoringEngine(program: program)
    } catch {
      throw .engine("\(error)")
    }
  }

  private static func run(
    _ path: String, _ stream: [WindowEvent], isTimedSingly: Bool, _ options: WindowsOptions
  ) throws(BenchmarkError) -> Outcome {
    let program = try compiled(path)
    var run = WindowsRun(program, try engine(program))
    var outcome = Outcome()
    var spent: UInt64 = 0
    var spentOnAll: UInt64 = 0
    var start = 0
    while start < stream.count {
      // A block is all filling or all timed.
      var end = start
      while end < stream.count, end - start < blockEvents,
        stream[end].isMeasured == stream[start].isMeasured
      {
        run.prepare(stream[end], number: end, at: end - start)
        end += 1
      }
      let isMeasured = stream[start].isMeasured
      run.ready.count = end - start
      let elapsed =
        isMeasured && isTimedSingly
        ? run.scoreSingly(options, into: &outcome)
        : run.score(isMeasured: isMeasured, options, into: &outcome)
      spentOnAll += elapsed
      if isMeasured { spent += elapsed }
      start = end
    }
    outcome.nanosecondsOfAll = Double(spentOnAll) / Double(max(stream.count, 1))
    outcome.nanoseconds = Double(spent) / Double(max(outcome.measured, 1))
    return outcome
  }

  /// Writes an event as decoding would.
  private mutating func prepare(_ source: WindowEvent, number: Int, at place: Int) {
    let type = program.schema.events[0]
    ready.events[place].reset(type: 0, slotCount: type.slotCount)
    ready.events[place].sequence = UInt64(number + 1)
    ready.events[place].set(type.fields[0].slot, utf8: "p\(number)".utf8)
    ready.events[place].id = TextReference(bits: ready.events[place].payloads[type.fields[0].slot])
    ready.events[place].time = Timestamp(microseconds: source.time)
    ready.events[place].set(type.fields[1].slot, payload: UInt64(bitPattern: source.time))
    ready.events[place].set(type.fields[2].slot, utf8: "account-\(source.key)".utf8)
    ready.events[place].set(type.fields[3].slot, payload: UInt64(bitPattern: source.amount))
  }

  /// Scores the block in one go; nanoseconds of it.
  private mutating func score(
    isMeasured: Bool, _ options: WindowsOptions, into outcome: inout Outcome
  ) -> UInt64 {
    let start = measures_nanoseconds()
    engine.apply(&ready)
    let spent = measures_nanoseconds() - start
    guard isMeasured else { return spent }
    for index in 0..<ready.count { outcome.add(ready.decisions[index], options) }
    return spent
  }

  /// Scores the events of the block one by one; nanoseconds of them all.
  private mutating func scoreSingly(_ options: WindowsOptions, into outcome: inout Outcome)
    -> UInt64
  {
    var spent: UInt64 = 0
    for index in 0..<ready.count {
      let before = measures_nanoseconds()
      _ = engine.apply(ready.events.span[index], into: &decision)
      let elapsed = measures_nanoseconds() - before
      spent += elapsed
      outcome.single.append(UInt32(truncatingIfNeeded: elapsed))
      outcome.add(decision, options)
    }
    // What the machine does to a loop that only reads the clock.
    let end = measures_nanoseconds() + spent
    var last = measures_nanoseconds()
    while last < end {
      let now = measures_nanoseconds()
      outcome.control = max(outcome.control, now - last)
      last = now
    }
    return spent
  }

  // MARK: Peers

  /// What a peer is compared with.
  private struct Ours {
    var windows: Double
    var events: Double
    var checksum: Int
  }

  private static func write(
    _ stream: ArraySlice<WindowEvent>, _ name: String
  ) throws(BenchmarkError) -> String {
    var text = ""
    text.reserveCapacity(stream.count * 48)
    for event in stream {
      text += "\(event.key),\(event.time),\(event.amount),\(event.clock),"
      text += event.isMeasured ? "1\n" : "0\n"
    }
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("windows-\(UUID().uuidString)-\(name).csv").path
    guard FileManager.default.createFile(atPath: path, contents: Data(text.utf8)) else {
      throw .reference("cannot write \(path)")
    }
    return path
  }

  /// What of ours does the same as a peer: Redis takes the timed events alone, in long runs; a pass
  /// has a row for every event.
  private static func named(_ peer: Substring, _ scenario: Substring) -> String {
    if peer == "redis" { return String(scenario) }
    return scenario + (peer.hasSuffix("_each") ? "_each" : "_pass")
  }

  private static func addPeers(
    _ asked: String, _ ours: [String: Ours], to figures: inout Figures
  ) throws(BenchmarkError) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "Benchmarks/window_peers.py"]
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    do {
      try process.run()
      try input.fileHandleForWriting.write(contentsOf: Data(asked.utf8))
      try input.fileHandleForWriting.close()
    } catch {
      throw .reference("the peers do not start: \(error)")
    }
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw .reference("the peers failed") }
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: " ")
      guard parts.count == 4, let nanoseconds = Double(parts[2]), let checksum = Int(parts[3]),
        let ours = ours[named(parts[0], parts[1])]
      else { throw .reference("the peers say `\(line)`") }
      guard checksum == ours.checksum else {
        throw .reference("\(parts[0]) answers \(parts[1]) differently")
      }
      let group = String(parts[1])
      figures.add(String(parts[0]), nanoseconds, in: group)
      figures.add("\(parts[0])_per_windows", nanoseconds / ours.windows, in: group)
      figures.add("\(parts[0])_per_events", nanoseconds / ours.events, in: group)
    }
  }
}
