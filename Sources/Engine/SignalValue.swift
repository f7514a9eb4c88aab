internal import Model

/// What reading a signal gives: a payload by the signal's type, its state, and whether it is a
/// bound.
struct SignalValue: Hashable, Sendable {
  var payload: UInt64
  var state: ValueState
  var isTruncated: Bool

  static let missing = SignalValue(payload: 0, state: .missing, isTruncated: false)

  static func int(_ value: Int64, isTruncated: Bool = false) -> SignalValue {
    SignalValue(payload: UInt64(bitPattern: value), state: .present, isTruncated: isTruncated)
  }

  static func error(_ fault: EvaluationFault) -> SignalValue {
    SignalValue(payload: fault.rawValue, state: .error, isTruncated: false)
  }
}
