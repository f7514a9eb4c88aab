public import Model

/// What a package is worth, by policy, scheme and rule.
public struct EvaluationReport: Sendable {
  /// So many of so many, by number and by money.
  public struct Share: Sendable {
    /// Decisions.
    public internal(set) var count = 0
    /// Of these, how many.
    public internal(set) var hits = 0
    /// Money of the decisions, in cents.
    public internal(set) var cents: Int64 = 0
    /// Money of the hits.
    public internal(set) var hitCents: Int64 = 0
    /// Range of the share by number.
    public internal(set) var interval: Interval?
    /// Range of the share by money.
    public internal(set) var moneyInterval: Interval?
  }

  /// One story under one policy.
  public struct StoryLine: Sendable {
    /// The name the truth gives it.
    public var story: String
    /// Whether what it asks for is due.
    public var isHonest: Bool
    /// Decisions, and those that were stopped.
    public var stopped: Share
    /// Decisions by outcome, in the order of the policy.
    public var outcomes: [Int]
    /// Let through, and taken back later, in cents.
    public var reclaimedCents: Int64
  }

  /// One policy.
  public struct PolicyPart: Sendable {
    /// Its name.
    public var name: String
    /// Its outcomes, mild to hard.
    public var outcomes: [String]
    /// The mildest that stops.
    public var stopsFrom: String
    /// Stories, those that cheat first.
    public var stories: [StoryLine]
    /// Of all stopped, what rightly was.
    public var precision: Share
    /// Of all that should have been stopped, what was.
    public var recall: Share
    /// Let through, and taken back later, in cents.
    public var reclaimedCents: Int64
    /// Taken back later although it was due, in cents.
    public var wronglyReclaimedCents: Int64
    /// Honest accounts that asked, and those of them refused for good at least once.
    public var honestRefused: Share
    /// The same, stopped in any way at least once.
    public var honestStopped: Share
  }

  /// One rule.
  public struct RuleLine: Sendable {
    /// Its name.
    public var name: String
    /// The policy it belongs to.
    public var policy: String
    /// How it counts.
    public var status: RuleStatus
    /// How often it fired, and how often rightly.
    public var precision: Share
    /// Fraud no other rule spoke of.
    public var alone: Int
    /// Money asked for in fraud that was stopped and in which it fired, in cents.
    public var stoppedCents: Int64
  }

  /// Policies that decided something the truth knows.
  public private(set) var policies: [PolicyPart] = []
  /// Rules that were evaluated, in the order of the package.
  public private(set) var rules: [RuleLine] = []
  /// Decisions compared with the truth.
  public private(set) var compared = 0
  /// Decisions the truth does not know.
  public private(set) var unknown = 0
  /// Truths nothing was decided on.
  public private(set) var undecided = 0

  /// Adds everything up.
  public init(_ evaluation: borrowing Evaluation) {
    compared = evaluation.compared
    unknown = evaluation.unknown
    undecided = evaluation.verdicts.count { $0 == nil }
    let reclaimed = Reclaimed(evaluation)
    for policy in evaluation.catalog.policies.indices {
      if let part = EvaluationReport.part(policy, evaluation, reclaimed) { policies.append(part) }
    }
    for (rule, tally) in zip(evaluation.catalog.rules, evaluation.rules) {
      guard let policy = tally.policy else { continue }
      var precision = Share()
      precision.count = tally.fraud + tally.honest
      precision.hits = tally.fraud
      precision.interval = .wilson(precision.hits, of: precision.count)
      rules.append(
        RuleLine(
          name: rule.name, policy: evaluation.catalog.policies[policy].name, status: rule.status,
          precision: precision, alone: tally.fraudAlone, stoppedCents: tally.cents))
    }
  }

  /// What decisions on later events take back of what was let through.
  private struct Reclaimed {
    /// By case.
    var isTakenBack: [Bool]

    init(_ evaluation: borrowing Evaluation) {
      isTakenBack = [Bool](repeating: false, count: evaluation.truth.cases.count)
      for (number, known) in evaluation.truth.cases.enumerated() {
        guard let target = known.reclaims, evaluation.verdicts[number]?.isStopped == true,
          evaluation.verdicts[target]?.isStopped == false
        else { continue }
        isTakenBack[target] = true
      }
    }
  }

  private static func part(
    _ policy: Int, _ evaluation: borrowing Evaluation, _ reclaimed: Reclaimed
  ) -> PolicyPart? {
    let description = evaluation.catalog.policies[policy]
    var stories: [Int: StoryTally] = [:]
    var people = PeopleTally()
    for (number, known) in evaluation.truth.cases.enumerated() {
      guard let verdict = evaluation.verdicts[number], verdict.policy == policy else { continue }
      stories[known.story, default: StoryTally(known.isHonest, description.outcomes.count)]
        .add(known, verdict, isTakenBack: reclaimed.isTakenBack[number])
      if known.isHonest && evaluation.truth.honestAccounts[known.account] != false {
        let hardest = description.outcomes.firstIndex(of: "block") ?? description.outcomes.count - 1
        people.add(known.account, verdict, isRefused: verdict.outcome >= hardest)
      }
    }
    guard !stories.isEmpty else { return nil }
    let sorted = stories.sorted {
      (($0.value.isHonest ? 1 : 0), evaluation.truth.names[$0.key])
        < (($1.value.isHonest ? 1 : 0), evaluation.truth.names[$1.key])
    }
    let lines = sorted.map { $0.value.line(evaluation.truth.names[$0.key]) }
    let fraud = sorted.map(\.value).filter { !$0.isHonest }
    let honest = sorted.map(\.value).filter(\.isHonest)
    return PolicyPart(
      name: description.name, outcomes: description.outcomes,
      stopsFrom: description.outcomes[
        min(evaluation.stopping[policy], description.outcomes.count - 1)],
      stories: lines, precision: precision(fraud, honest), recall: recall(fraud),
      reclaimedCents: lines.filter { !$0.isHonest }.reduce(0) { $0 + $1.reclaimedCents },
      wronglyReclaimedCents: lines.filter(\.isHonest).reduce(0) { $0 + $1.reclaimedCents },
      honestRefused: people.refused, honestStopped: people.stopped)
  }

  private static func recall(_ fraud: [StoryTally]) -> Share {
    var share = Share()
    for story in fraud { share.add(story.share) }
    share.interval = .wilson(share.hits, of: share.count)
    share.moneyInterval = .bootstrap(
      fraud.flatMap { $0.groups.sorted { $0.key < $1.key }.map { ($0.value.hit, $0.value.all) } })
    return share
  }

  private static func precision(_ fraud: [StoryTally], _ honest: [StoryTally]) -> Share {
    var share = Share()
    var groups: [(part: Int64, whole: Int64)] = []
    for story in fraud {
      share.count += story.share.hits
      share.hits += story.share.hits
      share.cents += story.share.hitCents
      share.hitCents += story.share.hitCents
      groups += story.groups.sorted { $0.key < $1.key }.map { ($0.value.hit, $0.value.hit) }
    }
    for story in honest {
      share.count += story.share.hits
      share.cents += story.share.hitCents
      groups += story.groups.sorted { $0.key < $1.key }.map { (0, $0.value.hit) }
    }
    share.interval = .wilson(share.hits, of: share.count)
    share.moneyInterval = .bootstrap(groups.filter { $0.whole > 0 })
    return share
  }
}

extension EvaluationReport.Share {
  mutating func add(_ other: EvaluationReport.Share) {
    count += other.count
    hits += other.hits
    cents += other.cents
    hitCents += other.hitCents
  }
}

/// One story under one policy, added up.
struct StoryTally {
  let isHonest: Bool
  private(set) var share = EvaluationReport.Share()
  private(set) var groups: [Int: (hit: Int64, all: Int64)] = [:]
  private var outcomes: [Int]
  private var reclaimedCents: Int64 = 0

  init(_ isHonest: Bool, _ outcomeCount: Int) {
    self.isHonest = isHonest
    outcomes = [Int](repeating: 0, count: outcomeCount)
  }

  mutating func add(_ known: Truth.Case, _ verdict: Evaluation.Verdict, isTakenBack: Bool) {
    share.count += 1
    share.cents += known.cents
    groups[known.group, default: (0, 0)].all += known.cents
    outcomes[verdict.outcome] += 1
    if isTakenBack { reclaimedCents += known.cents }
    guard verdict.isStopped else { return }
    share.hits += 1
    share.hitCents += known.cents
    groups[known.group, default: (0, 0)].hit += known.cents
  }

  func line(_ name: String) -> EvaluationReport.StoryLine {
    var stopped = share
    stopped.interval = .wilson(share.hits, of: share.count)
    stopped.moneyInterval = .bootstrap(
      groups.sorted { $0.key < $1.key }.map { ($0.value.hit, $0.value.all) })
    return EvaluationReport.StoryLine(
      story: name, isHonest: isHonest, stopped: stopped, outcomes: outcomes,
      reclaimedCents: reclaimedCents)
  }
}

/// Honest people under one policy.
struct PeopleTally {
  private var all: Set<Int> = []
  private var refusedPeople: Set<Int> = []
  private var stoppedPeople: Set<Int> = []

  mutating func add(_ account: Int, _ verdict: Evaluation.Verdict, isRefused: Bool) {
    all.insert(account)
    if verdict.isStopped { stoppedPeople.insert(account) }
    if isRefused { refusedPeople.insert(account) }
  }

  var refused: EvaluationReport.Share { share(refusedPeople) }
  var stopped: EvaluationReport.Share { share(stoppedPeople) }

  private func share(_ some: Set<Int>) -> EvaluationReport.Share {
    var share = EvaluationReport.Share()
    share.count = all.count
    share.hits = some.count
    share.interval = .wilson(some.count, of: all.count)
    return share
  }
}
