internal import Expressions
internal import Model
internal import Values

/// Between which values an expression always lies.
extension PackageIndex {
  func range(of expression: TypedExpression) -> ClosedRange<Int128> {
    let all = ValuePlace.all(of: expression.type) { name in caseNames(of: name).count }
    guard let narrow = narrowRange(of: expression) else { return all }
    return narrow.clamped(to: all)
  }

  func caseNames(of enumeration: String) -> [String] {
    schema.enumerations.first { $0.name == enumeration }?.cases ?? []
  }

  private func narrowRange(of expression: TypedExpression) -> ClosedRange<Int128>? {
    switch expression.kind {
    case .constant(let value): ValuePlace.place(of: value).map { $0...$0 }
    case .variable(let number): range(of: symbols[number])
    case .query(let signal, _): range(ofSignal: signal)
    case .conditional(_, let then, let otherwise): joined(range(of: then), range(of: otherwise))
    case .apply(let overload, let operands): range(of: overload, operands, expression.type)
    case .list: nil
    }
  }

  private func joined(
    _ left: ClosedRange<Int128>, _ right: ClosedRange<Int128>
  ) -> ClosedRange<Int128> {
    min(left.lowerBound, right.lowerBound)...max(left.upperBound, right.upperBound)
  }

  private func range(of symbol: Symbol) -> ClosedRange<Int128>? {
    switch symbol {
    case .signal(let signal): range(ofSignal: signal)
    case .derived(let position): range(of: typedLets[position].value)
    case .param(let position):
      checkedParams[position].flatMap { param in
        let all = ValuePlace.all(of: param.type) { caseNames(of: $0).count }
        let low = param.least.flatMap(ValuePlace.place) ?? all.lowerBound
        let high = param.greatest.flatMap(ValuePlace.place) ?? all.upperBound
        return low <= high ? low...high : nil
      }
    case .field, .attribute, .list, .counter: nil
    }
  }

  /// What an aggregate can give, by its name.
  private func range(ofSignal signal: Int) -> ClosedRange<Int128>? {
    let syntax = signals.all[signal].syntax
    guard let checked = checkedSignals[signal], checked.type == .int, syntax.otherwise == nil
    else { return nil }
    let most = Int128(Int64.max)
    switch checked.source {
    case .cycleLength(_, let maxHops): return 0...Int128(maxHops)
    case .componentSize(_, let maxNodes): return 1...(maxNodes.map { Int128($0) } ?? most)
    case .graph(let question):
      switch question {
      case .collapsedCycleLength(_, _, let maxHops), .depth(_, let maxHops):
        return 0...Int128(maxHops)
      case .hopsTo(_, _, let maxHops): return 0...Int128(maxHops) + 1
      case .subtreeSize: return 1...most
      default: return 0...most
      }
    default:
      let counts = ["count", "distinct", "sequence"]
      return counts.contains(syntax.aggregate.text) ? 0...most : nil
    }
  }

  // MARK: Arithmetic

  private func range(
    of overload: Overload, _ operands: [TypedExpression], _ type: ValueType
  ) -> ClosedRange<Int128>? {
    switch overload {
    case .addInt, .addDuration, .addDecimal, .addUInt:
      let (a, b) = (range(of: operands[0]), range(of: operands[1]))
      return a.lowerBound + b.lowerBound...a.upperBound + b.upperBound
    case .subtractInt, .subtractDuration, .subtractDecimal:
      let (a, b) = (range(of: operands[0]), range(of: operands[1]))
      return a.lowerBound - b.upperBound...a.upperBound - b.lowerBound
    case .multiplyInt:
      // Places are below 2^64, so their products fit.
      let (a, b) = (range(of: operands[0]), range(of: operands[1]))
      let products = [a.lowerBound, a.upperBound].flatMap {
        [$0 * b.lowerBound, $0 * b.upperBound]
      }
      return (products.min() ?? 0)...(products.max() ?? 0)
    case .negateInt, .negateDuration, .negateDecimal:
      let a = range(of: operands[0])
      return -a.upperBound...(-a.lowerBound)
    case .orDefault: return joined(range(of: operands[0]), range(of: operands[1]))
    case .sizeOfCollected: return 0...Int128(Limits.collectedValues)
    case .sizeOfText: return 0...Int128(Int64.max)
    default: return nil
    }
  }
}
