/// What anybody does: opens an account, signs in, proves who it is, closes it again.
extension World {
  /// Somebody joins without an invitation, and borrows and signs in like everybody.
  mutating func openUninvited(_ person: Person, at time: Int64, _ group: StoryGroup) {
    open(person, at: time, channel: random.chance(150) ? "web" : "app")
    tell(of: person, group, isHonest: group.story.isHonest, at: time)
    verify(person, at: time, passes: true)
    for _ in 0..<1 + random.below(3) {
      login(person, at: awake(after: time, WorldTime.day...60 * WorldTime.day))
    }
  }

  mutating func open(_ person: Person, at time: Int64, channel: String) {
    var event = EventText("account_opened", "opening_id", stream.id("o"), at: time)
    event.addAccount("who", person, at: time)
    event.add("device", person.device)
    event.add("phone", person.phone)
    event.add("email", person.email)
    event.add("address", person.address)
    event.add("ip_subnet", person.network)
    event.add("channel", channel)
    stream.send(event, at: time, fromPhone: true)
  }

  /// Identity and bank account.
  mutating func verify(_ person: Person, at time: Int64, passes: Bool) {
    let checked = time + random.between(2 * WorldTime.minute...6 * WorldTime.minute)
    var event = EventText("kyc_result", "kyc_id", stream.id("k"), at: checked)
    event.add("who", person.account)
    event.add("national_id", person.curp)
    event.add("rfc", person.rfc)
    event.add("passed", passes)
    stream.send(event, at: checked)
    guard passes else { return }
    let linked = checked + random.between(WorldTime.second...90 * WorldTime.second)
    var link = EventText("payout_linked", "linking_id", stream.id("b"), at: linked)
    link.add("who", person.account)
    link.add("payout", person.payout)
    stream.send(link, at: linked)
  }

  mutating func login(_ person: Person, at time: Int64) {
    var event = EventText("login", "login_id", stream.id("i"), at: time)
    event.add("who", person.account)
    event.add("device", person.device)
    event.add("ip_subnet", person.network)
    stream.send(event, at: time, fromPhone: true)
  }

  mutating func share(_ person: Person, contacts: Int, at time: Int64) {
    var event = EventText("code_shared", "share_id", stream.id("s"), at: time)
    event.add("who", person.account)
    event.add("code", person.code)
    event.add("contacts", contacts)
    stream.send(event, at: time, fromPhone: true)
  }

  mutating func click(_ code: String, from network: String, _ source: String?, at time: Int64) {
    var event = EventText("click", "click_id", stream.id("c"), at: time)
    event.add("code", code)
    event.add("ip_subnet", network)
    event.add("source", source)
    stream.send(event, at: time)
  }

  mutating func close(_ person: Person, at time: Int64) {
    var event = EventText("account_closed", "closing_id", stream.id("z"), at: time)
    event.add("who", person.account)
    event.add("national_id", person.curp)
    event.add("phone", person.phone)
    stream.send(event, at: time)
  }

  /// A new phone or address.
  mutating func update(_ person: Person, at time: Int64) {
    var event = EventText("account_updated", "update_id", stream.id("u"), at: time)
    event.add("who", person.account)
    event.add("device", person.device)
    event.add("phone", person.phone)
    event.add("address", person.address)
    stream.send(event, at: time)
  }

  mutating func label(_ person: Person, _ label: String, at time: Int64) {
    var event = EventText("label", "label_id", stream.id("t"), at: time)
    event.add("entity", "account")
    event.add("key", person.account)
    event.add("label", label)
    stream.send(event, at: time)
  }

  /// Somebody finds out, in part of the cases and after weeks; some of a group get the label.
  mutating func confirm(_ group: [Person], after time: Int64) {
    guard random.chance(shape.confirmed) else { return }
    let found = time + random.between(15 * WorldTime.day...45 * WorldTime.day)
    for person in group where random.chance(600) {
      label(person, "confirmed_fraud", at: found + random.between(0...WorldTime.day))
    }
  }

  // MARK: The truth

  mutating func tell(of person: Person, _ group: StoryGroup, isHonest: Bool, at time: Int64) {
    var truth = EventText("account_truth", "account", person.account, at: time)
    truth.add("honest", isHonest)
    truth.add("story", group.story.rawValue)
    truth.add("group", group.name)
    stream.tell(truth)
  }

  mutating func tell(
    decision id: String, of event: String, _ joining: Joining, at time: Int64,
    reclaims: String? = nil
  ) {
    var truth = EventText("decision_truth", "id", id, at: time)
    truth.add("of", event)
    truth.add("account", joining.referrer.account)
    truth.add("honest", joining.isDue)
    truth.add("story", joining.group.story.rawValue)
    truth.add("group", joining.group.name)
    truth.add("amount", cents: joining.rewardCents)
    truth.add("reclaims", reclaims)
    stream.tell(truth)
  }
}
