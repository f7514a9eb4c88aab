import Model

/// What is known of one attribute of one entity, and who said so last.
///
/// *Shape*: 24 bytes; all zero is "never set", which any event overrules.
struct AttributeCell: BitwiseCopyable {
  private(set) var payload: UInt64 = 0
  private var time: Int64 = 0
  /// Sequence above, 2 bits of content below.
  private var sequenceAndContent: UInt64 = 0

  private static let unset: UInt64 = 0
  private static let present: UInt64 = 1
  private static let cleared: UInt64 = 2

  /// Whether there is a value.
  var isPresent: Bool { sequenceAndContent & 3 == Self.present }

  /// Takes what an event says, unless an event later by (time, sequence) has spoken.
  ///
  /// The same event may speak twice; the later word counts. `payload` is nil to clear.
  mutating func set(_ payload: UInt64?, time: Int64, sequence: UInt64) {
    let isSet = sequenceAndContent & 3 != Self.unset
    if isSet && (time, sequence) < (self.time, sequenceAndContent >> 2) { return }
    self.payload = payload ?? 0
    self.time = time
    sequenceAndContent = sequence << 2 | (payload == nil ? Self.cleared : Self.present)
  }
}
