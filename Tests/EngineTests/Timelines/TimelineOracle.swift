import Model
import Program
import Values

@testable import Engine

/// Timelines computed anew from the whole history at each question: slow and obviously right.
struct TimelineOracle {
  struct Past {
    var time: Int64
    var order: UInt64
    var payload: UInt64
  }

  let plan: TimelinePlan
  let zone: TimeZoneTable
  /// Entries of each key in order of (time, arrival).
  private(set) var history: [UInt32: [Past]] = [:]

  init(plan: TimelinePlan, zone: TimeZoneTable) {
    self.plan = plan
    self.zone = zone
  }

  mutating func push(_ entry: Past, key: UInt32) {
    var entries = history[key] ?? []
    var place = entries.count
    while place > 0 && entries[place - 1].time > entry.time { place -= 1 }
    entries.insert(entry, at: place)
    history[key] = entries
  }

  func read(
    _ read: TimelineRead, key: UInt32, at asked: Int64, clock: Int64, excluding: UInt64?,
    collecting collected: inout [UInt64]
  ) -> SignalValue {
    let time = asked - read.lagMicroseconds
    let sorted = history[key] ?? []
    var counted: [Past]
    var length: Int64 = 0
    switch read.span {
    case .lifetime: counted = sorted
    case .last(let entries): counted = Array(sorted.suffix(entries))
    case .sliding(let window):
      length = window
      counted = sorted.filter { $0.time > time - window && $0.time <= time }
      counted = countable(counted, window + read.lagMicroseconds, clock)
    case .calendar(let unit, _):
      let start = start(unit, time)
      length = time - start
      counted = sorted.filter { $0.time >= start && $0.time <= time }
      counted = countable(counted, unit.longestMicroseconds + read.lagMicroseconds, clock)
    }
    counted.removeAll { $0.order == excluding }
    if case .collect(let most) = read.aggregate {
      collected = counted.reversed().prefix(most).map(\.payload)
      if collected.isEmpty { return .missing }
      return payload(CollectedReference(offset: 0, count: collected.count).bits)
    }
    let value = compute(read.aggregate, counted, time, length)
    if let otherwise = read.otherwise, counted.isEmpty || value.state == .missing {
      return SignalValue(payload: otherwise, state: .present, isTruncated: false)
    }
    return value
  }

  private func countable(_ entries: [Past], _ reach: Int64, _ clock: Int64) -> [Past] {
    entries.filter { $0.time > clock - reach - plan.lateMicroseconds }
  }

  // MARK: Aggregates

  private func compute(
    _ aggregate: TimelineAggregate, _ entries: [Past], _ time: Int64, _ length: Int64
  ) -> SignalValue {
    let kind = plan.value ?? .int
    // Both are made only for aggregates that use them.
    var ordered: [Past] { entries.sorted { less($0.payload, $1.payload, kind) } }
    var numbers: [Int128] { entries.map { Int128(Int64(bitPattern: $0.payload)) } }
    var sum: Int128 { numbers.reduce(0, +) }
    let count = entries.count
    switch aggregate {
    case .count: return .int(Int64(count))
    case .sum: return Int64(exactly: sum).map { .int($0) } ?? .error(.overflow)
    case .distinct: return .int(Int64(Set(entries.map(\.payload)).count))
    case .rate:
      if length <= 0 { return .missing }
      return .double(Double(count) * 3_600_000_000 / Double(length))
    default: break
    }
    guard let first = entries.first, let last = entries.last else { return .missing }
    switch aggregate {
    case .average: return average(sum, Int128(count))
    case .least: return payload(ordered[0].payload)
    case .greatest: return payload(ordered[count - 1].payload)
    case .first: return payload(first.payload)
    case .last: return payload(last.payload)
    case .timeSinceLast: return .int(time - last.time)
    case .ratio: return .double(Double(numbers.filter { $0 == 1 }.count) / Double(count))
    case .variance(let scale): return variance(numbers, scale)
    case .deviation(let scale):
      let variance = variance(numbers, scale)
      if variance.state != .present { return variance }
      return .double(Double(bitPattern: variance.payload).squareRoot())
    case .percentile(let millionths):
      // The least rank that covers the share.
      var rank = 1
      while rank * 1_000_000 < count * millionths { rank += 1 }
      return payload(ordered[rank - 1].payload)
    case .mode: return mode(entries)
    default: return .missing
    }
  }

  private func payload(_ payload: UInt64) -> SignalValue {
    SignalValue(payload: payload, state: .present, isTruncated: false)
  }

  private func less(_ left: UInt64, _ right: UInt64, _ kind: TimelineValue) -> Bool {
    switch kind {
    case .int, .key: Int64(bitPattern: left) < Int64(bitPattern: right)
    case .uint: left < right
    case .double: Double(bitPattern: left) < Double(bitPattern: right)
    }
  }

  private func average(_ sum: Int128, _ count: Int128) -> SignalValue {
    // The nearest integer, the even one of two as near.
    let floor = sum >= 0 ? sum / count : -((-sum + count - 1) / count)
    let rest = sum - floor * count
    let isUp = 2 * rest > count || 2 * rest == count && floor % 2 != 0
    return .int(Int64(isUp ? floor + 1 : floor))
  }

  private func variance(_ numbers: [Int128], _ scale: Int) -> SignalValue {
    let count = Int128(numbers.count)
    if count < 2 { return .missing }
    var squares: Int128 = 0
    for number in numbers {
      let (total, overflows) = squares.addingReportingOverflow(number * number)
      if overflows { return .error(.overflow) }
      squares = total
    }
    let sum = numbers.reduce(0, +)
    let (scaled, first) = squares.multipliedReportingOverflow(by: count)
    let (square, second) = sum.multipliedReportingOverflow(by: sum)
    if first || second { return .error(.overflow) }
    var unit = 1.0
    for _ in 0..<scale * 2 { unit *= 10 }
    return .double(Double(scaled - square) / Double(count * (count - 1)) / unit)
  }

  private func mode(_ entries: [Past]) -> SignalValue {
    var counts: [UInt64: Int] = [:]
    for entry in entries { counts[entry.payload, default: 0] += 1 }
    let most = counts.values.max() ?? 0
    let value = entries.last { counts[$0.payload] == most }
    return value.map { payload($0.payload) } ?? .missing
  }

  // MARK: Calendar

  private struct Label: Equatable {
    var parts: [Int64]
  }

  /// The first half hour, looking back over all the unit can take, that bears t's name.
  private func start(_ unit: CalendarUnit, _ time: Int64) -> Int64 {
    let half: Int64 = 1_800_000_000
    let name = label(unit, time)
    var moment = floor(time, half) * half
    var earliest = moment
    let end = moment - unit.longestMicroseconds
    while moment >= end {
      if label(unit, moment) == name { earliest = moment }
      moment -= half
    }
    return earliest
  }

  private func label(_ unit: CalendarUnit, _ time: Int64) -> Label {
    let second = floor(time, 1_000_000)
    var offset = zone.offsets[0]
    for (index, transition) in zone.transitions.enumerated() where transition <= second {
      offset = zone.offsets[index + 1]
    }
    let local = second + Int64(offset)
    let day = floor(local, 86_400)
    switch unit {
    case .hour: return Label(parts: [floor(local, 3_600)])
    case .day: return Label(parts: [day])
    case .week: return Label(parts: [floor(day + 3, 7)])
    case .month, .quarter, .year: return Label(parts: months(day))
    }
  }

  /// Year and month, counted on from 1970 day by day.
  private func months(_ day: Int64) -> [Int64] {
    var year: Int64 = 1970
    var rest = day
    while true {
      let isLeap = year % 4 == 0 && year % 100 != 0 || year % 400 == 0
      let lengths: [Int64] = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
      for (month, length) in lengths.enumerated() {
        if rest < length { return [year, Int64(month)] }
        rest -= length
      }
      year += 1
    }
  }

  private func floor(_ value: Int64, _ unit: Int64) -> Int64 {
    let quotient = value / unit
    return value < 0 && quotient * unit != value ? quotient - 1 : quotient
  }
}
