/// Who or what a tie speaks of: the token it is known by in the state, and its text when the event
/// holds it.
public struct EvidenceName: Hashable, Sendable {
  /// A keyed hash: the same for the same value as long as the secret is the same.
  public var token: UInt64
  /// Where its text lies in `Decision.text`; empty when the event does not hold it.
  public var text: Range<Int>

  /// Creates a name.
  public init(token: UInt64, text: Range<Int> = 0..<0) {
    self.token = token
    self.text = text
  }
}

/// One thing that is so between accounts, or of one account or value.
public enum EvidenceTie: Hashable, Sendable {
  /// An event of a link went from one account to another. `link` is a position in
  /// `DecisionCatalog.links`.
  case edge(link: Int, from: EvidenceName, to: EvidenceName)
  /// Two accounts have used one value. `identifier` is a position in `DecisionCatalog.identifiers`.
  case shared(identifier: Int, value: EvidenceName, EvidenceName, EvidenceName)
  /// So many accounts have used a value that it joins nobody.
  case hub(identifier: Int, value: EvidenceName)
  /// An account carries a label, a position in `DecisionCatalog.labels`.
  case label(Int, EvidenceName)
}

/// What makes the value of one graph signal true.
public struct SignalEvidence: Hashable, Sendable {
  /// Position in `DecisionCatalog.signals`.
  public var signal: Int
  /// Positions in `Decision.ties`.
  public var ties: Range<Int>
  /// Whether the ties are all there is to say; otherwise they are the nearest.
  public var isComplete: Bool

  /// Creates evidence.
  public init(signal: Int, ties: Range<Int>, isComplete: Bool) {
    self.signal = signal
    self.ties = ties
    self.isComplete = isComplete
  }
}
