public import Model
import Program

/// Stored values of many events, column by column, and what the rules came to on each.
public struct RuleBlock: ~Copyable {
  /// Events.
  public let lanes: Int
  var columns: Columns
  var machine: ColumnMachine
  /// The registers of the event where there is but one.
  var payloads: FixedArray<UInt64>
  var states: FixedArray<UInt8>
  var scratch = ScratchText()
  /// What text values of all events refer to.
  var text: FixedArray<UInt8>
  /// Rule by rule, in words of 64 events.
  var outcomes: FixedArray<Outcomes>
  var combiners: FixedArray<ScoreCombiner>
  var scores: FixedArray<Int>

  /// Where the values of a field or signal lie.
  public struct Column: Hashable, Sendable {
    let register: UInt16
  }

  /// How a rule ended on 64 events: a bit in one of these, or in none where it was silent.
  struct Outcomes: BitwiseCopyable {
    var fires: UInt64 = 0
    var unknown: UInt64 = 0
    var error: UInt64 = 0

    func masked(_ mask: UInt64) -> Outcomes {
      Outcomes(fires: fires & mask, unknown: unknown & mask, error: error & mask)
    }
  }

  init(
    _ payloads: borrowing FixedArray<UInt64>, _ states: borrowing FixedArray<UInt8>, rules: Int,
    lanes: Int
  ) {
    self.lanes = lanes
    columns = Columns(payloads, states, lanes: lanes)
    machine = ColumnMachine(registers: payloads.count, lanes: lanes)
    self.payloads = FixedArray(count: payloads.count) { payloads[$0] }
    self.states = FixedArray(count: states.count) { states[$0] }
    text = FixedArray([])
    outcomes = FixedArray(repeating: Outcomes(), count: rules * ((lanes + 63) / 64))
    combiners = FixedArray(count: lanes) { _ in ScoreCombiner(.sum) }
    scores = FixedArray(repeating: 0, count: lanes)
  }

  /// Gives the texts that text values refer to, as `.event`.
  public mutating func setText(_ utf8: [UInt8]) {
    text = FixedArray(utf8)
  }

  /// Stores a value: payload and state as an event or a decision has them.
  ///
  /// *Traps* when there is no such event.
  public mutating func set(
    _ column: Column, lane: Int, payload: UInt64, state: ValueState = .present
  ) {
    precondition(lane >= 0 && lane < lanes, "no such event")
    let state = state == .cleared ? ValueState.missing : state
    if lanes == 1 {
      payloads[Int(column.register)] = payload
      states[Int(column.register)] = state.rawValue
    } else {
      columns.set(column.register, lane, payload, state: state.rawValue)
    }
  }

  /// How a rule ended on an event; rules are numbered as `CompiledRules.evaluatedRules` gives them.
  ///
  /// *Traps* when there is no such rule or event.
  public func outcome(ofRule rule: Int, lane: Int) -> RuleOutcome {
    precondition(lane >= 0 && lane < lanes, "no such event")
    let outcomes = outcomes[rule * columns.words + lane / 64]
    let bit = UInt64(1) << UInt64(lane % 64)
    if outcomes.fires & bit != 0 { return .fires }
    if outcomes.unknown & bit != 0 { return .unknown }
    return outcomes.error & bit != 0 ? .error : .silent
  }

  /// The combined score of an event.
  ///
  /// *Traps* when there is no such event.
  public func score(lane: Int) -> Int { scores[lane] }
}

extension RuleBlock.Outcomes {
  /// The outcome of the first event.
  init(_ outcome: RuleOutcome) {
    self.init(
      fires: outcome == .fires ? 1 : 0, unknown: outcome == .unknown ? 1 : 0,
      error: outcome == .error ? 1 : 0)
  }
}
