/// What a change of a package is about, by what it can do to decisions.
public enum PlanKind: String, Sendable, CaseIterable {
  /// What people read, and who answers for it.
  case text
  /// A number, date or word a condition compares with.
  case threshold
  /// What is asked, or what follows from it.
  case logic
  /// Whether and when a rule counts.
  case status
  /// Which events a signal looks at.
  case window
  /// What a signal or link keeps; it is filled from the log before its rules go live.
  case state
  /// Fields and types of events, entities and identifiers.
  case schema
  /// The elements of a list.
  case list
}

/// One difference between two packages.
public struct PlanChange: Sendable {
  /// What became of the block.
  public enum Step: Sendable, Equatable {
    case added
    case removed
    case renamed(from: String)
    case changed
  }

  /// The kind of block: `rule`, `signal`.
  public let block: String
  /// Its name in the new package, or in the old one if it was removed.
  public let name: String
  /// What became of it.
  public let step: Step
  /// What it is about.
  public let kind: PlanKind
  /// The clause or part: `when`, `over`; empty for a whole block.
  public let clause: String
  /// The old text of the clause; empty when there was none.
  public let old: String
  /// The new text of the clause; empty when there is none.
  public let new: String
  /// Whether state has to be filled from the log before rules may read it.
  public let needsBackfill: Bool
  /// Rules of the new package that read the block, directly or through others.
  public internal(set) var rules: [String] = []
}
