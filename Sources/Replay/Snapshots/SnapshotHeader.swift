internal import Digests
internal import Engine
internal import Model

/// What a snapshot is of: the first frame of its file, as lines of `name value`.
public struct SnapshotHeader: Hashable, Sendable {
  /// The last event whose effect is in it.
  public var sequence: UInt64
  /// SHA-256 of that event as the log has it; of nothing when there is none.
  public var eventDigest: String
  /// The package whose state it is.
  public var packageHash: String
  /// The release of Sabueso that wrote it.
  public var engineVersion: String
  /// The layout of the state.
  public var layout: UInt64
  /// The secret its keys are hashed under.
  var secret: HashSecret

  /// For the state of a package after an event.
  init(sequence: UInt64, event: Span<UInt8>, packageHash: String, secret: HashSecret) {
    self.sequence = sequence
    eventDigest = SHA256.digest(of: event).hex
    self.packageHash = packageHash
    engineVersion = EngineVersion.current
    layout = StateArchive.layout
    self.secret = secret
  }

  var bytes: [UInt8] {
    var text = "sequence \(sequence)\nevent \(eventDigest)\npackage \(packageHash)\n"
    text += "engine \(engineVersion)\nlayout \(layout)\n"
    text += "secret \(secret.first) \(secret.second)\n"
    return Array(text.utf8)
  }

  /// Reads what `bytes` are; nil when they are something else.
  init?(_ bytes: [UInt8]) {
    var values: [Substring: [Substring]] = [:]
    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
      let words = line.split(separator: " ")
      guard let name = words.first else { continue }
      values[name] = Array(words.dropFirst())
    }
    guard let sequence = values["sequence"]?.first.flatMap({ UInt64($0) }),
      let event = values["event"]?.first, let package = values["package"]?.first,
      let engine = values["engine"]?.first,
      let layout = values["layout"]?.first.flatMap({ UInt64($0) }),
      let secret = values["secret"]?.compactMap({ UInt64($0) }), secret.count == 2
    else { return nil }
    self.sequence = sequence
    eventDigest = String(event)
    packageHash = String(package)
    engineVersion = String(engine)
    self.layout = layout
    self.secret = HashSecret(first: secret[0], second: secret[1])
  }
}

/// Why a snapshot is of no use here.
public enum SnapshotFault: Error, Hashable, Sendable {
  /// It is no snapshot, or a byte of it is not what was written.
  case damaged(path: String, offset: UInt64)
  /// It is sound and of another package, release or log.
  case foreign(path: String, SnapshotMismatch)
  case file(FileError)

  /// A sentence for people.
  public var detail: String {
    switch self {
    case .damaged(let path, let offset):
      "\(path) is damaged at byte \(offset), so nothing of it is used"
    case .foreign(let path, let mismatch):
      "\(path) is of another \(mismatch.rawValue), so it cannot be used here"
    case .file(let error): "cannot \(error.action) \(error.path): \(error.reason)"
    }
  }
}

/// In what a sound snapshot differs from what is needed.
public enum SnapshotMismatch: String, Hashable, Sendable {
  case package
  case release
  case log
}
