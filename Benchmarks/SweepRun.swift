import CMeasures
import Compiler
import Expressions
import Foundation
import FraudWorld
import Model
import Program
import Replay
import RuleLanguage
import Values

/// Every value of every param with bounds: from one replay in columns, and, for some of them, from
/// a replay of each value, over the same events in the same run.
struct SweepRun {
  private let rules: CheckedRules
  private let events: String
  private let lists: ListContents

  /// Runs the benchmark; `progress` is told what happens meanwhile.
  static func measure(
    _ options: SweepOptions, _ progress: (String) -> Void
  ) throws(BenchmarkError) -> Figures {
    let check = PackageChecker.check(options.rules, from: DiskRuleFiles())
    guard let rules = check.rules else {
      throw .rules("\(options.rules): run `sabueso check` on it")
    }
    progress("making up a world of \(options.worldAccounts) accounts")
    let events = FileManager.default.temporaryDirectory
      .appending(component: "sabueso-sweep-\(getpid()).ndjson").path
    defer { try? FileManager.default.removeItem(atPath: events) }
    try write(options, to: events)
    var lists: ListContents = [:]
    for list in PackageCompiler.compile(rules).listFiles {
      lists[list.name] = FileManager.default.contents(atPath: list.path).map { Array($0) }
    }
    let run = SweepRun(rules: rules, events: events, lists: lists)
    do throws(SweepError) {
      return try run.figures(options, progress)
    } catch {
      throw .engine("\(error)")
    }
  }

  private static func write(
    _ options: SweepOptions, to path: String
  ) throws(BenchmarkError) {
    var generator = WorldGenerator(
      WorldSettings(seed: options.seed, accounts: options.worldAccounts))
    _ = generator.run { _ in true }
    var bytes: [UInt8] = []
    generator.writeEvents { bytes += $0 }
    do throws(FileError) {
      var file = try ByteFile.writing(path)
      try file.append(bytes)
      try file.flush()
    } catch {
      throw .file("\(error.path): \(error.reason)")
    }
  }

  private var history: SweepHistory {
    .files([events], latest: Timestamp(microseconds: .max))
  }

  private func figures(
    _ options: SweepOptions, _ progress: (String) -> Void
  ) throws(SweepError) -> Figures {
    var swept = try told(try asked())
    swept.removeAll { $0.values.count < 2 }
    progress("one replay of no other value")
    let (plain, _) = try sweep([])
    progress("one replay of every value")
    let (all, report) = try sweep(swept)
    let values = swept.map { $0.values.count - 1 }.reduce(0, +)
    var replays: [Double] = []
    for number in 0..<options.replays {
      // Of a param each time, so that none is luckier than others.
      let param = swept[number * swept.count / options.replays]
      progress("a replay of one value of \(rules.params[param.position].name)")
      let (time, value, point) = try replay(param)
      replays.append(time)
      let curve = report.curves.first { $0.param.name == rules.params[param.position].name }
      guard curve?.points[value] == point else {
        preconditionFailure("a replay of one value decides otherwise than columns")
      }
    }
    let events = Double(report.events)
    let perValue = (all - plain) / (events * Double(values))
    let perReplay = (Quantiles(replays).median ?? 0) / events
    var figures = Figures()
    figures.add("events", .number(report.events))
    figures.add("decisions", .number(report.decisions))
    figures.add("params", .number(swept.count))
    figures.add("values", .number(values))
    figures.add("plain_ns_per_event", plain / events, decimals: 0)
    figures.add("columns_ns_per_event_and_value", perValue, decimals: 2)
    figures.add(
      "columns_ns_per_decision_and_value", perValue * events / Double(report.decisions),
      decimals: 2)
    figures.add("replay_ns_per_event_and_value", perReplay, decimals: 0)
    figures.add("ratio", perReplay / perValue, decimals: 0)
    figures.notes = [
      "columns: what all values take beyond a replay of none; replay: the median of "
        + "\(options.replays) values, each replayed alone",
      "values that are replayed are compared with what columns say of them",
    ]
    return figures
  }

  // MARK: Parts

  private struct Asked {
    var position: Int
    var values: [Value]
  }

  private func asked() throws(SweepError) -> [Asked] {
    rules.params.indices.compactMap { position in
      guard rules.params[position].least != nil,
        let values = try? ParamValues(rules.params[position], in: rules).values(nil)
      else { return nil }
      return Asked(position: position, values: values)
    }
  }

  /// The params whose values columns tell.
  private func told(_ asked: [Asked]) throws(SweepError) -> [Asked] {
    let sweep = try Sweep(program: program(asked), params: params(asked), lists: lists)
    let replayed = Set(sweep.replays.map(\.param))
    return asked.indices.filter { !replayed.contains($0) }.map { asked[$0] }
  }

  private func program(_ asked: [Asked]) -> RuleProgram {
    PackageCompiler.compile(
      rules, free: Dictionary(uniqueKeysWithValues: asked.map { ($0.position, $0.values) }))
  }

  private func params(_ asked: [Asked]) -> [SweptParam] {
    asked.map { asked in
      let param = rules.params[asked.position]
      return SweptParam(
        name: param.name, values: asked.values.map { "\($0)" },
        present: asked.values.firstIndex(of: param.value) ?? 0)
    }
  }

  /// Nanoseconds of a sweep, and what it found.
  private func sweep(
    _ asked: [Asked]
  ) throws(SweepError) -> (nanoseconds: Double, report: SweepReport) {
    var sweep = try Sweep(program: program(asked), params: params(asked), lists: lists)
    let start = measures_nanoseconds()
    try sweep.run(history)
    return (Double(measures_nanoseconds() - start), sweep.finish())
  }

  /// Nanoseconds of a replay of one value, which that is, and what it found.
  private func replay(
    _ asked: Asked
  ) throws(SweepError) -> (nanoseconds: Double, value: Int, point: SweepPoint) {
    var program = program([asked])
    program.freeParams[0].isFolded = true
    var sweep = try Sweep(program: program, params: params([asked]), lists: lists)
    try sweep.run(history)
    let value = sweep.replays[sweep.replays.count / 2].value
    let own = PackageCompiler.compile(
      rules, overrides: Overrides(params: [asked.position: asked.values[value]]))
    let start = measures_nanoseconds()
    try sweep.replay(param: 0, value: value, program: own, history)
    let time = Double(measures_nanoseconds() - start)
    return (time, value, sweep.finish().curves[0].points[value])
  }
}
