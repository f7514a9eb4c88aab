import Foundation
import Ledger
import Model
import Testing

@Suite struct `A damaged ledger` {
  let directory: TemporaryDirectory

  init() throws {
    directory = try TemporaryDirectory()
    let ledger = try DecisionLedger(directory: directory.path)
    try ledger.append(Fixture.batch(1, 2))
    try ledger.append(Fixture.batch(3, 3))
    try ledger.append(Fixture.batch(6, 1))
    try ledger.recordRelease(hash: Fixture.hash, sequence: 1, source: "module a")
  }

  /// What reading everything gives.
  func outcome(_ path: String) -> Result<[StoredEntry], LedgerError> {
    do {
      let ledger = try DecisionLedger(directory: path, access: .reader)
      let releases = try ledger.releases()
      guard
        releases == [LedgerRelease(hash: Fixture.hash, firstSequence: 1, source: "module a")]
      else {
        return .success([])
      }
      return .success(try Fixture.entries(ledger))
    } catch let error as LedgerError {
      return .failure(error)
    } catch {
      return .success([])
    }
  }

  @Test func `names the file, the block and the remedy`() throws {
    try directory.tamper("UPDATE block SET payload = zeroblob(90) WHERE first_sequence = 3")
    let ledger = try DecisionLedger(directory: directory.path)
    var seen: [UInt64] = []
    let error = try #require(
      Fixture.error { try ledger.replay(from: 1) { seen.append($0.sequence) } })
    #expect(
      error == .corruptBlock(path: directory.database, firstSequence: 3, fault: .checksum))
    #expect(seen == [1, 2])
    #expect(error.description.contains(directory.database))
    #expect(error.description.contains("sequence 3"))
    #expect(error.description.contains("restore the newest backup"))
    #expect(Fixture.error { _ = try ledger.entry(sequence: 4) } == error)
    #expect(try ledger.entry(sequence: 6) != nil)
  }

  @Test func `is noticed at opening when it is the end`() throws {
    try directory.tamper("UPDATE block SET payload = zeroblob(90) WHERE first_sequence = 6")
    #expect(
      Fixture.error { _ = try DecisionLedger(directory: directory.path) }
        == .corruptBlock(path: directory.database, firstSequence: 6, fault: .checksum))
  }

  @Test(arguments: [
    ("DELETE FROM block WHERE first_sequence = 3", UInt64(3), UInt64?.some(6)),
    ("DELETE FROM block WHERE first_sequence = 1", 1, nil),
    ("DELETE FROM block WHERE first_sequence = 6", 6, nil),
    ("UPDATE head SET last_sequence = 7", 7, nil),
    ("UPDATE block SET first_sequence = 4 WHERE first_sequence = 3", 3, 4),
  ])
  func `shows a missing or a displaced block`(
    sql: String, expected: UInt64, found: UInt64?
  ) throws {
    try directory.tamper(sql)
    let error = Fixture.error {
      let ledger = try DecisionLedger(directory: directory.path)
      try ledger.replay(from: 1) { _ in }
    }
    #expect(error == .brokenOrder(path: directory.database, expected: expected, found: found))
  }

  @Test(arguments: [0, 3, 4, 5]) func `shows a head that hides blocks`(last: Int) throws {
    try directory.tamper("UPDATE head SET last_sequence = \(last)")
    guard
      case .corruptDatabase = Fixture.error({ _ = try DecisionLedger(directory: directory.path) })
    else {
      Issue.record("blocks behind \(last) went unnoticed")
      return
    }
  }

  @Test func `shows a block put in another's place`() throws {
    try directory.tamper(
      """
      UPDATE block SET (checksum, payload) =
        (SELECT checksum, payload FROM block WHERE first_sequence = 1) WHERE first_sequence = 6
      """)
    #expect(
      Fixture.error { _ = try DecisionLedger(directory: directory.path) }
        == .corruptBlock(path: directory.database, firstSequence: 6, fault: .position))
  }

  @Test func `shows a changed release`() throws {
    try directory.tamper("UPDATE release SET source = CAST('module b' AS BLOB)")
    let ledger = try DecisionLedger(directory: directory.path)
    #expect(
      Fixture.error { _ = try ledger.releases() }
        == .corruptRelease(path: directory.database, firstSequence: 1))
    try directory.tamper("DELETE FROM release")
    #expect(Fixture.error { _ = try ledger.releases() } != nil)
  }

  @Test func `shows every flipped byte of a payload`() throws {
    let size = Fixture.batch(3, 3).byteCount
    for index in 1...size {
      try directory.tamper(
        """
        CREATE TABLE IF NOT EXISTS kept AS SELECT payload FROM block WHERE first_sequence = 3;
        UPDATE block SET payload = CAST(substr(kept.payload, 1, \(index - 1))
          || CASE substr(kept.payload, \(index), 1) WHEN x'41' THEN x'42' ELSE x'41' END
          || substr(kept.payload, \(index + 1)) AS BLOB) FROM kept WHERE first_sequence = 3;
        """)
      let ledger = try DecisionLedger(directory: directory.path, access: .reader)
      #expect(
        Fixture.error { try ledger.replay(from: 1) { _ in } }
          == .corruptBlock(path: directory.database, firstSequence: 3, fault: .checksum),
        "byte \(index)")
    }
  }

  @Test func `never gives anything but what was stored, whatever byte of the file is flipped`()
    throws
  {
    let intact = try outcome(directory.path).get()
    #expect(intact.count == 6)
    let original = try Data(contentsOf: URL(filePath: directory.database))
    let copy = try TemporaryDirectory()
    try original.write(to: URL(filePath: copy.database))
    let file = try FileHandle(forUpdating: URL(filePath: copy.database))
    var noticed = 0
    for index in original.indices {
      // Most zeros are space SQLite does not use; a sample of them is enough.
      if original[index] == 0 && index % 41 != 0 { continue }
      for mask in [UInt8(0x01), 0xFF] {
        try file.seek(toOffset: UInt64(index))
        try file.write(contentsOf: [original[index] ^ mask])
        switch outcome(copy.path) {
        case .success(let entries):
          #expect(entries == intact, "byte \(index) with mask \(mask) went unnoticed")
        case .failure: noticed += 1
        }
      }
      try file.seek(toOffset: UInt64(index))
      try file.write(contentsOf: [original[index]])
    }
    #expect(noticed > 1_000)
  }

  @Test func `of something else is left alone`() throws {
    let other = try TemporaryDirectory()
    try other.tamper("CREATE TABLE letters (text)")
    let before = try Data(contentsOf: URL(filePath: other.database))
    #expect(
      Fixture.error { _ = try DecisionLedger(directory: other.path) }
        == .foreignFile(path: other.database))
    #expect(try Data(contentsOf: URL(filePath: other.database)) == before)
  }

  @Test func `of a later release is left alone`() throws {
    try directory.tamper("PRAGMA user_version = 3")
    #expect(
      Fixture.error { _ = try DecisionLedger(directory: directory.path) }
        == .newerSchema(path: directory.database, version: 3, supported: 2))
  }

  @Test func `of text is told from a database`() throws {
    let other = try TemporaryDirectory()
    try Data(repeating: 0x41, count: 4_096).write(to: URL(filePath: other.database))
    guard
      case .corruptDatabase = Fixture.error({ _ = try DecisionLedger(directory: other.path) })
    else {
      Issue.record("a text file was taken for a ledger")
      return
    }
  }

  @Test func `that is not there is an error for a reader`() throws {
    let other = try TemporaryDirectory()
    guard
      case .database = Fixture.error({
        _ = try DecisionLedger(directory: other.path, access: .reader)
      })
    else {
      Issue.record("a reader opened nothing")
      return
    }
    guard
      case .file = Fixture.error({ _ = try DecisionLedger(directory: other.path + "/a/b") })
    else {
      Issue.record("a directory without a parent was made")
      return
    }
  }
}
