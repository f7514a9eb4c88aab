import Model

/// Reads a block entry by entry. `LedgerBatch` says how it is laid out.
struct LedgerBlock: ~Escapable {
  static let magic = Array("SBLK".utf8)
  static let version: UInt64 = 1
  static let countOffset = 16
  private static let headerBytes = 24
  private static let entryHeaderBytes = 24

  let firstSequence: UInt64
  let count: Int
  private let bytes: Span<UInt8>
  private var position = LedgerBlock.headerBytes
  private var index = 0
  private var packageHash = ""

  @_lifetime(copy bytes)
  init(_ bytes: Span<UInt8>) throws(BlockFault) {
    guard bytes.count >= Self.headerBytes, bytes.starts(with: Self.magic),
      bytes.number(at: 4, bytes: 4) == Self.version
    else { throw .format }
    guard bytes.number(at: Self.countOffset + 4, bytes: 4) == UInt64(bytes.count) else {
      throw .lengths
    }
    firstSequence = bytes.number(at: 8, bytes: 8)
    count = Int(bytes.number(at: Self.countOffset, bytes: 4))
    self.bytes = bytes
  }

  /// The next entry, or nil when all were given.
  ///
  /// *Throws* `lengths` when the entries do not fill the block exactly.
  @_lifetime(copy self)
  mutating func next() throws(BlockFault) -> LedgerEntry? {
    guard index < count else {
      guard position == bytes.count else { throw .lengths }
      return nil
    }
    guard bytes.count - position >= Self.entryHeaderBytes else { throw .lengths }
    let receivedAt = Int64(bitPattern: bytes.number(at: position, bytes: 8))
    let eventBytes = Int(bytes.number(at: position + 8, bytes: 4))
    let decisionBytes = Int(bytes.number(at: position + 12, bytes: 4))
    let digestBytes = Int(bytes.number(at: position + 16, bytes: 4))
    let hashBytes = Int(bytes.number(at: position + 20, bytes: 4))
    let event = position + Self.entryHeaderBytes + hashBytes
    let decision = event + eventBytes
    let digest = decision + decisionBytes
    let end = digest + digestBytes
    guard end <= bytes.count else { throw .lengths }
    if hashBytes > 0 { packageHash = bytes.extracting(event - hashBytes..<event).text }
    position = end
    defer { index += 1 }
    return LedgerEntry(
      sequence: firstSequence + UInt64(index), receivedAt: Timestamp(microseconds: receivedAt),
      packageHash: packageHash, event: bytes.extracting(event..<decision),
      decision: bytes.extracting(decision..<digest), digest: bytes.extracting(digest..<end))
  }
}

extension Span<UInt8> {
  /// The number that starts at `start`, its lowest byte first.
  fileprivate func number(at start: Int, bytes: Int) -> UInt64 {
    var number: UInt64 = 0
    for index in 0..<bytes { number |= UInt64(self[start + index]) << UInt64(8 * index) }
    return number
  }

  fileprivate func starts(with prefix: [UInt8]) -> Bool {
    guard count >= prefix.count else { return false }
    for index in prefix.indices where self[index] != prefix[index] { return false }
    return true
  }

  /// The bytes as text.
  var text: String {
    var copy: [UInt8] = []
    copy.append(self)
    return String(decoding: copy, as: UTF8.self)
  }
}
