/// A sample of times or ratios and its order statistics.
struct Quantiles<Value: Comparable> {
  private let sorted: [Value]

  init(_ sample: [Value]) {
    sorted = sample.sorted()
  }

  /// The least value that this share of the sample does not exceed; nil without a sample.
  subscript(_ share: Double) -> Value? {
    guard !sorted.isEmpty else { return nil }
    let rank = (share * Double(sorted.count)).rounded(.up)
    return sorted[min(max(Int(rank) - 1, 0), sorted.count - 1)]
  }

  var median: Value? { self[0.5] }
  var greatest: Value? { sorted.last }
}
