public import Model

/// Events to be applied one after the other, each with room for the decision on it.
///
/// Reuse one value for many batches: its events and decisions keep their capacity.
public struct EventBatch: Sendable {
  /// The events, in order of arrival; those from `count` on are left over from earlier batches.
  public var events: [Event]
  /// By event, the decision on it; empty where `isDecided` says so. Whoever reads one takes its
  /// place as `inout`: it would be copied to be borrowed, and each list in it counted.
  public var decisions: [Decision]
  /// By event, whether a policy governed it.
  public internal(set) var isDecided: [Bool]
  /// Events of this batch.
  public var count = 0

  /// Creates an empty batch with room for `capacity` events.
  public init(capacity: Int) {
    events = [Event](repeating: Event(), count: capacity)
    decisions = [Decision](repeating: Decision(), count: capacity)
    isDecided = [Bool](repeating: false, count: capacity)
  }
}
