/// A 128-bit hash that stands for a key.
struct Key128: Hashable, Sendable, BitwiseCopyable {
  var low: UInt64
  var high: UInt64
}
