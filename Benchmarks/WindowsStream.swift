/// One event of the windows benchmark.
struct WindowEvent: Hashable {
  var key: Int
  /// Microseconds since 1970.
  var time: Int64
  var amount: Int64
  /// The greatest time so far.
  var clock: Int64
  /// Whether it is timed; what comes before fills the state.
  var isMeasured: Bool
}

/// What is asked of windows.
struct WindowScenario: Hashable {
  var name: String
  /// Keys; 1 for all events of one.
  var keys: Int
  /// Events before any is timed.
  var filled: Int
  /// Microseconds between two events.
  var step: Int64
  /// Whether one event in four is up to 50 minutes late.
  var isLate: Bool

  /// `lateMicroseconds` of the package.
  static let late: Int64 = 3_600_000_000

  static func all(hubEntries: Int) -> [WindowScenario] {
    // Of one key a day holds 2,400 events; of the hub all that is filled; of a million keys few.
    let kinds: [(String, Int, Int, Int64)] = [
      ("one_key", 1, 10_000, 36_000_000), ("skewed", 1_000_000, 1_000_000, 40_000),
      ("hub", 1, hubEntries, 80_000),
    ]
    return kinds.flatMap { name, keys, filled, step in
      [false, true].map { isLate in
        WindowScenario(
          name: isLate ? name + "_late" : name, keys: keys, filled: filled, step: step,
          isLate: isLate)
      }
    }
  }

  /// The events: `filled` and then `measured` of them.
  func events(measured: Int, seed: UInt64) -> [WindowEvent] {
    var random = seed
    func next() -> UInt64 {
      random &+= 0x9E37_79B9_7F4A_7C15
      var mixed = random
      mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
      return mixed ^ mixed >> 31
    }
    var clock: Int64 = 1_767_225_600_000_000
    var events: [WindowEvent] = []
    events.reserveCapacity(filled + measured)
    for index in 0..<filled + measured {
      // Times differ by at least one, so that ties mean the same to every engine.
      clock += 1 + Int64(next() % UInt64(2 * step))
      var time = clock
      if isLate && next() % 4 == 0 { time -= Int64(next() % 3_000_000_000) }
      var key = 0
      if keys > 1 {
        // Each key once, then by a power of a number below 1: most events are of few keys.
        let share = Double(next() >> 11) / 9_007_199_254_740_992
        key = index < filled ? index % keys : Int(share * share * share * Double(keys))
      }
      events.append(
        WindowEvent(
          key: key, time: time, amount: Int64(next() % 1_000_000), clock: clock,
          isMeasured: index >= filled))
    }
    return events
  }
}
