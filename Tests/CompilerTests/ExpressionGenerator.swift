import Expressions
import Model

/// Source text of random expressions over the fields of one event, typed by construction. Made to
/// meet missing values, overflow and division by zero often.
struct ExpressionGenerator {
  var random: SplitMix64
  /// How many levels may still be opened.
  private var fuel = 0

  init(seed: UInt64) {
    random = SplitMix64(seed: seed)
  }

  enum Kind: CaseIterable {
    case bool, int, uint, double, text, device, time, span, money, fine, plain, channel
  }

  /// Fields, params and lets by type, as `Fixture` declares them.
  private static let names: [Kind: [String]] = [
    .bool: ["flag", "flag2", "let_rich", "who.is_employee", "p_flag"],
    .int: ["count", "count2", "let_sum", "p_limit", "who.age"],
    .uint: ["tally", "tally2", "p_tally"],
    .double: ["ratio", "ratio2", "p_ratio"], .text: ["note", "note2", "p_text", "who.country"],
    .device: ["device", "device2", "p_device"], .time: ["at", "opened", "who.opened_at"],
    .span: ["pause", "p_pause"], .money: ["reward", "fee", "p_money", "let_money"],
    .fine: ["rate_fine", "let_fine"], .plain: ["share", "p_share"],
    .channel: ["channel", "channel2"],
  ]

  mutating func expression(_ kind: Kind, levels: Int) -> String {
    fuel = levels
    return value(kind)
  }

  private mutating func pick(_ choices: [String]) -> String { choices[random.below(choices.count)] }

  private mutating func value(_ kind: Kind) -> String {
    guard fuel > 0, !random.once(in: 6) else { return leaf(kind) }
    fuel -= 1
    defer { fuel += 1 }
    switch random.below(9) {
    case 0: return "(\(value(.bool)) ? \(operand(kind)) : \(value(kind)))"
    case 1: return "default(\(operand(kind)), \(value(kind)))"
    default: return operation(kind)
    }
  }

  /// A value that is not a bare number, whose type nothing would tell.
  private mutating func operand(_ kind: Kind) -> String {
    random.once(in: 2) ? pick(ExpressionGenerator.names[kind] ?? []) : "(\(typed(kind)))"
  }

  private mutating func typed(_ kind: Kind) -> String {
    let name = pick(ExpressionGenerator.names[kind] ?? [])
    switch kind {
    case .int, .uint, .double, .money, .fine: return "\(name) + \(value(kind))"
    default: return name
    }
  }

  private mutating func leaf(_ kind: Kind) -> String {
    if !random.once(in: 3) { return pick(ExpressionGenerator.names[kind] ?? []) }
    switch kind {
    case .bool: return pick(["true", "false"])
    case .int:
      return pick(["0", "1", "-1", "3", "1000", "9223372036854775807", "(-9223372036854775808)"])
    case .uint: return pick(["0u", "1u", "7u", "18446744073709551615u"])
    case .double: return pick(["0.0", "1.5", "-2.5", "1e18", "1e300", "0.1"])
    case .text: return pick(["\"\"", "\"ab\"", "\"ñandú\"", "\"b\"", "'AB'", "\"e\u{301}\""])
    case .device: return pick(["device", "device2"])
    case .time: return "at"
    case .span: return pick(["0s", "90s", "30d", "(-1h)"])
    case .money: return pick(["reward", "fee"])
    case .fine: return "rate_fine"
    case .plain: return "share"
    case .channel: return "channel"
    }
  }

  private mutating func operation(_ kind: Kind) -> String {
    switch kind {
    case .bool: return condition()
    case .int:
      switch random.below(12) {
      case 9, 10, 11: return library(.int)
      case 0: return "size(\(value(.text)))"
      case 1: return "int(\(value(.double)))"
      case 2: return "-(\(operand(.int)))"
      default: return "(\(operand(.int)) \(pick(["+", "-", "*", "/", "%"])) \(value(.int)))"
      }
    case .uint: return "(\(operand(.uint)) \(pick(["+", "-", "*", "/", "%"])) \(value(.uint)))"
    case .double:
      switch random.below(8) {
      case 6, 7: return library(.double)
      case 0: return "double(\(operand(.int)))"
      case 1: return "double(\(operand(.uint)))"
      case 2: return "double(\(operand(.money)))"
      case 3: return "-(\(operand(.double)))"
      default: return "(\(operand(.double)) \(pick(["+", "-", "*", "/"])) \(value(.double)))"
      }
    case .time: return "(\(value(.time)) \(pick(["+", "-"])) \(value(.span)))"
    case .span:
      return random.once(in: 2)
        ? "(\(value(.time)) - \(value(.time)))"
        : "(\(value(.span)) \(pick(["+", "-"])) \(value(.span)))"
    case .money: return money()
    case .fine:
      return random.once(in: 2)
        ? "(\(value(.money)) * \(value(.plain)))"
        : "(\(operand(.fine)) \(pick(["+", "-"])) \(value(.money)))"
    case .plain: return leaf(.plain)
    case .text: return library(.text)
    case .device, .channel: return leaf(kind)
    }
  }

  private mutating func money() -> String {
    switch random.below(6) {
    case 0: "(\(operand(.money)) * \(operand(.int)))"
    case 1: "(\(operand(.money)) / \(operand(.int)))"
    case 2: "-(\(operand(.money)))"
    case 3: "(\(operand(.money)) + \(pick(["0", "1.5", "9999999999999999.99", "0.01"])))"
    default: "(\(operand(.money)) \(pick(["+", "-"])) \(value(.money)))"
    }
  }

  // MARK: Conditions

  private mutating func condition() -> String {
    switch random.below(17) {
    case 14, 15: return library(.bool)
    case 16: return macro()
    case 0, 1, 2: return "(\(value(.bool)) \(pick(["and", "or", "&&", "||"])) \(value(.bool)))"
    case 3: return "(not (\(value(.bool))))"
    case 4:
      let kind = Kind.allCases[random.below(Kind.allCases.count)]
      return "((\(operand(kind))) is \(pick(["", "not "]))missing)"
    case 5: return membership()
    case 6: return textTest()
    case 7:
      return
        "((\(operand(.money))) / (\(operand(random.once(in: 2) ? .money : .fine))) \(comparison()) 1.5)"
    case 8: return equality([.channel, .device, .bool])
    case 9: return "(\(operand(.money)) \(comparison()) \(operand(.fine)))"
    default:
      let ordered: [Kind] = [.int, .uint, .double, .text, .time, .span, .money, .fine]
      let kind = ordered[random.below(ordered.count)]
      return "(\(operand(kind)) \(comparison()) \(value(kind)))"
    }
  }

  private mutating func comparison() -> String { pick(["==", "!=", "<", "<=", ">", ">="]) }

  private mutating func equality(_ kinds: [Kind]) -> String {
    let kind = kinds[random.below(kinds.count)]
    let sign = pick(["==", "!="])
    switch kind {
    case .device where random.once(in: 2):
      return "(device \(sign) \(pick(["\" D1 \"", "\"D2\"", "\"\""])))"
    case .channel where random.once(in: 2):
      return "(\(value(.channel)) \(sign) \(pick(["app", "web"])))"
    default: return "(\(value(kind)) \(sign) \(value(kind)))"
    }
  }

  private mutating func membership() -> String {
    let test = pick(["in", "not in"])
    switch random.below(8) {
    case 0: return "(\(value(.int)) \(test) [1, 3, p_limit, -1])"
    case 1: return "(\(operand(.double)) \(test) [0.0, 1.5, 1e18])"
    case 2: return "(\(value(.text)) \(test) words)"
    case 3: return "(device \(test) devices)"
    case 4: return "(\(value(.device)) \(test) [\" D1 \", \"D3\", p_device])"
    case 5: return "(\(operand(.money)) \(test) [0, 1.5, 250])"
    case 6: return "(\(value(.channel)) \(test) [app, branch])"
    default: return "(\(value(.text)) \(test) [])"
    }
  }

  private mutating func textTest() -> String {
    switch random.below(5) {
    case 0: "\(pick(["note", "note2", "device"])).contains(\(value(.text)))"
    case 1: "\(pick(["note", "note2", "device"])).startsWith(\(value(.text)))"
    case 2: "\(pick(["note", "note2"])).endsWith(\(value(.text)))"
    case 3: "matches(\(value(.text)), \"^[a-z]+$\")"
    default: "\(pick(["note", "device"])).matches(r\"(?i)d\\d\")"
    }
  }

  /// Macros, whose bodies may hold macros with variables of the same names.
  private mutating func macro() -> String {
    let name = pick(["all", "exists", "exists_one"])
    switch random.below(5) {
    case 0:
      return
        "[\(value(.text)), \"ab\", note].\(name)(x, (\(operand(.text)) \(comparison()) x) or \(value(.bool)))"
    case 1:
      return
        "[1, \(value(.int)), count2].\(name)(x, (x + \(operand(.int)) \(comparison()) x + 1))"
    case 2: return "[reward, fee].\(name)(m, m \(comparison()) \(operand(.money)))"
    case 3: return "cel.bind(x, \(operand(.text)), (x.contains(\(value(.text))) or x < note2))"
    default: return "(has(who.\(pick(["age", "country", "opened_at"]))) == \(value(.bool)))"
    }
  }

  // MARK: The library

  private mutating func library(_ kind: Kind) -> String {
    switch kind {
    case .int: intFunction()
    case .double: doubleFunction()
    case .bool: boolFunction()
    default: textFunction()
    }
  }

  private mutating func position() -> String {
    pick(["0", "1", "2", "5", "-1", "(-9223372036854775808)", "count2"])
  }

  private mutating func textFunction() -> String {
    let text = "(\(operand(.text)))"
    return switch random.below(20) {
    case 0: "(\(text) + \(value(.text)))"
    case 1: "\(text).lowerAscii()"
    case 2: "\(text).upperAscii()"
    case 3: "\(text).substring(\(position()))"
    case 4: "\(text).substring(\(position()), \(position()))"
    case 5: "\(text).charAt(\(position()))"
    case 6: "\(text).replace(\(value(.text)), \(value(.text)))"
    case 7: "\(text).replace(\(value(.text)), \"-\", \(position()))"
    case 8: "\(text).trim()"
    case 9: "\(text).reverse()"
    case 10:
      "string(\(operand(pickKind([.bool, .int, .uint, .double, .time, .span, .money, .fine]))))"
    case 11: "email_local(\(address()))"
    case 12: "email_domain(\(address()))"
    case 13: "email_canonical(\(address()))"
    case 14: "clabe_bank(\(pick(["note", "\"032180000118359719\""])))"
    case 15: "phone_country(\(pick(["device", "\"+525512345678\" + note"])))"
    case 16:
      "ip_subnet(\(pick(["note", "\"10.1.2.3\"", "\"10.1.2.\" + string(count)"])), \(position()))"
    default: leaf(.text)
    }
  }

  private mutating func pickKind(_ kinds: [Kind]) -> Kind { kinds[random.below(kinds.count)] }

  private mutating func address() -> String {
    pick(["note", "\"A.b+c@Gmail.com\"", "note2 + \"@x.mx\"", "\"@\""])
  }

  private mutating func intFunction() -> String {
    switch random.below(17) {
    case 0: "(\(operand(.text))).indexOf(\(value(.text)))"
    case 1: "(\(operand(.text))).indexOf(\(value(.text)), \(position()))"
    case 2: "(\(operand(.text))).lastIndexOf(\(value(.text)))"
    case 3: "edit_distance(\(value(.text)), \(value(.text)))"
    case 4: "int(\(pick(["note", "\"12\"", "string(count)", "\"-\" + string(count2)"])))"
    case 5: "int(\(operand(.uint)))"
    case 6: "int(\(operand(.time)))"
    case 7: "int(\(operand(.money)))"
    case 8:
      "\(pick(["hour", "day_of_week", "month", "year", "day_of_month", "minute"]))(\(operand(.time)))"
    case 9:
      "\(pick(["hour", "day_of_month"]))(in_zone(\(operand(.time)), \(pick(["\"America/Mexico_City\"", "\"Europe/Madrid\"", "\"-03:30\""]))))"
    case 10:
      "(\(operand(.time))).\(pick(["getMonth", "getDayOfWeek", "getDayOfYear", "getSeconds", "getMilliseconds"]))()"
    case 11: "(\(operand(.span))).\(pick(["getHours", "getMinutes", "getMilliseconds"]))()"
    case 12: "math.\(pick(["abs", "sign", "bitNot"]))(\(operand(.int)))"
    case 13:
      "math.\(pick(["greatest", "least", "bitAnd", "bitXor"]))(\(operand(.int)), \(operand(.int)))"
    case 14: "math.bitShiftLeft(\(operand(.int)), \(position()))"
    case 15: "stable_hash(\(value(.text)))"
    default: "(\(operand(.text))).lastIndexOf(\(value(.text)), \(position()))"
    }
  }

  private mutating func doubleFunction() -> String {
    switch random.below(6) {
    case 0: "jaro_winkler(\(value(.text)), \(value(.text)))"
    case 1: "double(\(pick(["note", "\"1.5\"", "string(ratio)"])))"
    case 2: "haversine_km(\(operand(.double)), -99.1, 20.6, \(operand(.double)))"
    case 3: "math.\(pick(["greatest", "least"]))(\(operand(.double)), \(operand(.double)))"
    default:
      "math.\(pick(["abs", "ceil", "floor", "round", "trunc", "sqrt", "sign"]))(\(operand(.double)))"
    }
  }

  private mutating func boolFunction() -> String {
    switch random.below(8) {
    case 0: "luhn_valid(\(pick(["note", "\"4111111111111111\"", "string(count)"])))"
    case 1: "\(pick(["clabe_valid", "curp_valid", "rfc_valid"]))(\(value(.text)))"
    case 2:
      "ip_in(\(pick(["note", "\"10.1.2.3\"", "\"10.1.2.\" + string(count)"])), \"10.0.0.0/8\")"
    case 3: "bool(\(pick(["note", "string(flag)", "\"t\""])))"
    case 4: "math.\(pick(["isNaN", "isInf", "isFinite"]))(\(operand(.double)))"
    case 5: "(decimal(\(operand(.double)), 4) \(comparison()) \(operand(.plain)))"
    case 6: "(decimal(\(operand(.int)), 4) \(comparison()) \(operand(.plain)))"
    default: "(timestamp(\(operand(.int))) \(comparison()) \(operand(.time)))"
    }
  }
}
