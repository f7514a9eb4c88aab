/// A key that an event of the batch names in a slot. What else a table looks at, the upper part of
/// the key, lies by itself.
struct NamedKey: BitwiseCopyable {
  /// The lower half of the key.
  var low: UInt64 = 0
  /// Among the numbers of all lanes.
  var place: UInt32 = 0
  /// The number it has, probably, when it was foreseen to have one; 0 for none.
  var known: UInt32 = 0
  /// Where it is looked for first, and where it was looked for last once it is foreseen.
  var tableSlot = KeyTable.nowhere
  var space: UInt32 = 0
  /// Position in `EnginePlan.keySlots`.
  var position: UInt32 = 0
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
