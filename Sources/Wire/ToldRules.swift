public import Model

/// The rules of a decision of which there is something to tell: which did not stay silent, or do
/// not follow the rule before them in the package.
///
/// Whoever decides may have noted them; else they are found in one look at all rules for everybody
/// who writes of them. Reuse one value for many decisions.
public struct ToldRules: ~Copyable {
  /// Those to tell of in the first half, and in the second those whose reason is told.
  private var places: [UInt32] = []
  private var count = 0
  private var reasonCount = 0

  /// Creates an empty list to fill.
  public init() {}

  /// Positions in `Decision.rules`, in their order.
  public var positions: Span<UInt32> {
    @_lifetime(borrow self)
    borrowing get { places.span.extracting(0..<count) }
  }

  /// Positions of those that fired and count, whose reasons are told, in their order.
  var reasons: Span<UInt32> {
    @_lifetime(borrow self)
    @inline(__always)
    borrowing get {
      let first = places.count / 2
      return places.span.extracting(first..<first &+ reasonCount)
    }
  }

  /// Takes those of a decision that are noted, or finds them.
  ///
  /// *Complexity*: O(told rules) where they are noted, else O(rules).
  public mutating func find(in decision: borrowing Decision) {
    let room = 2 * decision.rules.count
    if places.count < room { places = Array(repeating: 0, count: room) }
    if let noted = decision.toldRules {
      take(noted, of: decision.rules.span)
    } else {
      look(through: decision.rules.span)
    }
  }

  private mutating func take(_ noted: UInt64, of results: Span<RuleResult>) {
    precondition(
      UInt64.bitWidth - noted.leadingZeroBitCount <= results.count, "the results are there")
    var places = self.places.mutableSpan
    let first = places.count / 2
    var rest = noted
    var found = 0
    var reason = first
    while rest != 0 {
      let position = rest.trailingZeroBitCount
      places[found] = UInt32(truncatingIfNeeded: position)
      // Written in any case and kept only if it is one: which are cannot be foreseen.
      places[reason] = UInt32(truncatingIfNeeded: position)
      reason &+= results[position].isReason ? 1 : 0
      rest &= rest &- 1
      found &+= 1
    }
    count = found
    reasonCount = reason &- first
  }

  private mutating func look(through results: Span<RuleResult>) {
    var places = self.places.mutableSpan
    let first = places.count / 2
    var found = 0
    var reason = first
    var next = 0
    for index in results.indices {
      let result = results[index]
      // The same here.
      places[found] = UInt32(truncatingIfNeeded: index)
      places[reason] = UInt32(truncatingIfNeeded: index)
      let isTold = result.rule ^ next | Int(result.outcome.rawValue)
      found &+= isTold == 0 ? 0 : 1
      reason &+= result.isReason ? 1 : 0
      next = result.rule &+ 1
    }
    count = found
    reasonCount = reason &- first
  }
}

extension RuleResult {
  /// Whether its reason is one of the decision's.
  @inline(__always)
  fileprivate var isReason: Bool { outcome == .fires && counted }
}
