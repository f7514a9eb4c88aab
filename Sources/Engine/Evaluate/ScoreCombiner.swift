public import Program

/// Combines the scores of rules that fired and counted, in declaration order.
public struct ScoreCombiner {
  private let combination: ScoreCombination
  private var total = 0
  /// Π(1 − s/100) in units of 10⁻³⁶: exact for 18 scores, cut below 10⁻³⁶ from then on, which could
  /// move a rounding only within that distance of a half.
  private var product = Self.one

  private static let one: UInt128 = 1_000_000_000_000_000_000_000_000_000_000_000_000

  /// Creates a combiner without scores.
  public init(_ combination: ScoreCombination) {
    self.combination = combination
  }

  /// Adds a score in 0…100.
  public mutating func add(_ score: Int) {
    switch combination {
    case .sum: total += score
    case .max: total = max(total, score)
    case .noisyOr: product = product * UInt128(100 - score) / 100
    }
  }

  /// The combined score, at most `cap`.
  public func score(cap: Int) -> Int {
    guard combination == .noisyOr else { return min(total, cap) }
    // 100 · (1 − product), plus a half, cut: half away from zero, as nothing here is negative.
    let hundredfold = (Self.one - product) * 100
    return min(Int((hundredfold + Self.one / 2) / Self.one), cap)
  }
}

/// The hardest outcome reached so far.
struct OutcomeChoice {
  private(set) var outcome = -1
  private(set) var holdMicroseconds: Int64?
  private(set) var queue: Int?

  /// Takes an outcome unless a harder one was reached. Among equals the longest hold and the first
  /// queue count.
  mutating func reach(_ plan: OutcomePlan) {
    if plan.outcome > outcome {
      outcome = plan.outcome
      holdMicroseconds = plan.holdMicroseconds
      queue = plan.queue
    } else if plan.outcome == outcome {
      if let hold = plan.holdMicroseconds {
        holdMicroseconds = max(hold, holdMicroseconds ?? hold)
      }
      queue = queue ?? plan.queue
    }
  }
}
