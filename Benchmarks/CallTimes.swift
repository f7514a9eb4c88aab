import CMeasures

/// How long calls took one by one, those apart in which a hub was rebuilt.
struct CallTimes {
  /// Calls that took longer than this are counted.
  static let slowNanoseconds: UInt64 = 250_000

  private(set) var calls = 0
  private(set) var nanoseconds: UInt64 = 0
  private(set) var aboveLimit = 0
  /// Slow calls during which another thread had the processor; nil when nobody looked.
  private var displacedAboveLimit: Int?
  private var worstOther: UInt64 = 0
  private var rebuilds = 0
  private var rebuildsAboveLimit = 0
  private var worstRebuild: UInt64 = 0

  /// Notes a call, whether a hub was rebuilt in it, and whether another thread had its processor
  /// meanwhile, when that was looked at: to ask the system goes through it, and what it leaves in
  /// the caches is in the time of the call that follows.
  mutating func note(_ spent: UInt64, rebuilt: Bool, displaced: Bool? = nil) {
    let isSlow = spent > Self.slowNanoseconds ? 1 : 0
    calls += 1
    nanoseconds += spent
    aboveLimit += isSlow
    if let displaced {
      displacedAboveLimit = (displacedAboveLimit ?? 0) + (displaced ? isSlow : 0)
    }
    if rebuilt {
      rebuilds += 1
      rebuildsAboveLimit += isSlow
      worstRebuild = max(worstRebuild, spent)
    } else {
      worstOther = max(worstOther, spent)
    }
  }

  /// The slowest of all.
  var worst: UInt64 { max(worstOther, worstRebuild) }

  /// Adds how many were slow, and what of that was rebuilding.
  func add(to figures: inout Figures, in group: String) {
    figures.add("above_250_us", .number(aboveLimit), in: group)
    if let displacedAboveLimit {
      figures.add("above_250_us_displaced", .number(displacedAboveLimit), in: group)
    }
    figures.add("hub_rebuilds", .number(rebuilds), in: group)
    figures.add("above_250_us_with_hub_rebuild", .number(rebuildsAboveLimit), in: group)
    figures.add("worst_with_hub_rebuild_ns", .number(Int(worstRebuild)), in: group)
    figures.add("worst_without_hub_rebuild_ns", .number(Int(worstOther)), in: group)
  }
}
