import Glibc
public import Model
import Values

/// One line of a stream of events.
public struct NumberedLine: ~Escapable {
  /// Counted from 1, blank lines included.
  public let number: Int
  /// The bytes without line end; none when the line is too long.
  public let bytes: Span<UInt8>
  /// The length in bytes when it is beyond the limit.
  public let excessiveLength: Int?

  @_lifetime(copy bytes)
  init(number: Int, bytes: Span<UInt8>, excessiveLength: Int? = nil) {
    self.number = number
    self.bytes = bytes
    self.excessiveLength = excessiveLength
  }

  /// The error that stands for a line beyond the limit.
  public var error: WireError? {
    excessiveLength.map { EventFault.tooLarge(byteCount: $0) }
  }
}

/// Cuts a stream of bytes into lines, however the chunks fall.
///
/// Ends of lines are LF or CR LF; the last one may be missing; a byte order mark at the start and
/// blank lines are passed over; a line beyond the limit is reported once, with its length, and
/// never held: its bytes go by in pieces, for who wants to keep them.
public struct LineReader: ~Copyable {
  /// The start of a line whose end has not come yet.
  private var held: [UInt8] = []
  /// Bytes of the current line that were not held because it is too long.
  private var dropped = 0
  private var number = 0
  private let limit: Int

  /// Creates a reader of lines of at most `limit` bytes.
  public init(limit: Int = Limits.eventBytes) {
    self.limit = limit
  }

  /// Takes a chunk and gives `body` each line that ends in it.
  ///
  /// *Throws* what `body` throws; the rest of the chunk is then not read.
  public mutating func read<Failure: Error>(
    _ chunk: Span<UInt8>, _ body: (borrowing NumberedLine) throws(Failure) -> Void
  ) throws(Failure) {
    try read(chunk, excess: { _ throws(Failure) in }, body)
  }

  /// Gives `body` the last line if no newline ended it. The reader is then as new.
  public mutating func finish<Failure: Error>(
    _ body: (borrowing NumberedLine) throws(Failure) -> Void
  ) throws(Failure) {
    try finish(excess: { _ throws(Failure) in }, body)
  }

  /// Takes a chunk and gives `body` each line that ends in it. The bytes of lines beyond the limit,
  /// a CR at their end included, go to `excess` as they come, before `body` hears of the line.
  ///
  /// *Throws* what the closures throw; the rest of the chunk is then not read.
  ///
  /// *Complexity*: O(bytes); lines within one chunk are not copied.
  public mutating func read<Failure: Error>(
    _ chunk: Span<UInt8>, excess: (Span<UInt8>) throws(Failure) -> Void,
    _ body: (borrowing NumberedLine) throws(Failure) -> Void
  ) throws(Failure) {
    var start = 0
    while start < chunk.count {
      guard let end = Self.newline(in: chunk, from: start) else {
        try hold(chunk.extracting(start...), excess)
        return
      }
      let piece = chunk.extracting(start..<end)
      start = end + 1
      if held.isEmpty && dropped == 0 {
        try deliver(piece, excess, body)
      } else {
        try hold(piece, excess)
        try deliverHeld(excess, body)
      }
    }
  }

  /// Gives `body` the last line if no newline ended it. The reader is then as new.
  public mutating func finish<Failure: Error>(
    excess: (Span<UInt8>) throws(Failure) -> Void,
    _ body: (borrowing NumberedLine) throws(Failure) -> Void
  ) throws(Failure) {
    defer { number = 0 }
    if !held.isEmpty || dropped > 0 { try deliverHeld(excess, body) }
  }

  private mutating func hold<Failure: Error>(
    _ piece: Span<UInt8>, _ excess: (Span<UInt8>) throws(Failure) -> Void
  ) throws(Failure) {
    // One byte more than the limit, for a CR that may be part of the line end.
    if dropped == 0 && held.count + piece.count <= limit + 1 {
      held.append(piece)
      return
    }
    dropped += held.count + piece.count
    if !held.isEmpty { try excess(held.span) }
    held.removeAll(keepingCapacity: true)
    if piece.count > 0 { try excess(piece) }
  }

  private mutating func deliverHeld<Failure: Error>(
    _ excess: (Span<UInt8>) throws(Failure) -> Void,
    _ body: (borrowing NumberedLine) throws(Failure) -> Void
  ) throws(Failure) {
    if dropped > 0 {
      number += 1
      let length = dropped
      dropped = 0
      try body(NumberedLine(number: number, bytes: Span(), excessiveLength: length))
      return
    }
    // Taken out while it is read, so that a body that throws leaves no half line behind.
    var line: [UInt8] = []
    swap(&line, &held)
    defer {
      line.removeAll(keepingCapacity: true)
      swap(&line, &held)
    }
    try deliver(line.span, excess, body)
  }

  @inline(__always)
  private mutating func deliver<Failure: Error>(
    _ piece: Span<UInt8>, _ excess: (Span<UInt8>) throws(Failure) -> Void,
    _ body: (borrowing NumberedLine) throws(Failure) -> Void
  ) throws(Failure) {
    number += 1
    var first = 0
    var end = piece.count
    if end > 0, piece[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    if number == 1, end >= 3, piece[0] == 0xEF, piece[1] == 0xBB, piece[2] == 0xBF { first = 3 }
    let line = piece.extracting(first..<end)
    if line.count > limit {
      try excess(piece)
      try body(NumberedLine(number: number, bytes: Span(), excessiveLength: line.count))
    } else if !Self.isBlank(line) {
      try body(NumberedLine(number: number, bytes: line))
    }
  }

  private static func isBlank(_ line: Span<UInt8>) -> Bool {
    for index in 0..<line.count where line[index] != UInt8(ascii: " ") && line[index] != 9 {
      return false
    }
    return true
  }

  private static func newline(in chunk: Span<UInt8>, from start: Int) -> Int? {
    // SAFETY: the search covers exactly the buffer's bytes from `start`, which is within it.
    unsafe chunk.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress,
        let found = unsafe memchr(base + start, 10, buffer.count - start)
      else { return nil }
      return unsafe UnsafeRawPointer(found) - UnsafeRawPointer(base)
    }
  }
}
