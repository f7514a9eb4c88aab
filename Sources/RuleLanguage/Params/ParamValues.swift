internal import Expressions
internal import Model
public import Values

/// Why a param cannot be given certain values.
public struct ParamFault: Error, Hashable, Sendable {
  /// What is wrong, a sentence for people without its end.
  public var message: String
  /// What to do about it.
  public var remedy: String?
}

/// The values a param is asked for: written as in rule files, checked against its type and bounds.
public struct ParamValues: Sendable {
  /// The param.
  public let param: CheckedParam
  private let reader: ParamReader

  /// Values that are spread when nobody says which.
  static let spread = 12
  /// The most whole numbers between two ends that are all taken.
  private static let whole = 24

  /// Prepares for a param of a package.
  public init(_ param: CheckedParam, in rules: CheckedRules) {
    self.param = param
    reader = ParamReader(rules.schema)
  }

  /// A value as a rule file writes it.
  public func text(_ value: Value) -> String { reader.text(value, of: param.type) }

  /// What stands behind the name: nothing, `A..B`, `A..B:STEP` or `A,B,C`. The value as it stands
  /// is always among them; numbers come in their order.
  ///
  /// *Throws* what is wrong, for the person who typed it.
  public func values(_ text: String?) throws(ParamFault) -> [Value] {
    let asked: [Value]
    if let text, let ends = Self.ends(of: text) {
      asked = try range(ends.first, ends.last, step: ends.step)
    } else if let text {
      asked = try list(text)
    } else {
      asked = try standard()
    }
    for value in asked { try check(value) }
    var values = ordered(asked)
    if !values.contains(param.value) { values = ordered(values + [param.value]) }
    guard values.count <= Limits.sweptValues else {
      throw ParamFault(
        message: "\(values.count) values of `\(param.name)`, more than \(Limits.sweptValues)",
        remedy: "take larger steps, such as \(example)")
    }
    return values
  }

  /// All values where there are few, else some between the bounds.
  private func standard() throws(ParamFault) -> [Value] {
    switch param.type {
    case .bool: return [.bool(false), .bool(true)]
    case .enumeration(let name): return reader.cases(of: name).indices.map { .enumeration($0) }
    default: break
    }
    guard let least = param.least, let greatest = param.greatest else {
      throw ParamFault(
        message: "`\(param.name)` has no bounds to go by",
        remedy: "say which values: \(example), or give it `min` and `max` in its file")
    }
    return spread(least, greatest, most: Self.spread)
  }

  private var example: String {
    let value = text(param.value)
    guard let units = param.value.units,
      let far = param.value.like(units + Int128(units.magnitude) + 1)
    else { return "\(param.name)=\(value),…" }
    return "\(param.name)=\(value)..\(text(far))"
  }

  // MARK: Reading

  private typealias Ends = (first: String, last: String, step: String?)

  /// The parts of `A..B:STEP`; nil when it is no range.
  private static func ends(of text: String) -> Ends? {
    guard !text.contains("\""), let dots = text.firstRange(of: "..") else { return nil }
    let first = String(text[..<dots.lowerBound])
    let rest = text[dots.upperBound...]
    guard let colon = rest.firstIndex(of: ":") else { return (first, String(rest), nil) }
    return (first, String(rest[..<colon]), String(rest[rest.index(after: colon)...]))
  }

  private func range(
    _ first: String, _ last: String, step: String?
  ) throws(ParamFault) -> [Value] {
    let (first, last) = (try read(first), try read(last))
    guard first.units != nil || first.number != nil else {
      throw ParamFault(
        message: "`\(param.name)` is \(param.type), which has no ranges",
        remedy: "write its values one by one: \(param.name)=A,B")
    }
    guard !last.isOutside(first, isLow: true) else {
      throw ParamFault(
        message: "the values of `\(param.name)` go from \(text(first)) down to \(text(last))",
        remedy: "write the lesser one first")
    }
    // Wrong ends are told before wrong steps.
    try check(first)
    try check(last)
    guard let step else {
      if let from = first.units, let to = last.units, to - from < Self.whole {
        return spread(first, last, most: Self.whole)
      }
      return spread(first, last, most: Self.spread)
    }
    return try steps(first, last, by: read(step, isStep: true))
  }

  private func steps(
    _ first: Value, _ last: Value, by step: Value
  ) throws(ParamFault) -> [Value] {
    var values: [Value] = []
    func isRoom() throws(ParamFault) {
      guard values.count <= Limits.sweptValues else {
        throw ParamFault(
          message: "more than \(Limits.sweptValues) values of `\(param.name)`",
          remedy: "take larger steps than \(text(step))")
      }
    }
    let wrong = ParamFault(
      message: "steps of \(text(step)) lead nowhere", remedy: "a step is more than 0")
    if let from = first.units, let to = last.units, let by = step.units {
      guard by > 0 else { throw wrong }
      var units = from
      while units <= to {
        if let value = first.like(units) { values.append(value) }
        try isRoom()
        units += by
      }
    } else if let from = first.number, let to = last.number, let by = step.number {
      guard by > 0 else { throw wrong }
      var count = 0.0
      while from + count * by <= to {
        values.append(.double(from + count * by))
        try isRoom()
        count += 1
      }
    }
    return values
  }

  private func list(_ text: String) throws(ParamFault) -> [Value] {
    var values: [Value] = []
    for part in Self.parts(of: text) { values.append(try read(part)) }
    return values
  }

  /// Cuts at commas that stand outside quotes and brackets.
  private static func parts(of text: String) -> [String] {
    var (parts, isQuoted, depth) = ([""], false, 0)
    for character in text {
      if character == "\"" { isQuoted.toggle() }
      if character == "(" { depth += 1 }
      if character == ")" { depth -= 1 }
      if character == "," && !isQuoted && depth == 0 {
        parts.append("")
      } else {
        parts[parts.count - 1].append(character)
      }
    }
    return parts
  }

  private func read(_ text: String, isStep: Bool = false) throws(ParamFault) -> Value {
    // The distance of two moments is a duration.
    let type = isStep && param.type == .timestamp ? .duration : param.type
    return try reader.read(text, as: type, of: param.name, like: self.text(param.value))
  }

  private func check(_ value: Value) throws(ParamFault) {
    for (bound, isLow) in [(param.least, true), (param.greatest, false)] {
      guard let bound, value.isOutside(bound, isLow: isLow) else { continue }
      throw ParamFault(
        message: "\(text(value)) is \(isLow ? "less" : "more") than \(text(bound)), the "
          + "\(isLow ? "least" : "greatest") value `\(param.name)` may have",
        remedy: "widen its bounds in the rules if such a value makes sense")
    }
  }

  // MARK: Spreading

  private func ordered(_ values: [Value]) -> [Value] {
    var unique: [Value] = []
    for value in values where !unique.contains(value) { unique.append(value) }
    guard param.value.units != nil || param.value.number != nil else { return unique }
    return unique.sorted { $0.isOutside($1, isLow: true) }
  }

  /// At most so many values from one to another, evenly apart but for rounding to plain numbers,
  /// and the value as it stands among them where it lies between.
  private func spread(_ least: Value, _ greatest: Value, most: Int) -> [Value] {
    var values: [Value] = []
    if let from = least.units, let to = greatest.units {
      let count = Int(min(Int128(most), to - from + 1))
      guard count > 1 else { return [least] }
      let grain = param.value.grain(of: (to - from) / Int128(count - 1))
      for number in 0..<count {
        let exact = from + (to - from) * Int128(number) / Int128(count - 1)
        let isEnd = number == 0 || number == count - 1
        let units = isEnd ? exact : min(max((exact + grain / 2) / grain * grain, from), to)
        if let value = least.like(units), !values.contains(value) { values.append(value) }
      }
    } else if let from = least.number, let to = greatest.number {
      for number in 0..<most where from < to || number == 0 {
        values.append(.double(from + (to - from) * Double(number) / Double(most - 1)))
      }
    }
    return values.count < most ? values : withPresent(values)
  }

  /// The value as it stands takes the place of the one nearest to it, but not of an end.
  private func withPresent(_ values: [Value]) -> [Value] {
    let present = param.value
    guard values.count > 2, !values.contains(present), present.isOutside(values[0], isLow: false),
      present.isOutside(values[values.count - 1], isLow: true)
    else { return values }
    let inner = 1..<values.count - 1
    guard
      let nearest = inner.min(by: {
        present.distance(to: values[$0]) < present.distance(to: values[$1])
      })
    else { return values }
    var values = values
    values[nearest] = present
    return values
  }
}

extension Value {
  /// What it counts in whole steps; nil for what has none.
  fileprivate var units: Int128? {
    switch self {
    case .int(let value), .duration(let value): Int128(value)
    case .uint(let value): Int128(value)
    case .decimal(let value): Int128(value.units)
    case .timestamp(let value): Int128(value.microseconds)
    default: nil
    }
  }

  fileprivate var number: Double? {
    if case .double(let value) = self { value } else { nil }
  }

  /// How far another value of the same type is away, to compare distances.
  fileprivate func distance(to other: Value) -> Double {
    if let units, let others = other.units { return Double((units - others).magnitude) }
    return abs((number ?? 0) - (other.number ?? 0))
  }

  /// A value of the same type that counts so much; nil when there is none.
  fileprivate func like(_ units: Int128) -> Value? {
    if case .uint = self { return UInt64(exactly: units).map { .uint($0) } }
    guard let units = Int64(exactly: units) else { return nil }
    return switch self {
    case .int: .int(units)
    case .duration: .duration(units)
    case .decimal(let value): .decimal(Decimal(units: units, scale: value.scale))
    case .timestamp: .timestamp(Timestamp(microseconds: units))
    default: nil
    }
  }

  /// The largest plain amount, of ten or of a unit of time, that is no more than a distance.
  fileprivate func grain(of distance: Int128) -> Int128 {
    switch self {
    case .duration, .timestamp:
      let units: [Int128] = [86_400_000_000, 3_600_000_000, 60_000_000, 1_000_000, 1_000]
      return units.first { $0 <= distance } ?? 1
    default:
      var grain: Int128 = 1
      while grain * 10 <= distance { grain *= 10 }
      return grain
    }
  }
}
