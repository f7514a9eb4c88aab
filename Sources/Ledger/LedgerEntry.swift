public import Model

/// One stored event and what was answered, as a view into the ledger's memory.
public struct LedgerEntry: ~Escapable {
  /// Order of arrival.
  public let sequence: UInt64
  /// When the event arrived.
  public let receivedAt: Timestamp
  /// Hash of the package that was active.
  public let packageHash: String
  /// The line as it was received.
  public let event: Span<UInt8>
  /// The decision as it was answered; empty when no policy governs the event.
  public let decision: Span<UInt8>
  /// The decision's line in the digest; empty as `decision` is.
  public let digest: Span<UInt8>

  @_lifetime(copy event, copy decision, copy digest)
  init(
    sequence: UInt64, receivedAt: Timestamp, packageHash: String, event: Span<UInt8>,
    decision: Span<UInt8>, digest: Span<UInt8>
  ) {
    self.sequence = sequence
    self.receivedAt = receivedAt
    self.packageHash = packageHash
    self.event = event
    self.decision = decision
    self.digest = digest
  }
}

/// A `LedgerEntry` that can be kept.
public struct StoredEntry: Hashable, Sendable {
  /// Order of arrival.
  public var sequence: UInt64
  /// When the event arrived.
  public var receivedAt: Timestamp
  /// Hash of the package that was active.
  public var packageHash: String
  /// The line as it was received.
  public var event: [UInt8]
  /// The decision as it was answered; empty when no policy governs the event.
  public var decision: [UInt8]
  /// The decision's line in the digest; empty as `decision` is.
  public var digest: [UInt8]

  /// Copies an entry.
  public init(_ entry: borrowing LedgerEntry) {
    sequence = entry.sequence
    receivedAt = entry.receivedAt
    packageHash = entry.packageHash
    event = Self.copy(entry.event)
    decision = Self.copy(entry.decision)
    digest = Self.copy(entry.digest)
  }

  private static func copy(_ bytes: Span<UInt8>) -> [UInt8] {
    var copy: [UInt8] = []
    copy.append(bytes)
    return copy
  }
}

/// A version of a list that came into use.
public struct LedgerListVersion: Hashable, Sendable {
  /// The list's name.
  public var name: String
  /// The first sequence it is used for.
  public var firstSequence: UInt64
  /// The bytes of its file.
  public var content: [UInt8]

  /// Creates a version.
  public init(name: String, firstSequence: UInt64, content: [UInt8]) {
    self.name = name
    self.firstSequence = firstSequence
    self.content = content
  }
}

/// A package that was activated.
public struct LedgerRelease: Hashable, Sendable {
  /// The package's hash.
  public var hash: String
  /// The first sequence it decides.
  public var firstSequence: UInt64
  /// The package's canonical text.
  public var source: String

  /// Creates a release.
  public init(hash: String, firstSequence: UInt64, source: String) {
    self.hash = hash
    self.firstSequence = firstSequence
    self.source = source
  }
}
