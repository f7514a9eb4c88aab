public import Model

/// The rules of a decision of which there is something to tell: which did not stay silent, or do
/// not follow the rule before them in the package.
///
/// Found in one look at all rules for everybody who writes of them; most are silent, and looking
/// for the others takes longer than writing of them. Reuse one value for many decisions.
public struct ToldRules: ~Copyable {
  private var places: [UInt32] = []
  private var count = 0

  /// Creates an empty list to fill.
  public init() {}

  /// Positions in `Decision.rules`, in their order.
  public var positions: Span<UInt32> {
    @_lifetime(borrow self)
    borrowing get { places.span.extracting(0..<count) }
  }

  /// Finds those of a decision.
  ///
  /// *Complexity*: O(rules).
  public mutating func find(in decision: borrowing Decision) {
    let results = decision.rules.span
    if places.count < results.count { places = Array(repeating: 0, count: results.count) }
    var places = self.places.mutableSpan
    var found = 0
    var next = 0
    for index in results.indices {
      let result = results[index]
      // Written in any case and kept only if it is one: which are cannot be foreseen.
      places[found] = UInt32(truncatingIfNeeded: index)
      let isTold = result.rule ^ next | Int(result.outcome.rawValue)
      found &+= isTold == 0 ? 0 : 1
      next = result.rule &+ 1
    }
    count = found
  }
}
