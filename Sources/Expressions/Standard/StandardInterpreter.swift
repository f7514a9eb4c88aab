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

  init(variables: [String: DynamicValue]) {
    self.variables = variables
  }

  mutating func evaluate(_ plan: StandardPlan) throws(DynamicFault) -> DynamicValue {
    steps += 1
    guard steps <= Limits.evaluationSteps else { throw .costExceeded }
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
    case .call(let function, let arguments):
      var values: [DynamicValue] = []
      values.reserveCapacity(arguments.count)
      for argument in arguments { values.append(try evaluate(argument)) }
      return try function(values)
    case .orElse(let target, let other, let isValue):
      return try orElse(target, other, isValue: isValue)
    case .list(let elements): return try list(elements)
    case .map(let entries): return try map(entries)
    case .bind(let value, let body): return try within([try evaluate(value)], body)
    case .optionalMap(let target, let body, let isFlat):
      guard let inner = try DynamicLibrary.optional(try evaluate(target)) else {
        return .optional(nil)
      }
      let result = try within([inner], body)
      return isFlat ? .optional(try DynamicLibrary.optional(result)) : .optional(result)
    case .comprehension(let comprehension): return try run(comprehension)
    }
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
