/// Why a state cannot be carried out or in.
public enum SnapshotError: Error, Hashable, Sendable {
  /// The bytes end early, or say what no engine of this layout and program writes.
  case damaged
  /// Whoever carries the bytes gave up, and knows why.
  case stopped
}

/// Carries a state out or in, piece by piece.
///
/// Every store has one walk over what it holds, for both directions: what is written is what is
/// read. Memory is carried as it lies, so a state that came in gives the same bytes when it goes
/// out again. Checksums are the carrier's business: bytes are trusted to be those written, and only
/// their bounds are looked at.
public struct StateArchive: ~Copyable {
  /// Moves a full piece out, leaving it empty; or brings the next one in, empty at the end.
  public typealias Exchange = (inout [UInt8]) throws(SnapshotError) -> Void

  /// The layout of states: a new one for every change of what a store holds or how.
  public static let layout: UInt64 = 17

  /// Whether the state comes in.
  public let isReading: Bool
  private var piece: [UInt8] = []
  /// Bytes of the piece that were read.
  private var position = 0
  private let exchange: Exchange

  private static let pieceBytes = 1 << 20
  /// More than a store may ever reserve is no size.
  private static let mostBytes = 1 << 46

  /// Makes an archive that carries a state out.
  public static func writing(_ exchange: @escaping Exchange) -> StateArchive {
    StateArchive(isReading: false, exchange: exchange)
  }

  /// Makes an archive that carries a state in.
  public static func reading(_ exchange: @escaping Exchange) -> StateArchive {
    StateArchive(isReading: true, exchange: exchange)
  }

  private init(isReading: Bool, exchange: @escaping Exchange) {
    self.isReading = isReading
    self.exchange = exchange
    piece.reserveCapacity(isReading ? 0 : Self.pieceBytes)
  }

  /// Ends the carrying: what is left goes out, or nothing may be left.
  public mutating func finish() throws(SnapshotError) {
    guard isReading else {
      if !piece.isEmpty { try exchange(&piece) }
      return
    }
    guard position == piece.count else { throw .damaged }
    piece.removeAll()
    try exchange(&piece)
    guard piece.isEmpty else { throw .damaged }
  }

  /// Carries a word.
  public mutating func transfer(_ value: inout UInt64) throws(SnapshotError) {
    for byte in 0..<8 {
      if isReading {
        let shift = UInt64(8 * byte)
        value = value & ~(0xFF << shift) | UInt64(try nextByte()) << shift
      } else {
        try append(UInt8(truncatingIfNeeded: value >> UInt64(8 * byte)))
      }
    }
  }

  /// Carries a number.
  public mutating func transfer<Number: FixedWidthInteger>(
    _ value: inout Number
  ) throws(SnapshotError) {
    var word = UInt64(truncatingIfNeeded: Int64(truncatingIfNeeded: value))
    try transfer(&word)
    value = Number(truncatingIfNeeded: Int64(bitPattern: word))
  }

  /// Carries a truth value.
  public mutating func transfer(_ value: inout Bool) throws(SnapshotError) {
    var word: UInt64 = value ? 1 : 0
    try transfer(&word)
    value = word != 0
  }

  /// Carries what both sides know: a size or count that follows from the program.
  public mutating func expect(_ value: Int) throws(SnapshotError) {
    var carried = value
    try transfer(&carried)
    if carried != value { throw .damaged }
  }

  /// Carries memory as it lies; what comes in takes the place of what was there.
  mutating func transfer(_ memory: inout ReservedMemory) throws(SnapshotError) {
    var reserved = memory.reservedBytes
    var used = memory.usedBytes
    try transfer(&reserved)
    try transfer(&used)
    if isReading {
      guard used >= 0, used <= reserved, reserved <= Self.mostBytes else { throw .damaged }
      // A store may reserve more than that one did.
      memory = ReservedMemory(reservedBytes: max(reserved, memory.reservedBytes))
      memory.use(bytes: used)
    } else {
      memory.settle()
    }
    var offset = 0
    while offset < used {
      let count: Int
      if isReading {
        if position == piece.count { try refill() }
        count = min(used - offset, piece.count - position)
        memory.fill(offset, from: piece, position..<position + count)
        position += count
      } else {
        if piece.count == Self.pieceBytes { try exchange(&piece) }
        count = min(used - offset, Self.pieceBytes - piece.count)
        memory.append(offset..<offset + count, to: &piece)
      }
      offset += count
    }
  }

  private mutating func append(_ byte: UInt8) throws(SnapshotError) {
    if piece.count == Self.pieceBytes { try exchange(&piece) }
    piece.append(byte)
  }

  private mutating func nextByte() throws(SnapshotError) -> UInt8 {
    if position == piece.count { try refill() }
    position += 1
    return piece[position - 1]
  }

  private mutating func refill() throws(SnapshotError) {
    piece.removeAll(keepingCapacity: true)
    position = 0
    try exchange(&piece)
    if piece.isEmpty { throw .damaged }
  }
}
