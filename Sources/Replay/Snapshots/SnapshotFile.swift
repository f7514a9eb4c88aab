internal import Digests
internal import Engine
internal import Glibc

/// The file of a snapshot: a magic line, frames, an empty frame.
///
/// *Shape of a frame*: four bytes of length, little end first; the SHA-256 of the checksum before
/// it, the length and the content; the content. The first frame is the header. So every byte but
/// the magic, which is compared, is under a checksum that also fixes its place.
enum SnapshotFile {
  static let magic = Array("sabueso snapshot 1\n".utf8)
  static let mostFrameBytes = 1 << 20

  /// What the first frame's checksum follows.
  static var start: SHA256Digest { SHA256.digest(of: magic.span) }

  static func checksum(after previous: SHA256Digest, _ content: [UInt8]) -> SHA256Digest {
    var head: [UInt8] = []
    previous.append(to: &head)
    appendLength(content.count, to: &head)
    var digest = SHA256()
    digest.update(head)
    digest.update(content)
    return digest.finish()
  }

  static func appendLength(_ count: Int, to output: inout [UInt8]) {
    for byte in 0..<4 { output.append(UInt8(truncatingIfNeeded: count >> (8 * byte))) }
  }
}

/// Writes a snapshot beside its final name, and gives it that name once it is on disk.
final class SnapshotOutput {
  private var file: ByteFile
  private let path: String
  private var previous = SnapshotFile.start
  /// Why the last exchange stopped.
  private(set) var failure: FileError?

  private var partial: String { path + ".partial" }

  /// Begins with the header.
  init(_ path: String, _ header: SnapshotHeader) throws(FileError) {
    self.path = path
    // The secret of the hashes is in it.
    file = try ByteFile.writing(path + ".partial", mode: 0o600)
    try file.append(SnapshotFile.magic)
    try frame(header.bytes)
  }

  /// Writes a piece of the state and empties it.
  func exchange(_ piece: inout [UInt8]) throws(SnapshotError) {
    do throws(FileError) {
      if !piece.isEmpty { try frame(piece) }
    } catch {
      failure = error
      throw .stopped
    }
    piece.removeAll(keepingCapacity: true)
  }

  /// Ends the file, makes it durable and gives it its name.
  func finish() throws(FileError) {
    try frame([])
    try file.flush()
    try file.synchronize()
    // SAFETY: both paths are valid C strings for the call.
    guard unsafe rename(partial, path) == 0 else {
      throw FileError(path: path, action: "name", errorNumber: errno)
    }
  }

  deinit {
    // SAFETY: the path is a valid C string for the call; one that got its name is there no more.
    _ = unsafe unlink(partial)
  }

  private func frame(_ content: [UInt8]) throws(FileError) {
    var head: [UInt8] = []
    SnapshotFile.appendLength(content.count, to: &head)
    previous = SnapshotFile.checksum(after: previous, content)
    previous.append(to: &head)
    try file.append(head)
    try file.append(content)
  }
}

/// Reads the frames of a snapshot; nothing of one is given before its checksum is right.
struct SnapshotFrames: ~Copyable {
  private let file: ByteFile
  private var previous = SnapshotFile.start
  private var held: [UInt8] = []
  private var position = 0
  private var offset: UInt64 = 0
  private var hasEnded = false

  /// Opens a file that begins as a snapshot does.
  static func opened(_ path: String) throws(SnapshotFault) -> SnapshotFrames {
    var frames = SnapshotFrames(try file(path))
    guard try frames.take(SnapshotFile.magic.count) == SnapshotFile.magic else {
      throw .damaged(path: path, offset: 0)
    }
    return frames
  }

  private init(_ file: consuming ByteFile) {
    self.file = file
  }

  private static func file(_ path: String) throws(SnapshotFault) -> ByteFile {
    do throws(FileError) {
      return try ByteFile.reading(path)
    } catch {
      throw .file(error)
    }
  }

  private var damaged: SnapshotFault { .damaged(path: file.path, offset: offset) }

  /// The content of the next frame; empty behind the last, when the file ends there too.
  mutating func next() throws(SnapshotFault) -> [UInt8] {
    if hasEnded { return [] }
    let place = offset
    let head = try take(4 + SHA256Digest.byteCount)
    let count = (0..<4).reduce(0) { $0 | Int(head[$1]) << (8 * $1) }
    guard count <= SnapshotFile.mostFrameBytes else {
      throw .damaged(path: file.path, offset: place)
    }
    let content = try take(count)
    let checksum = SnapshotFile.checksum(after: previous, content)
    guard checksum == SHA256Digest(bytes: head.span.extracting(4...)) else {
      throw .damaged(path: file.path, offset: place)
    }
    previous = checksum
    if content.isEmpty {
      hasEnded = true
      if position < held.count { throw damaged }
      if try fill() { throw damaged }
    }
    return content
  }

  private mutating func take(_ count: Int) throws(SnapshotFault) -> [UInt8] {
    var taken: [UInt8] = []
    taken.reserveCapacity(count)
    while taken.count < count {
      if position == held.count {
        guard try fill() else { throw damaged }
      }
      let piece = min(count - taken.count, held.count - position)
      taken += held[position..<position + piece]
      position += piece
      offset += UInt64(piece)
    }
    return taken
  }

  /// Reads on; false at the end of the file.
  private mutating func fill() throws(SnapshotFault) -> Bool {
    do throws(FileError) {
      position = 0
      return try file.read(into: &held, atMost: 1 << 20)
    } catch {
      throw .file(error)
    }
  }
}

/// Brings the state of a snapshot in.
final class SnapshotInput {
  private var frames: SnapshotFrames
  let path: String
  let header: SnapshotHeader
  /// Why the last exchange stopped.
  private(set) var fault: SnapshotFault?

  /// Opens a snapshot and reads its header.
  init(_ path: String) throws(SnapshotFault) {
    self.path = path
    var frames = try SnapshotFrames.opened(path)
    guard let header = SnapshotHeader(try frames.next()) else {
      throw .damaged(path: path, offset: 0)
    }
    self.header = header
    self.frames = frames
  }

  /// Brings the next piece in; none behind the last.
  func exchange(_ piece: inout [UInt8]) throws(SnapshotError) {
    do throws(SnapshotFault) {
      piece = try frames.next()
    } catch {
      fault = error
      throw .stopped
    }
  }
}
