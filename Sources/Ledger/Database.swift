import CSQLite

/// One connection to a SQLite file.
@safe struct Database: ~Copyable {
  let path: String
  private let handle: OpaquePointer

  /// Opens a file, creating it if `isWriter`.
  init(_ path: String, isWriter: Bool) throws(LedgerError) {
    self.path = path
    // One thread at a time owns a ledger, so SQLite need not lock.
    let flags =
      isWriter
      ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
      : SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX
    var opened: OpaquePointer?
    // SAFETY: the handle is made here, owned by this value alone and closed once, in deinit.
    let code = unsafe sqlite3_open_v2(path, &opened, flags, nil)
    guard let handle = unsafe opened, code == SQLITE_OK else {
      let error = unsafe Self.error(path, code, opened)
      unsafe sqlite3_close_v2(opened)
      throw error
    }
    // SAFETY: kept for as long as self lives.
    unsafe self.handle = unsafe handle
    unsafe sqlite3_extended_result_codes(handle, 1)
    unsafe sqlite3_busy_timeout(handle, 2_000)
  }

  deinit {
    // SAFETY: opened in init, closed nowhere else; statements that still live keep it open by
    // themselves.
    unsafe sqlite3_close_v2(handle)
  }

  /// Runs statements that give no rows.
  func execute(_ sql: String) throws(LedgerError) {
    // SAFETY: the handle is alive as long as self; the text is passed as a C string for the call
    // alone.
    try check(unsafe sqlite3_exec(handle, sql, nil, nil, nil))
  }

  /// The number a statement gives in its first row.
  func number(_ sql: String) throws(LedgerError) -> Int64? {
    var statement = try prepare(sql)
    return try statement.step() ? statement.number(0) : nil
  }

  /// Prepares one statement.
  func prepare(_ sql: String) throws(LedgerError) -> Statement {
    var prepared: OpaquePointer?
    // SAFETY: the handle is alive as long as self; the new statement is owned by the value
    // returned.
    try check(unsafe sqlite3_prepare_v3(handle, sql, -1, 0, &prepared, nil))
    guard let statement = unsafe prepared else { preconditionFailure("an empty statement") }
    return unsafe Statement(statement, path: path)
  }

  private func check(_ code: Int32) throws(LedgerError) {
    // SAFETY: the handle is alive as long as self.
    if code != SQLITE_OK { throw unsafe Self.error(path, code, handle) }
  }

  /// An error of SQLite as one of the ledger.
  static func error(_ path: String, _ code: Int32, _ handle: OpaquePointer?) -> LedgerError {
    // SAFETY: the message is copied before another call can change it; SQLite takes no handle too.
    let message = unsafe String(cString: sqlite3_errmsg(handle))
    let extended = Int(code)
    switch code & 0xFF {
    case SQLITE_FULL: return .diskFull(path: path, code: extended)
    case SQLITE_READONLY, SQLITE_PERM:
      return .readOnly(path: path, code: extended)
    case SQLITE_CORRUPT, SQLITE_NOTADB:
      return .corruptDatabase(path: path, code: extended, message: message)
    default: return .database(path: path, code: extended, message: message)
    }
  }
}

/// A prepared statement, bound and stepped again and again.
@safe struct Statement: ~Copyable {
  private let handle: OpaquePointer
  private let path: String

  /// SAFETY: takes ownership of a statement nobody else finalizes.
  @unsafe init(_ handle: OpaquePointer, path: String) {
    unsafe self.handle = unsafe handle
    self.path = path
  }

  deinit {
    // SAFETY: owned by this value alone.
    unsafe sqlite3_finalize(handle)
  }

  /// Binds a number to a parameter, counted from 1.
  mutating func bind(_ index: Int32, _ number: Int64) throws(LedgerError) {
    // SAFETY: the handle is alive as long as self.
    try check(unsafe sqlite3_bind_int64(handle, index, number))
  }

  /// Binds bytes to a parameter; SQLite copies them.
  mutating func bind(_ index: Int32, _ bytes: [UInt8]) throws(LedgerError) {
    if bytes.isEmpty {
      // No bytes are not no value, but SQLite takes a null pointer for that.
      // SAFETY: the handle is alive as long as self.
      return try check(unsafe sqlite3_bind_zeroblob(handle, index, 0))
    }
    // SAFETY: the buffer lives through the call and is copied in it (-1 is SQLITE_TRANSIENT).
    let code = unsafe bytes.withUnsafeBytes { buffer in
      let transient = unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self)
      return unsafe sqlite3_bind_blob64(
        handle, index, buffer.baseAddress, sqlite3_uint64(buffer.count), transient)
    }
    try check(code)
  }

  /// Goes to the next row; false when there is none.
  mutating func step() throws(LedgerError) -> Bool {
    // SAFETY: the handle is alive as long as self.
    let code = unsafe sqlite3_step(handle)
    switch code {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    default: throw unsafe Database.error(path, code, sqlite3_db_handle(handle))
    }
  }

  /// Makes the statement ready to run again.
  mutating func reset() {
    // SAFETY: the handle is alive as long as self. The code is that of the last step, reported
    // there.
    unsafe sqlite3_reset(handle)
  }

  /// Runs a statement that gives no row and makes it ready to run again.
  mutating func run() throws(LedgerError) {
    defer { reset() }
    _ = try step()
  }

  /// A number of the current row.
  func number(_ column: Int32) -> Int64 {
    // SAFETY: the handle is alive as long as self.
    unsafe sqlite3_column_int64(handle, column)
  }

  /// Bytes of the current row.
  @_lifetime(borrow self)
  borrowing func bytes(_ column: Int32) -> Span<UInt8> {
    // SAFETY: SQLite keeps the value until the statement is stepped or reset, which need exclusive
    // access to self; a value of no bytes is a null pointer and gives an empty span.
    let start = unsafe sqlite3_column_blob(handle, column)
    let count = unsafe Int(sqlite3_column_bytes(handle, column))
    // SAFETY: as above; bytes are bytes.
    let raw = unsafe UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count)
    let bytes = unsafe raw.assumingMemoryBound(to: UInt8.self)
    return unsafe _overrideLifetime(Span(_unsafeElements: bytes), borrowing: self)
  }

  private func check(_ code: Int32) throws(LedgerError) {
    // SAFETY: the handle is alive as long as self.
    if code != SQLITE_OK { throw unsafe Database.error(path, code, sqlite3_db_handle(handle)) }
  }
}
