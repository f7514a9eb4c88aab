import CMeasures
import Engine
import Foundation
import Model
import Program

/// Rules that other engines are measured with by those who make them, through ours and theirs in
/// one run; then windows beside Redis and databases.
enum PeersRun {
  private static let peerScript = "Benchmarks/rule_peers.py"

  /// What a peer says of a shape.
  private struct Peer {
    var nanoseconds: Double
    var calling: Double
    var checksum: Int
    var version: String
  }

  static func measure(
    _ options: PeersOptions, _ note: (String) -> Void
  ) throws(BenchmarkError) -> Figures {
    var figures = Figures()
    figures.add("events", .number(options.events))
    figures.add("blocks", .number(options.blocks))
    note("peers")
    let peers = try peers(options)
    for shape in PeerShape.all {
      note(shape.name)
      var engine = try ShapeEngine(shape)
      guard engine.checksum(shape) == shape.checksum else {
        throw .rules("\(shape.name): our engine decides something else than the rules say")
      }
      let times = (0..<options.blocks).map { _ in engine.nanoseconds(options.events) }
      let ours = Quantiles(times).median
      figures.add("rules", .number(shape.rules.count), in: shape.name)
      figures.add("ours_ns", ours, in: shape.name)
      guard let peer = peers[shape.name], let ours else { continue }
      guard peer.checksum == shape.checksum else {
        throw .reference("\(shape.peer) answers \(shape.name) differently")
      }
      figures.add("\(shape.peer)_version", .text(peer.version), in: shape.name)
      figures.add("\(shape.peer)_ns", peer.nanoseconds, in: shape.name)
      figures.add("\(shape.peer)_of_which_calling_ns", peer.calling, in: shape.name)
      figures.add("\(shape.peer)_ratio", peer.nanoseconds / ours, in: shape.name)
      let own = peer.nanoseconds - peer.calling
      figures.add("\(shape.peer)_own_ratio", own > 0 ? own / ours : nil, in: shape.name)
    }
    for name in ["ezrules", "zen"]
    where !PeerShape.all.contains(where: { $0.peer == name && peers[$0.name] != nil }) {
      figures.notes.append("\(options.python) has no \(name): it is left out")
    }
    if options.hasWindows { try addWindows(options, note, to: &figures) }
    return figures
  }

  /// Adds two scenarios of `Benchmarks windows`, whose peers are Redis, DuckDB, SQLite and
  /// PostgreSQL.
  private static func addWindows(
    _ options: PeersOptions, _ note: (String) -> Void, to figures: inout Figures
  ) throws(BenchmarkError) {
    let asked: WindowsOptions
    do throws(UsageError) {
      asked = try WindowsOptions(["--only", "one_key,skewed"])
    } catch {
      throw .reference(error.message)
    }
    let windows = try WindowsRun.measure(asked, note)
    for entry in windows.entries {
      figures.add(entry.name, entry.value, in: entry.group.map { "windows_\($0)" })
    }
    figures.notes += windows.notes
  }

  private static func peers(_ options: PeersOptions) throws(BenchmarkError) -> [String: Peer] {
    var lines = PeerShape.cases.map { "case \($0.amount) \($0.country)" }
    for shape in PeerShape.all {
      lines.append("shape \(shape.name) \(shape.peer)")
      lines += shape.rules.map { "rule \($0.above) \($0.country ?? "-")" }
    }
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("sabueso-peers-\(UUID().uuidString)").path
    guard
      FileManager.default.createFile(
        atPath: path, contents: Data((lines.joined(separator: "\n") + "\n").utf8))
    else { throw .file("\(path) cannot be written") }
    defer { try? FileManager.default.removeItem(atPath: path) }
    guard let output = ProgramOutput.of([options.python, peerScript, path]) else {
      throw .reference("\(options.python) \(peerScript) fails; run it by hand to see why")
    }
    var peers: [String: Peer] = [:]
    for line in output.split(separator: "\n") {
      let parts = line.split(separator: " ")
      guard parts.count == 5, let nanoseconds = Double(parts[1]), let calling = Double(parts[2]),
        let checksum = Int(parts[3])
      else { throw .reference("no time of a peer: \(line)") }
      peers[String(parts[0])] = Peer(
        nanoseconds: nanoseconds, calling: calling, checksum: checksum, version: String(parts[4]))
    }
    return peers
  }
}

/// The rules of a shape in our engine, and its cases as events.
private struct ShapeEngine: ~Copyable {
  private var engine: ScoringEngine
  private var decision = Decision()
  private let events: [Event]

  init(_ shape: PeerShape) throws(BenchmarkError) {
    let program = try shape.program()
    engine = try Self.engine(program)
    events = PeerShape.events(of: program.schema.events[0])
  }

  private static func engine(_ program: RuleProgram) throws(BenchmarkError) -> ScoringEngine {
    do throws(EngineError) {
      // Peers say which rules hold and not why: no texts.
      return try ScoringEngine(program: program, options: EngineOptions(rendersTexts: false))
    } catch {
      throw .engine("\(error)")
    }
  }

  /// As `PeerShape.checksum`, by the decisions of the engine.
  mutating func checksum(_ shape: PeerShape) -> Int {
    var sum = 0
    for number in events.indices {
      guard engine.apply(events[number], into: &decision) else { return -1 }
      let holding = decision.rules.indices.filter { decision.rules[$0].outcome == .fires }
      let first = holding.first.map { $0 + 1 } ?? 0
      sum += (number + 1) * (shape.peer == "zen" ? first : holding.count)
    }
    return sum
  }

  /// Time of one event after the other, each by a call of its own through the whole engine.
  mutating func nanoseconds(_ wanted: Int) -> Double {
    let rounds = max(wanted / events.count, 1)
    let start = measures_nanoseconds()
    for _ in 0..<rounds {
      for number in events.indices { _ = engine.apply(events.span[number], into: &decision) }
    }
    return Double(measures_nanoseconds() - start) / Double(rounds * events.count)
  }
}
