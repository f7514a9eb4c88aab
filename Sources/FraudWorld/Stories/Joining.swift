/// What becomes of a first loan.
enum LoanPlan: Sendable {
  case none
  case paidInTime
  case paidSameDay
  case paidLate
  case neverPaid
}

/// One person who joins because another one invited, and what follows from it.
struct Joining: Sendable {
  var referrer: Person
  var referee: Person
  var at: Int64
  var group: StoryGroup
  /// Whether the reward is due.
  var isDue: Bool
  /// Whether the person who joins is honest.
  var isHonest: Bool
  /// Where the link was clicked, when not in a message of the referrer.
  var source: String?
  /// From the click to the finished form.
  var formTime: Int64
  var channel = "app"
  var rewardCents = 25_000
  var program = "invita"
  var loan = LoanPlan.paidInTime
  var loanCents = 0
  /// From the opened account to the application for a loan.
  var loanWait: Int64
  /// From the money of the loan to the request of the reward.
  var requestWait: Int64
  /// Whether the check of the identity comes out well.
  var passesCheck = true
  /// Whether the account is there already and only says that it was invited.
  var isKnown = false
}

extension World {
  /// An honest way of joining; the story changes what is different.
  mutating func joining(
    _ referee: Person, invitedBy referrer: Person, at time: Int64, _ group: StoryGroup
  ) -> Joining {
    var joining = Joining(
      referrer: referrer, referee: referee, at: time, group: group,
      isDue: group.story.isHonest, isHonest: group.story.isHonest,
      formTime: 50 * WorldTime.second + random.soon(0...2 * WorldTime.hour),
      loanWait: 20 * WorldTime.minute + random.soon(0...12 * WorldTime.day),
      requestWait: random.between(WorldTime.hour...36 * WorldTime.hour))
    joining.loanCents =
      random.chance(shape.smallestLoans) ? 150_000 : random.between(15...150) * 10_000
    if random.chance(120) {
      joining.program = "regreso"
      joining.rewardCents = 40_000
    }
    if random.chance(150) { joining.channel = "web" }
    joining.passesCheck = !random.chance(25)
    joining.loan =
      random.chance(120)
      ? .none
      : random.chance(shape.lostLoans)
        ? .neverPaid
        : random.chance(shape.lateLoans) ? .paidLate : random.chance(8) ? .paidSameDay : .paidInTime
    return joining
  }

  /// A way of joining for those who are only after the reward: the smallest loan, paid back at
  /// once or never.
  mutating func quickJoining(
    _ referee: Person, invitedBy referrer: Person, at time: Int64, _ group: StoryGroup
  ) -> Joining {
    var joining = joining(referee, invitedBy: referrer, at: time, group)
    joining.formTime =
      random.chance(450)
      ? random.between(2 * WorldTime.second...9 * WorldTime.second)
      : random.between(20 * WorldTime.second...6 * WorldTime.minute)
    joining.loanCents = 150_000
    joining.loanWait = random.between(8 * WorldTime.minute...2 * WorldTime.day)
    joining.requestWait = random.between(5 * WorldTime.minute...8 * WorldTime.hour)
    joining.loan = random.chance(450) ? .paidSameDay : .neverPaid
    joining.passesCheck = !random.chance(60)
    joining.channel = "app"
    return joining
  }

  /// Sends everything that follows from one invitation.
  mutating func play(_ joining: Joining) {
    let joined = joining.at
    let clicked = joined - joining.formTime
    click(joining.referrer.code, from: joining.referee.network, joining.source, at: clicked)
    if !joining.isKnown {
      open(joining.referee, at: joined, channel: joining.channel)
      tell(of: joining.referee, joining.group, isHonest: joining.isHonest, at: joined)
    }
    refer(joining)
    if !joining.isKnown { verify(joining.referee, at: joined, passes: joining.passesCheck) }
    guard joining.loan != .none, joining.passesCheck else { return }
    borrow(joining)
  }

  private mutating func refer(_ joining: Joining) {
    let at = joining.at + random.between(WorldTime.second...20 * WorldTime.second)
    let id = stream.id("r")
    let referee = joining.referee
    var event = EventText("referral", "referral_id", id, at: at)
    event.add("program", joining.program)
    event.add("code", joining.referrer.code)
    event.addAccount("referrer", joining.referrer, at: joining.referrer.opened)
    event.add("referee", referee.account)
    addTraces(of: joining, to: &event)
    event.add("reward", cents: joining.rewardCents)
    stream.send(event, at: at, fromPhone: true)
    tell(decision: id, of: "referral", joining, at: at)
  }

  private mutating func addTraces(of joining: Joining, to event: inout EventText) {
    let referee = joining.referee
    event.add("device", random.chance(40) ? nil : referee.device)
    event.add("device_attested", referee.deviceIsAttested ? nil : false)
    event.add("phone", referee.phone)
    event.add("phone_line", referee.phoneLine.rawValue)
    event.add("ported_days", referee.portedDays)
    event.add("email", random.chance(60) ? nil : referee.email)
    event.add("ip_subnet", random.chance(20) ? nil : referee.network)
    event.add("channel", joining.channel)
    event.add("source", joining.source)
    event.add("form_time", "\(joining.formTime / 1_000)ms")
  }

  private mutating func borrow(_ joining: Joining) {
    let borrower = joining.referee
    let loan = stream.id("l")
    let applied = awake(after: joining.at, joining.loanWait...joining.loanWait)
    var event = EventText("loan_applied", "application_id", stream.id("a"), at: applied)
    event.add("borrower", borrower.account)
    event.add("loan", loan)
    event.add("device", borrower.device)
    event.add("amount", cents: joining.loanCents)
    stream.send(event, at: applied, fromPhone: true)
    let disbursed = applied + random.between(5 * WorldTime.minute...5 * WorldTime.hour)
    var paidOut = loanEvent("loan_disbursed", "disbursement_id", "g", joining, loan, at: disbursed)
    paidOut.add("payout", borrower.payout)
    paidOut.add("amount", cents: joining.loanCents)
    stream.send(paidOut, at: disbursed)
    let request = request(joining, after: disbursed)
    repay(joining, loan, disbursed: disbursed, request: request)
  }

  private mutating func request(_ joining: Joining, after disbursed: Int64) -> String {
    let referee = joining.referee
    let at = disbursed + joining.requestWait
    let id = stream.id("q")
    var event = EventText("reward_requested", "request_id", id, at: at)
    event.add("program", joining.program)
    event.add("code", joining.referrer.code)
    event.add("referrer", joining.referrer.account)
    event.add("referee", referee.account)
    event.add("device", random.chance(40) ? nil : referee.device)
    event.add("phone", referee.phone)
    event.add("email", random.chance(60) ? nil : referee.email)
    event.add("address", referee.address)
    event.add("national_id", referee.curp)
    event.add("loan_payout", referee.payout)
    event.add("payout", joining.referrer.payout)
    event.add("ip_subnet", random.chance(20) ? nil : referee.network)
    event.add("joined_at", at: joining.at)
    event.add("disbursed_at", at: disbursed)
    event.add("reward", cents: joining.rewardCents)
    event.add("loan_amount", cents: joining.loanCents)
    stream.send(event, at: at)
    tell(decision: id, of: "reward_requested", joining, at: at)
    return id
  }

  private mutating func repay(
    _ joining: Joining, _ loan: String, disbursed: Int64, request: String
  ) {
    let due = disbursed + (random.chance(600) ? 15 : 30) * WorldTime.day
    switch joining.loan {
    case .none: return
    case .paidSameDay:
      pay(joining, loan, at: disbursed + random.between(WorldTime.hour...20 * WorldTime.hour))
    case .paidInTime:
      pay(joining, loan, at: due - random.between(WorldTime.hour...3 * WorldTime.day))
    case .paidLate:
      warn(joining, loan, at: due + 3 * WorldTime.day, daysLate: 3, request: request)
      pay(joining, loan, at: due + random.between(4 * WorldTime.day...20 * WorldTime.day))
    case .neverPaid:
      for days in [3, 30] {
        warn(joining, loan, at: due + Int64(days) * WorldTime.day, daysLate: days, request: request)
      }
      let lost = due + 60 * WorldTime.day
      var event = loanEvent("loan_defaulted", "default_id", "x", joining, loan, at: lost)
      event.add("amount", cents: joining.loanCents)
      stream.send(event, at: lost)
    }
  }

  private mutating func pay(_ joining: Joining, _ loan: String, at time: Int64) {
    var event = loanEvent("loan_paid", "payment_id", "p", joining, loan, at: time)
    event.add("amount", cents: joining.loanCents + joining.loanCents / 10)
    event.add("settles", true)
    stream.send(event, at: time)
  }

  private mutating func warn(
    _ joining: Joining, _ loan: String, at time: Int64, daysLate: Int, request: String
  ) {
    let at = time + random.between(0...6 * WorldTime.hour)
    var event = loanEvent("loan_late", "notice_id", "n", joining, loan, at: at)
    let id = stream.lastId
    event.add("days_late", daysLate)
    event.add("reward", cents: joining.rewardCents)
    event.add("amount", cents: joining.loanCents)
    stream.send(event, at: at)
    tell(decision: id, of: "loan_late", joining, at: at, reclaims: request)
  }

  private mutating func loanEvent(
    _ name: String, _ idName: String, _ prefix: String, _ joining: Joining, _ loan: String,
    at time: Int64
  ) -> EventText {
    var event = EventText(name, idName, stream.id(prefix), at: time)
    event.add("program", joining.program)
    event.add("borrower", joining.referee.account)
    event.add("referrer", joining.referrer.account)
    event.add("loan", loan)
    return event
  }
}
