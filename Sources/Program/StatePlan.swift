public import Model

/// A space of keys that are interned to dense numbers from 1.
public enum KeySpace: Hashable, Sendable {
  /// Keys of `Schema.entities[index]`.
  case entity(Int)
  /// Normalised values of `Schema.identifiers[index]`.
  case identifier(Int)
  /// Tuples of values of these types; references inside count by their own dense number.
  case values([ValueType])
}

/// One time-ordered list of entries per key, shared by every window over (event, key, filter).
public struct EventListPlan: Hashable, Sendable {
  /// The event type that feeds it, a position in `Schema.events`.
  public var event: Int
  /// Position in `RuleProgram.keySpaces`.
  public var keySpace: Int
  /// Number of summed Int64 columns.
  public var sumColumns: Int
  /// Key space of each distinct-counted column.
  public var distinctColumns: [Int]
  /// Length in microseconds of each window over the list, without duplicates.
  public var windows: [Int64]
  /// Microseconds an entry may be late and still count, from its event type.
  public var lateMicroseconds: Int64

  /// Creates a plan.
  public init(
    event: Int, keySpace: Int, sumColumns: Int, distinctColumns: [Int], windows: [Int64],
    lateMicroseconds: Int64
  ) {
    self.event = event
    self.keySpace = keySpace
    self.sumColumns = sumColumns
    self.distinctColumns = distinctColumns
    self.windows = windows
    self.lateMicroseconds = lateMicroseconds
  }
}

/// What makes two accounts neighbours.
public enum LinkSource: Hashable, Sendable {
  /// Sharing a value of one of these identifiers (positions in `Schema.identifiers`); undirected.
  case identifiers([Int])
  /// An event between two entity fields (slots): first → second when directed.
  case event(type: Int, fromSlot: Int, toSlot: Int, directed: Bool)
}

/// An edge type of the graph of accounts.
public struct LinkPlan: Hashable, Sendable {
  /// The name in rule files.
  public var name: String
  /// The entity it joins, a position in `Schema.entities`.
  public var entity: Int
  /// Where its edges come from.
  public var source: LinkSource
  /// Microseconds an edge lives after its last use; nil for ever.
  public var windowMicroseconds: Int64?
  /// Whether some signal needs components of this link maintained.
  public var needsComponents: Bool
  /// Whether some signal needs adjacency of this link (cycles) maintained.
  public var needsAdjacency: Bool

  /// Creates a plan.
  public init(
    name: String, entity: Int, source: LinkSource, windowMicroseconds: Int64?,
    needsComponents: Bool, needsAdjacency: Bool
  ) {
    self.name = name
    self.entity = entity
    self.source = source
    self.windowMicroseconds = windowMicroseconds
    self.needsComponents = needsComponents
    self.needsAdjacency = needsAdjacency
  }
}

/// What a windowed signal computes over its entries.
public enum Aggregate: Hashable, Sendable, BitwiseCopyable {
  /// Entries in the window.
  case count
  /// Exact sum of a column; outside Int64 is an error.
  case sum(column: Int)
  /// Distinct values of a column, up to `Limits.distinctValues`, then truncated.
  case distinct(column: Int)
}

/// What a signal reads.
public enum SignalSource: Hashable, Sendable {
  /// An aggregate over a window of a list. `window` is a position in the list's `windows`.
  case window(list: Int, window: Int, aggregate: Aggregate, excludingCurrent: Bool)
  /// An aggregate over a window of a timeline.
  case timeline(TimelineRead)
  /// How many second events of a sequence (a position in `RuleProgram.sequences`) lie in a sliding
  /// window and follow a first.
  case sequence(SequenceRead)
  /// Length of the shortest live cycle through the account; 0 for none.
  case cycleLength(link: Int, maxHops: Int)
  /// Accounts in the component of the account, itself included; truncated above `maxNodes`.
  case componentSize(link: Int, maxNodes: Int?)
  /// Another question about the graph.
  case graph(GraphQuestion)
}
