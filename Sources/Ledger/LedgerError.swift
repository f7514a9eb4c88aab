/// Why the ledger did not do what was asked. Nothing acknowledged is ever lost by one of these.
public enum LedgerError: Error, Hashable, Sendable {
  /// Another process, or another value in this one, writes this ledger; its process id if known.
  case alreadyOpen(path: String, processId: Int?)
  /// The file is a database of something else.
  case foreignFile(path: String)
  /// A later release of the product wrote the file.
  case newerSchema(path: String, version: Int, supported: Int)
  /// A stored block is not what was written.
  case corruptBlock(path: String, firstSequence: UInt64, fault: BlockFault)
  /// A stored release is not what was written.
  case corruptRelease(path: String, firstSequence: UInt64)
  /// A stored version of a list is not what was written.
  case corruptList(path: String, name: String)
  /// The stored blocks do not follow each other: `found` stands where `expected` should, nil for
  /// nothing.
  case brokenOrder(path: String, expected: UInt64, found: UInt64?)
  /// A batch does not start right behind the last entry.
  case outOfOrder(expected: UInt64, found: UInt64)
  /// The ledger was opened for reading, or its file cannot be written.
  case readOnly(path: String, code: Int)
  /// There is no room for more.
  case diskFull(path: String, code: Int)
  /// SQLite found its own structure broken.
  case corruptDatabase(path: String, code: Int, message: String)
  /// Any other error of SQLite, with its extended code.
  case database(path: String, code: Int, message: String)
  /// An error of the file system, with its `errno`.
  case file(path: String, operation: String, errno: Int)
}

/// What is wrong with a block.
public enum BlockFault: String, Error, Hashable, Sendable {
  /// Its bytes do not give its checksum.
  case checksum
  /// It is not of a format this release reads.
  case format
  /// Its lengths do not add up.
  case lengths
  /// It says other sequence numbers than the row it lies in.
  case position
}

extension LedgerError: CustomStringConvertible {
  /// What happened, where, and what to do.
  public var description: String {
    switch self {
    case .alreadyOpen(let path, let processId):
      "\(path) is being written" + (processId.map { " by process \($0)" } ?? "")
        + ". Stop that one first, or open the ledger for reading."
    case .foreignFile(let path):
      "\(path) is no ledger. Name another directory; the file was not touched."
    case .newerSchema(let path, let version, let supported):
      "\(path) has schema version \(version); this release reads up to \(supported). Use the later "
        + "release; the file was not touched."
    case .corruptBlock(let path, let first, let fault):
      "\(path): the block that starts at sequence \(first) is damaged (\(fault.rawValue)). "
        + Self.restore
    case .corruptRelease(let path, let first):
      "\(path): the release first used at sequence \(first) is damaged. \(Self.restore)"
    case .corruptList(let path, let name):
      "\(path): a version of the list \(name) is damaged. \(Self.restore)"
    case .brokenOrder(let path, let expected, let found):
      "\(path): sequence \(expected) should follow, but "
        + (found.map { "\($0) does. " } ?? "nothing does. ") + Self.restore
    case .outOfOrder(let expected, let found):
      "A batch starts at sequence \(found) where \(expected) must follow; nothing was written."
    case .readOnly(let path, let code):
      "\(path) cannot be written (SQLite \(code)). Check its owner and mode, the mount, and how "
        + "it was opened."
    case .diskFull(let path, let code):
      "\(path): no space left (SQLite \(code)). Nothing of this batch was written; free space and "
        + "try again."
    case .corruptDatabase(let path, let code, let message):
      "\(path) is damaged (SQLite \(code): \(message)). \(Self.restore)"
    case .database(let path, let code, let message):
      "\(path): \(message) (SQLite \(code))."
    case .file(let path, let operation, let errno):
      "\(path): \(operation) failed (errno \(errno))."
    }
  }

  private static let restore =
    "Stop, keep a copy of the directory, and restore the newest backup; nothing behind the damage "
    + "was used."
}
