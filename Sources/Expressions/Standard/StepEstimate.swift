internal import Model
internal import Values

/// How many steps an expression takes at worst, known before it runs: comprehensions over
/// comprehensions multiply.
///
/// Lists that are written out and `lists.range` of a number have their size; any other list is
/// taken to hold `Limits.assumedElements`. What the estimate cannot know, the interpreter counts.
struct StepEstimate {
  /// Variables of comprehensions and bindings with the elements they hold, the innermost last.
  private var scope: [(name: String, elements: Int)] = []

  /// Refuses an expression of more than `Limits.evaluationSteps`.
  static func check(_ expression: CoreExpression) throws(StandardRefusal) {
    var estimate = StepEstimate()
    let steps = estimate.steps(expression)
    guard steps > Limits.evaluationSteps else { return }
    let most = Limits.evaluationSteps
    let about = steps == .max ? "" : " \(steps)"
    throw StandardRefusal(
      .expressionTooCostly,
      Phrase(
        "this may take\(about) steps, more than \(most)",
        es: "esto puede tomar\(about) pasos, más de \(most)"), expression.span)
  }

  private mutating func steps(_ expression: CoreExpression) -> Int {
    switch expression.kind {
    case .constant, .name: return 1
    case .select(let base, _, _): return plus(1, steps(base))
    case .call(_, let arguments), .message(_, let arguments): return plus(1, steps(arguments))
    case .method(let receiver, _, let arguments):
      return plus(1, plus(steps(receiver), steps(arguments)))
    case .list(let elements): return plus(1, steps(elements.map(\.value)))
    case .map(let entries): return plus(1, steps(entries.flatMap { [$0.key, $0.value] }))
    case .bind(let name, let value, let body):
      return plus(steps(value), within([(name, elements(value))], body))
    case .optionalMap(let target, let name, let body, _):
      return plus(steps(target), within([(name, Limits.assumedElements)], body))
    case .comprehension(let comprehension): return steps(comprehension)
    }
  }

  private mutating func steps(_ expressions: [CoreExpression]) -> Int {
    expressions.reduce(0) { plus($0, steps($1)) }
  }

  private mutating func steps(_ comprehension: CoreComprehension) -> Int {
    let element = largestElement(comprehension.range)
    let names = [comprehension.first, comprehension.second].compactMap { $0 }
    let scope = names.map { ($0, element) }
    let condition = comprehension.condition.map { within(scope, $0) } ?? 0
    let each = plus(1, plus(condition, within(scope, comprehension.body)))
    return plus(steps(comprehension.range), times(elements(comprehension.range), each))
  }

  private mutating func within(
    _ names: [(String, Int)], _ body: CoreExpression
  ) -> Int {
    scope += names.map { (name: $0.0, elements: $0.1) }
    defer { scope.removeLast(names.count) }
    return steps(body)
  }

  // MARK: Sizes

  /// Elements of a list or map at most.
  private func elements(_ expression: CoreExpression) -> Int {
    switch expression.kind {
    case .list(let elements): return elements.count
    case .map(let entries): return entries.count
    case .name(let name):
      return scope.last { $0.name == name }?.elements ?? Limits.assumedElements
    case .call("_+_", let sides) where sides.count == 2:
      return plus(elements(sides[0]), elements(sides[1]))
    case .call("_?_:_", let parts) where parts.count == 3:
      return max(elements(parts[1]), elements(parts[2]))
    case .method(let receiver, "range", let arguments):
      guard case .name("lists") = receiver.kind, arguments.count == 1,
        case .constant(.int(let count)) = arguments[0].kind
      else { return Limits.assumedElements }
      return Int(clamping: max(0, count))
    case .method(let receiver, "reverse", _), .method(let receiver, "distinct", _),
      .method(let receiver, "sort", _), .method(let receiver, "slice", _):
      return elements(receiver)
    case .comprehension(let comprehension): return elements(comprehension.range)
    default: return Limits.assumedElements
    }
  }

  /// Elements of the largest element of a list.
  private func largestElement(_ range: CoreExpression) -> Int {
    guard case .list(let elements) = range.kind else { return Limits.assumedElements }
    return elements.map { self.elements($0.value) }.max() ?? 0
  }

  private func plus(_ left: Int, _ right: Int) -> Int {
    let (sum, isOver) = left.addingReportingOverflow(right)
    return isOver ? .max : sum
  }

  private func times(_ left: Int, _ right: Int) -> Int {
    let (product, isOver) = left.multipliedReportingOverflow(by: right)
    return isOver ? .max : product
  }
}
