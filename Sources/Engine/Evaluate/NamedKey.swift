/// A key that an event of the batch names in a slot.
struct NamedKey: BitwiseCopyable {
  /// All that a table looks at: the lower half of the key, and the upper part of the other.
  var low: UInt64 = 0
  var tag: UInt32 = 0
  /// Among the numbers of all lanes.
  var place: UInt32 = 0
  /// The number it has, probably, when it was foreseen to have one; 0 for none.
  var known: UInt32 = 0
  /// Where it was looked for last when it was foreseen.
  var tableSlot = KeyTable.Foreseen.nowhere
  var space: UInt32 = 0
  /// Position in `EnginePlan.keySlots`.
  var position: UInt32 = 0

  var key: Key128 {
    @inline(__always) get { Key128(low: low, high: UInt64(tag) &<< 32) }
    @inline(__always) set {
      low = newValue.low
      tag = UInt32(truncatingIfNeeded: newValue.high &>> 32)
    }
  }
}

/// The key of a text that is hashed by itself.
struct LongKey: BitwiseCopyable {
  var key = Key128(low: 0, high: 0)
  var name = 0
}

/// A key of an event that some event before probably named too.
struct KnownKey: BitwiseCopyable {
  var number: UInt32 = 0
  /// Among the numbers of all lanes.
  var place: UInt32 = 0
}
