import Synchronization

/// A count that only grows. Any thread may add.
final class Counter: Sendable {
  private let count = Atomic<UInt64>(0)

  var value: UInt64 { count.load(ordering: .relaxed) }

  func add(_ amount: UInt64 = 1) {
    count.wrappingAdd(amount, ordering: .relaxed)
  }
}

/// A number that goes up and down. Any thread may set it.
final class Gauge: Sendable {
  private let current = Atomic<Int64>(0)

  var value: Int64 { current.load(ordering: .relaxed) }

  func set(_ value: Int64) {
    current.store(value, ordering: .relaxed)
  }

  func add(_ amount: Int64) {
    current.wrappingAdd(amount, ordering: .relaxed)
  }
}

/// How often values fell below fixed bounds. Any thread may observe.
final class Histogram: Sendable {
  /// A consistent reading.
  struct Reading: Equatable, Sendable {
    /// Observations per bound, not cumulative; one more for those above all bounds.
    var counts: [UInt64]
    var sum: Double

    var count: UInt64 { counts.reduce(0, +) }
  }

  /// Latencies of a scoring request in seconds.
  static let latencyBounds: [Double] = [
    0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1,
  ]

  let bounds: [Double]
  private let state: Locked<Reading>

  init(bounds: [Double]) {
    precondition(
      zip(bounds, bounds.dropFirst()).allSatisfy { $0 < $1 }, "bounds of a histogram ascend")
    self.bounds = bounds
    state = Locked(Reading(counts: Array(repeating: 0, count: bounds.count + 1), sum: 0))
  }

  var reading: Reading { state.withLock { $0 } }

  func observe(_ value: Double) {
    var bucket = 0
    while bucket < bounds.count, value > bounds[bucket] { bucket += 1 }
    let index = bucket
    state.withLock { reading in
      reading.counts[index] += 1
      reading.sum += value
    }
  }
}
