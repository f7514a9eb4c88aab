import Foundation
import Ledger
import Model
import Program
import Replay
import Testing

@Suite struct `Rings of accounts` {
  static let edits = [
    (
      "signal ring = cycle",
      """
      link same = account -- account via [device] over lifetime
      signal cluster = component_size(same, of: referee)
      signal ring = cycle
      """
    )
  ]

  /// Who refers whom on which phone.
  private struct Invitation {
    var from: String
    var to: String
    var device: String?
    var reward: Int
  }

  private static func invitations(_ count: Int, seed: UInt64) -> [Invitation] {
    var random = SplitMix64(seed: seed)
    return (0..<count).map { _ in
      Invitation(
        from: "A\(random.below(40))", to: "A\(random.below(40))",
        device: random.once(in: 3) ? "D\(random.below(12))" : nil,
        reward: random.below(1_000))
    }
  }

  private static func lines(_ invitations: [Invitation]) -> [String] {
    invitations.enumerated().map { place, each in
      TestStream.referral(
        "r\(place)", minute: place, from: each.from, to: each.to, device: each.device,
        reward: "\(each.reward).00")
    }
  }

  /// Groups of accounts that lead back to each other, found from whole reachability.
  private static func groups(_ invitations: [Invitation]) -> Set<Set<String>> {
    var users: [String: Set<String>] = [:]
    var hubs: Set<String> = []
    var ways: [String: Set<String>] = [:]
    for each in invitations {
      ways[each.from, default: []].insert(each.to)
      guard let device = each.device, !hubs.contains(device) else { continue }
      users[device, default: []].insert(each.to)
      if users[device, default: []].count > 5 {
        hubs.insert(device)
        users[device] = nil
      }
    }
    for sharing in users.values {
      for user in sharing { ways[user, default: []].formUnion(sharing) }
    }
    func reachable(_ start: String) -> Set<String> {
      var reached: Set<String> = [start]
      var rest = [start]
      while let account = rest.popLast() {
        for next in ways[account, default: []] where reached.insert(next).inserted {
          rest.append(next)
        }
      }
      return reached
    }
    let accounts = Set(invitations.flatMap { [$0.from, $0.to] })
    let reach = Dictionary(uniqueKeysWithValues: accounts.map { ($0, reachable($0)) })
    let groups = accounts.map { account in
      Set(
        accounts.filter {
          reach[account, default: []].contains($0) && reach[$0, default: []].contains(account)
        })
    }
    return Set(groups.filter { $0.count >= 3 })
  }

  private static func scan(_ lines: [String]) throws -> [Ring] {
    let folder = try TemporaryFolder()
    let path = try folder.write("events", Array((lines.joined(separator: "\n") + "\n").utf8))
    var scan = try RingScan(program: try TestPackage.program(edits))
    try scan.add(try ByteFile.reading(path), latest: Timestamp(microseconds: .max)) {
      Issue.record("line \($0.number): \($0.error.detail)")
    }
    #expect(scan.events == lines.count)
    return scan.rings(least: 3)
  }

  @Test(arguments: [8, 25, 40, 60, 90].flatMap { count in (1...6).map { (count, UInt64($0)) } })
  func `are the accounts that lead back to themselves`(count: Int, seed: UInt64) throws {
    let invitations = Self.invitations(count, seed: seed)
    let rings = try Self.scan(Self.lines(invitations))
    let found = rings.map { Set($0.accounts.map(\.name.shown)) }
    #expect(Set(found) == Self.groups(invitations), "seed \(seed), \(count)")
    for (ring, members) in zip(rings, found) {
      let touching = invitations.filter { members.contains($0.from) || members.contains($0.to) }
      #expect(ring.decided.map(\.policy) == ["reward_grant"])
      let asked = touching.reduce(0) { $0 + $1.reward } * 100
      #expect(ring.decided.map(\.asked.amounts[0]).map(\.amount.units) == [Int64(asked)])
      #expect(ring.decided[0].outcomes.values.reduce(0) { $0 + $1.count } == touching.count)
      let inside = Set(
        invitations.filter { members.contains($0.from) && members.contains($0.to) }
          .map { "\($0.from) \($0.to)" })
      let drawn = ring.edges.map {
        "\(ring.accounts[$0.from].name.shown) \(ring.accounts[$0.to].name.shown)"
      }
      #expect(Set(drawn) == inside && drawn.count == inside.count)
      #expect(ring.isComplete)
    }
    let amounts = rings.map { $0.decided[0].asked.amounts[0].amount.units }
    #expect(amounts == amounts.sorted(by: >))
  }

  @Test func `are the same in a running service, by the names of its log`() throws {
    for seed: UInt64 in 1...3 {
      let lines = Self.lines(Self.invitations(70, seed: seed))
      let ledger = try TestLedger()
      _ = try ledger.score([Array(lines.prefix(30))], Self.edits)
      var scoring = try ledger.open(Self.edits)
      _ = try TestLedger.score(Array(lines.dropFirst(30)), &scoring)
      var live = scoring.rings(least: 3, most: 100)
      let program = try TestPackage.program(Self.edits)
      var names = try NameReader(directory: ledger.path, schema: program.schema)
      for place in live.indices { try names.name(&live[place]) }
      let offline = try Self.scan(lines)
      #expect(!offline.isEmpty)
      let expected = String(decoding: RingExport.json(offline), as: UTF8.self)
      #expect(String(decoding: RingExport.json(live), as: UTF8.self) == expected, "seed \(seed)")
    }
  }

  @Test func `of a log tell what was answered, whatever would be decided now`() throws {
    let lines = Self.lines(Self.invitations(70, seed: 4))
    let ledger = try TestLedger()
    let answers = try ledger.score([lines], Self.edits).map(\.text)
    func rings(_ edits: [(String, String)]) throws -> [Ring] {
      var scan = try RingScan(program: try TestPackage.program(edits))
      try scan.add(try DecisionLedger(directory: ledger.path)) { _ in }
      return scan.rings(least: 3)
    }
    // Rules that block whatever comes.
    let strict =
      Self.edits + [("block  at 80", "block  at 0"), ("otherwise grant", "otherwise hold")]
    let before = try rings(Self.edits)
    let after = try rings(strict)
    #expect(!before.isEmpty && answers.contains { !$0.contains(#""decision":"block""#) })
    #expect(
      String(decoding: RingExport.json(after), as: UTF8.self)
        == String(decoding: RingExport.json(before), as: UTF8.self))
  }

  @Test func `have a neighbourhood around each account`() throws {
    let lines = [
      TestStream.referral("1", minute: 1, from: "A", to: "B", device: "D"),
      TestStream.referral("2", minute: 2, from: "C", to: "E", device: "D"),
      TestStream.referral("3", minute: 3, from: "X", to: "A"),
      TestStream.referral("4", minute: 4, from: "E", to: "F"),
    ]
    let ledger = try TestLedger()
    var scoring = try ledger.open(Self.edits)
    _ = try TestLedger.score(lines, &scoring)
    let program = try TestPackage.program(Self.edits)
    var names = try NameReader(directory: ledger.path, schema: program.schema)
    func around(_ key: String, _ hops: Int, most: Int = 100) throws -> (Set<String>, Bool)? {
      guard
        var found = scoring.neighbourhood(entity: 0, key: key, hops: hops, most: most)
      else { return nil }
      try names.name(&found)
      return (Set(found.accounts.map(\.name.shown)), found.isComplete)
    }
    #expect(try around("B", 1)?.0 == ["B", "A", "E"])
    #expect(try around("B", 2)?.0 == ["B", "A", "E", "X", "C", "F"])
    #expect(try around("X", 1)?.0 == ["X", "A"])
    #expect(try around("nobody", 1) == nil)
    let cut = try #require(try around("B", 3, most: 2))
    #expect(cut.0.count == 2 && !cut.1)
  }

  @Test func `are written for programs with what cannot be read quoted`() throws {
    let rings = try Self.scan([
      TestStream.referral("1", minute: 1, from: "A", to: #"\"<&\\"#),
      TestStream.referral("2", minute: 2, from: #"\"<&\\"#, to: "C", device: "D"),
      TestStream.referral("3", minute: 3, from: "C", to: "A", device: "D"),
    ])
    #expect(rings.count == 1)
    let dot = String(decoding: RingExport.dot(rings), as: UTF8.self)
    #expect(dot.contains(#"[label="\"<&\\"]"#))
    #expect(dot.contains(#"[shape=box, label="device D"]"#))
    let graphML = String(decoding: RingExport.graphML(rings), as: UTF8.self)
    #expect(graphML.contains(#"<data key="name">"&lt;&amp;\</data>"#))
    let parser = XMLShape(graphML)
    #expect(parser.counts == ["node": 4, "edge": 5])
    let json = String(decoding: RingExport.json(rings), as: UTF8.self)
    let first = #"{"version":1,"rings":[{"entity":"account","name":"A","decided":[{"#
    let asked = #""policy":"reward_grant","decisions":3,"asked":[{"unit":"MXN","amount":750.00}],"#
    #expect(json.hasPrefix(first + asked + #""outcomes":{"grant":{"decisions":2,"#))
  }
}

/// Counts nodes and edges by their tags; quoting was looked at before.
private struct XMLShape {
  var counts: [String: Int] = [:]

  init(_ text: String) {
    for tag in ["node", "edge"] {
      counts[tag] = text.components(separatedBy: "<\(tag) ").count - 1
    }
  }
}
