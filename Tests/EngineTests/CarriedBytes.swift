@testable import Engine

/// The bytes of a state that `transfer` writes, as a snapshot carries them.
func carriedOut(_ transfer: (inout StateArchive) throws -> Void) throws -> [UInt8] {
  var bytes: [UInt8] = []
  var archive = StateArchive.writing { piece in
    bytes += piece
    piece.removeAll(keepingCapacity: true)
  }
  try transfer(&archive)
  try archive.finish()
  return bytes
}

/// An archive by which such bytes come in.
func carrying(_ bytes: [UInt8]) -> StateArchive {
  var rest = bytes
  return .reading { piece in
    piece = rest
    rest = []
  }
}
