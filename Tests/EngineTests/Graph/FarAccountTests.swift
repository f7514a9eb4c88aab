import Model
import Program
import Testing

@testable import Engine

@Suite struct `An account that was found to be far from all labels`: ~Copyable {
  private var people = Neighbourhood()

  @Test mutating func `is far no more when a neighbour gets a label`() {
    people.use(.phone, 1, by: 1)
    people.use(.phone, 1, by: 2)
    people.label(2)
    people.use(.device, 1, by: 1)
    people.use(.device, 1, by: 3)
    people.expectHops(of: 3, 2)
  }

  @Test mutating func `is far no more when it gets a label`() {
    people.use(.voucher, 1, by: 1)
    people.label(1)
    people.use(.device, 1, by: 1)
    people.use(.device, 1, by: 3)
    people.expectHops(of: 3, 1)
  }

  @Test mutating func `is far no more when a labelled one becomes a neighbour`() {
    people.label(2)
    people.use(.phone, 1, by: 1)
    people.use(.phone, 1, by: 2)
    people.use(.device, 1, by: 1)
    people.use(.device, 1, by: 3)
    people.expectHops(of: 3, 2)
  }

  @Test mutating func `is far again when the label is taken away, until it is given again`() {
    people.use(.phone, 1, by: 1)
    people.use(.phone, 1, by: 2)
    people.label(2)
    people.label(2, isRemoved: true)
    people.use(.device, 1, by: 1)
    people.expectHops(of: 1, Neighbourhood.none)
    people.label(2)
    people.use(.card, 1, by: 1)
    people.use(.card, 1, by: 3)
    people.expectHops(of: 3, 2)
  }

  @Test mutating func `is far again when the labelled one is erased, until another comes`() {
    people.label(4)
    people.label(2)
    people.use(.phone, 1, by: 1)
    people.use(.phone, 1, by: 2)
    people.erase(2)
    people.use(.device, 1, by: 1)
    people.expectHops(of: 1, Neighbourhood.none)
    people.use(.phone, 1, by: 4)
    people.use(.card, 1, by: 1)
    people.use(.card, 1, by: 3)
    people.expectHops(of: 3, 2)
  }

  @Test mutating func `is far no more when it is erased and comes next to a label`() {
    people.label(2)
    people.use(.phone, 1, by: 2)
    people.use(.device, 1, by: 1)
    people.erase(1)
    people.use(.phone, 1, by: 1)
    people.use(.device, 2, by: 1)
    people.use(.device, 2, by: 3)
    people.expectHops(of: 3, 2)
  }

  @Test mutating func `is far again when a hub comes apart, until they share another value`() {
    people.label(2)
    for account: UInt32 in 1...4 { people.use(.phone, 1, by: account) }
    people.use(.device, 1, by: 1)
    people.expectHops(of: 1, Neighbourhood.none)
    people.use(.device, 1, by: 2)
    people.use(.card, 1, by: 1)
    people.use(.card, 1, by: 3)
    people.expectHops(of: 3, 2)
  }

  @Test mutating func `is far again when a hub comes apart, until the hub is forgotten`() {
    people.label(2)
    for account: UInt32 in 1...4 { people.use(.address, 1, by: account) }
    people.use(.device, 1, by: 1)
    people.expectHops(of: 1, Neighbourhood.none)
    people.letPass(Neighbourhood.retention + 1)
    people.use(.address, 1, by: 2)
    people.use(.address, 1, by: 1)
    people.use(.card, 1, by: 1)
    people.use(.card, 1, by: 3)
    people.expectHops(of: 3, 2)
  }

  @Test mutating func `does not speak for one of another entity that gets a label`() {
    people.use(.phone, 1, by: 1)
    people.label(1, entity: 1)
    people.use(.domain, 1, by: 1)
    people.use(.domain, 1, by: 2)
    people.expectHops(of: 2, entity: 1, 1)
  }

  @Test mutating func `does not speak for one of another entity that comes next to a label`() {
    people.label(2, entity: 1)
    people.use(.domain, 1, by: 1)
    people.use(.phone, 1, by: 1)
    people.use(.domain, 1, by: 2)
    people.use(.bank, 1, by: 1)
    people.use(.bank, 1, by: 3)
    people.expectHops(of: 3, entity: 1, 2)
  }

  @Test(arguments: [UInt64(611), 612, 613])
  mutating func `is far as long as no walk finds a label`(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var account: UInt32 = 1
    var entity = 0
    for step in 0..<1_500 {
      // The next one is often the last one or one of the same number.
      if random.once(in: 2) { account = UInt32(random.below(8) + 1) }
      if random.once(in: 4) { entity = random.below(2) }
      people.letPass(Int64(random.below(20)))
      switch random.below(10) {
      case 0: people.erase(account, entity: entity)
      case 1, 2: people.label(account, entity: entity, isRemoved: random.once(in: 3))
      default:
        let identifiers = Neighbourhood.Value.allCases.filter { $0.entity == entity }
        // Values that nobody has used yet come up as often as others.
        let value = UInt32(step / 4 + random.below(4) + 1)
        let first = identifiers[random.below(identifiers.count)]
        // An event may name several, the same twice or none of one.
        let others = (0..<random.below(5)).map { _ in
          (identifiers[random.below(identifiers.count)], UInt32(random.below(step / 4 + 5)))
        }
        people.use([(first, value)] + others, by: account)
      }
      people.expectHopsOfAll("seed \(seed) step \(step)")
    }
    #expect(people.answers == [0, 1, 2, 3, Neighbourhood.none], "seed \(seed)")
  }
}

/// Accounts of two entities, their values and labels, in a graph and as sets that are walked anew.
private struct Neighbourhood: ~Copyable {
  /// Identifiers, in the order of the schema.
  enum Value: Int, CaseIterable {
    case phone, device, card, address
    /// Of a link over which no label is looked for.
    case voucher
    case domain, bank

    var entity: Int { self == .domain || self == .bank ? 1 : 0 }
  }

  /// Microseconds an address that is a hub is remembered.
  static let retention: Int64 = 100
  private static let maxHops = 3
  /// Hops where no label is found.
  static let none = maxHops + 1
  private static let accounts: ClosedRange<UInt32> = 1...8

  private var graph: AccountGraph
  private var plain: PlainGraph
  private(set) var answers: Set<Int> = []

  init() {
    let identifiers = Value.allCases.map {
      Identifier(
        name: "\($0)", entity: $0.entity, normalizer: .none, maxDegree: 3,
        retentionMicroseconds: $0 == .address ? Self.retention : nil)
    }
    var links = [
      GraphFixture.sharing([0, 1, 2, 3]), GraphFixture.sharing([5, 6]), GraphFixture.sharing([4]),
    ]
    links[1].entity = 1
    graph = AccountGraph(
      schema: Schema(
        entities: ["person", "shop"].map {
          Entity(name: $0, keyName: "id", keyIsPersonal: false, attributes: [])
        }, identifiers: identifiers), links: links,
      questions: (0...1).flatMap { link in
        (0...Self.maxHops).map { .hopsTo(link: link, label: 0, maxHops: $0) }
      }, labels: 1)
    plain = PlainGraph(
      links: links, maxDegrees: identifiers.map(\.maxDegree),
      retentions: identifiers.map(\.retentionMicroseconds),
      useWindows: identifiers.map { _ in nil })
    plain.clock = 0
  }

  /// The sets know no entities, so those of the second have other numbers there.
  private func plainNumber(_ account: UInt32, _ entity: Int) -> UInt32 {
    account + UInt32(entity) * 1_000
  }

  mutating func letPass(_ microseconds: Int64) { plain.clock += microseconds }

  mutating func use(_ identifier: Value, _ value: UInt32, by account: UInt32) {
    use([(identifier, value)], by: account)
  }

  /// Uses values of one event, of which 0 is none.
  mutating func use(_ values: [(identifier: Value, number: UInt32)], by account: UInt32) {
    let clock = plain.clock
    let uses = values.indices.map {
      IdentifierUse(
        identifier: values[$0].identifier.rawValue, slot: $0, ownerSlot: values.count)
    }
    let numbers = values.map(\.number) + [account]
    graph.use(uses.span, of: account, numbers.span, time: clock, clock: clock)
    for value in values where value.number != 0 {
      plain.use(
        value.identifier.rawValue, value.number, plainNumber(account, value.identifier.entity),
        time: clock)
    }
  }

  mutating func label(_ account: UInt32, entity: Int = 0, isRemoved: Bool = false) {
    graph.setLabel(
      entity: entity, account: account, label: 0, isRemoved: isRemoved, time: plain.clock)
    plain.setLabel(plainNumber(account, entity), 0, isRemoved: isRemoved, time: plain.clock)
  }

  mutating func erase(_ account: UInt32, entity: Int = 0) {
    graph.erase(entity: entity, account: account, clock: plain.clock)
    plain.erase(plainNumber(account, entity))
  }

  /// Expects an account to be so far from a label, and all to be as far as a walk finds them.
  mutating func expectHops(of account: UInt32, entity: Int = 0, _ hops: Int) {
    let found = graph.answer(
      .hopsTo(link: entity, label: 0, maxHops: Self.maxHops), account, 0, clock: plain.clock,
      edge: nil, budget: .max)
    #expect(found == .exactly(hops), "account \(account)")
    expectHopsOfAll("after account \(account)")
  }

  mutating func expectHopsOfAll(_ moment: String) {
    for entity in 0...1 {
      let neighbours = plain.neighbours(entity)
      for account in Self.accounts {
        for maxHops in 0...Self.maxHops {
          let hops = plain.hopsTo(
            neighbours, plainNumber(account, entity), label: 0, maxHops: maxHops)
          let found = graph.answer(
            .hopsTo(link: entity, label: 0, maxHops: maxHops), account, 0, clock: plain.clock,
            edge: nil, budget: .max)
          if maxHops == Self.maxHops { answers.insert(hops) }
          if found != .exactly(hops) {
            Issue.record("\(moment): \(account) of \(entity) is \(found), not \(hops) away")
          }
        }
      }
    }
  }
}
