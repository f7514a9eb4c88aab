import CSQLite
import Compiler
import Foundation
import Glibc
import Ledger
import Model
import Program
import Replay
import RuleLanguage
import Testing

@testable import Service

/// A folder that goes away with its test.
final class TemporaryFolder {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "service-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
    path = url.path
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }
}

/// The shipped rules.
enum ShippedRules {
  static let path = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Rules").path

  private static let compiled: RuleProgram? =
    PackageChecker.check(path, from: DiskRuleFiles()).rules.map { PackageCompiler.compile($0) }

  static func program() throws -> RuleProgram {
    try #require(compiled, "the shipped rules do not compile")
  }
}

/// Referrals of January 2026.
enum TestEvent {
  static func referral(_ number: Int, reward: String = "250.00") -> String {
    let minute = number % 60
    let hour = number / 60 % 24
    let day = 5 + number / 1_440 % 20
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return #"{"event":"referral","referral_id":"r\#(number)","at":"2026-01-\#(two(day))T"#
      + #"\#(two(hour)):\#(two(minute)):00Z","referrer":"A\#(number % 97)","#
      + #""referee":"N\#(number)","device":"D\#(number % 31)","payout":"0321\#(number % 53)","#
      + #""reward":\#(reward)}"#
  }

  static let login =
    #"{"event":"login","login_id":"l1","at":"2026-01-05T10:00:00Z","who":"A"}"#
}

/// A scoring service on a thread of its own, with a ledger in a folder.
final class RunningService {
  let service: ScoringService
  let data: String
  private let ended = Locked(false)
  private let gate: Gate

  /// Starts; with a `gate` the engine is opened only when it is.
  init(
    data: String, gate: Gate = Gate(isOpen: true), options: ScoringServiceOptions? = nil
  ) throws {
    let program = try ShippedRules.program()
    var options = options ?? ScoringServiceOptions()
    options.listen = "127.0.0.1:0"
    let decided = program.events.indices.filter { program.events[$0].policy != nil }
      .map { program.schema.events[$0].name }
    let service = try ScoringService(
      schema: program.schema, catalog: program.catalog, decidedEvents: decided, options: options,
      names: { () throws(LiveError) in try NameReader(directory: data, schema: program.schema) })
    self.service = service
    self.data = data
    self.gate = gate
    let ended = ended
    Thread {
      try? service.run(
        onReady: { _ in }, onFailure: { _ in },
        opening: { onProgress throws(LiveError) in
          while !gate.isOpen { guard onProgress(1, 2) else { throw .stopped } }
          let ledger = try LiveError.inLedger { () throws(LedgerError) in
            try DecisionLedger(directory: data)
          }
          return try LiveScoring(program: program, ledger: ledger, onProgress: onProgress)
        })
      ended.withLock { $0 = true }
    }.start()
    if gate.isOpen { try #require(waitUntilReady()) }
  }

  deinit {
    stop()
  }

  /// Drains and waits for the end.
  func stop() {
    service.stop()
    _ = soon { ended.withLock { $0 } }
  }

  func connect() throws -> SocketClient {
    let port = try #require(Int(service.address.split(separator: ":").last ?? ""))
    return try SocketClient(port: port)
  }

  /// One request on a connection of its own.
  func ask(_ request: String) throws -> String {
    let client = try connect()
    client.send(request)
    return try #require(client.readReplies(1).first, "no reply")
  }

  func waitUntilReady() -> Bool {
    soon { (try? ask(get("/readyz")))?.hasPrefix("HTTP/1.1 200 ") == true }
  }

  /// Overwrites what the ledger holds of its first events, behind the service's back.
  func damageFirstBlock() throws {
    var handle: OpaquePointer?
    // SAFETY: opened and closed here.
    let opened = unsafe sqlite3_open(data + "/log.sqlite", &handle)
    let ran = unsafe sqlite3_exec(
      handle, "UPDATE block SET payload = zeroblob(90) WHERE first_sequence = 1", nil, nil, nil)
    unsafe sqlite3_close(handle)
    try #require(opened == SQLITE_OK && ran == SQLITE_OK)
  }

  /// The events of the ledger with their answers, by id; read beside the service.
  func ledger() throws -> [StoredEntry] {
    var entries: [StoredEntry] = []
    try DecisionLedger(directory: data, access: .reader).replay(from: 1) {
      entries.append(StoredEntry($0))
    }
    return entries
  }
}

/// Something that happens when a test says so.
final class Gate: Sendable {
  private let state: Locked<Bool>

  init(isOpen: Bool) {
    state = Locked(isOpen)
  }

  var isOpen: Bool { state.withLock { $0 } }

  func open() {
    state.withLock { $0 = true }
  }
}

/// Waits until something holds, at most a minute: machines are busy while tests run.
func soon(_ condition: () -> Bool) -> Bool {
  for _ in 0..<12_000 {
    if condition() { return true }
    usleep(5_000)
  }
  return false
}

/// Keeps everybody else from writing to a ledger while it lives.
@safe final class WriteLock {
  private let handle: OpaquePointer

  init(data: String) throws {
    var opened: OpaquePointer?
    // SAFETY: opened here, closed in deinit.
    let status = unsafe sqlite3_open(data + "/log.sqlite", &opened)
    let handle = unsafe try #require(opened)
    unsafe self.handle = unsafe handle
    let locked = unsafe sqlite3_exec(handle, "BEGIN IMMEDIATE", nil, nil, nil)
    try #require(status == SQLITE_OK && locked == SQLITE_OK)
  }

  deinit {
    // SAFETY: opened in init, used by nobody else.
    unsafe sqlite3_close(handle)
  }
}

/// Runs a body on so many threads at once and waits for all.
func onThreads(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
  let running = Locked(count)
  for index in 0..<count {
    Thread {
      body(index)
      running.withLock { $0 -= 1 }
    }.start()
  }
  while running.withLock({ $0 }) > 0 { usleep(1_000) }
}

extension String {
  /// The status of a reply.
  var status: Int { Int(split(separator: " ").dropFirst().first ?? "") ?? 0 }

  var isReplay: Bool { contains("\r\nSabueso-Replayed: true\r\n") }
}
