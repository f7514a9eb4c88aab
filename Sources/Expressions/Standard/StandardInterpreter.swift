internal import Model
internal import Values

/// Runs a plan by walking it: obviously right, not fast.
///
/// *Source*: langdef.md, "Evaluation": `&&`, `||`, `all` and `exists` absorb an error where the
/// other operands decide; everything else passes the first one on.
struct StandardInterpreter {
  private let variables: [String: DynamicValue]
  private var locals: [DynamicValue] = []
  private var steps = 0
  /// Patterns that are written out, by their text.
  private var patterns: [String: LiteralPattern] = [:]

  init(variables: [String: DynamicValue]) {
    self.variables = variables
  }

  mutating func evaluate(_ plan: StandardPlan) throws(DynamicFault) -> DynamicValue {
    try charge(steps: 1)
    switch plan {
    case .constant(let value): return value
    case .variable(let name):
      guard let value = variables[name] else { throw .unknownName(name) }
      return value
    case .local(let depth): return locals[depth]
    case .fault(let fault): throw fault
    case .select(let base, let field, let mode): return try select(base, field, mode)
    case .and(let left, let right): return .bool(try absorbing(left, right, deciding: false))
    case .or(let left, let right): return .bool(try absorbing(left, right, deciding: true))
    case .conditional(let condition, let then, let otherwise):
      return try evaluate(try bool(condition) ? then : otherwise)
    case .call(let function, let arguments, let multiplies):
      return try call(function, arguments, multiplies)
    case .matches(let text, let pattern): return try match(text, pattern)
    case .orElse(let target, let other, let isValue):
      return try orElse(target, other, isValue: isValue)
    case .list(let elements): return try charged(try list(elements))
    case .map(let entries): return try charged(try map(entries))
    case .bind(let value, let body): return try within([try evaluate(value)], body)
    case .optionalMap(let target, let body, let isFlat):
      guard let inner = try DynamicLibrary.optional(try evaluate(target)) else {
        return .optional(nil)
      }
      let result = try within([inner], body)
      return isFlat ? .optional(try DynamicLibrary.optional(result)) : .optional(result)
    case .comprehension(let comprehension): return try charged(try run(comprehension))
    }
  }

  private mutating func call(
    _ function: DynamicFunction, _ arguments: [StandardPlan], _ multiplies: Bool
  ) throws(DynamicFault) -> DynamicValue {
    var values: [DynamicValue] = []
    values.reserveCapacity(arguments.count)
    var sizes: [Int] = []
    for argument in arguments {
      let value = try evaluate(argument)
      sizes.append(try size(value))
      try charge(steps: sizes[sizes.count - 1] / StepCost.unitsPerStep)
      values.append(value)
    }
    if multiplies, let first = sizes.first {
      let others = sizes.count == 1 ? first : sizes.dropFirst().reduce(0, +)
      try charge(steps: first * others / StepCost.comparisonsPerStep)
    }
    return try charged(try function(values))
  }

  private mutating func match(
    _ text: StandardPlan, _ pattern: String
  ) throws(DynamicFault) -> DynamicValue {
    let value = try evaluate(text)
    guard case .string(let subject) = value else { throw .noSuchOverload("matches") }
    try charge(steps: StepCost.match + (try size(value)) / StepCost.unitsPerStep)
    let compiled: LiteralPattern
    if let known = patterns[pattern] {
      compiled = known
    } else {
      do throws(ValueError) {
        compiled = try LiteralPattern(pattern)
      } catch {
        throw .invalidArgument("not a pattern")
      }
      patterns[pattern] = compiled
    }
    switch compiled.matches(subject) {
    case .yes: return .bool(true)
    case .no: return .bool(false)
    case .limit: throw .costExceeded
    }
  }

  // MARK: Cost

  private mutating func charge(steps count: Int) throws(DynamicFault) {
    steps += count
    guard steps <= Limits.evaluationSteps else { throw .costExceeded }
  }

  /// What was made, paid for by its size: a text that doubles in each step is not free.
  private mutating func charged(_ value: DynamicValue) throws(DynamicFault) -> DynamicValue {
    try charge(steps: try size(value) / StepCost.unitsPerStep)
    return value
  }

  private func size(_ value: DynamicValue) throws(DynamicFault) -> Int {
    try StepCost.size(value, atMost: (Limits.evaluationSteps - steps + 1) * StepCost.unitsPerStep)
  }

  mutating func bool(_ plan: StandardPlan) throws(DynamicFault) -> Bool {
    guard case .bool(let value) = try evaluate(plan) else { throw .noSuchOverload("no bool") }
    return value
  }

  mutating func within(
    _ values: [DynamicValue], _ body: StandardPlan
  ) throws(DynamicFault) -> DynamicValue {
    locals += values
    defer { locals.removeLast(values.count) }
    return try evaluate(body)
  }

  private mutating func select(
    _ base: StandardPlan, _ field: String, _ mode: SelectionMode
  ) throws(DynamicFault) -> DynamicValue {
    let value = try evaluate(base)
    switch mode {
    case .value: return try DynamicLibrary.field(value, field)
    case .optional: return try DynamicLibrary.optionalField(value, field)
    case .presence: return .bool(try DynamicLibrary.hasField(value, field))
    }
  }

  /// `&&` is decided by false, `||` by true, on whichever side it stands and whatever the other
  /// says.
  private mutating func absorbing(
    _ left: StandardPlan, _ right: StandardPlan, deciding: Bool
  ) throws(DynamicFault) -> Bool {
    let fault: DynamicFault
    do throws(DynamicFault) {
      return try bool(left) == deciding ? deciding : try bool(right)
    } catch {
      fault = error
    }
    // The left side failed, or the right did after a left that does not decide.
    if fault == .costExceeded { throw fault }
    if case .success(deciding) = outcome(right) { return deciding }
    throw fault
  }

  private mutating func outcome(_ plan: StandardPlan) -> Result<Bool, DynamicFault> {
    do throws(DynamicFault) { return .success(try bool(plan)) } catch { return .failure(error) }
  }

  private mutating func orElse(
    _ target: StandardPlan, _ other: StandardPlan, isValue: Bool
  ) throws(DynamicFault) -> DynamicValue {
    let value = try evaluate(target)
    if let inner = try DynamicLibrary.optional(value) { return isValue ? inner : value }
    let alternative = try evaluate(other)
    if !isValue { _ = try DynamicLibrary.optional(alternative) }
    return alternative
  }

  private mutating func list(
    _ elements: [(value: StandardPlan, isOptional: Bool)]
  ) throws(DynamicFault) -> DynamicValue {
    var values: [DynamicValue] = []
    for element in elements {
      let value = try evaluate(element.value)
      if !element.isOptional {
        values.append(value)
      } else if let inner = try DynamicLibrary.optional(value) {
        values.append(inner)
      }
    }
    return .list(values)
  }

  private mutating func map(
    _ entries: [(key: StandardPlan, value: StandardPlan, isOptional: Bool)]
  ) throws(DynamicFault) -> DynamicValue {
    var map = DynamicMap()
    for entry in entries {
      let key = try evaluate(entry.key)
      let value = try evaluate(entry.value)
      if !entry.isOptional {
        try map.insert(key, value)
      } else if let inner = try DynamicLibrary.optional(value) {
        try map.insert(key, inner)
      }
    }
    return .map(map)
  }
}
