import Values

/// Pieces of JSON written once, when an encoder is made, and copied into every answer.
struct PreparedJSON: Sendable {
  /// A piece, by its place.
  struct Piece: Sendable, BitwiseCopyable {
    var start: UInt32
    var count: UInt32

    static let none = Piece(start: 0, count: 0)

    var end: Int { Int(start) + Int(count) }
  }

  /// The pieces, and behind them the padding that a `TextBuffer` wants.
  private var bytes = [UInt8](repeating: 0, count: TextBuffer.padding)

  /// All pieces, with the padding behind them.
  var padded: Span<UInt8> {
    @_lifetime(borrow self)
    @inline(__always)
    borrowing get { bytes.span }
  }

  /// Keeps a piece that `write` appends.
  mutating func add(_ write: (inout [UInt8]) -> Void) -> Piece {
    bytes.removeLast(TextBuffer.padding)
    let start = bytes.count
    write(&bytes)
    let count = bytes.count - start
    bytes.append(contentsOf: repeatElement(0, count: TextBuffer.padding))
    return Piece(start: UInt32(start), count: UInt32(count))
  }

  /// Keeps a name in quotes, with what always stands before and behind it.
  mutating func add(
    _ before: StaticString = "", name: String, _ after: StaticString = ""
  ) -> Piece {
    add {
      ValueText.append(before, to: &$0)
      JSONText.append(name, to: &$0)
      ValueText.append(after, to: &$0)
    }
  }

  /// Copies a piece.
  @inline(__always)
  func append(_ piece: Piece, to output: inout TextBuffer) {
    output.append(Int(piece.count), from: Int(piece.start), of: bytes.span)
  }
}
