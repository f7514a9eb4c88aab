internal import Expressions
internal import Program
internal import RuleLanguage

/// Finds which windows can share one list of events: those of one event type, key and filter.
struct EventLists {
  private(set) var plans: [EventListPlan] = []
  private(set) var sources: [Source] = []

  /// What enters a list, over the event that feeds it.
  struct Source {
    var event: Int
    var filter: TypedExpression?
    var keys: [TypedExpression]
    var sums: [TypedExpression] = []
    var distincts: [TypedExpression] = []
  }

  mutating func list(for window: CheckedWindow, keySpace: Int, lateMicroseconds: Int64) -> Int {
    let filter = window.filter?.unplaced
    let keys = window.keys.map(\.unplaced)
    let known = sources.indices.first {
      sources[$0].event == window.event && sources[$0].filter == filter && sources[$0].keys == keys
    }
    if let known { return known }
    sources.append(Source(event: window.event, filter: filter, keys: keys))
    plans.append(
      EventListPlan(
        event: window.event, keySpace: keySpace, sumColumns: 0, distinctColumns: [], windows: [],
        lateMicroseconds: lateMicroseconds))
    return plans.count - 1
  }

  mutating func window(_ microseconds: Int64, of list: Int) -> Int {
    if let known = plans[list].windows.firstIndex(of: microseconds) { return known }
    plans[list].windows.append(microseconds)
    return plans[list].windows.count - 1
  }

  mutating func sumColumn(_ value: TypedExpression, of list: Int) -> Int {
    let value = value.unplaced
    if let known = sources[list].sums.firstIndex(of: value) { return known }
    sources[list].sums.append(value)
    plans[list].sumColumns += 1
    return plans[list].sumColumns - 1
  }

  mutating func distinctColumn(_ value: TypedExpression, of list: Int, keySpace: Int) -> Int {
    let value = value.unplaced
    if let known = sources[list].distincts.firstIndex(of: value) { return known }
    sources[list].distincts.append(value)
    plans[list].distinctColumns.append(keySpace)
    return plans[list].distinctColumns.count - 1
  }
}

extension TypedExpression {
  /// The same without its place in the source, so that two spellings in two places are equal.
  var unplaced: TypedExpression {
    var copy = self
    copy.span = SourceSpan(file: 0, start: 0, end: 0)
    switch kind {
    case .constant, .variable: break
    case .apply(let overload, let operands):
      copy.kind = .apply(overload, operands.map(\.unplaced))
    case .list(let elements): copy.kind = .list(elements.map(\.unplaced))
    case .query(let number, let arguments): copy.kind = .query(number, arguments.map(\.unplaced))
    case .conditional(let condition, let then, let otherwise):
      copy.kind = .conditional(
        condition.unplaced, then: then.unplaced, otherwise: otherwise.unplaced)
    }
    return copy
  }
}
