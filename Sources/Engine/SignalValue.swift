internal import Model

/// What reading a signal gives: a payload by the signal's type, its state, and whether it is a
/// bound.
package struct SignalValue: Hashable, Sendable {
  package var payload: UInt64
  var state: ValueState
  var isTruncated: Bool

  static let missing = SignalValue(payload: 0, state: .missing, isTruncated: false)

  static func int(_ value: Int64, isTruncated: Bool = false) -> SignalValue {
    SignalValue(payload: UInt64(bitPattern: value), state: .present, isTruncated: isTruncated)
  }

  static func double(_ value: Double) -> SignalValue {
    SignalValue(payload: value.bitPattern, state: .present, isTruncated: false)
  }

  /// A number that must fit 64 bits.
  static func exact(_ value: Int128) -> SignalValue {
    guard let value = Int64(exactly: value) else { return .error(.overflow) }
    return .int(value)
  }

  /// A number of distinct values, up to the limit.
  static func distinct(_ count: Int) -> SignalValue {
    if count > Limits.distinctValues {
      return .int(Int64(Limits.distinctValues), isTruncated: true)
    }
    return .int(Int64(count))
  }

  static func error(_ fault: EvaluationFault) -> SignalValue {
    SignalValue(payload: fault.rawValue, state: .error, isTruncated: false)
  }
}
