import Foundation
import Glibc
import Ledger
import Model
import Testing

@Suite struct `A ledger whose writer is killed` {
  /// Appends until it is killed, noting each acknowledged sequence in a file of its own.
  static func appendForEver(_ path: String, killAfterMicroseconds: UInt32) throws {
    let ledger = try DecisionLedger(directory: path)
    // SAFETY: the path is passed as a C string for the call alone.
    let acknowledged = unsafe open(path + "/acknowledged", O_WRONLY | O_CREAT | O_APPEND, 0o644)
    let killer = Thread {
      usleep(killAfterMicroseconds)
      kill(getpid(), SIGKILL)
    }
    killer.start()
    var random = SplitMix64(state: UInt64(killAfterMicroseconds))
    while true {
      let count = 1 + random.below(5)
      try ledger.append(
        Fixture.batch(ledger.lastSequence + 1, count, bytes: random.below(6_000)))
      let line = Array("\(ledger.lastSequence)\n".utf8)
      // SAFETY: the buffer lives through the call.
      _ = unsafe line.withUnsafeBytes { unsafe write(acknowledged, $0.baseAddress, $0.count) }
    }
  }

  @Test(arguments: [UInt32(20_000), 50_000, 90_000, 140_000, 200_000])
  func `keeps every acknowledged batch`(killAfterMicroseconds: UInt32) async throws {
    let directory = try TemporaryDirectory()
    let path = directory.path
    await #expect(processExitsWith: .signal(SIGKILL)) {
      [path = path as String, delay = killAfterMicroseconds as UInt32] in
      try `A ledger whose writer is killed`.appendForEver(
        path, killAfterMicroseconds: delay)
    }
    let text = (try? String(contentsOfFile: path + "/acknowledged", encoding: .utf8)) ?? ""
    let acknowledged = text.split(separator: "\n").last.flatMap { UInt64($0) } ?? 0
    let ledger = try DecisionLedger(directory: path)
    #expect(ledger.lastSequence >= acknowledged)
    var count: UInt64 = 0
    try ledger.replay(from: 1) { entry in
      count += 1
      #expect(entry.sequence == count)
      #expect(StoredEntry(entry).decision == Fixture.decision(count))
    }
    #expect(count == ledger.lastSequence)
    try ledger.append(Fixture.batch(ledger.lastSequence + 1, 1))
  }

  @Test func `opens from a copy of its files taken at any moment between appends`() throws {
    let directory = try TemporaryDirectory()
    let ledger = try DecisionLedger(directory: directory.path)
    var random = SplitMix64(state: 5)
    for _ in 0..<40 {
      let count = 1 + random.below(9)
      try ledger.append(
        Fixture.batch(ledger.lastSequence + 1, count, bytes: random.below(9_000)))
      let copy = try TemporaryDirectory()
      try directory.copy(to: copy)
      let recovered = try DecisionLedger(directory: copy.path)
      #expect(recovered.lastSequence == ledger.lastSequence)
      #expect(try Fixture.entries(recovered) == Fixture.entries(ledger))
    }
  }

  @Test func `drops a batch whose write was cut, and only that`() throws {
    let directory = try TemporaryDirectory()
    let ledger = try DecisionLedger(directory: directory.path)
    try ledger.append(Fixture.batch(1, 3))
    let wal = directory.database + "-wal"
    let before = try Data(contentsOf: URL(filePath: wal)).count
    try ledger.append(Fixture.batch(4, 3, bytes: 9_000))
    let after = try Data(contentsOf: URL(filePath: wal))
    for length in stride(from: before, through: after.count - 1, by: 1_021) {
      let copy = try TemporaryDirectory()
      try directory.copy(to: copy)
      try after.prefix(length).write(to: URL(filePath: copy.database + "-wal"))
      let recovered = try DecisionLedger(directory: copy.path)
      #expect(try Fixture.entries(recovered).map(\.sequence) == [1, 2, 3])
    }
  }
}
