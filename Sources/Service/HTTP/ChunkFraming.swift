/// Checks the bytes of a chunked body that are not data: size lines, the ends of chunks, trailers.
///
/// The C parser, built for speed rather than strictness as Debian builds it, takes any two bytes
/// for the end of a chunk and any byte for a line feed; what one reader takes and another does not
/// is how requests are smuggled. *Source*: RFC 9112 section 7.1.
struct ChunkFraming {
  /// Bytes of one chunk-size line with its extensions; extensions have no use here.
  static let sizeLineBytes = 256
  /// Bytes of all trailer lines, which are read past.
  static let trailerBytes = 8 << 10

  private enum State {
    case size
    case sizeExtension
    case sizeLineFeed
    case dataEnd
    case dataLineFeed
    case trailerStart
    case trailer
    case trailerLineFeed
    case lastLineFeed
    case finished
  }

  private var state = State.size
  private var lineBytes = 0
  private var sizeIsZero = true
  /// Whether a byte broke the grammar; once broken it stays so.
  private(set) var isBroken = false

  /// Whether the closing empty line has been seen.
  var isFinished: Bool { !isBroken && state == .finished }

  /// Takes the next byte that is not data.
  mutating func take(_ byte: UInt8) {
    let carriageReturn = byte == 13
    let lineFeed = byte == 10
    lineBytes += 1
    switch state {
    case .size: takeSize(byte)
    case .sizeExtension:
      if carriageReturn {
        state = .sizeLineFeed
      } else if lineFeed {
        isBroken = true
      }
    case .sizeLineFeed:
      require(lineFeed, then: sizeIsZero ? .trailerStart : .dataEnd)
      lineBytes = 0
    case .dataEnd: require(carriageReturn, then: .dataLineFeed)
    case .dataLineFeed:
      require(lineFeed, then: .size)
      lineBytes = 0
      sizeIsZero = true
    case .trailerStart:
      // A line that begins with white space continues the one before it, a form nobody may send.
      if byte == 32 || byte == 9 || lineFeed { isBroken = true }
      state = carriageReturn ? .lastLineFeed : .trailer
    case .trailer:
      if carriageReturn {
        state = .trailerLineFeed
      } else if lineFeed {
        isBroken = true
      }
    case .trailerLineFeed: require(lineFeed, then: .trailerStart)
    case .lastLineFeed: require(lineFeed, then: .finished)
    case .finished: isBroken = true
    }
    switch state {
    case .size, .sizeExtension: if lineBytes > Self.sizeLineBytes { isBroken = true }
    default: if lineBytes > Self.trailerBytes { isBroken = true }
    }
  }

  private mutating func takeSize(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "0"): break
    case UInt8(ascii: "1")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
      UInt8(ascii: "A")...UInt8(ascii: "F"):
      sizeIsZero = false
    case UInt8(ascii: ";"):
      if lineBytes == 1 { isBroken = true }
      state = .sizeExtension
    case 13:
      if lineBytes == 1 { isBroken = true }
      state = .sizeLineFeed
    default: isBroken = true
    }
  }

  private mutating func require(_ condition: Bool, then next: State) {
    if condition { state = next } else { isBroken = true }
  }
}
