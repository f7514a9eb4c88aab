public import Model

/// Entries to be appended together, already in the form they are stored in.
///
/// *Shape* of a block, all numbers little-endian: `SBLK`, version (16 bits), 16 bits of 0, first
/// sequence (64), entry count (32), length of the whole block (32); then per entry its time of
/// arrival in microseconds (64), the lengths of event, decision, digest line and package hash (32
/// each), and these four in the order package hash, event, decision, digest line. A package hash of
/// length 0 is that of the entry before. Sequences run without gaps.
public struct LedgerBatch: Sendable {
  /// The block so far; count and length are kept up to date in its header.
  private(set) var block: [UInt8] = []
  private var packageHash = ""
  /// The sequence of the first entry.
  public private(set) var firstSequence: UInt64
  /// How many entries there are.
  public private(set) var count = 0

  /// How many bytes it takes in the log.
  public var byteCount: Int { block.count }

  /// Creates an empty batch.
  public init(firstSequence: UInt64) {
    self.firstSequence = firstSequence
    reset(firstSequence: firstSequence)
  }

  /// Empties the batch, keeping its room.
  ///
  /// *Traps* unless `firstSequence` is in 1…2⁶³−1.
  public mutating func reset(firstSequence: UInt64) {
    precondition(firstSequence > 0 && firstSequence < 1 << 63, "sequence out of range")
    self.firstSequence = firstSequence
    count = 0
    packageHash = ""
    block.removeAll(keepingCapacity: true)
    block.append(contentsOf: LedgerBlock.magic)
    block.append(LedgerBlock.version, bytes: 2)
    block.append(0, bytes: 2)
    block.append(firstSequence, bytes: 8)
    block.append(0, bytes: 8)
  }

  /// Adds the entry with the next sequence.
  ///
  /// *Traps* when the block would pass 2³²−1 bytes.
  public mutating func append(
    event: Span<UInt8>, decision: Span<UInt8>, digest: Span<UInt8>, receivedAt: Timestamp,
    packageHash: String
  ) {
    let isSamePackage = count > 0 && packageHash == self.packageHash
    let hash = isSamePackage ? [] : Array(packageHash.utf8)
    block.append(UInt64(bitPattern: receivedAt.microseconds), bytes: 8)
    for length in [event.count, decision.count, digest.count, hash.count] {
      block.append(UInt64(length), bytes: 4)
    }
    block.append(contentsOf: hash)
    block.append(event)
    block.append(decision)
    block.append(digest)
    self.packageHash = packageHash
    count += 1
    precondition(block.count <= Int(UInt32.max), "a block of the ledger is too large")
    block.replace(UInt64(count), bytes: 4, at: LedgerBlock.countOffset)
    block.replace(UInt64(block.count), bytes: 4, at: LedgerBlock.countOffset + 4)
  }
}

extension Array<UInt8> {
  /// Appends the low bytes of a number, the lowest first.
  mutating func append(_ number: UInt64, bytes: Int) {
    for index in 0..<bytes { append(UInt8(truncatingIfNeeded: number >> UInt64(8 * index))) }
  }

  /// Replaces bytes by those of a number, the lowest first.
  mutating func replace(_ number: UInt64, bytes: Int, at start: Int) {
    for index in 0..<bytes {
      self[start + index] = UInt8(truncatingIfNeeded: number >> UInt64(8 * index))
    }
  }

  /// Appends bytes in one copy.
  mutating func append(_ bytes: Span<UInt8>) {
    // SAFETY: the buffer lives through the call.
    unsafe bytes.withUnsafeBufferPointer { buffer in
      unsafe append(contentsOf: buffer)
    }
  }
}
