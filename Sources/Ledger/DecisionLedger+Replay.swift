import Digests
import Model

extension DecisionLedger {
  /// Blocks read in one look. A look that never ends would keep the writer from reusing its WAL.
  private static let blocksPerLook: Int64 = 256

  /// Gives `body` every entry from a sequence on, in order, each verified before it is given.
  ///
  /// Ends at the entry that was last when it was called. Returns the sequence behind the last one
  /// given.
  ///
  /// *Throws* what `body` throws, or a `LedgerError` at the first damage; entries behind it are not
  /// given.
  @discardableResult
  public func replay(
    from sequence: UInt64, _ body: (borrowing LedgerEntry) throws -> Void
  ) throws -> UInt64 {
    if access == .reader { try refresh() }
    var failure: (any Error)?
    let next = try read(from: sequence) { entry in
      do {
        try body(entry)
      } catch {
        failure = error
      }
      return failure == nil
    }
    if let failure { throw failure }
    return next
  }

  /// Gives `body` the verified entries from a sequence on, until it returns false.
  func read(
    from sequence: UInt64, _ body: (borrowing LedgerEntry) -> Bool
  ) throws(LedgerError) -> UInt64 {
    let last = lastSequence
    var next = max(sequence, 1)
    guard next <= last else { return next }
    var expected = try firstSequence(ofBlockWith: next)
    var verifier = BlockVerifier(path: path)
    var blocks = try database.prepare(
      """
      SELECT first_sequence, count, checksum, payload FROM block
      WHERE first_sequence >= ?1 ORDER BY first_sequence LIMIT \(Self.blocksPerLook)
      """)
    while expected <= last {
      try blocks.bind(1, Int64(expected))
      let start = expected
      while expected <= last, try blocks.step() {
        let end = try verifier.entries(of: blocks, expected) { entry in
          guard entry.sequence >= next else { return true }
          next = entry.sequence + 1
          return body(entry)
        }
        guard let end else { return next }
        expected = end
      }
      blocks.reset()
      if start == expected {
        throw .brokenOrder(path: path, expected: expected, found: nil)
      }
    }
    guard expected == last + 1 else {
      throw .brokenOrder(path: path, expected: last + 1, found: expected)
    }
    return next
  }

  /// The entry with a sequence, or nil when the log does not go so far.
  public func entry(sequence: UInt64) throws(LedgerError) -> StoredEntry? {
    guard sequence > 0, sequence <= lastSequence else { return nil }
    let first = try firstSequence(ofBlockWith: sequence)
    var block = try database.prepare(
      "SELECT first_sequence, count, checksum, payload FROM block WHERE first_sequence = ?1")
    try block.bind(1, Int64(first))
    guard try block.step() else {
      throw .brokenOrder(path: path, expected: sequence, found: nil)
    }
    var found: StoredEntry?
    var verifier = BlockVerifier(path: path)
    _ = try verifier.entries(of: block, first) { entry in
      if entry.sequence == sequence { found = StoredEntry(entry) }
      return found == nil
    }
    guard let found else { throw .brokenOrder(path: path, expected: sequence, found: nil) }
    return found
  }

  private func firstSequence(ofBlockWith sequence: UInt64) throws(LedgerError) -> UInt64 {
    var statement = try database.prepare(
      "SELECT max(first_sequence) FROM block WHERE first_sequence <= ?1")
    try statement.bind(1, Int64(sequence))
    guard try statement.step(), statement.number(0) > 0 else {
      throw .brokenOrder(path: path, expected: sequence, found: nil)
    }
    return UInt64(statement.number(0))
  }
}

/// Takes rows of the table `block` apart, none of them on trust.
private struct BlockVerifier: ~Copyable {
  let path: String
  private var digest = SHA256()

  init(path: String) {
    self.path = path
  }

  /// Gives `body` the entries of the current row until it returns false.
  ///
  /// Returns the sequence behind the block, or nil when `body` ended it.
  mutating func entries(
    of row: borrowing Statement, _ expected: UInt64, _ body: (borrowing LedgerEntry) -> Bool
  ) throws(LedgerError) -> UInt64? {
    let first = UInt64(bitPattern: row.number(0))
    guard first == expected else {
      throw .brokenOrder(path: path, expected: expected, found: first)
    }
    do throws(BlockFault) {
      digest.update(row.bytes(3))
      let actual = digest.finish()
      let stored = row.bytes(2)
      guard stored.count == SHA256Digest.byteCount, SHA256Digest(bytes: stored) == actual else {
        throw .checksum
      }
      var block = try LedgerBlock(row.bytes(3))
      guard block.firstSequence == first, Int64(block.count) == row.number(1) else {
        throw .position
      }
      while let entry = try block.next() {
        if !body(entry) { return nil }
      }
      return first + UInt64(block.count)
    } catch {
      throw .corruptBlock(path: path, firstSequence: first, fault: error)
    }
  }
}
