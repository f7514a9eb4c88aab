import CMeasures
import Engine
import Model
import Program

/// The windows of the benchmark without the rest of the engine: keys are numbers already, as they
/// are to the peers, and nothing is decided.
struct WindowsAlone: ~Copyable {
  private var store: WindowStore
  private var ahead = PrefetchList()
  /// Keys of a block, which are numbers above 0.
  private var keys: [UInt32] = []
  /// Sum of what the timed events were answered, and the time they and all events took.
  private var checksum = 0
  private var spent: UInt64 = 0
  private var spentOnAll: UInt64 = 0

  private static let hour: Int64 = 3_600_000_000
  /// As many as the engine asks memory for at a time.
  private static let blockEvents = 64

  private init() {
    // Both counts and the sum are of one list, as the compiler plans `windows.rules`.
    store = WindowStore(
      plan: EventListPlan(
        event: 0, keySpace: 0, sumColumns: 1, distinctColumns: [],
        windows: [Self.hour, 24 * Self.hour], lateMicroseconds: WindowScenario.late))
  }

  /// What a run through the windows gave.
  struct Outcome {
    /// Nanoseconds of an entry and the three questions after it, of the timed events and of all.
    var nanoseconds: Double
    var ofAll: Double
    /// The sum of the answers to the timed events; nil where two runs differ.
    var checksum: Int?

    /// Keeps the lesser times of two runs.
    mutating func takeBest(_ other: Outcome) {
      nanoseconds = min(nanoseconds, other.nanoseconds)
      ofAll = min(ofAll, other.ofAll)
      if checksum != other.checksum { checksum = nil }
    }
  }

  /// Runs a stream through windows that begin empty.
  static func measure(_ stream: [WindowEvent]) -> Outcome {
    var alone = WindowsAlone()
    var measured = 0
    var start = 0
    while start < stream.count {
      var end = start
      while end < stream.count, end - start < blockEvents,
        stream[end].isMeasured == stream[start].isMeasured
      {
        end += 1
      }
      alone.take(stream, start..<end)
      if stream[start].isMeasured { measured += end - start }
      start = end
    }
    return Outcome(
      nanoseconds: Double(alone.spent) / Double(max(measured, 1)),
      ofAll: Double(alone.spentOnAll) / Double(max(stream.count, 1)), checksum: alone.checksum)
  }

  /// Takes a block in as the engine does: memory is asked for first.
  private mutating func take(_ stream: [WindowEvent], _ block: Range<Int>) {
    // A block of answers is far from overflowing: none is above seven times what a day sums up to.
    var sum: UInt64 = 0
    keys.removeAll(keepingCapacity: true)
    for event in stream[block] { keys.append(UInt32(event.key + 1)) }
    let start = measures_nanoseconds()
    for key in keys { store.prefetchRecord(key, &ahead) }
    ahead.issue()
    for key in keys { store.prefetchState(key, &ahead) }
    ahead.issue()
    for key in keys { store.prefetchChunks(key, &ahead) }
    ahead.issue()
    for index in block {
      let event = stream[index]
      let key = keys[index &- block.lowerBound]
      store.prepare(sum: 0, event.amount)
      store.push(key: key, time: event.time, clock: event.clock)
      store.payIdle(clock: event.clock)
      let hour = answer(key, 0, .count, event)
      let day = answer(key, 1, .count, event)
      sum &+= hour &+ 3 &* day &+ 7 &* answer(key, 1, .sum(column: 0), event)
    }
    let elapsed = measures_nanoseconds() - start
    spentOnAll += elapsed
    guard stream[block.lowerBound].isMeasured else { return }
    spent += elapsed
    checksum = (checksum + Int(sum % 1_000_000_007)) % 1_000_000_007
  }

  private mutating func answer(
    _ key: UInt32, _ window: Int, _ aggregate: Aggregate, _ event: WindowEvent
  ) -> UInt64 {
    store.read(
      key: key, window: window, aggregate: aggregate, at: event.time, clock: event.clock,
      excludingLastPush: false
    ).payload
  }
}
