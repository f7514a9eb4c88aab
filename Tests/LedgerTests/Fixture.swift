import CSQLite
import Foundation
import Ledger
import Model
import Testing

/// A directory that goes away with its test.
final class TemporaryDirectory {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "ledger-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
    path = url.path
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  var database: String { path + "/log.sqlite" }

  func copy(to other: TemporaryDirectory) throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: path) {
      try FileManager.default.copyItem(
        atPath: path + "/" + name, toPath: other.path + "/" + name)
    }
  }

  /// Runs SQL on the database behind the ledger's back.
  func tamper(_ sql: String) throws {
    var handle: OpaquePointer?
    // SAFETY: opened and closed here.
    let opened = unsafe sqlite3_open(database, &handle)
    let ran = unsafe sqlite3_exec(handle, sql, nil, nil, nil)
    unsafe sqlite3_close(handle)
    try #require(opened == SQLITE_OK && ran == SQLITE_OK)
  }
}

enum Fixture {
  static let hash = String(repeating: "ab", count: 32)

  /// What the entry with a sequence holds.
  static func event(_ sequence: UInt64, bytes: Int = 0) -> [UInt8] {
    Array("{\"event\":\"referral\",\"referral_id\":\"r\(sequence)\"}".utf8)
      + Array(repeating: UInt8(ascii: " "), count: bytes)
  }

  static func decision(_ sequence: UInt64) -> [UInt8] {
    sequence % 3 == 0 ? [] : Array("{\"sequence\":\(sequence),\"decision\":\"hold\"}".utf8)
  }

  static func digest(_ sequence: UInt64) -> [UInt8] {
    sequence % 3 == 0 ? [] : Array("[\"referral\",\"r\(sequence)\"]".utf8)
  }

  static func packageHash(_ sequence: UInt64) -> String {
    sequence < 4 ? hash : String(repeating: "cd", count: 32)
  }

  static func batch(_ first: UInt64, _ count: Int, bytes: Int = 0) -> LedgerBatch {
    var batch = LedgerBatch(firstSequence: first)
    for sequence in first..<first + UInt64(count) {
      batch.append(
        event: event(sequence, bytes: bytes).span, decision: decision(sequence).span,
        digest: digest(sequence).span,
        receivedAt: Timestamp(microseconds: Int64(sequence) * 1_000 - 5_000),
        packageHash: packageHash(sequence))
    }
    return batch
  }

  static func isIntact(_ entry: StoredEntry, bytes: Int = 0) -> Bool {
    let sequence = entry.sequence
    return entry.event == event(sequence, bytes: bytes) && entry.decision == decision(sequence)
      && entry.digest == digest(sequence) && entry.packageHash == packageHash(sequence)
      && entry.receivedAt.microseconds == Int64(sequence) * 1_000 - 5_000
  }

  /// Every entry from a sequence on.
  static func entries(_ ledger: DecisionLedger, from first: UInt64 = 1) throws -> [StoredEntry] {
    var entries: [StoredEntry] = []
    try ledger.replay(from: first) { entries.append(StoredEntry($0)) }
    return entries
  }

  static func error(_ body: () throws -> Void) -> LedgerError? {
    do {
      try body()
      return nil
    } catch {
      return error as? LedgerError
    }
  }
}

/// *Source*: S. Vigna, SplitMix64.
struct SplitMix64 {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }

  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
}
