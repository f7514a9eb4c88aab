/// Cheats who work with accounts of their own.
extension World {
  /// A customer of some days, honest to look at, who is up to something.
  mutating func cheat(_ group: StoryGroup, before time: Int64, _ days: ClosedRange<Int>) -> Person {
    var person = mint.person()
    person.opened = time - Int64(random.between(days)) * WorldTime.day
    openUninvited(person, at: person.opened, group)
    return person
  }

  /// When a scheme begins: some time after the first customers have come.
  mutating func schemeStart(_ span: Int = 140) -> Int64 { awake(20 + random.below(span)) }

  /// One person who is one, two or three friends as well.
  mutating func selfReferrer() -> Int {
    let group = group(.selfReferral)
    let start = schemeStart()
    let person = cheat(group, before: start, 1...18)
    login(person, at: start - random.between(WorldTime.hour...WorldTime.day))
    var at = start
    let friends = random.pick([1, 1, 2, 3])
    for _ in 0..<friends {
      var friend = mint.person()
      if random.chance(shape.selfReferralDevice) { friend.device = person.device }
      if random.chance(shape.selfReferralPayout) { friend.payout = person.payout }
      if random.chance(700) { friend.address = person.address }
      if random.chance(850) { friend.network = person.network }
      if random.chance(180) {
        friend.curp = person.curp
        friend.rfc = person.rfc
      } else if random.chance(shape.inventedIdentity) {
        friend.curp = mint.inventedCurp(of: friend)
      }
      if random.chance(90) {
        friend.phone = person.phone
      } else if random.chance(shape.internetNumbers) {
        friend.phoneLine = .voip
      }
      if random.chance(550) { friend.email = mint.alias(of: person.email) }
      play(quickJoining(friend, invitedBy: person, at: at, group))
      at = awake(after: at, WorldTime.hour...12 * WorldTime.day)
    }
    confirm([person], after: start)
    return friends + 1
  }

  /// Account after account on a few phones, in one sitting.
  mutating func farm() -> Int {
    let size = random.between(shape.farmSize)
    var at = schemeStart() + 10 * WorldTime.hour
    let gang = raise(group(.farm), size: size, from: &at) { world in
      world.random.between(world.shape.farmGap)
    }
    confirm(gang, after: at)
    return size + 1
  }

  /// The same, but one account a week.
  mutating func slowDrip() -> Int {
    let size = random.between(shape.dripSize)
    var at = schemeStart(75)
    let gang = raise(group(.slowDrip), size: size, from: &at) { world in
      world.random.between(world.shape.dripGap)
    }
    confirm(gang, after: at)
    return size + 1
  }

  private mutating func raise(
    _ group: StoryGroup, size: Int, from at: inout Int64, gap: (inout World) -> Int64
  ) -> [Person] {
    let referrer = cheat(group, before: at, 2...14)
    let devices = (0..<1 + size / 14).map { _ in mint.device() }
    let payouts = (0..<1 + size / shape.accountsPerPayout).map { _ in mint.payout() }
    let addresses = (0..<1 + size / 10).map { _ in mint.address() }
    let isCloned = random.chance(shape.clonedFarms)
    let network = random.chance(250) ? mint.network() : mint.homeNetwork()
    let stem = "\(random.pick(MexicanNames.women))_\(random.pick(MexicanNames.surnames))"
      .lowercased()
    var gang = [referrer]
    for number in 0..<size {
      var account = mint.person()
      account.device = isCloned ? mint.device() : devices[number * devices.count / size]
      account.deviceIsAttested = !(isCloned && random.chance(850)) && account.deviceIsAttested
      account.network = network
      account.payout = payouts[number % payouts.count]
      if random.chance(600) { account.address = addresses[number % addresses.count] }
      if random.chance(shape.internetNumbers) { account.phoneLine = .voip }
      if random.chance(700) { account.email = mint.machineEmail(stem, 100 + number) }
      if random.chance(shape.inventedIdentity) { account.curp = mint.inventedCurp(of: account) }
      play(quickJoining(account, invitedBy: referrer, at: at, group))
      gang.append(account)
      at += gap(&self)
    }
    return gang
  }

  /// Somebody who was a customer, left, and comes back as a new one.
  mutating func returner() -> Int {
    let group = group(.returner)
    let start = awake(12 + random.below(30))
    var person = mint.person()
    person.opened = start
    open(person, at: start, channel: "app")
    tell(of: person, group, isHonest: true, at: start)
    verify(person, at: start, passes: true)
    let left = start + random.between(12 * WorldTime.day...40 * WorldTime.day)
    close(person, at: left)
    var again = person
    again.account = mint.account()
    if !random.chance(600) { again.device = mint.device() }
    if !random.chance(700) { again.phone = mint.phone() }
    again.payout = random.chance(500) ? person.payout : mint.payout()
    let at = awake(after: left, 20 * WorldTime.day...80 * WorldTime.day)
    var joining = joining(again, invitedBy: acquaintance(at: at), at: at, group)
    joining.isHonest = true
    play(joining)
    return 2
  }
}
