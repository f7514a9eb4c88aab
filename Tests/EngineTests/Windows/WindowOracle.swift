import Model
import Program

@testable import Engine

/// Windows computed anew from the whole history at each question: slow and obviously right.
struct WindowOracle {
  struct Entry {
    var key: UInt32
    var time: Int64
    var sums: [Int64]
    var distincts: [UInt32]
  }

  let plan: EventListPlan
  /// Entries of each key in order of arrival.
  private(set) var history: [UInt32: [Entry]] = [:]

  init(plan: EventListPlan) {
    self.plan = plan
  }

  mutating func push(_ entry: Entry) {
    history[entry.key, default: []].append(entry)
  }

  func read(
    key: UInt32, window: Int, aggregate: Aggregate, at time: Int64, clock: Int64,
    excludingLastPush: Bool
  ) -> SignalValue {
    let length = plan.windows[window]
    var entries = history[key] ?? []
    if excludingLastPush { entries.removeLast() }
    let counted = entries.filter {
      $0.time > time - length && $0.time <= time && $0.time > clock - length - plan.lateMicroseconds
    }
    switch aggregate {
    case .count:
      return .int(Int64(counted.count))
    case .sum(let column):
      let sum = counted.reduce(Int128(0)) { $0 + Int128($1.sums[column]) }
      guard let value = Int64(exactly: sum) else { return .error(.overflow) }
      return .int(value)
    case .distinct(let column):
      let values = Set(counted.map { $0.distincts[column] }).subtracting([0])
      return values.count > 65_536
        ? .int(65_536, isTruncated: true) : .int(Int64(values.count))
    }
  }
}

extension WindowStore {
  /// Pushes an entry with its columns.
  mutating func push(
    key: UInt32, time: Int64, clock: Int64, sums: Span<Int64>, distincts: Span<UInt32>
  ) {
    for column in sums.indices { prepare(sum: column, sums[column]) }
    for column in distincts.indices { prepare(distinct: column, distincts[column]) }
    push(key: key, time: time, clock: clock)
  }
}
