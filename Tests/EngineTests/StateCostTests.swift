import Model
import Program
import Testing

@testable import Engine

@Suite struct `The cost of state` {
  /// Keys that each get so many entries, in order, one every microsecond.
  private static let keys = 2_000

  // Not where the table of pairs has just grown, which then takes twice as much.
  @Test(arguments: [1, 2, 30, 150, 350], [0, 1])
  func `is what a list takes`(_ entries: Int, _ distinctColumns: Int) {
    let plan = EventListPlan(
      event: 0, keySpace: 0, sumColumns: 1,
      distinctColumns: [Int](repeating: 0, count: distinctColumns),
      windows: [1 << 40, 1 << 41], lateMicroseconds: 0)
    var store = WindowStore(plan: plan, keyCapacity: Self.keys)
    var clock: Int64 = 0
    let sums: [Int64] = [5]
    for entry in 0..<entries {
      let distincts = [UInt32](repeating: UInt32(entry + 1), count: distinctColumns)
      for key in 1...UInt32(Self.keys) {
        clock += 1
        store.push(
          key: key, time: clock, clock: clock, sums: sums.span, distincts: distincts.span)
      }
    }
    expect(Self.program(lists: [plan]), entries, store.liveBytes)
  }

  @Test(arguments: [1, 40, 200])
  func `is what a timeline takes`(_ entries: Int) {
    var plan = TimelinePlan(event: 0, keySpace: 0, value: .int, lateMicroseconds: 0)
    plan.spanMicroseconds = 1 << 40
    var store = TimelineStore(plan: plan, keyCapacity: Self.keys)
    var clock: Int64 = 0
    for _ in 0..<entries {
      for key in 1...UInt32(Self.keys) {
        clock += 1
        store.push(key: key, time: clock, order: UInt64(clock), value: clock, clock: clock)
      }
    }
    expect(Self.program(timelines: [plan]), entries, store.liveBytes)
  }

  private func expect(_ program: RuleProgram, _ entries: Int, _ found: Int) {
    let costs = StateCost.costs(of: program)
    #expect(costs.count == 1)
    let said = costs[0].bytes(entries: entries) * Double(Self.keys)
    let share = Double(found) / said
    #expect(share > 0.6 && share < 1.5, "\(found) bytes where \(said) are said")
  }

  private static func program(
    lists: [EventListPlan] = [], timelines: [TimelinePlan] = []
  ) -> RuleProgram {
    RuleProgram(
      schema: Schema(),
      catalog: DecisionCatalog(
        packageHash: "", eventNames: [], policies: [], rules: [], reasons: [], signals: [],
        enumerations: []),
      constants: Constants(), keySpaces: [.entity(0)], lists: lists, timelines: timelines,
      links: [], signals: [], events: [])
  }
}
