/// A share with the range it lies in, 19 times in 20.
public struct Interval: Hashable, Sendable {
  /// The share that was seen, 0…1.
  public var share: Double
  /// The lower end.
  public var low: Double
  /// The upper end.
  public var high: Double

  /// A share of things counted one by one; nil of none.
  ///
  /// *Source*: Wilson, "Probable inference, the law of succession, and statistical inference",
  /// 1927.
  public static func wilson(_ hits: Int, of total: Int) -> Interval? {
    guard total > 0 else { return nil }
    let z = 1.959_963_984_540_054
    let n = Double(total)
    let share = Double(hits) / n
    let divisor = 1 + z * z / n
    let middle = (share + z * z / (2 * n)) / divisor
    let reach = z * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot() / divisor
    return Interval(share: share, low: max(0, middle - reach), high: min(1, middle + reach))
  }

  /// A share of money. Amounts of one group stand or fall together, so groups are drawn again with
  /// replacement, 400 times, always the same way; nil when there is no money.
  ///
  /// *Source*: Efron and Tibshirani, "An introduction to the bootstrap", 1993, chapter 13
  /// (percentiles).
  ///
  /// *Complexity*: O(400 · groups).
  static func bootstrap(_ groups: [(part: Int64, whole: Int64)]) -> Interval? {
    let whole = groups.reduce(0) { $0 + $1.whole }
    guard whole > 0 else { return nil }
    let part = groups.reduce(0) { $0 + $1.part }
    var random = WorldRandom(seed: 400)
    var shares: [Double] = []
    for _ in 0..<400 {
      var drawnPart: Int64 = 0
      var drawnWhole: Int64 = 0
      for _ in groups.indices {
        let group = groups[random.below(groups.count)]
        drawnPart += group.part
        drawnWhole += group.whole
      }
      if drawnWhole > 0 { shares.append(Double(drawnPart) / Double(drawnWhole)) }
    }
    shares.sort()
    return Interval(
      share: Double(part) / Double(whole), low: shares[shares.count * 25 / 1_000],
      high: shares[shares.count * 975 / 1_000 - 1])
  }
}
