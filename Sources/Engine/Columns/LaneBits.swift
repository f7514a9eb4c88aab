import Program

/// A bool, or the state of a number, in 64 lanes: a lane that is neither missing nor an error is
/// present, and its `value` counts only then.
struct LaneBits: BitwiseCopyable {
  var value: UInt64 = 0
  var missing: UInt64 = 0
  var error: UInt64 = 0

  /// Nothing is there.
  static let nothing = LaneBits(missing: .max)

  var present: UInt64 { ~(missing | error) }
  /// Where it is there and true, or false.
  var isTrue: UInt64 { value & present }
  var isFalse: UInt64 { ~value & present }

  /// What a strict operation of two operands lacks: an error wins over missing.
  static func lack(_ left: LaneBits, _ right: LaneBits) -> LaneBits {
    let error = left.error | right.error
    return LaneBits(missing: (left.missing | right.missing) & ~error, error: error)
  }

  /// Turned round where it is present.
  func negated(_ turn: Bool) -> LaneBits {
    turn ? LaneBits(value: ~value, missing: missing, error: error) : self
  }

  /// False wins, then an error, then missing.
  static func and(_ left: LaneBits, _ right: LaneBits) -> LaneBits {
    let isFalse = left.isFalse | right.isFalse
    let error = (left.error | right.error) & ~isFalse
    let missing = (left.missing | right.missing) & ~isFalse & ~error
    return LaneBits(value: ~isFalse, missing: missing, error: error)
  }

  /// True wins, then an error, then missing.
  static func or(_ left: LaneBits, _ right: LaneBits) -> LaneBits {
    let isTrue = left.isTrue | right.isTrue
    let error = (left.error | right.error) & ~isTrue
    let missing = (left.missing | right.missing) & ~isTrue & ~error
    return LaneBits(value: isTrue, missing: missing, error: error)
  }

  /// The lanes that a result joined with these may still change: false and `and`, or true and `or`,
  /// settle the rest.
  func open(_ combining: Combining) -> UInt64 {
    switch combining {
    case .none: .max
    case .and: ~isFalse
    case .or: ~isTrue
    }
  }

  /// What a register that holds these becomes by a result joined with it.
  func joined(_ combining: Combining, _ result: LaneBits) -> LaneBits {
    switch combining {
    case .none: result
    case .and: .and(self, result)
    case .or: .or(self, result)
    }
  }
}
