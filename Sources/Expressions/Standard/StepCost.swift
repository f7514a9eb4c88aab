internal import Values

/// What values cost beside the steps that made them.
enum StepCost {
  /// Bytes of text, or elements of lists and maps, that count as one step.
  static let unitsPerStep = 8
  /// Comparisons of a function that compares each with each that count as one step.
  static let comparisonsPerStep = 64
  /// Steps of one match: less than `Limits.regexMatchSteps`, which few matches come near.
  static let match = 20

  /// Bytes and elements a value holds, those inside it included.
  ///
  /// *Throws* `costExceeded` as soon as there are more than `most`, so that a list that holds one
  /// list many times over is not walked to its end.
  static func size(_ value: DynamicValue, atMost most: Int) throws(DynamicFault) -> Int {
    var units = 0
    try add(value, to: &units, most)
    return units
  }

  private static func add(
    _ value: DynamicValue, to units: inout Int, _ most: Int
  ) throws(DynamicFault) {
    switch value {
    case .string(let text): units += text.utf8.count
    case .bytes(let bytes): units += bytes.count
    case .list(let elements):
      units += elements.count
      if units > most { throw .costExceeded }
      for element in elements { try add(element, to: &units, most) }
    case .map(let map):
      units += map.count
      if units > most { throw .costExceeded }
      for (key, value) in map.entries {
        try add(key, to: &units, most)
        try add(value, to: &units, most)
      }
    case .optional(let inner?): try add(inner, to: &units, most)
    default: break
    }
    if units > most { throw .costExceeded }
  }
}

/// A pattern that is written out in an expression.
final class LiteralPattern {
  private var compiled: CompiledPattern

  /// *Throws* `ValueError.pattern` for what is none.
  init(_ pattern: String) throws(ValueError) {
    compiled = try CompiledPattern(Array(pattern.utf8).span)
  }

  func matches(_ text: String) -> PatternMatch {
    compiled.matches(Array(text.utf8).span)
  }
}
