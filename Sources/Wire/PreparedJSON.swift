import Values

/// Pieces of JSON written once, when an encoder is made, and copied into every answer.
struct PreparedJSON: Sendable {
  /// A piece, by its place.
  struct Piece: Sendable {
    var start: Int
    var count: Int
  }

  private var bytes: [UInt8] = []

  /// Keeps a piece that `write` appends.
  mutating func add(_ write: (inout [UInt8]) -> Void) -> Piece {
    let start = bytes.count
    write(&bytes)
    return Piece(start: start, count: bytes.count - start)
  }

  /// Keeps a name in quotes.
  mutating func add(name: String) -> Piece {
    add { JSONText.append(name, to: &$0) }
  }

  /// Copies a piece.
  func append(_ piece: Piece, to output: inout TextBuffer) {
    output.append(bytes.span.extracting(piece.start..<piece.start + piece.count))
  }
}
