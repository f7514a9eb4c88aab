/// A world while it is made: who is there, what was sent, what is true.
struct World: Sendable {
  let shape: WorldShape
  let accounts: Int
  var random: WorldRandom
  var mint: IdentityMint
  var stream: EventStream
  /// Honest people, by the time they opened their account.
  var people: [Person] = []
  /// Accounts of those who have a partner: nobody has two.
  var coupled: Set<String> = []
  private var groups: [String: Int] = [:]

  init(_ settings: WorldSettings) {
    shape = WorldShape.of(settings.kind)
    accounts = settings.accounts
    let root = WorldRandom(seed: settings.seed)
    random = root.fork("stories")
    mint = IdentityMint(root.fork("people"), shape)
    stream = EventStream(root.fork("arrival"))
  }

  /// A number of accounts from a share in thousandths.
  func share(_ permille: Int) -> Int { (accounts * permille + 500) / 1_000 }

  /// Goes through a share of the accounts group by group; `tell` says how many one took.
  mutating func spend(_ permille: Int, _ tell: (inout World) -> Int) {
    var left = share(permille)
    while left > 0 { left -= max(1, tell(&self)) }
  }

  /// A part of the truth: which story it belongs to.
  mutating func group(_ story: Story) -> StoryGroup {
    let number = groups[story.rawValue, default: 0] + 1
    groups[story.rawValue] = number
    return StoryGroup(story: story, number: number)
  }

  /// A time of day people are awake.
  mutating func awake(_ day: Int) -> Int64 {
    let morning = 8 * WorldTime.hour + random.between(0...7 * WorldTime.hour)
    return WorldTime.start + Int64(day) * WorldTime.day + morning
      + random.between(0...7 * WorldTime.hour)
  }

  /// The time of a day people are awake, not before `time` and about `later` after it.
  mutating func awake(after time: Int64, _ later: ClosedRange<Int64>) -> Int64 {
    let wanted = time + random.between(later)
    let hour = (wanted - WorldTime.offset) % WorldTime.day / WorldTime.hour
    return hour < 7 ? wanted + (8 - hour) * WorldTime.hour : wanted
  }

  /// A random honest customer who was there a day before `time`; a few know many people.
  mutating func acquaintance(at time: Int64) -> Person {
    var high = people.count
    var low = 0
    while low < high {
      let middle = (low + high) / 2
      if people[middle].opened < time - WorldTime.day { low = middle + 1 } else { high = middle }
    }
    precondition(low > 0, "there are customers before there are invitations")
    let sociable = max(1, low / 12)
    return people[
      random.chance(350) ? random.below(sociable) * (low / sociable) : random.below(low)]
  }
}

/// What a world is made from. The same settings make the same bytes.
public struct WorldSettings: Sendable {
  /// Seed of all random numbers.
  public var seed: UInt64
  /// How many accounts there shall be, about.
  public var accounts: Int
  /// Which world.
  public var kind: WorldKind

  /// Creates settings.
  public init(seed: UInt64, accounts: Int, kind: WorldKind = .usual) {
    self.seed = seed
    self.accounts = accounts
    self.kind = kind
  }
}

/// What somebody is up to.
public enum Story: String, Sendable, CaseIterable {
  // Honest.
  case friend
  case couple
  case household
  case influencer
  case shop
  case colleagues
  case fair
  case neighbour
  // Not.
  case selfReferral = "self_referral"
  case farm
  case ring
  case star
  case chain
  case sharedPayout = "shared_payout"
  case leakedCode = "leaked_code"
  case bustOut = "bust_out"
  case slowDrip = "slow_drip"
  case returner

  /// Whether its people are honest.
  public var isHonest: Bool {
    switch self {
    case .friend, .couple, .household, .influencer, .shop, .colleagues, .fair, .neighbour: true
    default: false
    }
  }
}

/// People who belong together.
struct StoryGroup: Sendable {
  var story: Story
  var number: Int
  var name: String { "\(story.rawValue)-\(number)" }
}
