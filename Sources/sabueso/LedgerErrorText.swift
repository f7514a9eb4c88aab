import Ledger
import Replay

extension CommandFailure {
  /// What a ledger's error means for people, with a way out.
  init(_ error: LedgerError) {
    switch error {
    case .alreadyOpen(let path, let process):
      let who = process.map { " (process \($0))" } ?? ""
      self.init(
        code: .unavailable, message: "\(path) is in use by another sabueso\(who)",
        remedy: "a data folder has one writer; stop the other one, or give this one its own folder")
    case .foreignFile(let path):
      self.init(code: .inputOutput, message: "\(path) is not a ledger of sabueso")
    case .newerSchema(let path, let version, let supported):
      self.init(
        code: .inputOutput,
        message:
          "\(path) was written by a later release (format \(version), this one reads \(supported))")
    case .corruptBlock(let path, let first, let fault):
      self.init(
        code: .inputOutput,
        message: "\(path): the block of event \(first) is damaged (\(fault.rawValue))",
        remedy: "nothing before it is affected; restore the file from a copy")
    case .corruptRelease(let path, let first):
      self.init(
        code: .inputOutput, message: "\(path): the package recorded at event \(first) is damaged",
        remedy: "restore the file from a copy")
    case .corruptList(let path, let name):
      self.init(
        code: .inputOutput, message: "\(path): a recorded version of the list \(name) is damaged",
        remedy: "restore the file from a copy")
    case .brokenOrder(let path, let expected, let found):
      let place = found.map { "event \($0)" } ?? "nothing"
      self.init(
        code: .inputOutput, message: "\(path): \(place) stands where event \(expected) should",
        remedy: "restore the file from a copy")
    case .outOfOrder(let expected, let found):
      self.init(code: .bug, message: "event \(found) was appended where \(expected) is next")
    case .readOnly(let path, _):
      self.init(code: .inputOutput, message: "\(path) cannot be written")
    case .diskFull(let path, _):
      self.init(
        code: .inputOutput, message: "there is no room left for \(path)",
        remedy: "free some; nothing acknowledged was lost")
    case .database(let path, let code, _) where code & 0xFF == LedgerError.cannotOpen:
      self.init(
        code: .inputOutput, message: "cannot open \(path)",
        remedy: "the data folder is the one `sabueso serve` was given")
    case .corruptDatabase(let path, _, let message), .database(let path, _, let message):
      self.init(code: .inputOutput, message: "\(path): \(message)")
    case .file(let path, let operation, let number):
      let reason = FileError(path: path, action: operation, errorNumber: Int32(number)).reason
      self.init(code: .inputOutput, message: "cannot \(operation) \(path): \(reason)")
    }
  }
}

extension LedgerError {
  /// What SQLite says of a file that is not there or may not be opened.
  fileprivate static let cannotOpen = 14
}
