internal import Values

extension StandardInterpreter {
  mutating func run(_ plan: ComprehensionPlan) throws(DynamicFault) -> DynamicValue {
    let items = try items(of: try evaluate(plan.range), hasSecond: plan.hasSecond)
    switch plan.kind {
    case .all: return .bool(try quantified(items, plan.body, deciding: false))
    case .exists: return .bool(try quantified(items, plan.body, deciding: true))
    case .existsOne:
      var count = 0
      for item in items where try holds(plan.body, item) { count += 1 }
      return .bool(count == 1)
    case .filter:
      var kept: [DynamicValue] = []
      for item in items where try holds(plan.body, item) { kept.append(item[0]) }
      return .list(kept)
    case .map, .transformList:
      var results: [DynamicValue] = []
      for item in items where try holds(plan.condition, item) {
        results.append(try within(item, plan.body))
      }
      return .list(results)
    case .sortBy:
      var keys: [DynamicValue] = []
      for item in items { keys.append(try within(item, plan.body)) }
      guard let sort = DynamicLibrary.method(named: "@sortByAssociatedKeys") else {
        throw .noSuchOverload("sortBy")
      }
      return try sort([.list(items.map { $0[0] }), .list(keys)])
    case .transformMap, .transformMapEntry: return try map(items, plan)
    }
  }

  /// What the variables stand for, element by element.
  private func items(
    of range: DynamicValue, hasSecond: Bool
  ) throws(DynamicFault) -> [[DynamicValue]] {
    switch range {
    case .list(let elements):
      return elements.enumerated().map { position, element in
        hasSecond ? [.int(Int64(position)), element] : [element]
      }
    case .map(let map):
      return map.entries.map { hasSecond ? [$0.key, $0.value] : [$0.key] }
    default: throw .noSuchOverload("comprehension")
    }
  }

  /// `all` is decided by a false, `exists` by a true; an error stands only if nothing decides.
  private mutating func quantified(
    _ items: [[DynamicValue]], _ body: StandardPlan, deciding: Bool
  ) throws(DynamicFault) -> Bool {
    var fault: DynamicFault?
    for item in items {
      do throws(DynamicFault) {
        if try holds(body, item) == deciding { return deciding }
      } catch {
        if error == .costExceeded { throw error }
        fault = fault ?? error
      }
    }
    if let fault { throw fault }
    return !deciding
  }

  private mutating func holds(
    _ condition: StandardPlan?, _ item: [DynamicValue]
  ) throws(DynamicFault) -> Bool {
    guard let condition else { return true }
    guard case .bool(let value) = try within(item, condition) else {
      throw .noSuchOverload("no bool")
    }
    return value
  }

  private mutating func map(
    _ items: [[DynamicValue]], _ plan: ComprehensionPlan
  ) throws(DynamicFault) -> DynamicValue {
    var map = DynamicMap()
    for item in items where try holds(plan.condition, item) {
      let value = try within(item, plan.body)
      if plan.kind == .transformMap {
        try map.insert(item[0], value)
        continue
      }
      guard case .map(let entries) = value else { throw .noSuchOverload("transformMapEntry") }
      for entry in entries.entries { try map.insert(entry.key, entry.value) }
    }
    return .map(map)
  }
}
