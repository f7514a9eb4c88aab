import Model
import Program

/// What one param can change on the events of a type, and events that wait to be decided under its
/// other values.
struct ParamSlice: ~Copyable {
  /// Position in `RuleProgram.freeParams`.
  let param: Int
  /// The rules it can change, by position among those of the event type.
  let rules: FixedArray<Int>
  let columns: RuleColumns
  private let inputs: FixedArray<SliceCode.Input>
  private let lookups: FixedArray<SliceCode.Lookup>
  private let free: Register
  private let exempt: Register?
  /// The value the events were decided under.
  let present: UInt64
  var block: RuleBlock
  /// The bytes of texts that waiting events have.
  private var text: [UInt8] = []
  /// How the rules ended as decided, rule by rule in words of 64 events, and their scores.
  private var decided: FixedArray<RuleBlock.Outcomes>
  private var scores: FixedArray<UInt8>
  /// Whether the policy exempted, in words of 64 events.
  private var exempted: FixedArray<UInt64>

  init(_ code: borrowing SliceCode, param: Int, lanes: Int) {
    self.param = param
    rules = FixedArray(code.rules)
    columns = RuleColumns(
      code: ColumnCode(code.steps.span, count: code.payloads.count, constants: code.constants),
      rules: FixedArray(code.ruleSteps))
    inputs = FixedArray(code.inputs)
    lookups = FixedArray(code.lookups)
    free = code.free
    exempt = code.exempt
    present = code.payloads[Int(code.free)]
    block = RuleBlock(
      FixedArray(code.payloads), FixedArray(code.states), rules: code.rules.count, lanes: lanes)
    let words = (lanes + 63) / 64
    decided = FixedArray(repeating: RuleBlock.Outcomes(), count: code.rules.count * words)
    scores = FixedArray(repeating: 0, count: code.rules.count * lanes)
    exempted = FixedArray(repeating: 0, count: words)
  }

  // MARK: Waiting

  /// Takes the registers of an event that was decided.
  mutating func take(
    lane: Int, _ registers: borrowing Registers, _ texts: borrowing TextArenas,
    _ constants: inout ConstantPool, isExempt: Bool
  ) {
    for position in inputs.indices {
      let input = inputs[position]
      let (payload, state) = registers.value(input.from)
      guard input.isText && state == Registers.present else {
        block.columns.set(input.to, lane, payload, state: state)
        continue
      }
      block.columns.set(input.to, lane, keep(payload, texts), state: state)
    }
    for position in lookups.indices {
      let lookup = lookups[position]
      let (payload, state) = registers.value(lookup.text)
      guard state == Registers.present else {
        block.columns.set(lookup.to, lane, payload, state: state)
        continue
      }
      let reference = TextReference(bits: payload)
      let isMember = constants.textSet(
        lookup.set, contains: reference, in: texts.arena(of: reference))
      block.columns.set(lookup.to, lane, isMember ? 1 : 0, state: state)
    }
    if isExempt { exempted[lane / 64] |= 1 << UInt64(lane % 64) }
  }

  /// A reference to a text that outlives its event.
  private mutating func keep(_ payload: UInt64, _ texts: borrowing TextArenas) -> UInt64 {
    guard TextReference(bits: payload).arena != .constant else { return payload }
    let bytes = texts.bytes(payload)
    let kept = TextReference(arena: .event, offset: text.count, length: bytes.count)
    for index in bytes.indices { text.append(bytes[index]) }
    return kept.bits
  }

  /// Takes how a rule of this slice ended on an event.
  mutating func take(rule number: Int, lane: Int, _ result: RuleResult) {
    let bit = UInt64(1) << UInt64(lane % 64)
    let place = number * block.columns.words + lane / 64
    switch result.outcome {
    case .fires:
      decided[place].fires |= bit
      scores[number * block.lanes + lane] = UInt8(result.score)
    case .error: decided[place].error |= bit
    case .silent, .unknown: break
    }
  }

  /// Makes ready what waits, so that it can be decided under values.
  mutating func seal(count: Int) {
    block.setText(text)
    // What is left in lanes behind the last event may refer to texts that are gone.
    for lane in count..<block.lanes {
      for position in inputs.indices {
        block.columns.set(inputs[position].to, lane, 0, state: Registers.missing)
      }
    }
  }

  /// Forgets the waiting events.
  mutating func clear() {
    text.removeAll(keepingCapacity: true)
    for place in decided.indices { decided[place] = RuleBlock.Outcomes() }
    for word in exempted.indices { exempted[word] = 0 }
  }

  // MARK: Deciding

  /// Decides the waiting events under a value.
  mutating func decide(
    under payload: UInt64, constantText: borrowing FixedArray<UInt8>,
    constants: inout ConstantPool
  ) {
    for lane in 0..<block.lanes {
      block.columns.set(free, lane, payload, state: Registers.present)
    }
    columns.run(on: &block, constantText: constantText, constants: &constants)
  }

  /// The events of a word on which something ended otherwise than as decided.
  func changed(word: Int) -> UInt64 {
    let words = block.columns.words
    var changed: UInt64 = 0
    for number in rules.indices {
      let (now, before) = (block.outcomes[number * words + word], decided[number * words + word])
      changed |= (now.fires ^ before.fires) | (now.error ^ before.error)
      var both = now.fires & before.fires
      while both != 0 {
        let bit = both & (0 &- both)
        let lane = word * 64 + both.trailingZeroBitCount
        both ^= bit
        if columns.score(ofRule: number, lane: lane, block) != scores[number * block.lanes + lane] {
          changed |= bit
        }
      }
    }
    if let exempt {
      changed |= block.columns.bits(exempt, word).isTrue ^ exempted[word]
    }
    return changed & block.columns.mask(word)
  }

  /// Whether the policy exempts an event under the value decided last.
  func isExempt(lane: Int) -> Bool {
    guard let exempt else { return exempted[lane / 64] >> UInt64(lane % 64) & 1 != 0 }
    return block.columns.bits(exempt, lane / 64).isTrue >> UInt64(lane % 64) & 1 != 0
  }
}
