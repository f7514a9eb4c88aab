import CSQLite
import Digests

/// The tables of `log.sqlite` and how a file is recognised.
enum LedgerSchema {
  /// `SABU`, in the header of the file.
  private static let applicationId: Int64 = 0x5341_4255
  /// Raised when a table changes; migrations go forward in one transaction.
  static let version: Int64 = 2

  private static let tables = """
    BEGIN IMMEDIATE;
    CREATE TABLE block (
      first_sequence INTEGER PRIMARY KEY,
      count INTEGER NOT NULL,
      checksum BLOB NOT NULL,
      payload BLOB NOT NULL
    ) STRICT;
    CREATE TABLE head (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      last_sequence INTEGER NOT NULL,
      release_count INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE release (
      ordinal INTEGER PRIMARY KEY,
      first_sequence INTEGER NOT NULL,
      checksum BLOB NOT NULL,
      hash BLOB NOT NULL,
      source BLOB NOT NULL
    ) STRICT;
    INSERT INTO head VALUES (1, 0, 0);
    PRAGMA application_id = \(applicationId);
    \(listVersions)
    COMMIT;
    """

  /// What version 2 adds to version 1.
  private static let listVersions = """
    CREATE TABLE list_version (
      ordinal INTEGER PRIMARY KEY,
      first_sequence INTEGER NOT NULL,
      checksum BLOB NOT NULL,
      name BLOB NOT NULL,
      content BLOB NOT NULL
    ) STRICT;
    ALTER TABLE head ADD COLUMN list_count INTEGER NOT NULL DEFAULT 0;
    PRAGMA user_version = 2;
    """

  /// Recognises the file, or fills it when it is new; a file of something else is not touched.
  static func open(
    _ database: borrowing Database, directory: String, isWriter: Bool
  ) throws(LedgerError) {
    let path = database.path
    let id = try database.number("PRAGMA application_id") ?? 0
    let found = try database.number("PRAGMA user_version") ?? 0
    let tableCount = try database.number("SELECT count(*) FROM sqlite_schema") ?? 0
    let isNew = id == 0 && found == 0 && tableCount == 0
    guard id == applicationId || isNew else { throw .foreignFile(path: path) }
    guard found <= version else {
      throw .newerSchema(path: path, version: Int(found), supported: Int(version))
    }
    guard found >= 1 || isNew && isWriter else {
      throw .corruptDatabase(path: path, code: Int(SQLITE_CORRUPT), message: "no schema version")
    }
    try database.execute("PRAGMA cell_size_check = ON")
    guard isWriter else { return }
    try useWriteAheadLog(database)
    // An acknowledged batch must survive a power cut: NORMAL loses the last ones.
    try database.execute("PRAGMA synchronous = FULL")
    guard found < version else { return }
    do throws(LedgerError) {
      try database.execute(isNew ? tables : "BEGIN IMMEDIATE; \(listVersions) COMMIT;")
    } catch {
      try? database.execute("ROLLBACK")
      throw error
    }
    try DirectoryLock.synchronize(directory)
  }

  static func insert(
    _ release: LedgerRelease, _ database: borrowing Database
  ) throws(LedgerError) {
    var statement = try database.prepare(
      "INSERT INTO release (first_sequence, checksum, hash, source) VALUES (?1, ?2, ?3, ?4)")
    var sum: [UInt8] = []
    checksum(of: release).append(to: &sum)
    try statement.bind(1, Int64(release.firstSequence))
    try statement.bind(2, sum)
    try statement.bind(3, Array(release.hash.utf8))
    try statement.bind(4, Array(release.source.utf8))
    try statement.run()
  }

  static func releases(_ database: borrowing Database) throws(LedgerError) -> [LedgerRelease] {
    var statement = try database.prepare(
      "SELECT first_sequence, checksum, hash, source FROM release ORDER BY ordinal")
    var releases: [LedgerRelease] = []
    while try statement.step() {
      let release = LedgerRelease(
        hash: statement.bytes(2).text, firstSequence: UInt64(bitPattern: statement.number(0)),
        source: statement.bytes(3).text)
      let stored = statement.bytes(1)
      guard stored.count == SHA256Digest.byteCount,
        SHA256Digest(bytes: stored) == checksum(of: release)
      else { throw .corruptRelease(path: database.path, firstSequence: release.firstSequence) }
      releases.append(release)
    }
    return releases
  }

  /// Whether the file knows versions of lists: one of version 1 that nobody has written since does
  /// not.
  static func hasLists(_ database: borrowing Database) throws(LedgerError) -> Bool {
    try database.number("PRAGMA user_version") ?? 0 >= 2
  }

  static func insert(
    _ list: LedgerListVersion, _ database: borrowing Database
  ) throws(LedgerError) {
    var statement = try database.prepare(
      "INSERT INTO list_version (first_sequence, checksum, name, content) VALUES (?1, ?2, ?3, ?4)")
    var sum: [UInt8] = []
    checksum(of: list).append(to: &sum)
    try statement.bind(1, Int64(list.firstSequence))
    try statement.bind(2, sum)
    try statement.bind(3, Array(list.name.utf8))
    try statement.bind(4, list.content)
    try statement.run()
  }

  static func lists(_ database: borrowing Database) throws(LedgerError) -> [LedgerListVersion] {
    var statement = try database.prepare(
      "SELECT first_sequence, checksum, name, content FROM list_version ORDER BY ordinal")
    var lists: [LedgerListVersion] = []
    while try statement.step() {
      var content: [UInt8] = []
      content.append(statement.bytes(3))
      let list = LedgerListVersion(
        name: statement.bytes(2).text, firstSequence: UInt64(bitPattern: statement.number(0)),
        content: content)
      let stored = statement.bytes(1)
      guard stored.count == SHA256Digest.byteCount,
        SHA256Digest(bytes: stored) == checksum(of: list)
      else { throw .corruptList(path: database.path, name: list.name) }
      lists.append(list)
    }
    return lists
  }

  /// Over the sequence, the length of the name, the name and the content.
  private static func checksum(of list: LedgerListVersion) -> SHA256Digest {
    var bytes: [UInt8] = []
    bytes.append(list.firstSequence, bytes: 8)
    bytes.append(UInt64(list.name.utf8.count), bytes: 8)
    bytes.append(contentsOf: list.name.utf8)
    bytes.append(contentsOf: list.content)
    return SHA256.digest(of: bytes.span)
  }

  private static func useWriteAheadLog(_ database: borrowing Database) throws(LedgerError) {
    var statement = try database.prepare("PRAGMA journal_mode = WAL")
    guard try statement.step(), statement.bytes(0).text == "wal" else {
      throw .database(
        path: database.path, code: Int(SQLITE_ERROR),
        message: "the file system does not support a write-ahead log; use a local disk")
    }
  }

  /// Over the sequence, the length of the hash, the hash and the source.
  private static func checksum(of release: LedgerRelease) -> SHA256Digest {
    var bytes: [UInt8] = []
    bytes.append(release.firstSequence, bytes: 8)
    bytes.append(UInt64(release.hash.utf8.count), bytes: 8)
    bytes.append(contentsOf: release.hash.utf8)
    bytes.append(contentsOf: release.source.utf8)
    return SHA256.digest(of: bytes.span)
  }
}
