public import Model

/// A runtime value with its type visible, for the reference interpreter, constants and tests.
///
/// The engine keeps the same values as 64-bit payloads with a state beside them.
public indirect enum Value: Hashable, Sendable {
  case bool(Bool)
  case int(Int64)
  case uint(UInt64)
  case double(Double)
  case string(String)
  case bytes([UInt8])
  case timestamp(Timestamp)
  /// Microseconds.
  case duration(Int64)
  case decimal(Decimal)
  /// Position of the case in its enumeration.
  case enumeration(Int)
  case list([Value])
  /// There is no value.
  case missing
  /// Computing it failed.
  case error(EvaluationFault)
}

extension Value {
  /// Present, missing or error.
  public var state: ValueState {
    switch self {
    case .missing: .missing
    case .error: .error
    default: .present
    }
  }
}
