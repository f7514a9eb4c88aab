import Model
import Program

@testable import Engine

/// A small package written by hand, as the compiler would make it: referrals that a policy governs
/// and logins that are only counted.
enum ReferralPackage {
  static let second: Int64 = 1_000_000
  static let hour: Int64 = 3_600 * second
  static let day: Int64 = 24 * hour
  static let late: Int64 = hour

  /// Slots of a referral. An account takes four: its key, kyc, city and vip.
  enum Slot {
    static let (id, at, referrer, referee, device, reward, channel, note) = (
      0, 1, 2, 6, 10, 11, 12, 13
    )
    static let count = 14
  }

  /// Slots of a login.
  enum LoginSlot {
    static let (id, at, who, device) = (0, 1, 2, 6)
    static let count = 7
  }

  static let channels = ["app", "web", "branch"]

  static let schema = Schema(
    enumerations: [Enumeration(name: "channel_kind", cases: channels)],
    entities: [
      Entity(
        name: "account", keyName: "account_id", keyIsPersonal: false,
        attributes: [
          Attribute(name: "kyc", type: .int, isOptional: true, isPersonal: false),
          Attribute(name: "city", type: .string, isOptional: true, isPersonal: false),
          Attribute(name: "vip", type: .bool, isOptional: true, isPersonal: false),
        ])
    ],
    identifiers: [
      Identifier(
        name: "device", entity: 0, normalizer: .trim, maxDegree: nil, retentionMicroseconds: nil)
    ],
    events: [
      EventType(
        name: "referral",
        fields: [
          Field(name: "referral_id", type: .string, slot: Slot.id),
          Field(name: "at", type: .timestamp, slot: Slot.at),
          Field(
            name: "referrer", type: .reference("account"), kind: .entity(0), isOptional: true,
            slot: Slot.referrer),
          Field(
            name: "referee", type: .reference("account"), kind: .entity(0), isOptional: true,
            slot: Slot.referee),
          Field(
            name: "device", type: .reference("device"), kind: .identifier(0), isOptional: true,
            owners: [3], slot: Slot.device),
          Field(name: "reward", type: .decimal(scale: 2, unit: "MXN"), slot: Slot.reward),
          Field(name: "channel", type: .enumeration("channel_kind"), slot: Slot.channel),
          Field(name: "note", type: .string, isOptional: true, slot: Slot.note),
        ], idField: 0, timeField: 1, retentionMicroseconds: nil, lateMicroseconds: late,
        slotCount: Slot.count),
      EventType(
        name: "login",
        fields: [
          Field(name: "login_id", type: .string, slot: LoginSlot.id),
          Field(name: "at", type: .timestamp, slot: LoginSlot.at),
          Field(name: "who", type: .reference("account"), kind: .entity(0), slot: LoginSlot.who),
          Field(
            name: "device", type: .reference("device"), kind: .identifier(0), isOptional: true,
            owners: [2], slot: LoginSlot.device),
        ], idField: 0, timeField: 1, retentionMicroseconds: nil, lateMicroseconds: late,
        slotCount: LoginSlot.count),
    ])

  /// Lists by position.
  enum List {
    static let (byReferrer, filtered, loginsByDevice, byReferrerAndChannel, byNote) = (
      0, 1, 2, 3, 4
    )
    static let (byAnyone, byCity) = (5, 6)
  }

  /// Signals by position.
  enum Signal: Int, CaseIterable {
    case count1h, sum1d, distinctDevices1d, sumBefore1h, filteredCount1d, filteredSum1h
    case accountsOnDevice1d, byChannel1d, byNote1d, countOfReferee1h, component, cycle
    case countOfAnyone1h, anyoneIsReferee1d, byCity1d
  }

  static let sources: [SignalSource] = [
    .window(list: List.byReferrer, window: 0, aggregate: .count, excludingCurrent: false),
    .window(list: List.byReferrer, window: 1, aggregate: .sum(column: 0), excludingCurrent: false),
    .window(
      list: List.byReferrer, window: 1, aggregate: .distinct(column: 0), excludingCurrent: false),
    .window(list: List.byReferrer, window: 0, aggregate: .sum(column: 0), excludingCurrent: true),
    .window(list: List.filtered, window: 1, aggregate: .count, excludingCurrent: false),
    .window(list: List.filtered, window: 0, aggregate: .sum(column: 0), excludingCurrent: false),
    .window(
      list: List.loginsByDevice, window: 0, aggregate: .distinct(column: 0),
      excludingCurrent: true),
    .window(
      list: List.byReferrerAndChannel, window: 0, aggregate: .count, excludingCurrent: false),
    .window(list: List.byNote, window: 0, aggregate: .count, excludingCurrent: true),
    .window(list: List.byReferrer, window: 0, aggregate: .count, excludingCurrent: true),
    .componentSize(link: 0, maxNodes: nil),
    .cycleLength(link: 1, maxHops: 6),
    .window(list: List.byReferrer, window: 0, aggregate: .count, excludingCurrent: true),
    .window(list: List.byAnyone, window: 0, aggregate: .count, excludingCurrent: false),
    .window(list: List.byCity, window: 0, aggregate: .count, excludingCurrent: false),
  ]

  static let lists = [
    EventListPlan(
      event: 0, keySpace: 0, sumColumns: 1, distinctColumns: [1], windows: [hour, day],
      lateMicroseconds: late),
    EventListPlan(
      event: 0, keySpace: 0, sumColumns: 1, distinctColumns: [], windows: [hour, day],
      lateMicroseconds: late),
    EventListPlan(
      event: 1, keySpace: 1, sumColumns: 0, distinctColumns: [0], windows: [day],
      lateMicroseconds: late),
    EventListPlan(
      event: 0, keySpace: 2, sumColumns: 0, distinctColumns: [], windows: [day],
      lateMicroseconds: late),
    EventListPlan(
      event: 0, keySpace: 3, sumColumns: 0, distinctColumns: [], windows: [day],
      lateMicroseconds: late),
    EventListPlan(
      event: 0, keySpace: 0, sumColumns: 0, distinctColumns: [], windows: [day],
      lateMicroseconds: late),
    EventListPlan(
      event: 0, keySpace: 4, sumColumns: 0, distinctColumns: [], windows: [day],
      lateMicroseconds: late),
  ]

  static let links = [
    LinkPlan(
      name: "shares_device", entity: 0, source: .identifiers([0]), windowMicroseconds: nil,
      needsComponents: true, needsAdjacency: false),
    LinkPlan(
      name: "referred", entity: 0,
      source: .event(type: 0, fromSlot: Slot.referrer, toSlot: Slot.referee, directed: true),
      windowMicroseconds: nil, needsComponents: false, needsAdjacency: true),
  ]

  /// Registers after the slots of a referral.
  enum Register {
    static let kyc: UInt16 = 14
    static let (hundred, ten, branch, three, score) =
      (15 as UInt16, 16 as UInt16, 17 as UInt16, 18 as UInt16, 19 as UInt16)
    static let (ratio, filter, isMany, isBranch) =
      (20 as UInt16, 21 as UInt16, 22 as UInt16, 23 as UInt16)
    /// The referrer, or the referee when there is none; the referrer's city.
    static let (anyone, city) = (24 as UInt16, 25 as UInt16)
    static let signals: UInt16 = 26
    static let count = 26 + Signal.allCases.count
    static func of(_ signal: Signal) -> UInt16 { signals + UInt16(signal.rawValue) }
  }

  static func keys(_ signal: Signal) -> [UInt16] {
    switch signal {
    case .accountsOnDevice1d: [UInt16(Slot.device)]
    case .byChannel1d: [UInt16(Slot.referrer), UInt16(Slot.channel)]
    case .byNote1d: [UInt16(Slot.note)]
    case .countOfReferee1h, .component: [UInt16(Slot.referee)]
    case .countOfAnyone1h: [Register.anyone]
    case .anyoneIsReferee1d: [UInt16(Slot.referee)]
    case .byCity1d: [Register.city]
    default: [UInt16(Slot.referrer)]
    }
  }

  static var program: RuleProgram {
    var login = EventProgram(registerCount: LoginSlot.count)
    login.feeds = [
      Feed(
        list: List.loginsByDevice, filter: nil, keys: [UInt16(LoginSlot.device)], sums: [],
        distincts: [UInt16(LoginSlot.who)])
    ]
    login.uses = [
      IdentifierUse(identifier: 0, slot: LoginSlot.device, ownerSlot: LoginSlot.who)
    ]
    return RuleProgram(
      schema: schema, catalog: catalog, constants: Constants(),
      keySpaces: [
        .entity(0), .identifier(0),
        .values([.reference("account"), .enumeration("channel_kind")]), .values([.string]),
        .values([.string]),
      ], lists: lists, links: links, signals: sources, events: [referral, login])
  }

  private static var catalog: DecisionCatalog {
    DecisionCatalog(
      packageHash: "", eventNames: ["referral", "login"],
      policies: [
        PolicyDescription(
          name: "reward_grant", outcomes: PolicyDescription.standardOutcomes, queues: ["fraud"])
      ],
      rules: [
        RuleDescription(
          name: "many", version: 1, status: .live, reason: 0, titleEnglish: "many",
          titleSpanish: "muchos"),
        RuleDescription(
          name: "at_branch", version: 1, status: .shadow, reason: nil, titleEnglish: "branch",
          titleSpanish: "sucursal"),
      ], reasons: ["MANY"],
      signals: Signal.allCases.map { SignalDescription(name: "\($0)", type: .int) },
      enumerations: schema.enumerations)
  }

  private static var referral: EventProgram {
    var program = EventProgram(registerCount: Register.count)
    program.constants = [
      ConstantLoad(register: Register.hundred, payload: 100, state: .present),
      ConstantLoad(register: Register.ten, payload: 10, state: .present),
      ConstantLoad(register: Register.branch, payload: 2, state: .present),
      ConstantLoad(register: Register.three, payload: 3, state: .present),
      ConstantLoad(register: Register.score, payload: 60, state: .present),
    ]
    program.attributes = [
      AttributeLoad(register: Register.kyc, entity: 0, slot: Slot.referrer, attribute: 0),
      AttributeLoad(register: Register.city, entity: 0, slot: Slot.referrer, attribute: 1),
    ]
    // where 100 / referrer.kyc > 10: missing without kyc, an error when it is 0.
    program.arrival = [
      Instruction(.divideInt, a: Register.ratio, b: Register.hundred, c: Register.kyc),
      Instruction(.lessInt, a: Register.filter, b: Register.ten, c: Register.ratio),
      Instruction(
        .orDefault, a: Register.anyone, b: UInt16(Slot.referrer), c: UInt16(Slot.referee)),
    ]
    let (referrer, reward) = (UInt16(Slot.referrer), UInt16(Slot.reward))
    program.feeds = [
      Feed(
        list: List.byReferrer, filter: nil, keys: [referrer], sums: [reward],
        distincts: [UInt16(Slot.device)]),
      Feed(
        list: List.filtered, filter: Register.filter, keys: [referrer], sums: [reward],
        distincts: []),
      Feed(
        list: List.byReferrerAndChannel, filter: nil, keys: [referrer, UInt16(Slot.channel)],
        sums: [], distincts: []),
      Feed(
        list: List.byAnyone, filter: nil, keys: [Register.anyone], sums: [], distincts: []),
      Feed(list: List.byCity, filter: nil, keys: [Register.city], sums: [], distincts: []),
      Feed(
        list: List.byNote, filter: nil, keys: [UInt16(Slot.note)], sums: [], distincts: []),
    ]
    program.uses = [IdentifierUse(identifier: 0, slot: Slot.device, ownerSlot: Slot.referee)]
    program.edges = [1]
    program.reads = Signal.allCases.map { signal in
      SignalRead(
        signal: signal.rawValue, keys: keys(signal), register: Register.of(signal), isStored: true)
    }
    program.evaluation = [
      Instruction(.lessInt, a: Register.isMany, b: Register.three, c: Register.of(.count1h)),
      Instruction(
        .equalBits, a: Register.isBranch, b: UInt16(Slot.channel), c: Register.branch),
    ]
    program.rules = [
      RulePlan(rule: 0, when: Register.isMany, score: Register.score, texts: texts),
      RulePlan(rule: 1, when: Register.isBranch, status: .shadow),
    ]
    program.policy = PolicyPlan(
      policy: 0, combination: .sum, cap: 100, exempt: nil,
      bands: [Band(threshold: 50, outcome: OutcomePlan(outcome: 2, holdMicroseconds: day))],
      otherwise: OutcomePlan(outcome: 0), onError: OutcomePlan(outcome: 1),
      ifUnavailable: OutcomePlan(outcome: 1))
    return program
  }

  private static var texts: ReasonTemplates {
    ReasonTemplates(
      analystEnglish: [
        .hole(UInt16(Slot.referrer), .reference("account")), .literal(Array(" paid ".utf8)),
        .hole(Register.of(.sum1d), .decimal(scale: 2, unit: "MXN")),
        .literal(Array(" by ".utf8)), .hole(UInt16(Slot.channel), .enumeration("channel_kind")),
        .literal(Array(" on ".utf8)), .hole(UInt16(Slot.device), .reference("device")),
      ],
      analystSpanish: [
        .literal(Array("dispositivo ".utf8)), .hole(UInt16(Slot.device), .reference("device")),
        .literal(Array(" a las ".utf8)), .hole(UInt16(Slot.at), .timestamp),
      ], customerEnglish: [.literal(Array("no".utf8))], customerSpanish: [])
  }
}
