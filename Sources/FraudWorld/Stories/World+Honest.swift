/// Honest people: most look like nothing at all, some like the worst farms.
extension World {
  /// What an honest part of the world begins with.
  enum HonestStart: Sendable {
    case uninvited
    case story(Story)
  }

  /// All honest people, in the order of time, so that who invites was there before.
  mutating func playHonest(_ progress: (World) -> Bool) -> Bool {
    for (start, kind) in honestStarts() {
      guard progress(self) else { return false }
      switch kind {
      case .uninvited: uninvited(at: start)
      case .story(.couple): couple(at: start)
      case .story(.household): household(at: start)
      case .story(.influencer): influencer(at: start)
      case .story(.shop): shop(at: start)
      case .story(.colleagues): colleagues(at: start)
      case .story(.fair): fair(at: start)
      case .story: friend(at: start)
      }
    }
    return true
  }

  private mutating func honestStarts() -> [(Int64, HonestStart)] {
    var starts: [(Int64, HonestStart)] = []
    let uninvited = max(12, share(shape.organic))
    for number in 0..<uninvited {
      // Six in ten were there before; their accounts are read in during the first days.
      let day = number * 10 < uninvited * 6 ? random.below(9) : 9 + random.below(WorldTime.days - 9)
      starts.append((awake(day), .uninvited))
    }
    let middle = { (range: ClosedRange<Int>) in (range.lowerBound + range.upperBound) / 2 }
    let groups: [(Story, permille: Int, size: Int, span: Int)] = [
      (.couple, shape.couples, 1, 150), (.household, shape.households, 2, 150),
      (.influencer, shape.influencerFollowers, middle(shape.influencerSize), 110),
      (.shop, shape.shopCustomers, middle(shape.shopSize), 80),
      (.colleagues, shape.colleagues, 6, 150), (.fair, shape.fairVisitors, 26, 150),
    ]
    var left = accounts - uninvited
    for group in groups {
      let count = (share(group.permille) + group.size / 2) / group.size
      left -= count * group.size
      for _ in 0..<count { starts.append((awake(14 + random.below(group.span)), .story(group.0))) }
    }
    let schemes = [
      shape.selfReferrers, shape.farms, shape.rings, shape.stars, shape.chains,
      shape.sharedPayouts, shape.leakedCodes, shape.bustOuts, shape.slowDrips, shape.returners,
    ]
    left -= share(schemes.reduce(0, +))
    for _ in 0..<max(0, left) { starts.append((awake(14 + random.below(150)), .story(.friend))) }
    return starts.enumerated().sorted { ($0.element.0, $0.offset) < ($1.element.0, $1.offset) }
      .map(\.element)
  }

  // MARK: Stories

  private mutating func uninvited(at time: Int64) {
    var person = mint.person()
    person.opened = time
    openUninvited(person, at: time, group(.neighbour))
    people.append(person)
    // Some leave; the number of a few goes to a stranger, who may be invited by anybody.
    guard random.chance(30) else { return }
    let closed = time + random.between(20 * WorldTime.day...90 * WorldTime.day)
    close(person, at: closed)
    guard random.chance(shape.recycledNumbers * 30) else { return }
    var stranger = mint.person()
    stranger.phone = person.phone
    let joined = closed + random.between(30 * WorldTime.day...80 * WorldTime.day)
    play(joining(stranger, invitedBy: acquaintance(at: joined), at: joined, group(.friend)))
  }

  /// Sends the code to some friends, of whom one joins.
  private mutating func friend(at time: Int64) {
    let group = group(.friend)
    let referrer = acquaintance(at: time)
    var friend = mint.person()
    if random.chance(shape.handedDownPhones) {
      // The referrer bought a new phone and gives the old one away, months after its last use.
      login(
        referrer,
        at: max(referrer.opened, time - random.between(65 * WorldTime.day...110 * WorldTime.day)))
      friend.device = referrer.device
      var renewed = referrer
      renewed.device = mint.device()
      update(renewed, at: time - random.between(2 * WorldTime.day...20 * WorldTime.day))
    } else if random.chance(300) {
      login(referrer, at: time - random.between(WorldTime.hour...9 * WorldTime.day))
    }
    join(friend, invitedBy: referrer, at: time, group)
  }

  private mutating func join(
    _ friend: Person, invitedBy referrer: Person, at time: Int64, _ group: StoryGroup
  ) {
    var friend = friend
    share(
      referrer, contacts: 1 + random.below(6),
      at: time - random.soon(WorldTime.minute...5 * WorldTime.day))
    friend.opened = time
    play(joining(friend, invitedBy: referrer, at: time, group))
    login(friend, at: awake(after: time, WorldTime.day...40 * WorldTime.day))
    people.append(friend)
  }

  /// One partner invites the other: one address, one network, often one phone or bank account.
  private mutating func couple(at time: Int64) {
    let group = group(.couple)
    var referrer = acquaintance(at: time)
    while !coupled.insert(referrer.account).inserted { referrer = acquaintance(at: time) }
    login(referrer, at: time - random.between(WorldTime.hour...3 * WorldTime.day))
    var partner = mint.person()
    partner.address = referrer.address
    partner.network = referrer.network
    if random.chance(shape.familyPhones) { partner.device = referrer.device }
    if random.chance(shape.couplesWithOneAccount) { partner.payout = referrer.payout }
    coupled.insert(partner.account)
    join(partner, invitedBy: referrer, at: time, group)
  }

  /// A friend invites one of a family, who invites the next, and so on.
  private mutating func household(at time: Int64) {
    let group = group(.household)
    var inviting = acquaintance(at: time)
    var at = time
    let first = mint.person()
    let hasFamilyPhone = random.chance(shape.familyPhones)
    let hasOneAccount = random.chance(shape.couplesWithOneAccount)
    if hasOneAccount { coupled.insert(first.account) }
    for number in 0..<random.pick([1, 2, 2, 2, 3]) {
      var member = number == 0 ? first : mint.person()
      member.opened = at
      if number > 0 {
        member.address = first.address
        member.network = first.network
        member.paternal = random.chance(500) ? first.paternal : member.paternal
        if hasFamilyPhone { member.device = first.device }
        if number == 1 && hasOneAccount { member.payout = first.payout }
      }
      share(inviting, contacts: 1, at: at - random.between(WorldTime.minute...4 * WorldTime.hour))
      play(joining(member, invitedBy: inviting, at: at, group))
      if number == 0 { people.append(member) }
      inviting = member
      at = awake(after: at, 20 * WorldTime.hour...6 * WorldTime.day)
    }
  }

  /// Somebody many follow: after each post a dozen strangers within the day.
  private mutating func influencer(at time: Int64) {
    let group = group(.influencer)
    var referrer = mint.person()
    referrer.opened = time - 5 * WorldTime.day
    if random.chance(shape.knownInfluencers) { referrer.tier = "influencer" }
    openUninvited(referrer, at: referrer.opened, group)
    var left = random.between(shape.influencerSize)
    var post = time
    while left > 0 {
      share(referrer, contacts: 2_000 + random.below(60_000), at: post)
      for _ in 0..<min(left, random.between(shape.influencerPost)) {
        let at = awake(after: post, 3 * WorldTime.minute...20 * WorldTime.hour)
        var joining = joining(mint.person(), invitedBy: referrer, at: at, group)
        joining.source = random.pick(["instagram.example", "tiktok.example", "youtube.example"])
        play(joining)
        left -= 1
      }
      // Many look and do not join.
      for _ in 0..<random.between(4...20) {
        click(
          referrer.code, from: mint.network(), "instagram.example",
          at: awake(after: post, WorldTime.minute...20 * WorldTime.hour))
      }
      post = awake(after: post, 3 * WorldTime.day...9 * WorldTime.day)
    }
  }

  /// A shopkeeper opens accounts for customers on the tablet at the counter.
  private mutating func shop(at time: Int64) {
    let group = group(.shop)
    var owner = mint.person()
    owner.opened = time - random.between(6 * WorldTime.day...12 * WorldTime.day)
    if random.chance(shape.registeredShops) { owner.tier = "agent" }
    openUninvited(owner, at: owner.opened, group)
    let network = mint.homeNetwork()
    var at = time
    for _ in 0..<random.between(shape.shopSize) {
      var customer = mint.person()
      customer.device = owner.device
      customer.network = network
      play(joining(customer, invitedBy: owner, at: at, group))
      at = awake(after: at, 5 * WorldTime.hour...4 * WorldTime.day)
    }
  }

  /// Somebody tells the colleagues at lunch; all join from the office within the day.
  private mutating func colleagues(at time: Int64) {
    let group = group(.colleagues)
    let referrer = acquaintance(at: time)
    let office = mint.homeNetwork()
    share(referrer, contacts: 8, at: time - WorldTime.hour)
    for _ in 0..<random.between(4...8) {
      var colleague = mint.person()
      colleague.network = office
      let at = time + random.between(0...7 * WorldTime.hour)
      play(joining(colleague, invitedBy: referrer, at: at, group))
    }
  }

  /// An employee at a fair.
  private mutating func fair(at time: Int64) {
    let group = group(.fair)
    var employee = mint.person()
    employee.isEmployee = true
    employee.opened = time - 9 * WorldTime.day
    openUninvited(employee, at: employee.opened, group)
    let network = mint.homeNetwork()
    var at = time
    for _ in 0..<random.between(18...34) {
      var visitor = mint.person()
      visitor.network = network
      var joining = joining(visitor, invitedBy: employee, at: at, group)
      joining.channel = "branch"
      play(joining)
      at += random.between(3 * WorldTime.minute...14 * WorldTime.minute)
    }
  }
}
