import Model

/// A key of the event being scored.
struct ResolvedKey: BitwiseCopyable {
  /// Dense number; 0 for a key that was never seen, or has no value.
  var number: UInt32 = 0
  /// A `ValueState` raw value: missing or error when a part is.
  var state: UInt8 = Registers.missing
  /// The fault of an error.
  var fault: UInt64 = 0
  /// Number of the event it was resolved on.
  var event: UInt64 = 0

  var isPresent: Bool { state == Registers.present }

  /// What a signal of this key is when the key is an error or missing.
  var lack: SignalValue? {
    switch state {
    case Registers.present: nil
    case Registers.error: SignalValue(payload: fault, state: .error, isTruncated: false)
    default: .missing
    }
  }
}

/// The keys a signal is asked for: one, or two accounts.
struct AskedKeys {
  /// Dense numbers; 0 for a key that was never seen.
  var first: UInt32
  var second: UInt32 = 0
  /// What the signal is because a key is an error or missing; nil when it can be asked.
  var lack: SignalValue?

  @inline(__always)
  init(_ first: UInt32, _ second: UInt32 = 0, lack: SignalValue? = nil) {
    self.first = first
    self.second = second
    self.lack = lack
  }
}
