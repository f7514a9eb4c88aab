import CMeasures
import Compiler
import Expressions
import Foundation
import FraudWorld
import Model
import Program
import Replay
import RuleLanguage

/// Bytes to bytes: lines of JSON in, decisions as lines of JSON out, as `sabueso score` does it,
/// with the engine on a thread of its own and on the one that reads and writes.
struct PipelineRun {
  private let folder: URL
  private let options: PipelineOptions

  /// Runs the benchmark; `progress` is told what happens meanwhile.
  static func measure(
    _ options: PipelineOptions, _ progress: (String) -> Void
  ) throws(BenchmarkError) -> Figures {
    let folder = FileManager.default.temporaryDirectory
      .appending(component: "sabueso-pipeline-\(getpid())")
    defer { try? FileManager.default.removeItem(at: folder) }
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw .file("\(folder.path): \(error.localizedDescription)")
    }
    let run = PipelineRun(folder: folder, options: options)
    var figures = Figures()
    progress("writing \(options.events) events of W1")
    let (warm, measured) = try run.writeStream()
    try run.add(options.rules, warm: warm, measured: measured, as: "w1", to: &figures, progress)
    if options.worldAccounts > 0 {
      progress("making up a world of \(options.worldAccounts) accounts")
      let world = try run.writeWorld()
      try run.add(options.pack, warm: nil, measured: world, as: "pack", to: &figures, progress)
    }
    figures.notes = [
      "two_threads: the engine on a thread of its own, the digest by who waits; "
        + "one_thread: everything on one",
      "medians of \(options.rounds) rounds, in the first of which the system finds pages that "
        + "nobody had before; a virtual machine takes six times as long for that as to clear them",
      "caller_ns_per_event: processor time of the thread that reads lines and writes answers, "
        + "and of what it digested",
    ]
    return figures
  }

  /// What one pass over a file gave.
  private struct Pass {
    var seconds: Double
    var busyNanoseconds: UInt64
    var allocations: UInt64
    var events: Int
    /// Over the whole run, what came before the measured file included.
    var allEvents: Int
    var bytesOut: Int
    var digest: String
  }

  private func add(
    _ rules: String, warm: String?, measured: String, as group: String, to figures: inout Figures,
    _ progress: (String) -> Void
  ) throws(BenchmarkError) {
    let program = try compiled(rules)
    var two: [Pass] = []
    var one: [Pass] = []
    for round in 1...options.rounds {
      progress("\(rules): round \(round) of \(options.rounds)")
      two.append(try pass(program, warm: warm, measured: measured, hasEngineThread: true))
      one.append(try pass(program, warm: warm, measured: measured, hasEngineThread: false))
    }
    guard let first = two.first,
      (two + one).allSatisfy({ $0.digest == first.digest && $0.bytesOut == first.bytesOut })
    else { throw .comparison("\(rules): two threads and one do not answer the same") }
    let events = Double(first.events)
    let bytes = (try? FileManager.default.attributesOfItem(atPath: measured)[.size] as? Int) ?? 0
    figures.add("rules", .number(program.catalog.rules.count), in: group)
    figures.add("events", .number(first.events), in: group)
    figures.add("bytes_in_per_event", Double(bytes) / events, in: group)
    figures.add("bytes_out_per_event", Double(first.bytesOut) / Double(first.allEvents), in: group)
    for (name, passes) in [("two_threads", two), ("one_thread", one)] {
      figures.add(
        "\(name)_events_per_second", Self.median(passes) { events / $0.seconds }, decimals: 0,
        in: group)
    }
    let gains = zip(two, one).map { $1.seconds / $0.seconds }
    figures.add("gain", Quantiles(gains).median, decimals: 2, in: group)
    for (name, value) in [
      ("caller_ns_per_event", Self.median(two) { Double($0.busyNanoseconds) / events }),
      ("one_thread_ns_per_event", Self.median(one) { Double($0.busyNanoseconds) / events }),
    ] { figures.add(name, value, decimals: 0, in: group) }
    figures.add(
      "one_thread_allocations_per_event", Self.median(one) { Double($0.allocations) / events },
      decimals: 4, in: group)
  }

  private static func median(_ passes: [Pass], _ figure: (Pass) -> Double) -> Double? {
    Quantiles(passes.map(figure)).median
  }

  private func pass(
    _ program: RuleProgram, warm: String?, measured: String, hasEngineThread: Bool
  ) throws(BenchmarkError) -> Pass {
    var settings = ScoreOptions()
    settings.batchSize = options.batchSize
    settings.hasEngineThread = hasEngineThread
    for list in program.listFiles {
      settings.lists[list.name] = FileManager.default.contents(atPath: list.path).map { Array($0) }
    }
    let path = folder.appending(component: "decisions.ndjson").path
    do throws(ScoreError) {
      let output = try ScoreError.inFile { () throws(FileError) in try ByteFile.writing(path) }
      var run = try ScoreRun(program: program, output: output, options: settings)
      if let warm { try score(warm, &run) }
      let before = run.summary.events
      let allocations = measures_allocations()
      let busy = measures_busy_nanoseconds()
      let start = measures_nanoseconds()
      try score(measured, &run)
      let digest = try run.finish()
      let seconds = Double(measures_nanoseconds() - start) / 1e9
      return Pass(
        seconds: seconds, busyNanoseconds: measures_busy_nanoseconds() - busy,
        allocations: measures_allocations() - allocations, events: run.summary.events - before,
        allEvents: run.summary.events, bytesOut: size(path), digest: digest)
    } catch {
      throw .engine("\(error)")
    }
  }

  private func score(_ path: String, _ run: inout ScoreRun) throws(ScoreError) {
    let file = try ScoreError.inFile { () throws(FileError) in try ByteFile.reading(path) }
    var rejects: ByteFile?
    var refused: IntakeError?
    _ = try run.score(
      file, rejects: &rejects, onReject: { refused = refused ?? $0.error },
      onProgress: { _, _ in true })
    precondition(refused == nil, "every line is an event: \(refused?.detail ?? "")")
  }

  private func size(_ path: String) -> Int {
    ((try? FileManager.default.attributesOfItem(atPath: path)[.size]) as? Int) ?? 0
  }

  private func compiled(_ path: String) throws(BenchmarkError) -> RuleProgram {
    let check = PackageChecker.check(path, from: DiskRuleFiles())
    guard let rules = check.rules else {
      throw .rules("\(path): run `sabueso check` on it")
    }
    return PackageCompiler.compile(rules)
  }

  // MARK: Input

  private func writeStream() throws(BenchmarkError) -> (warm: String, measured: String) {
    var stream = HotpathStream(seed: options.seed)
    let warm = try write("warm.ndjson") { output in
      while stream.accounts < UInt64(options.accounts) {
        PipelineText.append(stream.next(), to: &output)
      }
    }
    let measured = try write("measured.ndjson") { output in
      for _ in 0..<options.events { PipelineText.append(stream.next(), to: &output) }
    }
    return (warm, measured)
  }

  private func writeWorld() throws(BenchmarkError) -> String {
    var generator = WorldGenerator(
      WorldSettings(seed: options.seed, accounts: options.worldAccounts))
    _ = generator.run { _ in true }
    return try write("world.ndjson") { output in
      generator.writeEvents { output += $0 }
    }
  }

  private func write(
    _ name: String, _ body: (inout [UInt8]) -> Void
  ) throws(BenchmarkError) -> String {
    var bytes: [UInt8] = []
    body(&bytes)
    let path = folder.appending(component: name).path
    do throws(FileError) {
      var file = try ByteFile.writing(path)
      try file.append(bytes)
      try file.flush()
    } catch {
      throw .file("\(error.path): \(error.reason)")
    }
    return path
  }
}
