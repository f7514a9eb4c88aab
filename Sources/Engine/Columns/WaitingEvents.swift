import Model
import Program

/// Events of one type that were decided and wait to be decided under other values of params.
struct WaitingEvents: ~Copyable {
  let type: Int
  private(set) var slices: FixedArray<ParamSlice>
  private(set) var count = 0
  /// By rule of the catalog, its position among those of the event type; negative for none.
  private let positions: FixedArray<Int32>
  private let accountSlots: FixedArray<Int>
  private let spaces: FixedArray<Int>
  /// Event by event, the accounts it names; 0 for one it does not.
  private var accounts: FixedArray<UInt64>
  private var decided: FixedArray<Decided>
  /// Rules that counted, event after event in their order.
  private var results: [Counted] = []

  /// What was decided on one event.
  struct Decided: BitwiseCopyable {
    var sequence: UInt64 = 0
    var outcome = 0
    var score = 0
    /// Where its rules begin and end in `results`.
    var start = 0
    var end = 0
  }

  /// A rule that fired or failed, and counted.
  private struct Counted: BitwiseCopyable {
    var position: Int32
    var isError: Bool
    var score: UInt8
  }

  init(
    _ program: RuleProgram, type: Int, _ plan: borrowing EnginePlan,
    _ slices: consuming FixedArray<ParamSlice>, lanes: Int
  ) {
    self.type = type
    let rules = plan.events[type].rules
    var positions = [Int32](repeating: -1, count: program.catalog.rules.count)
    for (number, place) in rules.enumerated() {
      positions[Int(plan.rules[place].rule)] = Int32(number)
    }
    self.positions = FixedArray(positions)
    var (slots, spaces): ([Int], [Int]) = ([], [])
    for field in program.schema.events[type].fields {
      guard case .entity(let entity) = field.kind else { continue }
      slots.append(field.slot)
      spaces.append(entity)
    }
    accounts = FixedArray(repeating: 0, count: lanes * slots.count)
    accountSlots = FixedArray(slots)
    self.spaces = FixedArray(spaces)
    decided = FixedArray(repeating: Decided(), count: lanes)
    self.slices = slices
  }

  /// What was decided on an event.
  func decided(lane: Int) -> Decided { decided[lane] }

  /// The accounts an event names, told apart by what they are and a number.
  func accounts(lane: Int) -> [UInt64] {
    (0..<accountSlots.count).map { accounts[lane * accountSlots.count + $0] }.filter { $0 != 0 }
  }

  /// Takes an event as its decision left it.
  mutating func take(
    _ event: borrowing Event, _ decision: borrowing Decision, _ registers: borrowing Registers,
    _ texts: borrowing TextArenas, _ keys: inout KeySpaces, _ constants: inout ConstantPool
  ) {
    let lane = count
    count += 1
    for place in accountSlots.indices {
      let number = keys.number(slot: accountSlots[place])
      accounts[lane * accountSlots.count + place] =
        number == 0 ? 0 : UInt64(spaces[place]) << 32 | UInt64(number)
    }
    decided[lane] = Decided(
      sequence: event.sequence, outcome: decision.outcome, score: decision.score,
      start: results.count, end: results.count)
    for slice in slices.indices {
      slices[slice].take(
        lane: lane, registers, texts, &constants, isExempt: decision.isExempt)
    }
    let rules = decision.rules.span
    for index in rules.indices where rules[index].counted && rules[index].outcome != .silent {
      take(rules[index], lane)
    }
    decided[lane].end = results.count
  }

  private mutating func take(_ result: RuleResult, _ lane: Int) {
    guard result.outcome != .unknown else { return }
    let position = positions[result.rule]
    results.append(
      Counted(
        position: position, isError: result.outcome == .error, score: UInt8(result.score)))
    for slice in slices.indices {
      for number in slices[slice].rules.indices
      where slices[slice].rules[number] == Int(position) {
        slices[slice].take(rule: number, lane: lane, result)
      }
    }
  }

  /// Forgets the events.
  mutating func clear() {
    count = 0
    results.removeAll(keepingCapacity: true)
    for slice in slices.indices { slices[slice].clear() }
  }

  // MARK: Deciding

  /// Decides the waiting events under every value of every param that can change something on them.
  mutating func decide(
    _ params: [FreeParam], _ plan: borrowing EnginePlan, constantText: borrowing FixedArray<UInt8>,
    constants: inout ConstantPool, into changes: inout [SweptDecision]
  ) {
    for slice in slices.indices {
      slices[slice].seal(count: count)
      let param = slices[slice].param
      for value in params[param].payloads.indices {
        slices[slice].decide(
          under: params[param].payloads[value], constantText: constantText, constants: &constants)
        let known = changes.count
        collect(slice, param: param, value: value, plan, into: &changes)
        precondition(
          params[param].payloads[value] != slices[slice].present || changes.count == known,
          "columns decide otherwise than the engine did")
      }
    }
  }

  private func collect(
    _ slice: Int, param: Int, value: Int, _ plan: borrowing EnginePlan,
    into changes: inout [SweptDecision]
  ) {
    for word in 0..<(count + 63) / 64 {
      var rest = slices[slice].changed(word: word)
      if count - word * 64 < 64 { rest &= (1 << UInt64(count - word * 64)) - 1 }
      while rest != 0 {
        let lane = word * 64 + rest.trailingZeroBitCount
        rest &= rest &- 1
        let (outcome, score) = judge(slice, lane, plan)
        let before = decided[lane]
        guard outcome != before.outcome || score != before.score else { continue }
        changes.append(
          SweptDecision(param: param, value: value, lane: lane, outcome: outcome, score: score))
      }
    }
  }

  /// What the policy makes of an event on which rules of a slice ended as its block says, and the
  /// others as they did.
  private func judge(
    _ slice: Int, _ lane: Int, _ plan: borrowing EnginePlan
  ) -> (outcome: Int, score: Int) {
    let first = plan.events[type].rules.lowerBound
    guard let number = plan.events[type].policy else {
      preconditionFailure("only decided events wait")
    }
    var tally = RuleTally(plan.policies[number])
    var (result, rule) = (decided[lane].start, 0)
    let (results, rules) = (decided[lane].end, slices[slice].rules.count)
    // In declaration order, which counts.
    while result < results || rule < rules {
      let next = result < results ? Int(self.results[result].position) : Int.max
      guard rule < rules, slices[slice].rules[rule] <= next else {
        let step = plan.rules[first + next]
        if self.results[result].isError {
          tally.takeError(plan.policies[number])
        } else {
          tally.take(step, firing: Int(self.results[result].score), plan)
        }
        result += 1
        continue
      }
      let position = slices[slice].rules[rule]
      if position == next { result += 1 }
      switch slices[slice].block.outcome(ofRule: rule, lane: lane) {
      case .fires:
        let score = slices[slice].columns.score(
          ofRule: rule, lane: lane, slices[slice].block)
        tally.take(plan.rules[first + position], firing: score, plan)
      case .error: tally.takeError(plan.policies[number])
      case .silent, .unknown: break
      }
      rule += 1
    }
    let (score, choice) = PolicyJudge.choice(
      plan.policies[number], plan, tally, isExempt: slices[slice].isExempt(lane: lane))
    return (choice.outcome, score)
  }
}
