import FraudWorld
import Foundation
import Testing
import Values

/// A world as text.
struct WorldText {
  var events: [Substring]
  var truth: [Substring]
  var bytes: [UInt8] = []

  init(seed: UInt64, accounts: Int = 900, kind: WorldKind = .usual) {
    var generator = WorldGenerator(WorldSettings(seed: seed, accounts: accounts, kind: kind))
    let isComplete = generator.run { _ in true }
    precondition(isComplete)
    var all: [UInt8] = []
    generator.writeEvents { all += $0 }
    bytes = all
    events = String(decoding: all, as: UTF8.self).split(separator: "\n")
    truth = String(decoding: generator.truth, as: UTF8.self).split(separator: "\n")
  }

  /// The values of a text member, of lines of one kind of event if one is given.
  static func values(_ name: String, in lines: [Substring], of event: String? = nil) -> [String] {
    lines.compactMap { line in
      if let event, !line.hasPrefix("{\"event\":\"\(event)\"") { return nil }
      guard let start = line.range(of: "\"\(name)\":\"")?.upperBound else { return nil }
      return String(line[start...].prefix { $0 != "\"" })
    }
  }
}

@Suite struct `A made-up world` {
  @Test(arguments: WorldKind.allCases)
  func `is the same for the same seed, and another for another`(kind: WorldKind) {
    let first = WorldText(seed: 3, kind: kind)
    let second = WorldText(seed: 3, kind: kind)
    #expect(first.bytes == second.bytes)
    #expect(first.truth == second.truth)
    #expect(WorldText(seed: 4, kind: kind).bytes != first.bytes)
  }

  @Test func `differs from the shifted one`() {
    #expect(WorldText(seed: 3).bytes != WorldText(seed: 3, kind: .shifted).bytes)
  }

  @Test func `has about as many accounts as it was asked for`() {
    for accounts in [2_000, 5_000] {
      let opened = WorldText.values(
        "opening_id", in: WorldText(seed: 8, accounts: accounts).events, of: "account_opened")
      #expect(abs(Set(opened).count - accounts) < accounts / 5)
    }
  }

  @Test func `gives people keys, bank accounts and numbers with right check digits`() {
    let world = WorldText(seed: 5)
    let honest = Set(
      world.truth.filter { $0.contains("\"honest\":true") && $0.contains("account_truth") }
        .flatMap { WorldText.values("account", in: [$0]) })
    let checks = world.events.filter { line in
      line.hasPrefix("{\"event\":\"kyc_result\"")
        && honest.contains(WorldText.values("who", in: [line])[0])
    }
    let curps = WorldText.values("national_id", in: checks)
    let rfcs = WorldText.values("rfc", in: checks)
    #expect(curps.count > 300 && rfcs.count == curps.count)
    #expect(curps.filter { !CheckDigits.isCurpValid(Array($0.utf8).span) } == [])
    #expect(rfcs.filter { !CheckDigits.isRfcValid(Array($0.utf8).span) } == [])
    let payouts = WorldText.values("payout", in: world.events)
    #expect(payouts.count > 300)
    #expect(payouts.filter { !CheckDigits.isClabeValid(Array($0.utf8).span) } == [])
    let phones = WorldText.values("phone", in: world.events)
    #expect(phones.filter { $0.count != 10 || !$0.allSatisfy(\.isNumber) } == [])
  }

  @Test func `tells the truth of every account and every reward`() {
    let world = WorldText(seed: 6)
    let opened = Set(
      world.events.filter { $0.hasPrefix("{\"event\":\"account_opened\"") }
        .flatMap { WorldText.values("account_id", in: [$0]) })
    let known = Set(WorldText.values("account", in: world.truth, of: "account_truth"))
    #expect(opened == known)
    for (event, id) in [("reward_requested", "request_id"), ("referral", "referral_id")] {
      let asked = Set(WorldText.values(id, in: world.events, of: event))
      let told = Set(
        world.truth.filter { $0.contains("\"of\":\"\(event)\"") }
          .flatMap { WorldText.values("id", in: [$0]) })
      #expect(asked == told && asked.count > 200, "\(event)")
    }
  }

  @Test(arguments: WorldKind.allCases)
  func `has every story`(kind: WorldKind) {
    let world = WorldText(seed: 7, accounts: 3_000, kind: kind)
    let told = Set(WorldText.values("story", in: world.truth))
    #expect(told == Set(Story.allCases.map(\.rawValue)))
    for story in Story.allCases where story != .returner && story != .leakedCode {
      let lines = world.truth.filter {
        $0.contains("account_truth") && $0.contains("\"story\":\"\(story.rawValue)\"")
      }
      #expect(lines.allSatisfy { $0.contains("\"honest\":\(story.isHonest)") }, "\(story)")
    }
  }

  @Test func `sends events in the order they arrive, a few of them late`() {
    let world = WorldText(seed: 9, accounts: 2_000)
    let times = WorldText.values("at", in: world.events)
    #expect(times.count == world.events.count)
    let backwards = zip(times, times.dropFirst()).count { $0 > $1 }
    #expect(backwards > 0 && backwards < times.count / 10)
    #expect(Set(world.events).count < world.events.count, "some are sent again")
  }

  @Test func `stops when it is told to`() {
    var generator = WorldGenerator(WorldSettings(seed: 1, accounts: 5_000))
    var calls = 0
    let isComplete = generator.run { _ in
      calls += 1
      return calls < 20
    }
    #expect(!isComplete && calls == 20)
  }
}
