public import Model

/// The rules of a decision of which there is something to tell: which did not stay silent, or do
/// not follow the rule before them in the package.
///
/// Whoever decides may have noted them; else they are found in one look at all rules for everybody
/// who writes of them. Reuse one value for many decisions.
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

  /// Takes those of a decision that are noted, or finds them.
  ///
  /// *Complexity*: O(told rules) where they are noted, else O(rules).
  public mutating func find(in decision: borrowing Decision) {
    let count = decision.rules.count
    if places.count < count { places = Array(repeating: 0, count: count) }
    if let noted = decision.toldRules {
      take(noted, of: count)
    } else {
      look(through: decision.rules.span)
    }
  }

  private mutating func take(_ noted: UInt64, of resultCount: Int) {
    precondition(
      UInt64.bitWidth - noted.leadingZeroBitCount <= resultCount, "the results are there")
    var places = self.places.mutableSpan
    var rest = noted
    var found = 0
    while rest != 0 {
      places[found] = UInt32(truncatingIfNeeded: rest.trailingZeroBitCount)
      rest &= rest &- 1
      found &+= 1
    }
    count = found
  }

  private mutating func look(through results: Span<RuleResult>) {
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
