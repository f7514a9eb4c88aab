/// One event of the stream W1, as its generator makes it.
struct HotpathEvent: BitwiseCopyable, Sendable {
  /// Seconds since the stream began.
  var seconds: UInt32 = 0
  /// In cents.
  var amount: UInt32 = 0
  /// Key of the account that invited; 0 in a label.
  var referrer: UInt64 = 0
  /// Key of the account that was invited, or labelled.
  var referee: UInt64 = 0
  /// Keys of device, ip, card, phone, email and address; 0 is missing.
  var identifiers: InlineArray<6, UInt64> = InlineArray(repeating: 0)
  /// Whether it marks an account as confirmed fraud instead of being a referral.
  var isLabel = false
  /// Position in the stream, from 0.
  var sequence: UInt32 = 0
}
