import Model
import Program
import Testing
import Values

@testable import Engine

/// Events of many keys: accounts with an attribute each, then identifiers of every normaliser, and
/// the same once more in slots beyond the first 64.
private enum KeyPackage {
  static let normalizers = Normalizer.allCases
  static let accounts = [2, 70, 73]
  static let identifiers = normalizers.indices.flatMap { [5 + 2 * $0, 76 + $0] }.sorted()
  static let slotCount = 90

  /// The identifier of a slot.
  static func identifier(_ slot: Int) -> Int { slot < 70 ? (slot - 5) / 2 : slot - 76 }

  static let schema = Schema(
    enumerations: [],
    entities: [
      Entity(
        name: "account", keyName: "account_id", keyIsPersonal: false,
        attributes: [Attribute(name: "kyc", type: .int, isOptional: true, isPersonal: false)])
    ],
    identifiers: normalizers.map {
      Identifier(
        name: "\($0)_id", entity: 0, normalizer: $0, maxDegree: nil, retentionMicroseconds: nil)
    },
    events: [
      EventType(
        name: "visit",
        fields: [
          Field(name: "visit_id", type: .string, slot: 0),
          Field(name: "at", type: .timestamp, slot: 1),
        ]
          + (accounts + identifiers).sorted().map { slot in
            accounts.contains(slot)
              ? Field(
                name: "account\(slot)", type: .reference("account"), kind: .entity(0),
                isOptional: true, slot: slot)
              : Field(
                name: "id\(slot)", type: .reference("\(normalizers[identifier(slot)])_id"),
                kind: .identifier(identifier(slot)), isOptional: true, slot: slot)
          },
        idField: 0, timeField: 1, retentionMicroseconds: nil, lateMicroseconds: 0,
        slotCount: slotCount)
    ])

  static var program: RuleProgram {
    RuleProgram(
      schema: schema,
      catalog: DecisionCatalog(
        packageHash: "", eventNames: ["visit"], policies: [], rules: [], reasons: [], signals: [],
        enumerations: []),
      constants: Constants(),
      keySpaces: [.entity(0)] + normalizers.indices.map { .identifier($0) }, lists: [], links: [],
      signals: [], events: [EventProgram(registerCount: slotCount)])
  }
}

@Suite struct `Keys of a batch` {
  private func text(_ generator: inout SplitMix64) -> [UInt8] {
    let letters = Array("aB7 .+@-é\u{a0}\t".utf8)
    let length =
      switch generator.below(6) {
      case 0: generator.below(4)
      case 1: 14 + generator.below(5)
      case 2: 29 + generator.below(6)
      case 3: 52 + generator.below(7)
      default: generator.below(80)
      }
    let isPlain = generator.once(in: 2)
    let few = generator.below(3)
    return (0..<length).map { _ in
      isPlain ? UInt8(0x61 + few) : letters[generator.below(letters.count)]
    }
  }

  private func normal(_ text: [UInt8], _ slot: Int) -> [UInt8] {
    if KeyPackage.accounts.contains(slot) { return text }
    var output: [UInt8] = []
    _ = TextNormalizer.append(
      text.span, normalizedBy: KeyPackage.normalizers[KeyPackage.identifier(slot)], to: &output)
    return output
  }

  @Test(arguments: [1, 5, 16])
  func `are numbered in order of first sight, whatever their texts are like`(
    _ size: Int
  ) throws {
    let seed: UInt64 = 20_261_128
    var generator = SplitMix64(seed: seed)
    var engine = try ScoringEngine(program: KeyPackage.program)
    var batch = EventBatch(capacity: size)
    let slots = (KeyPackage.accounts + KeyPackage.identifiers).sorted()
    var oracle: [[[UInt8]: UInt32]] = Array(repeating: [:], count: engine.program.keySpaces.count)
    var mistakes = 0
    for round in 0..<1_600 / size {
      batch.count = size
      var expected: [[UInt32]] = []
      for index in 0..<size {
        batch.events[index].reset(type: 0, slotCount: KeyPackage.slotCount)
        batch.events[index].sequence = UInt64(round * size + index + 1)
        var numbers: [UInt32] = []
        for slot in slots {
          let given = text(&generator)
          let isAccount = KeyPackage.accounts.contains(slot)
          let key = normal(given, slot)
          if generator.once(in: 3) || key.isEmpty && generator.once(in: 2) {
            numbers.append(0)
            continue
          }
          batch.events[index].set(slot, utf8: given)
          if key.isEmpty && !isAccount {
            numbers.append(0)
            continue
          }
          let space = isAccount ? 0 : 1 + KeyPackage.identifier(slot)
          let number = oracle[space][key] ?? UInt32(oracle[space].count + 1)
          oracle[space][key] = number
          numbers.append(number)
        }
        expected.append(numbers)
      }
      engine.apply(&batch)
      for index in 0..<size {
        let found = slots.map { engine.keys.number(slot: $0, lane: index) }
        if found != expected[index] { mistakes += 1 }
      }
    }
    #expect(mistakes == 0, "seed \(seed)")
    #expect(oracle.allSatisfy { $0.count > 5 })
  }

  @Test func `are numbered right where the tags of two are equal`() throws {
    // So many keys that the tags of two are the same.
    var names: [UInt32: Int] = [:]
    var pair: (Int, Int)?
    for name in 0..<1_000_000 {
      let key = KeyHasher.key(of: Array("a\(name)".utf8).span, .published)
      if let other = names.updateValue(name, forKey: UInt32(key.high >> 32)) {
        pair = (other, name)
        break
      }
    }
    let (first, second) = try #require(pair)
    var engine = try ScoringEngine(
      program: KeyPackage.program, options: EngineOptions(hashSecret: .published))
    var batch = EventBatch(capacity: 4)
    var found: [[UInt32]] = []
    for names in [[first], [second, first, second, 0], [0, first, -1, second]] {
      batch.count = names.count
      for (index, name) in names.enumerated() {
        batch.events[index].reset(type: 0, slotCount: KeyPackage.slotCount)
        batch.events[index].set(2, utf8: Array("a\(name)".utf8))
      }
      engine.apply(&batch)
      found.append(names.indices.map { engine.keys.number(slot: 2, lane: $0) })
    }
    #expect(found == [[1], [2, 1, 2, 3], [3, 1, 4, 2]])
  }
}
