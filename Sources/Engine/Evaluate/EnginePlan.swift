import Model
import Program
import Values

/// A program laid out flat for running: plain values in few arrays, and ranges of them per event
/// type.
///
/// A `RuleProgram` nests arrays in arrays, and walking those for every event would retain and
/// release each of them.
struct EnginePlan: ~Copyable, Sendable {
  private let inPlace = InPlace()
  var events = FixedArray(count: 0) { _ in EventPlan() }
  var code: [Instruction] = []
  var keySlots: [KeySlotPlan] = []
  /// By slot of each event type, what naming its key asks for.
  var keyNames: [KeyName] = []
  var attributeLoads: [AttributeLoad] = []
  var keyParts: [KeyPart] = []
  var keys: [KeyPlan] = []
  var feeds: [FeedPlan] = []
  /// Registers of summed columns, feed after feed.
  var sumRegisters: [Register] = []
  /// Keys of distinct columns, feed after feed.
  var distinctKeys: [FeedKey] = []
  /// The timelines that are not fed, because the graph knows what they would.
  var linkedUses = LinkedUses()
  var timelineFeeds: [TimelineFeedPlan] = []
  var seenFeeds: [SeenFeed] = []
  var seenReads: [SeenRead] = []
  var uses: [IdentifierUse] = []
  /// By use, the position in `slotReads` of the read that asks how many accounts ever used its
  /// value; negative for none.
  var useReads: [Int32] = []
  var useGroups: [UseGroup] = []
  var edges: [EdgePlan] = []
  var reads: [ReadPlan] = []
  var slotReads: [SlotRead] = []
  var freshReads: [FreshRead] = []
  var freshGroups: [FreshGroup] = []
  /// What reads ask of timelines, of sequences and of the graph.
  var timelineReads: [TimelineRead] = []
  var sequenceReads: [SequenceRead] = []
  var questions: [GraphQuestion] = []
  /// The same as they are asked where they are plain.
  var plainQuestions: [PlainQuestion?] = []
  var rules: [RuleStep] = []
  var ruleExtras: [RuleExtras] = []
  var policies = FixedArray(count: 0) { _ in PolicyStep() }
  var bands: [Band] = []
  var templates: [TemplatePlan] = []
  var templatePieces: [TemplatePiece] = []
  /// UTF-8 of constant texts.
  var constantText: [UInt8] = []
  var textAttributes = TextAttributes([])
  /// UTF-8 of the labels that signals ask for, and where each lies.
  var labelText: [UInt8] = []
  var labels: [Range<Int>] = []
  /// UTF-8 of literals in templates and of names of cases.
  var templateText: [UInt8] = []
  /// Where names of cases lie in `templateText`, enumeration after enumeration.
  var caseNames: [Range<Int>] = []
  /// The registers of all event types, with constants loaded.
  var payloads: [UInt64] = []
  var states: [UInt8] = []

  /// Has what plain questions take to be answered soonest looked up in the graph they are asked.
  mutating func resolve(in graph: borrowing AccountGraph) {
    for place in slotReads.indices {
      slotReads[place].question = graph.resolved(slotReads[place].question)
    }
    for place in plainQuestions.indices {
      plainQuestions[place] = plainQuestions[place].map { graph.resolved($0) }
    }
  }

  /// The slot that is a whole key; nil for a key of code or of several parts.
  @inline(__always)
  func slot(ofKey key: Int) -> Int? {
    let slot = keys[key].slot
    return slot < 0 ? nil : Int(slot)
  }
}

/// Where the plan of one event type lies.
struct EventPlan: ~Copyable, Sendable {
  private let inPlace = InPlace()
  var slotCount = 0
  var registers = 0..<0
  var keySlots = 0..<0
  /// Positions in `EnginePlan.keyNames`, one for each slot; and a bit for each of the first 64
  /// slots that holds a key.
  var keyNames = 0..<0
  var firstKeys: UInt64 = 0
  /// Whether any of them is of an entity with attributes.
  var namesAttributes = false
  /// Whether an event that arrives does more than to number its keys.
  var arrivesWithMore = false
  var attributeLoads = 0..<0
  var arrival = 0..<0
  /// All steps of rules, for who needs every register they write.
  var evaluation = 0..<0
  /// Those of them that come before all rules: the others are taken rule by rule, behind gates.
  var shared = 0..<0
  /// What texts need that only gates may have let through, and their own steps.
  var explanation = 0..<0
  var feeds = 0..<0
  var timelineFeeds = 0..<0
  /// Positions in `EnginePlan.seenFeeds`, none of which is a timeline feed, nor are their reads
  /// timeline reads.
  var seenFeeds = 0..<0
  var uses = 0..<0
  /// Positions in `EnginePlan.useGroups`, which hold all of them.
  var useGroups = 0..<0
  var edges = 0..<0
  /// Positions in `EnginePlan.reads`: those of lists, of timelines and sequences, of the graph.
  var reads = 0..<0
  var listReads = 0..<0
  var timelineReads = 0..<0
  var graphReads = 0..<0
  /// Positions in `EnginePlan.slotReads`, none of which is a graph read.
  var slotReads = 0..<0
  /// The last of them, which in stages uses answer as they are made: see `EnginePlan.useReads`.
  var userReads = 0..<0
  /// Positions in `EnginePlan.freshGroups`.
  var freshGroups = 0..<0
  /// The signals that decisions store, in the order they do: the words their results begin as, and
  /// where their registers lie.
  var signalHeads = FixedArray<UInt64>([])
  var signalRuns = FixedArray<SignalRun>([])
  var rules = 0..<0
  /// Rule by rule, what it needs once its gate lets it through.
  var gates = FixedArray<RuleGate>([])
  /// Of up to 64 rules each, which gates are asked together.
  var groups = FixedArray<RuleGroup>([])
  /// What gates ask, in rows: see `GateRows`.
  var gateRows = FixedArray<UInt64>([])
  /// The tests of rules whose conditions are nothing else, rule after rule.
  var wholeTests = FixedArray<GateTest>([])
  /// Four for every rule: its results by the state of such a condition.
  var endings = FixedArray<RuleResult>([])
  /// Rule by rule, the result when its condition is false.
  var silentResults = FixedArray<RuleResult>([])
  /// What `Decision.toldRules` says whichever rules are silent; nil when there are more than bits,
  /// or rules of the package between them.
  var toldAnyway: UInt64?
  /// Whether all of them are evaluated at any time.
  var areAlwaysActive = false
  /// Position in `EnginePlan.policies`.
  var policy: Int?
  var accountEvent: AccountEvent?
  /// Whether all events of a batch may take one of its stages before any takes the next: all keys
  /// are numbered in the first, nothing read meanwhile is changed by a later event, and none sees
  /// what is decided.
  var isStaged = false
  /// Whether, of such events that follow one another, all may enter one of the lists before any
  /// enters the next: a list they enter is read for the keys of their entries alone.
  var entersByList = false
  /// The same of the timelines: of those they enter only the different values are asked for.
  var entersByTimeline = false
  var lateMicroseconds: Int64 = 0
  /// Hash of the type's name and a zero byte, to which an event adds its id.
  var nameHash = StableHash()

  /// Where the registers of this type lie among those of all lanes.
  func registers(ofLane lane: Int, _ plan: borrowing EnginePlan) -> Range<Int> {
    let start = lane &* plan.payloads.count
    // SAFETY: in order, as those of the plan are: a lane that is there is far from what an integer
    // holds, and who takes registers looks whether they are there.
    return unsafe Range(
      uncheckedBounds: (start &+ registers.lowerBound, start &+ registers.upperBound))
  }
}

/// A slot whose text is interned when the event arrives.
struct KeySlotPlan: Sendable {
  var slot: Int
  /// Position in `RuleProgram.keySpaces`.
  var space: Int
  /// How an identifier is made comparable; nil for the key of an entity.
  var normalizer: Normalizer?
  /// The entity and its attributes, whose slots follow; no attributes for an identifier.
  var entity = 0
  var attributeCount = 0
}

/// What a slot whose text names a key asks for, as plain texts are gone through.
struct KeyName: BitwiseCopyable, Sendable {
  /// When a text is a key as it is.
  enum Form: UInt8 {
    /// Always.
    case any
    /// When there is any of it.
    case filled
    /// When it begins and ends with ASCII that is no white space.
    case trimmed
    /// That takes more to tell.
    case other
    /// Never: the slot holds no key.
    case none
  }

  /// Position in `RuleProgram.keySpaces`.
  var space: UInt32 = 0
  /// Position in `EnginePlan.keySlots`.
  var position: UInt32 = 0
  var form = Form.none

  init() {}

  init(_ key: KeySlotPlan, at position: Int) {
    space = UInt32(key.space)
    self.position = UInt32(position)
    form =
      switch key.normalizer {
      case nil: .any
      case .some(.none): .filled
      case .trim: .trimmed
      default: .other
      }
  }
}

/// How a part of a key enters it.
enum KeyPartKind: UInt8, Sendable {
  /// The dense number of an entity or identifier.
  case reference
  case text
  case double
  case word
}

/// One part of a key.
struct KeyPart: Hashable, Sendable {
  var kind: KeyPartKind
  var register: Register
  /// Space of a reference.
  var space: Int
  /// Whether the number of this reference is known from interning the slots.
  var isSlot: Bool
}

/// A key some feed or read of an event type asks for; resolved at most once per event.
struct KeyPlan: Hashable, Sendable {
  var space: Int
  /// Positions in `EnginePlan.keyParts`.
  var parts: Range<Int>
  /// Whether the one part is a reference of `space` itself.
  var isReference: Bool
  /// The slot that is the whole key; negative for a key of code or of several parts.
  var slot: Int32
}

/// Entering a list.
struct FeedPlan: BitwiseCopyable, Sendable {
  var list: Int
  var key: FeedKey
  /// `unfiltered` where all events enter.
  var filter: Register
  var sumCount: UInt16
  var distinctCount: UInt16
  /// Where its columns begin in `EnginePlan.sumRegisters` and in `distinctKeys`.
  var firstSum: Int32
  var firstDistinct: Int32
  /// The reads for its key, a position in `EnginePlan.freshGroups`; negative for none.
  var group: Int32 = -1

  /// No register: `Limits.registers` is below.
  static let unfiltered = Register.max

  /// The slot that is the whole key; nil for a key of code or of several parts.
  var keySlot: Int? { key.slot < 0 ? nil : Int(key.slot) }

  /// Positions in `EnginePlan.sumRegisters`.
  var sums: Range<Int> { Int(firstSum)..<Int(firstSum) + Int(sumCount) }

  /// Positions in `EnginePlan.distinctKeys`.
  var distincts: Range<Int> { Int(firstDistinct)..<Int(firstDistinct) + Int(distinctCount) }
}

/// A key that enters a list, as that of an entry or as one of its values.
struct FeedKey: BitwiseCopyable, Sendable {
  /// Position in `EnginePlan.keys`.
  var position: Int32
  /// The slot that is the whole key; negative for a key of code or of several parts.
  var slot: Int32
}

/// Entering a timeline or one side of a sequence.
struct TimelineFeedPlan: Sendable {
  var target: TimelineFeed.Target
  var filter: Register?
  /// Position in `EnginePlan.keys`.
  var key: Int
  /// How an entry gets its value.
  var value: TimelineValuePlan
}

/// Entering a timeline of which only the different values of a key are asked for, where key and
/// value are slots.
struct SeenFeed: BitwiseCopyable, Sendable {
  var timeline: Int32
  var slot: Int32
  var valueSlot: Int32
  /// Positions in `EnginePlan.seenReads` of the reads for the same key.
  var firstRead: Int32 = 0
  var endRead: Int32 = 0
}

/// Reading how many different values the key ever had under which the event enters a timeline.
struct SeenRead: BitwiseCopyable, Sendable {
  var register: Register
  var excludesCurrent: Bool
  /// Its place among the stored signals of the decision; negative when it is not stored.
  var place: Int32
}

/// How an entry gets its value.
enum TimelineValuePlan: Sendable {
  /// It has none, and is an entry all the same.
  case none
  case register(Register, TimelineValue)
  /// The dense number of a key, a position in `EnginePlan.keys`.
  case key(Int)
}

/// Uses of an event that follow one another and are of the same account and of an identifier each:
/// in which order they are made does not show.
struct UseGroup: BitwiseCopyable, Sendable {
  var ownerSlot: Int
  /// Where they begin and end in `EnginePlan.uses`.
  var first: Int32
  var end: Int32

  /// Positions in `EnginePlan.uses`.
  var uses: Range<Int> { Int(first)..<Int(end) }

  /// As many as bits of a word tell apart.
  static let mostUses = 64
}

/// An edge an event makes.
struct EdgePlan: Sendable {
  var link: Int
  var fromSlot: Int
  var toSlot: Int
}

/// What a read looks up. Plain and small, because it is copied for every event: what is larger
/// stands in lists of the plan, and this is where.
enum ReadSource: BitwiseCopyable, Sendable {
  case window(list: Int, window: Int, aggregate: Aggregate, excludingCurrent: Bool)
  case cycleLength(link: Int, maxHops: Int)
  case componentSize(link: Int, maxNodes: Int?)
  case timeline(Int)
  /// How many values a key ever had, without the scored event's when so asked.
  case valuesSeen(timeline: Int, excludingCurrent: Bool)
  case sequence(Int)
  case graph(Int)
  /// How many accounts ever used a value, which the graph knows: see `LinkedUses`.
  case userCount(identifier: Int)
}

extension ReadSource {
  /// A part of the state, which events enter and which answers.
  enum Store {
    case list, timeline, graph
  }

  var store: Store {
    switch self {
    case .window: .list
    case .timeline, .valuesSeen, .sequence: .timeline
    case .cycleLength, .componentSize, .graph, .userCount: .graph
    }
  }
}

/// Reading a signal.
struct ReadPlan: BitwiseCopyable, Sendable {
  var signal: Int
  var source: ReadSource
  /// Position in `EnginePlan.keys`.
  var key: Int
  /// The other account of a question about two, a position in `EnginePlan.keys`; negative for none.
  var secondKey: Int
  var register: Register
  /// Its place among the stored signals of the decision; negative when it is not stored.
  var place: Int32
  var isStored: Bool { place >= 0 }
  /// Whether this event type feeds the list or link it reads. What an event of another type entered
  /// last is none of this event's business.
  var isFedHere: Bool
}

/// A plain question to the graph about what slots hold.
struct SlotRead: BitwiseCopyable, Sendable {
  var question: PlainQuestion
  var slot: Int32
  /// The same for a question about one.
  var secondSlot: Int32
  var register: Register
  /// Its place among the stored signals of the decision; negative when it is not stored.
  var place: Int32
}

/// Signals that decisions store side by side, of registers that lie side by side.
struct SignalRun: BitwiseCopyable, Sendable {
  /// The place of the first among the stored signals.
  var place: Int
  var register: Register
  var count: Int
}

/// The reads of a list for the very key an event enters it under. When its entry is the newest of
/// all, their answers are at hand; otherwise they are read like any other.
struct FreshGroup: Sendable {
  var list: Int
  var places: FreshPlaces
  /// Positions in `EnginePlan.reads` of the same reads.
  var reads: Range<Int>
}

/// Where in `EnginePlan.freshReads` those of a group begin that count, those that sum, those of
/// distinct values, and where these end; of each, short windows come first.
struct FreshPlaces: BitwiseCopyable, Sendable {
  var counts: Int32 = 0
  var sums: Int32 = 0
  var distincts: Int32 = 0
  var end: Int32 = 0
}

/// A read of a fresh group.
struct FreshRead: BitwiseCopyable, Sendable {
  /// Length of the window in microseconds.
  var length: Int64
  var window: Int32
  /// The column of a sum or of distinct values.
  var column: Int32
  /// Its place among the stored signals of the decision; negative when it is not stored.
  var place: Int32
  var register: Register
  var excludesCurrent: Bool
}

/// A rule as it is decided.
struct RuleStep: BitwiseCopyable, Sendable {
  var rule: UInt32
  var when: Register
  /// `none` where there is none.
  var exempt: Register
  var score: Register
  var missing: MissingMode
  /// The share of events it counts on, in percent: 100 when live, 0 in shadow.
  var share: UInt8
  /// Position in `EnginePlan.ruleExtras` of what few rules have; negative for nothing.
  var extras: Int32
  /// Position in `EnginePlan.templates`; negative for none.
  var template: Int32

  /// No register: `Limits.registers` is below.
  static let none = Register.max
}

/// What few rules have.
struct RuleExtras: BitwiseCopyable, Sendable {
  var force: OutcomePlan?
  var activeFrom: Timestamp?
  var activeUntil: Timestamp?
}

/// A policy without what is not plain.
struct PolicyStep: ~Copyable, Sendable {
  private let inPlace = InPlace()
  var policy = 0
  var combination = ScoreCombination.sum
  var cap = 0
  var exempt: Register?
  /// Positions in `EnginePlan.bands`.
  var bands = 0..<0
  var otherwise = OutcomePlan(outcome: 0)
  var onError = OutcomePlan(outcome: 0)
  /// Position in `EnginePlan.events`.
  var decisionEvent: Int?
  /// What it decides where no rule has anything to say and nobody is exempt, and the score then.
  var calm = OutcomeChoice()
  var calmScore = 0

  init() {}

  init(_ policy: PolicyPlan, bands: Range<Int>) {
    self.policy = policy.policy
    combination = policy.combination
    cap = policy.cap
    exempt = policy.exempt
    self.bands = bands
    otherwise = policy.otherwise
    onError = policy.onError
    decisionEvent = policy.decisionEvent
  }
}

/// The four texts of a reason, as ranges of `EnginePlan.templatePieces`.
struct TemplatePlan: Sendable {
  var analystEnglish: Range<Int>
  var analystSpanish: Range<Int>
  var customerEnglish: Range<Int>
  var customerSpanish: Range<Int>
}

/// How a value is printed.
enum PrintKind: Hashable, Sendable {
  case bool, int, uint, double, text, bytes, timestamp, duration
  case decimal(scale: Int)
  /// Positions in `EnginePlan.caseNames`.
  case enumeration(first: Int, count: Int)
  /// What a signal collected, with commas.
  indirect case collected(PrintKind)
}

/// A piece of a text.
enum TemplatePiece: Sendable {
  /// A range of `EnginePlan.templateText`.
  case literal(Range<Int>)
  case hole(Register, PrintKind)
}
