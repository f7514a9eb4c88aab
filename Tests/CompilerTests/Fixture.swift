import Compiler
import Engine
import Expressions
import Model
import RuleLanguage
import Testing
import Values

/// A package over one event with fields of every type, and events with values that make trouble.
enum Fixture {
  static let schema = """
    enum channel_kind { app, web, branch }
    entity account {
      account_id: string key  is_employee: bool  age: int  country: string  opened_at: timestamp
    }
    identifier phone: string links account normalize trim
    event probe {
      probe_id: string id
      at:       timestamp time
      who:      account
      flag:     bool      flag2:  bool?
      count:    int       count2: int?
      tally:    uint      tally2: uint?
      ratio:    double    ratio2: double?
      note:     string    note2:  string?
      device:   phone     device2: phone?
      opened:   timestamp?
      pause:    duration?
      reward:   decimal(2) unit "MXN"   fee: decimal(2)? unit "MXN"
      rate_fine: decimal(6)? unit "MXN"
      share:    decimal(4)?
      channel:  channel_kind  channel2: channel_kind?
    }
    param p_flag: bool = true
    param p_limit: int = 3
    param p_tally: uint = 7
    param p_ratio: double = 1.5
    param p_text: string = "ab"
    param p_device: phone = " D1 "
    param p_pause: duration = 90s
    param p_money: decimal(2) unit "MXN" = 250
    param p_share: decimal(4) = 0.5
    list words: string = ["ab", "", "ñandú"]
    list devices: phone = [" D1", "D3"]
    let let_sum = count + count2
    let let_rich = reward > p_money
    let let_money = fee * 2
    let let_fine = reward * share
    policy all { on probe otherwise grant if_unavailable hold }
    reason PROBE {
      severity low
      analyst en "." es "." customer en "." es "."
    }

    """

  static func rule(_ number: Int, _ condition: String, score: String? = nil) -> String {
    """
    rule r\(number) {
      on probe
      when \(condition)
      \(score.map { "score \($0)" } ?? "")
      reason PROBE
      status shadow
      owner "x"
    }

    """
  }

  static func check(_ text: String) -> PackageCheck {
    PackageChecker.check("probe.rules", from: MemoryRuleFiles(["probe.rules": text]))
  }

  /// A value of a type, often one at an edge, missing where that is allowed.
  static func value(_ field: Field, _ random: inout SplitMix64) -> Value {
    if field.isOptional && random.once(in: 3) { return .missing }
    return value(field.type, &random)
  }

  static func value(_ type: ValueType, _ random: inout SplitMix64) -> Value {
    switch type {
    case .bool: return .bool(random.once(in: 2))
    case .int: return .int(number(&random))
    case .uint: return .uint([0, 1, 7, 5, .max, .max - 1][random.below(6)])
    case .double:
      return .double([0, -0.0, 1.5, -2.5, 1e18, 1e300, 0.1, .infinity, .nan][random.below(9)])
    case .string:
      return .string(["", "ab", "AB", "b", "ñandú", "e\u{301}", "abc"][random.below(7)])
    // Already as the normaliser leaves it: the interpreter sees what the engine sees.
    case .reference: return .string(["D1", "D2", "d3", "D3", ""][random.below(4)])
    case .timestamp: return .timestamp(Timestamp(microseconds: number(&random)))
    case .duration: return .duration(number(&random))
    case .decimal(let scale, _): return .decimal(Decimal(units: number(&random), scale: scale))
    case .enumeration: return .enumeration(random.below(3))
    case .bytes, .list, .collected, .map: preconditionFailure("no field has this type")
    }
  }

  private static func number(_ random: inout SplitMix64) -> Int64 {
    switch random.below(3) {
    case 0: [Int64.min, .max, .min + 1, 0, 1, -1, 3, 150, 25_000][random.below(9)]
    case 1: Int64(random.below(2_001)) - 1_000
    default: Int64(bitPattern: random.next()) >> Int64(random.below(64))
    }
  }
}

/// One event: its values by slot, as the interpreter and as the engine take it.
struct Probe {
  var values: [Int: Value] = [:]
  var event = Event()

  init(type: EventType, schema: Schema, sequence: Int, _ random: inout SplitMix64) {
    event.reset(type: 0, slotCount: type.slotCount)
    event.sequence = UInt64(sequence)
    event.time = Timestamp(microseconds: 1_767_636_000_000_000 + Int64(sequence))
    for (position, field) in type.fields.enumerated() {
      if position == type.timeField {
        set(field.slot, .timestamp(event.time))
      } else if position == type.idField {
        set(field.slot, .string("e\(sequence)"))
        event.id = TextReference(bits: event.payloads[field.slot])
      } else if case .entity(let entity) = field.kind {
        // A new account for every event, so that attributes are those of this event.
        set(field.slot, .string("a\(sequence)"))
        for (offset, attribute) in schema.entities[entity].attributes.enumerated()
        where !random.once(in: 3) {
          set(field.slot + 1 + offset, Fixture.value(attribute.type, &random))
        }
      } else {
        set(field.slot, Fixture.value(field, &random))
      }
    }
  }

  private mutating func set(_ slot: Int, _ value: Value) {
    values[slot] = value
    switch value {
    case .bool(let value): event.set(slot, payload: value ? 1 : 0)
    case .int(let value), .duration(let value): event.set(slot, payload: UInt64(bitPattern: value))
    case .uint(let value): event.set(slot, payload: value)
    case .double(let value): event.set(slot, payload: value.bitPattern)
    case .timestamp(let time): event.set(slot, payload: UInt64(bitPattern: time.microseconds))
    case .decimal(let value): event.set(slot, payload: UInt64(bitPattern: value.units))
    case .enumeration(let position): event.set(slot, payload: UInt64(position))
    case .string(let text): event.set(slot, utf8: text.utf8)
    case .bytes, .list, .missing, .error: values[slot] = nil
    }
  }

  /// The value of an expression by the interpreter.
  func value(
    _ expression: TypedExpression, _ rules: CheckedRules, hasAttributes: Bool = true
  ) -> Value {
    let fields = rules.schema.events[0].fields
    let interpreter = Interpreter(
      variable: { number in
        switch rules.symbols[number] {
        case .field(_, let field): values[fields[field].slot] ?? .missing
        case .attribute(_, let field, let attribute):
          hasAttributes ? values[fields[field].slot + 1 + attribute] ?? .missing : .missing
        case .param(let position): rules.params[position].value
        case .list(let position): .list(rules.lists[position].values)
        case .derived(let position):
          value(rules.lets[position].value, rules, hasAttributes: hasAttributes)
        case .signal, .counter: .missing
        }
      }, query: { _, _ in .missing })
    return interpreter.evaluate(expression)
  }
}
