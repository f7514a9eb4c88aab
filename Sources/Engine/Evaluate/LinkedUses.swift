import Model
import Program

/// The timelines whose entries are the uses the graph links, which it counts as well as they would:
/// how many accounts ever used a value of an identifier. To keep them twice would take an event
/// another look at each of its identifiers, and each value another record.
struct LinkedUses: Sendable {
  /// By timeline, the identifier; nil where it is kept by itself.
  private var byTimeline: [Int?] = []
  /// The identifiers whose users are counted.
  private(set) var identifiers: Set<Int> = []

  /// None.
  init() {}

  /// Those of a program whose state was checked.
  init(_ program: RuleProgram) {
    var questions: [GraphQuestion] = []
    var reads: [TimelineRead] = []
    for signal in program.signals {
      if case .graph(let question) = signal { questions.append(question) }
      if case .timeline(let read) = signal { reads.append(read) }
    }
    let needs = GraphNeeds(schema: program.schema, links: program.links, questions: questions)
    byTimeline = program.timelines.indices.map { timeline in
      guard let identifier = Self.identifier(timeline, program),
        // What is known of it is never forgotten.
        needs.keepsUses[identifier], !needs.timesUses[identifier],
        program.schema.identifiers[identifier].retentionMicroseconds == nil,
        reads.allSatisfy({ $0.timeline != timeline || Self.isPlain($0) })
      else { return nil }
      return identifier
    }
    identifiers = Set(byTimeline.compactMap(\.self))
  }

  /// The identifier whose uses are the entries of a timeline.
  func identifier(ofTimeline timeline: Int) -> Int? { byTimeline[timeline] }

  /// The identifier of whose values a timeline tells the accounts apart, if one field has all there
  /// are of it, and each event with that field enters.
  private static func identifier(_ timeline: Int, _ program: RuleProgram) -> Int? {
    let plan = program.timelines[timeline]
    let identifier = plan.keySpace - program.schema.entities.count
    guard TimelineStore.keepsOnlyValues(plan),
      program.schema.identifiers.indices.contains(identifier),
      let entity = program.schema.identifiers[identifier].entity, plan.value == .key(entity),
      program.events.indices.contains(plan.event)
    else { return nil }
    let uses = program.events.flatMap(\.uses).filter { $0.identifier == identifier }
    let own = program.events[plan.event]
    let feeds = program.events.flatMap(\.timelineFeeds).filter { $0.target == .timeline(timeline) }
    guard let use = uses.first, uses.count == 1, own.uses.contains(use),
      let feed = feeds.first, feeds.count == 1, own.timelineFeeds.contains(feed),
      feed.filter == nil, feed.keys.map(Int.init) == [use.slot],
      feed.value.map(Int.init) == use.ownerSlot
    else { return nil }
    return identifier
  }

  /// Whether a read asks for nothing but how many there were, the scored event's among them.
  private static func isPlain(_ read: TimelineRead) -> Bool {
    read.span == .lifetime && read.aggregate == .distinct && read.otherwise == nil
      && !read.excludingCurrent && read.lagMicroseconds == 0
  }
}
