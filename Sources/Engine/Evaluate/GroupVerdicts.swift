import CColumns

/// What becomes of the rules of events in lanes, as far as tests tell: written for many lanes at
/// once where nothing else comes between, see `RuleGroup`.
struct GroupVerdicts: ~Copyable {
  /// By group, for each lane what fires, then for each what is unknown, then the rest.
  private var words: FixedArray<UInt64>

  private static let lanes = Int(columns_lanes)
  private static let wordsOfGroup = 3 * lanes

  /// Verdicts on as many groups as any event of a plan has.
  init(_ plan: borrowing EnginePlan) {
    var groups = 0
    for event in plan.events.indices { groups = max(groups, plan.events[event].groups.count) }
    words = FixedArray(repeating: 0, count: groups * Self.wordsOfGroup)
  }

  /// What becomes of the rules of a group in a lane.
  ///
  /// *Traps* when there is no such group or lane.
  subscript(_ group: Int, _ lane: Int) -> columns_verdicts {
    @inline(__always) get {
      let place = Self.place(group, lane)
      return columns_verdicts(
        fires: words[place], unknown: words[place &+ Self.lanes],
        rest: words[place &+ 2 &* Self.lanes])
    }
  }

  /// Judges all groups in some lanes.
  @inline(__always)
  mutating func judge(
    _ layout: borrowing EventPlan, _ registers: borrowing LaneRegisters, _ lanes: Range<Int>
  ) {
    for group in layout.groups.indices {
      registers.judge(
        layout.gateRows, words: layout.groups[group].words, lanes, into: &words,
        at: Self.place(group, 0))
    }
  }

  /// Judges all groups in one lane. A function of its own: hardly any event is judged alone.
  @inline(never)
  mutating func judge(
    _ layout: borrowing EventPlan, _ registers: borrowing Registers, lane: Int
  ) {
    for group in layout.groups.indices {
      let told = registers.judge(layout.gateRows, words: layout.groups[group].words)
      let place = Self.place(group, lane)
      words[place] = told.fires
      words[place &+ Self.lanes] = told.unknown
      words[place &+ 2 &* Self.lanes] = told.rest
    }
  }

  @inline(__always)
  private static func place(_ group: Int, _ lane: Int) -> Int {
    precondition(lane >= 0 && lane < lanes, "no such lane")
    return group &* wordsOfGroup &+ lane
  }
}
