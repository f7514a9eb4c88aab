import Glibc

/// A directory one process may write, by a lock the kernel takes back when the process ends.
@safe struct DirectoryLock: ~Copyable {
  private let descriptor: Int32

  /// Locks a directory.
  ///
  /// *Throws* `LedgerError.alreadyOpen` when it is locked, by whomever.
  init(_ directory: String) throws(LedgerError) {
    let path = directory + "/ledger.lock"
    // SAFETY: the path is passed as a C string for the call alone.
    let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw LedgerError.file(path: path, operation: "open", errno: Int(errno))
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let failure = errno
      let holder = Self.holder(descriptor)
      close(descriptor)
      if failure == EWOULDBLOCK { throw .alreadyOpen(path: directory, processId: holder) }
      throw .file(path: path, operation: "lock", errno: Int(failure))
    }
    self.descriptor = descriptor
    // Who holds the lock is for people; the lock itself does not depend on it.
    let holder = Array("\(getpid())\n".utf8)
    _ = ftruncate(descriptor, 0)
    // SAFETY: the buffer lives through the call, which reads exactly its count of bytes.
    _ = unsafe holder.withUnsafeBytes { unsafe pwrite(descriptor, $0.baseAddress, $0.count, 0) }
  }

  deinit {
    close(descriptor)
  }

  private static func holder(_ descriptor: Int32) -> Int? {
    var bytes = [UInt8](repeating: 0, count: 20)
    // SAFETY: the call writes at most the buffer's count of bytes.
    let count = unsafe bytes.withUnsafeMutableBytes {
      unsafe pread(descriptor, $0.baseAddress, $0.count, 0)
    }
    guard count > 0 else { return nil }
    let digits = bytes.prefix(count).prefix { (48...57).contains($0) }
    return Int(String(decoding: digits, as: UTF8.self))
  }

  /// Makes the directory if it is not there, and its entry in its parent durable.
  static func create(_ directory: String) throws(LedgerError) {
    // SAFETY: the path is passed as a C string for the call alone.
    if unsafe mkdir(directory, 0o755) == 0 {
      try synchronize(directory + "/..")
    } else if errno != EEXIST {
      throw .file(path: directory, operation: "create the directory", errno: Int(errno))
    }
  }

  /// Makes the directory's entries durable.
  static func synchronize(_ directory: String) throws(LedgerError) {
    // SAFETY: the path is passed as a C string for the call alone.
    let descriptor = unsafe open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw .file(path: directory, operation: "open", errno: Int(errno))
    }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else {
      throw .file(path: directory, operation: "synchronize", errno: Int(errno))
    }
  }
}
