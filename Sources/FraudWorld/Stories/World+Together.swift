/// Cheats who work together, with accounts of real people or of people they pay.
extension World {
  /// A invites B, B invites C, C invites A; some close it over a second account of A.
  mutating func ring() -> Int {
    let group = group(.ring)
    let size = random.between(shape.ringSize)
    let start = schemeStart()
    var members = [cheat(group, before: start, 2...10)]
    for _ in 1..<size { members.append(mint.person()) }
    if random.chance(shape.ringsWithHardEdge) {
      let other = 1 + random.below(size - 1)
      if random.chance(500) {
        members[other].payout = members[0].payout
      } else {
        members[other].device = members[0].device
      }
    }
    var at = start
    for number in 1..<size {
      play(ringJoining(members[number], invitedBy: members[number - 1], at: at, group))
      at = awake(after: at, 5 * WorldTime.hour...3 * WorldTime.day)
    }
    let isDisguised = random.chance(shape.disguisedRings)
    var first = members[0]
    if isDisguised {
      first = mint.person()
      first.device = members[0].device
      if random.chance(400) { first.payout = members[0].payout }
    }
    var closing = ringJoining(first, invitedBy: members[size - 1], at: at, group)
    closing.isKnown = !isDisguised
    play(closing)
    confirm(members, after: at)
    return size + (isDisguised ? 1 : 0)
  }

  private mutating func ringJoining(
    _ referee: Person, invitedBy referrer: Person, at time: Int64, _ group: StoryGroup
  ) -> Joining {
    var joining = joining(referee, invitedBy: referrer, at: time, group)
    joining.loan = random.chance(500) ? .paidInTime : .neverPaid
    joining.passesCheck = true
    joining.requestWait = random.between(6 * WorldTime.hour...4 * WorldTime.day)
    return joining
  }

  /// One person in the middle, borrowed identities around, a few bank accounts.
  mutating func star() -> Int {
    let group = group(.star)
    let size = random.between(shape.starSize)
    var at = schemeStart(120)
    let referrer = cheat(group, before: at, 3...25)
    let network = mint.homeNetwork()
    let payouts = (0..<2 + size / 12).map { _ in mint.payout() } + [referrer.payout]
    let addresses = (0..<1 + size / 8).map { _ in mint.address() }
    var gang = [referrer]
    for number in 0..<size {
      var borrowed = mint.person()
      if random.chance(800) { borrowed.network = network }
      borrowed.payout = payouts[number % payouts.count]
      if random.chance(500) { borrowed.address = addresses[number % addresses.count] }
      if random.chance(shape.inventedIdentity / 2) {
        borrowed.curp = mint.inventedCurp(of: borrowed)
      }
      play(quickJoining(borrowed, invitedBy: referrer, at: at, group))
      gang.append(borrowed)
      at = awake(after: at, WorldTime.hour...36 * WorldTime.hour)
    }
    confirm(gang, after: at)
    return size + 1
  }

  /// Each invites the next within days; every reward goes to one bank account.
  mutating func chain() -> Int {
    let group = group(.chain)
    let length = random.between(shape.chainLength)
    var at = schemeStart()
    var previous = cheat(group, before: at, 2...12)
    let payout = previous.payout
    var gang = [previous]
    for _ in 0..<length {
      var next = mint.person()
      next.payout = payout
      if random.chance(400) { next.device = previous.device }
      play(quickJoining(next, invitedBy: previous, at: at, group))
      gang.append(next)
      previous = next
      at = awake(after: at, 6 * WorldTime.hour...26 * WorldTime.hour)
    }
    confirm(gang, after: at)
    return length + 1
  }

  /// Strangers who lend their names; what they are paid ends in one bank account.
  mutating func sharedPayout() -> Int {
    let group = group(.sharedPayout)
    let size = random.between(shape.payeeSize)
    var at = schemeStart()
    let payout = mint.payout()
    var gang: [Person] = []
    for _ in 0..<size {
      var payee = mint.person()
      payee.opened = at - Int64(random.between(1...9)) * WorldTime.day
      payee.payout = payout
      openUninvited(payee, at: payee.opened, group)
      var joining = joining(mint.person(), invitedBy: payee, at: at, group)
      joining.loanCents = 150_000
      joining.loanWait = random.between(WorldTime.hour...2 * WorldTime.day)
      joining.loan = random.chance(400) ? .paidSameDay : .neverPaid
      joining.passesCheck = true
      play(joining)
      gang.append(payee)
      at = awake(after: at, 10 * WorldTime.hour...5 * WorldTime.day)
    }
    confirm(gang, after: at)
    return 2 * size
  }

  /// An honest customer's code on a page of coupons: strangers from everywhere within hours.
  mutating func leakedCode() -> Int {
    let group = group(.leakedCode)
    let start = schemeStart()
    let referrer = acquaintance(at: start)
    let size = random.between(shape.leakSize)
    let span = random.between(shape.leakSpan)
    share(referrer, contacts: 5, at: start - WorldTime.day)
    let page = random.pick(["cupones.example", "codigos-gratis.example", "ofertas.example"])
    for _ in 0..<size {
      let at = start + random.soon(0...span)
      var joining = joining(mint.person(), invitedBy: referrer, at: at, group)
      joining.isHonest = true
      joining.source = random.chance(650) ? page : nil
      joining.channel = "web"
      joining.loan = random.chance(450) ? .none : random.chance(250) ? .neverPaid : .paidInTime
      play(joining)
      for _ in 0..<2 + random.below(4) {
        click(
          referrer.code, from: mint.network(), page,
          at: at + random.between(0...2 * WorldTime.hour))
      }
    }
    return size
  }

  /// People who look like any others take the largest loan and are never seen again.
  mutating func bustOut() -> Int {
    let group = group(.bustOut)
    let size = random.between(shape.bustOutSize)
    var at = schemeStart(90)
    let recruiter = cheat(group, before: at, 5...40)
    let address = mint.address()
    let sharesAddress = random.chance(300)
    var gang = [recruiter]
    for _ in 0..<size {
      var recruit = mint.person()
      if sharesAddress { recruit.address = address }
      var joining = joining(recruit, invitedBy: recruiter, at: at, group)
      joining.loan = .neverPaid
      joining.loanCents = random.between(120...200) * 10_000
      joining.loanWait = random.between(WorldTime.hour...3 * WorldTime.day)
      joining.passesCheck = true
      play(joining)
      gang.append(recruit)
      at = awake(after: at, shape.bustOutGap)
    }
    confirm(gang, after: at)
    return size + 1
  }
}
