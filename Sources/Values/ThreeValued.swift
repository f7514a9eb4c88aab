public import Model

/// The logic of values that may be missing or failed.
///
/// *Source*: the absorbing `&&` and `||` of the Common Expression Language, with missing as a third
/// truth value below error.
public enum ThreeValued {
  /// `and`: false wins, then error, then missing.
  @inlinable
  public static func and(
    _ left: Bool, _ leftState: ValueState, _ right: Bool, _ rightState: ValueState
  ) -> (value: Bool, state: ValueState) {
    if leftState == .present && !left || rightState == .present && !right {
      return (false, .present)
    }
    return (leftState == .present && rightState == .present, combined(leftState, rightState))
  }

  /// `or`: true wins, then error, then missing.
  @inlinable
  public static func or(
    _ left: Bool, _ leftState: ValueState, _ right: Bool, _ rightState: ValueState
  ) -> (value: Bool, state: ValueState) {
    if leftState == .present && left || rightState == .present && right { return (true, .present) }
    return (false, combined(leftState, rightState))
  }

  /// The state of a strict operation: error, then missing, then present.
  @inlinable
  public static func combined(_ left: ValueState, _ right: ValueState) -> ValueState {
    if left == .error || right == .error { return .error }
    if left == .missing || right == .missing { return .missing }
    return .present
  }
}
