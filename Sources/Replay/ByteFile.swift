internal import Glibc
import Values

/// An operating system call that failed.
public struct FileError: Error, Hashable, Sendable {
  /// The file people know it by.
  public var path: String
  /// What was tried: "read", "write", "open".
  public var action: String
  /// `errno` after the call.
  public var errorNumber: Int32

  /// Creates an error from what the system left behind.
  public init(path: String, action: String, errorNumber: Int32) {
    self.path = path
    self.action = action
    self.errorNumber = errorNumber
  }

  /// What the system says of it.
  public var reason: String {
    // SAFETY: strerror returns a valid C string that lives until the next call; it is copied at
    // once.
    unsafe String(cString: strerror(errorNumber))
  }
}

/// An open file of bytes: read in chunks, written through a buffer, readable again at any place.
@safe public struct ByteFile: ~Copyable {
  /// The path people know it by.
  public let path: String
  private let descriptor: Int32
  private let closes: Bool
  /// Whether what is written can be read again from the file itself.
  let isReadable: Bool
  /// What was not yet handed to the system. Who writes much appends to it and then calls
  /// `flushIfFull`.
  var buffer = TextBuffer(capacity: 0)
  /// Bytes the file holds before the buffer.
  private var flushed: UInt64 = 0

  private static let bufferBytes = 1 << 18

  /// Wraps a descriptor that stays open, like standard input.
  public init(descriptor: Int32, path: String) {
    self.descriptor = descriptor
    self.path = path
    closes = false
    // Its place in the file is not known, nor who else writes there.
    isReadable = false
  }

  private init(owning descriptor: Int32, path: String, isReadable: Bool = false) {
    self.descriptor = descriptor
    self.path = path
    closes = true
    self.isReadable = isReadable
  }

  deinit {
    if closes { _ = close(descriptor) }
  }

  /// Opens a file to read.
  public static func reading(_ path: String) throws(FileError) -> ByteFile {
    // SAFETY: the path is a valid C string for the call.
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw FileError(path: path, action: "open", errorNumber: errno)
    }
    return ByteFile(owning: descriptor, path: path)
  }

  /// Creates a file, or empties it, to write; read again only if it is a regular one.
  public static func writing(
    _ path: String, mode: UInt32 = 0o644
  ) throws(FileError) -> ByteFile {
    var status = stat()
    // SAFETY: the path is a valid C string for the call, the status a local it fills.
    let exists = unsafe stat(path, &status) == 0
    let isRegular = !exists || status.st_mode & S_IFMT == S_IFREG
    // A pipe opened to read as well would never tell that its reader has gone.
    let access = isRegular ? O_RDWR : O_WRONLY
    // SAFETY: the path is a valid C string for the call.
    let descriptor = unsafe open(path, access | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
    guard descriptor >= 0 else {
      throw FileError(path: path, action: "create", errorNumber: errno)
    }
    return ByteFile(owning: descriptor, path: path, isReadable: isRegular)
  }

  /// Why a path cannot be read, if it is plain that it cannot; without opening it, which a pipe
  /// would notice.
  public static func obstacle(toReading path: String) -> FileError? {
    // SAFETY: the path is a valid C string for the call.
    guard unsafe access(path, R_OK) != 0 else { return nil }
    return FileError(path: path, action: "open", errorNumber: errno)
  }

  /// Whether a path leads to something that is no regular file: a device, a pipe, a folder.
  public static func isSpecial(_ path: String) -> Bool {
    var status = stat()
    // SAFETY: the path is a valid C string for the call, the status a local it fills.
    return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFREG
  }

  /// Whether two paths lead, or will lead, to one regular file.
  public static func isSameFile(_ first: String, _ second: String) -> Bool {
    var left = stat()
    var right = stat()
    // SAFETY: the paths are valid C strings for the calls, the statuses locals they fill.
    let hasLeft = unsafe stat(first, &left) == 0
    let hasRight = unsafe stat(second, &right) == 0
    guard hasLeft, hasRight else { return !hasLeft && !hasRight && willBeSame(first, second) }
    return left.st_dev == right.st_dev && left.st_ino == right.st_ino
      && left.st_mode & S_IFMT == S_IFREG
  }

  /// Whether two paths of no file yet have one name in one folder.
  private static func willBeSame(_ first: String, _ second: String) -> Bool {
    func split(_ path: String) -> (folder: String, name: Substring) {
      let parts = path.split(separator: "/", omittingEmptySubsequences: false)
      let folder = parts.dropLast().joined(separator: "/")
      return (parts.count == 1 ? "." : folder.isEmpty ? "/" : folder, parts.last ?? "")
    }
    let (one, other) = (split(first), split(second))
    guard one.name == other.name else { return false }
    var left = stat()
    var right = stat()
    // SAFETY: the paths are valid C strings for the calls, the statuses locals they fill.
    let areThere = unsafe stat(one.folder, &left) == 0 && stat(other.folder, &right) == 0
    return areThere
      ? left.st_dev == right.st_dev && left.st_ino == right.st_ino : one.folder == other.folder
  }

  /// A file without a name that goes when it is closed.
  public static func temporary() throws(FileError) -> ByteFile {
    // SAFETY: getenv returns nil or a valid C string, copied at once.
    let folder = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
    let path = "\(folder)/sabueso-\(getpid())-\(UInt64.random(in: .min ... .max))"
    // SAFETY: the path is a valid C string for the call.
    let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw FileError(path: folder, action: "create a temporary file in", errorNumber: errno)
    }
    // SAFETY: the same path; the file lives on through its descriptor alone.
    _ = unsafe unlink(path)
    return ByteFile(
      owning: descriptor, path: "a temporary file in \(folder)", isReadable: true)
  }

  /// Bytes of a regular file; nil for a pipe or terminal.
  public var regularSize: Int? {
    var status = stat()
    // SAFETY: the status is a local the call fills.
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      return nil
    }
    return Int(status.st_size)
  }

  /// Waits until there is something to read, or the end; false when the time is over. A regular
  /// file always has.
  public func isReady(withinMilliseconds time: Int32) -> Bool {
    var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    // SAFETY: one pollfd is given as one. A signal ends the wait early.
    return unsafe poll(&waiting, 1, time) > 0
  }

  /// Reads the next chunk over `chunk`, whose memory is used again; false at the end.
  public func read(into chunk: inout [UInt8], atMost count: Int) throws(FileError) -> Bool {
    while true {
      var got = 0
      chunk.removeAll(keepingCapacity: true)
      chunk.append(addingCapacity: count) { free in
        // SAFETY: the call writes at most `count` bytes, for which there is room.
        unsafe free.withUnsafeMutableBufferPointer { buffer, initialized in
          got = unsafe Glibc.read(descriptor, buffer.baseAddress, min(count, buffer.count))
          initialized = max(got, 0)
        }
      }
      if got >= 0 { return got > 0 }
      guard isWorthAnotherTry(Int16(POLLIN)) else {
        throw FileError(path: path, action: "read", errorNumber: errno)
      }
    }
  }

  /// Where the next byte will lie.
  public var endOffset: UInt64 { flushed + UInt64(buffer.count) }

  /// Adds bytes at the end.
  public mutating func append(_ bytes: [UInt8]) throws(FileError) {
    try append(bytes.span)
  }

  /// Adds bytes at the end.
  mutating func append(_ bytes: Span<UInt8>) throws(FileError) {
    buffer.append(bytes)
    try flushIfFull()
  }

  /// Adds what the buffer holds from a place on to another file, if there is one. Neither is handed
  /// to the system: of each, see `flushIfFull`.
  func copy(from place: Int, to other: inout ByteFile?) {
    other?.buffer.append(buffer.span(from: place))
  }

  /// Hands what was added to the system when it is much.
  mutating func flushIfFull() throws(FileError) {
    if buffer.count >= ByteFile.bufferBytes { try flush() }
  }

  /// Hands everything to the system.
  public mutating func flush() throws(FileError) {
    var start = 0
    while start < buffer.count {
      // SAFETY: the range lies inside the buffer, which lives for the call.
      let written = unsafe buffer.span.withUnsafeBytes { bytes in
        unsafe write(descriptor, bytes.baseAddress?.advanced(by: start), bytes.count - start)
      }
      if written < 0 {
        if isWorthAnotherTry(Int16(POLLOUT)) { continue }
        throw FileError(path: path, action: "write", errorNumber: errno)
      }
      start += written
    }
    flushed += UInt64(buffer.count)
    buffer.removeAll()
  }

  /// Waits until what was handed to the system is on disk.
  func synchronize() throws(FileError) {
    guard fsync(descriptor) == 0 else {
      throw FileError(path: path, action: "synchronize", errorNumber: errno)
    }
  }

  /// Whether a call failed only for the moment: by a signal, or because a pipe that somebody else
  /// made non-blocking is full or empty, which is then waited out.
  private func isWorthAnotherTry(_ events: Int16) -> Bool {
    if errno == EINTR { return true }
    guard errno == EAGAIN else { return false }
    var waiting = pollfd(fd: descriptor, events: events, revents: 0)
    // SAFETY: one pollfd is given as one.
    _ = unsafe poll(&waiting, 1, -1)
    return true
  }

  /// Reads back what was written at a place.
  public mutating func bytes(at offset: UInt64, count: Int) throws(FileError) -> [UInt8] {
    if offset + UInt64(count) > flushed { try flush() }
    var done = 0
    var failure: FileError?
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      while done < count {
        // SAFETY: the range lies inside the buffer's capacity.
        let got = unsafe pread(
          descriptor, buffer.baseAddress?.advanced(by: done), count - done,
          off_t(offset) + off_t(done))
        if got <= 0 {
          if got < 0 && errno == EINTR { continue }
          failure = FileError(path: path, action: "read back", errorNumber: got < 0 ? errno : EIO)
          break
        }
        done += got
      }
      initialized = done
    }
    if let failure { throw failure }
    return bytes
  }
}
