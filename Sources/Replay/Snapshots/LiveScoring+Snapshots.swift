internal import Engine
internal import Glibc
internal import Ledger
internal import Model

extension LiveScoring {
  /// The last event whose effect the state holds.
  public var appliedSequence: UInt64 { UInt64(state.intake.count) }

  /// Writes the state to a file that appears whole or not at all.
  ///
  /// *Complexity*: linear in the bytes of the state, some 1 GB/s.
  public mutating func save(to path: String) throws(SnapshotFault) {
    let sequence = appliedSequence
    let event: [UInt8]
    do throws(LedgerError) {
      event = sequence == 0 ? [] : try ledger.entry(sequence: sequence)?.event ?? []
    } catch {
      throw .foreign(path: path, .log)
    }
    let header = SnapshotHeader(
      sequence: sequence, event: event.span, packageHash: packageHash, secret: state.secret)
    do throws(FileError) {
      let output = try SnapshotOutput(path, header)
      var archive = StateArchive.writing { piece throws(SnapshotError) in
        try output.exchange(&piece)
      }
      do throws(SnapshotError) {
        try state.transfer(&archive)
      } catch {
        throw output.failure ?? FileError(path: path, action: "write", errorNumber: EIO)
      }
      try output.finish()
    } catch {
      throw .file(error)
    }
  }
}

/// A snapshot looked at by itself.
public enum SnapshotCheck {
  /// Reads a whole snapshot: its header, and the bytes of its state, every checksum verified.
  public static func header(
    of path: String
  ) throws(SnapshotFault) -> (header: SnapshotHeader, stateBytes: Int) {
    let input = try SnapshotInput(path)
    var bytes = 0
    var piece: [UInt8] = []
    while true {
      do throws(SnapshotError) {
        try input.exchange(&piece)
      } catch {
        throw input.fault ?? .damaged(path: path, offset: 0)
      }
      if piece.isEmpty { return (input.header, bytes) }
      bytes += piece.count
    }
  }
}
