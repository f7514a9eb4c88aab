/// The stream W1: referrals with farms, shared identifiers and now and then a label, from a seed
/// alone.
///
/// *Source*: the generator `gen.h` of the C++ reference, number for number; a test compares
/// checksums.
struct HotpathStream: Sendable {
  /// Accounts that exist so far.
  private(set) var accounts: UInt64 = 1000
  private var state: UInt64
  private var milliseconds: UInt64 = 1000
  private var sequence: UInt32 = 0
  private var farms: InlineArray<8, Farm> = InlineArray(repeating: Farm())
  private var farmCount: UInt32 = 0

  /// A group of accounts that invite each other from few devices.
  private struct Farm: BitwiseCopyable {
    var number: UInt64 = 0
    var referrer: UInt64 = 0
    var last: UInt64 = 0
    var left: UInt32 = 0
  }

  /// In thousandths, by identifier: how often it is missing, and how often never seen before.
  private static let missing: InlineArray<6, Int> = [50, 0, 450, 430, 600, 500]
  private static let fresh: InlineArray<6, Int> = [820, 300, 500, 550, 385, 100]

  init(seed: UInt64) {
    state = seed
  }

  /// The next event.
  mutating func next() -> HotpathEvent {
    let (first, second, third) = (random(), random(), random())
    milliseconds += 1 + (first & 1023)
    var event = HotpathEvent()
    event.seconds = UInt32(truncatingIfNeeded: milliseconds / 1000) + 1
    event.sequence = sequence
    event.amount = UInt32(5000 + third % 8 * 2500)
    sequence += 1
    if first >> 10 & 511 == 0 {
      event.isLabel = true
      event.referee = Self.account(accounts - 1 - second % min(accounts, 200_000))
      return event
    }
    let farm = Int(first >> 20 & 7)
    if first >> 24 & 31 == 0 && farms[farm].left > 0 {
      referInside(farm, second, &event)
    } else {
      refer(first, second, third, &event)
    }
    return event
  }

  /// A farm invites: mostly in chains, now and then back to where it began.
  private mutating func referInside(_ position: Int, _ random: UInt64, _ event: inout HotpathEvent)
  {
    var farm = farms[position]
    farm.left -= 1
    var account = accounts
    accounts += 1
    event.referrer = Self.account(farm.referrer)
    if random & 15 == 1 {
      event.referrer = Self.account(farm.last)
      account = farm.referrer
      accounts -= 1
    } else if random & 15 < 6 {
      event.referrer = Self.account(farm.last)
    }
    event.referee = Self.account(account)
    farm.last = account
    farms[position] = farm
    let base: UInt64 = 1 << 40
    event.identifiers[0] = Self.identifier(0, base + farm.number * 4 + (random >> 8) % 4)
    event.identifiers[1] = Self.identifier(1, base + farm.number * 2 + (random >> 12) % 2)
    event.identifiers[2] = Self.identifier(2, base + farm.number * 3 + (random >> 16) % 3)
    event.identifiers[3] = Self.identifier(3, of: account, salt: 0)
    event.identifiers[4] = Self.identifier(4, of: account, salt: 0)
    event.identifiers[5] = Self.identifier(5, base + farm.number)
  }

  /// Anybody invites: mostly somebody new, and old referrers more often than recent ones.
  private mutating func refer(
    _ first: UInt64, _ second: UInt64, _ third: UInt64, _ event: inout HotpathEvent
  ) {
    let known = accounts
    if first >> 30 & 1023 == 0 { startFarm(second) }
    let isNew = (first >> 40) % 100 < 85
    let account: UInt64
    if isNew {
      account = accounts
      accounts += 1
    } else {
      account = known - 1 - second % min(known, 50_000)
    }
    let referrer: UInt64
    if third & 7 < 5 {
      let share = Self.fraction(Self.mix(third))
      referrer = UInt64(Double(known) * share * share)
    } else {
      referrer = known - 1 - (third >> 8) % min(known, 200_000)
    }
    event.referrer = Self.account(referrer)
    event.referee = Self.account(account)
    let changes = !isNew && (first >> 50) % 100 < 15
    let salt = changes ? 1 + (second >> 20) % 15 : 0
    for kind in 0..<6 {
      let salt = kind == 1 ? UInt64(event.sequence % 7) : salt
      event.identifiers[kind] = Self.identifier(kind, of: account, salt: salt)
    }
  }

  private mutating func startFarm(_ random: UInt64) {
    let position = Int(farmCount & 7)
    farmCount += 1
    let referrer = accounts - 1 - random % 1000
    farms[position] = Farm(
      number: UInt64(farmCount), referrer: referrer, last: referrer, left: 40)
  }

  // MARK: Keys

  private static func account(_ number: UInt64) -> UInt64 { mix(number | 7 << 56) | 1 }

  private static func identifier(_ kind: Int, _ number: UInt64) -> UInt64 {
    mix(number | UInt64(kind + 8) << 56) | 1
  }

  /// The identifier an account uses: none, one of its own, a neighbour's, or a popular one.
  private static func identifier(_ kind: Int, of account: UInt64, salt: UInt64) -> UInt64 {
    let hash = mix(account &* 8 &+ UInt64(kind) &+ salt &* 0x123_4567)
    let place = Int(hash % 1000)
    if place < missing[kind] { return 0 }
    if place < missing[kind] + fresh[kind] {
      return identifier(kind, account &* (salt == 0 ? 1 : 16) &+ salt % 16)
    }
    let second = mix(hash)
    if second & 1 != 0 {
      let distance = (second >> 8) % 20_000
      return identifier(kind, account > distance ? account - distance : 0)
    }
    let share = fraction(second)
    return identifier(kind, UInt64(Double(account) * share * share * share))
  }

  // MARK: Randomness

  private mutating func random() -> UInt64 {
    let word = Self.mix(state)
    state &+= 0x9E37_79B9_7F4A_7C15
    return word
  }

  /// One step of SplitMix64.
  static func mix(_ word: UInt64) -> UInt64 {
    var word = word &+ 0x9E37_79B9_7F4A_7C15
    word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
    return word ^ word >> 31
  }

  /// A number in 0 ..< 1 from the upper 53 bits.
  private static func fraction(_ word: UInt64) -> Double {
    Double(word >> 11) * (1.0 / 9_007_199_254_740_992.0)
  }
}
