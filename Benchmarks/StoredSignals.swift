/// Stored values of the signals that the thirty rules ask for, drawn so that each rule holds on
/// some events and most hold on few.
struct StoredSignals {
  static let events = 256
  /// Names in the order of `HandRules`: the numbers of the C++ reference, then the second distance.
  static let names = [
    "refs_1h", "refs_1d", "refs_7d", "refs_30d", "amount_1d", "amount_30d", "devices_30d",
    "device_1h", "device_1d", "device_7d", "device_accounts_7d", "ip_1h", "ip_1d", "ip_7d",
    "ip_accounts_7d", "card_1d", "card_30d", "card_accounts_30d", "device_degree", "card_degree",
    "phone_degree", "address_degree", "cluster", "depth", "ring", "same_cluster", "referee_hops",
    "amount", "email_degree", "ip_degree", "referrer_hops",
  ]
  private static let amount = 27

  /// Signal by signal, event by event.
  private(set) var columns: [Int64]
  /// Event by event, signal by signal.
  private(set) var rows: [Int64]
  /// By event, a bit for each signal that is missing.
  private(set) var missing: [UInt32]

  init(seed: UInt64) {
    var random = SeededNumbers(seed: seed)
    columns = [Int64](repeating: 0, count: Self.names.count * Self.events)
    rows = columns
    missing = [UInt32](repeating: 0, count: Self.events)
    for event in 0..<Self.events {
      for signal in Self.names.indices {
        let value = Self.value(signal, random.next(), random.next())
        if signal != Self.amount && random.next() % 16 == 0 { missing[event] |= 1 << signal }
        columns[signal * Self.events + event] = value
        rows[event * Self.names.count + signal] = value
      }
    }
  }

  /// A value that is small far more often than large.
  private static func value(_ signal: Int, _ first: UInt64, _ second: UInt64) -> Int64 {
    let most: UInt64 =
      switch names[signal] {
      case "amount": 1 << 14
      case "amount_1d": 1 << 20
      case "amount_30d": 1 << 23
      case "refs_1d", "refs_7d", "refs_30d", "ip_1d", "ip_7d", "ip_accounts_7d", "cluster": 1 << 7
      case "same_cluster": 2
      case "referee_hops", "referrer_hops": 4
      default: 1 << 4
      }
    return Int64((first % most) >> (second % UInt64(most.trailingZeroBitCount + 1)))
  }
}

/// SplitMix64.
private struct SeededNumbers {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    let word = HotpathStream.mix(state)
    state &+= 0x9E37_79B9_7F4A_7C15
    return word
  }
}
