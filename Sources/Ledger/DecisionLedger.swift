import CSQLite
import Digests

/// The durable log of events and decisions: what was answered, in the order it was answered.
///
/// A directory with `log.sqlite` (WAL, synchronous FULL) and a lock file. One row holds one batch
/// as a checksummed block; a `head` row written with it says how far the log goes, so that a lost
/// end is noticed.
///
/// One thread at a time may use a ledger; any number of readers may be open beside its one writer.
public final class DecisionLedger {
  /// What a ledger is opened for.
  public enum Access: Sendable {
    /// To append, alone, creating it if needed.
    case writer
    /// To replay and look up, beside a writer or without one.
    case reader
  }

  let database: Database
  let access: Access
  /// Held by a writer as long as it lives.
  private let lock: DirectoryLock?
  private var insertBlock: Statement
  private var updateHead: Statement
  private var begin: Statement
  private var commit: Statement
  private var digest = SHA256()
  private var checksum: [UInt8] = []
  /// The sequence of the last entry, 0 when there is none; a reader's is as of its last look.
  public private(set) var lastSequence: UInt64 = 0
  private var releaseCount: Int64 = 0
  private var listCount: Int64 = 0

  /// Opens the ledger in a directory and verifies its end.
  ///
  /// *Throws* `LedgerError`: another writer, a file that is no ledger or newer than this release, a
  /// damaged end, or what the file system refuses.
  public init(directory: String, access: Access = .writer) throws(LedgerError) {
    let isWriter = access == .writer
    self.access = access
    if isWriter { try DirectoryLock.create(directory) }
    lock = isWriter ? try DirectoryLock(directory) : nil
    database = try Database(directory + "/log.sqlite", isWriter: isWriter)
    try LedgerSchema.open(database, directory: directory, isWriter: isWriter)
    insertBlock = try database.prepare(
      "INSERT INTO block (first_sequence, count, checksum, payload) VALUES (?1, ?2, ?3, ?4)")
    updateHead = try database.prepare(
      isWriter
        ? "UPDATE head SET last_sequence = ?1, release_count = ?2, list_count = ?3"
        : "UPDATE head SET last_sequence = ?1, release_count = ?2")
    begin = try database.prepare("BEGIN IMMEDIATE")
    commit = try database.prepare("COMMIT")
    try readHead()
    try verifyEnd()
  }

  /// The database file.
  public var path: String { database.path }

  /// Appends a batch; on return it is durable.
  ///
  /// *Throws* `LedgerError`; nothing of the batch is then stored, and it may be tried again.
  ///
  /// *Complexity*: one transaction and one synchronization of the disk, however many entries.
  public func append(_ batch: LedgerBatch) throws(LedgerError) {
    try checkWriter()
    guard batch.count > 0 else { return }
    guard batch.firstSequence == lastSequence + 1 else {
      throw .outOfOrder(expected: lastSequence + 1, found: batch.firstSequence)
    }
    let last = lastSequence + UInt64(batch.count)
    digest.update(batch.block)
    checksum.removeAll(keepingCapacity: true)
    digest.finish().append(to: &checksum)
    try transaction { () throws(LedgerError) in
      try insertBlock.bind(1, Int64(batch.firstSequence))
      try insertBlock.bind(2, Int64(batch.count))
      try insertBlock.bind(3, checksum)
      try insertBlock.bind(4, batch.block)
      try insertBlock.run()
      try writeHead(last, releaseCount)
    }
    lastSequence = last
  }

  /// Records that a package decides from a sequence on; on return it is durable.
  public func recordRelease(
    hash: String, sequence: UInt64, source: String
  ) throws(LedgerError) {
    try checkWriter()
    let release = LedgerRelease(hash: hash, firstSequence: sequence, source: source)
    try transaction { () throws(LedgerError) in
      try LedgerSchema.insert(release, database)
      try writeHead(lastSequence, releaseCount + 1)
    }
    releaseCount += 1
  }

  /// Records that a list has other members from a sequence on; on return it is durable.
  public func recordList(_ list: LedgerListVersion) throws(LedgerError) {
    try checkWriter()
    listCount += 1
    do throws(LedgerError) {
      try transaction { () throws(LedgerError) in
        try LedgerSchema.insert(list, database)
        try writeHead(lastSequence, releaseCount)
      }
    } catch {
      listCount -= 1
      throw error
    }
  }

  /// The versions of lists, in the order they were recorded.
  public func listVersions() throws(LedgerError) -> [LedgerListVersion] {
    guard try LedgerSchema.hasLists(database) else { return [] }
    if access == .reader { try readHead() }
    let lists = try LedgerSchema.lists(database)
    guard lists.count == Int(listCount) else {
      throw .corruptList(path: path, name: lists.last?.name ?? "")
    }
    return lists
  }

  /// The packages that were active, in the order they were recorded.
  public func releases() throws(LedgerError) -> [LedgerRelease] {
    if access == .reader { try readHead() }
    let releases = try LedgerSchema.releases(database)
    guard releases.count == Int(releaseCount) else {
      throw .corruptRelease(path: path, firstSequence: releases.last?.firstSequence ?? 0)
    }
    return releases
  }

  /// Looks how far the log goes now; for a reader beside a writer.
  public func refresh() throws(LedgerError) {
    try readHead()
  }

  private func checkWriter() throws(LedgerError) {
    if access == .reader { throw .readOnly(path: path, code: Int(SQLITE_READONLY)) }
  }

  private func transaction(_ body: () throws(LedgerError) -> Void) throws(LedgerError) {
    try begin.run()
    do throws(LedgerError) {
      try body()
      try commit.run()
    } catch {
      // SQLite may have rolled back by itself; then this one fails, and nothing is open either way.
      try? database.execute("ROLLBACK")
      throw error
    }
  }

  private func writeHead(_ last: UInt64, _ releases: Int64) throws(LedgerError) {
    try updateHead.bind(1, Int64(last))
    try updateHead.bind(2, releases)
    try updateHead.bind(3, listCount)
    try updateHead.run()
  }

  private func readHead() throws(LedgerError) {
    // One statement, so that both numbers are of one moment.
    var statement = try database.prepare(
      "SELECT last_sequence, release_count, (SELECT max(first_sequence) FROM block) FROM head")
    guard try statement.step(), statement.number(0) >= 0, statement.number(1) >= 0 else {
      throw damage("there is no head")
    }
    guard statement.number(2) <= statement.number(0) else {
      throw damage(
        "the head ends at \(statement.number(0)), but a block starts at \(statement.number(2))")
    }
    lastSequence = UInt64(statement.number(0))
    releaseCount = statement.number(1)
    guard try LedgerSchema.hasLists(database) else { return }
    listCount = try database.number("SELECT list_count FROM head") ?? 0
  }

  private func damage(_ message: String) -> LedgerError {
    .corruptDatabase(path: path, code: Int(SQLITE_CORRUPT), message: message)
  }

  /// Checks that the last block is whole and ends where the head says.
  private func verifyEnd() throws(LedgerError) {
    _ = try read(from: max(lastSequence, 1)) { _ in true }
  }
}
