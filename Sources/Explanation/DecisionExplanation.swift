public import Expressions

/// One decision taken apart, in values for people and programs: everything a page of it says.
public struct DecisionExplanation: Sendable {
  /// The type of the event.
  public var event: String
  /// The event's key.
  public var id: String
  /// The event's time, RFC 3339.
  public var at: String
  /// What else the event said, but for personal data.
  public var fields: [ExplainedField]
  /// The policy that decided.
  public var policy: String
  /// SHA-256 of the package.
  public var packageHash: String
  /// What was decided.
  public var outcome: String
  /// When a hold ends, RFC 3339.
  public var holdUntil: String?
  /// The queue somebody looks at.
  public var queue: String?
  /// How the score came about.
  public var score: ExplainedScore
  /// Every rule that was active, in declaration order.
  public var rules: [ExplainedRule]
  /// Every signal, in declaration order.
  public var signals: [ExplainedSignal]
  /// What makes graph signals true.
  public var evidence: [ExplainedEvidence]
  /// The smallest changes that would have altered the outcome, the smallest first: at most one to a
  /// milder and one to a harder outcome. Empty when none was found.
  public var flips: [ExplainedFlip]
}

/// A value that was seen.
public enum ExplainedValue: Hashable, Sendable {
  case missing
  case error
  case bool(Bool)
  /// A number as it is written; `isBound` when the true one is at least so large; with its unit.
  case number(String, isBound: Bool = false, unit: String = "")
  case text(String)
}

/// What an event said.
public struct ExplainedField: Sendable {
  /// The name in rule files.
  public var name: String
  /// Its value.
  public var value: ExplainedValue
  /// Whether it names an account.
  public var isAccount: Bool
}

/// How a rule came out, and each part of its condition.
public struct ExplainedRule: Sendable {
  /// The name in rule files.
  public var name: String
  /// What people read.
  public var title: Phrase
  /// `live`, `shadow` or `canary`.
  public var status: String
  /// `fires`, `silent`, `unknown` or `error`.
  public var outcome: String
  /// Its points; 0 unless it fired.
  public var points: Int
  /// Whether it counted toward the decision.
  public var counted: Bool
  /// The reason's code.
  public var reason: String
  /// The outcome it forces when it fires.
  public var forces: String?
  /// What analysts are told; nil where it said nothing.
  public var analyst: Phrase?
  /// What the customer is told; nil where it said nothing.
  public var customer: Phrase?
  /// The parts of its condition, then of its exemption.
  public var parts: [ExplainedPart]
}

/// The smallest part of a condition.
public struct ExplainedPart: Sendable {
  /// As it was written.
  public var source: String
  /// Whether it belongs to an exemption.
  public var exempts: Bool
  /// What was looked at, as written; nil where the part has no two sides.
  public var left: String?
  /// What people call it, where the rules say.
  public var leftTitle: Phrase?
  /// Its value.
  public var leftValue: ExplainedValue?
  /// What it was held against, as written.
  public var right: String?
  /// What people call it, where the rules say.
  public var rightTitle: Phrase?
  /// Its value; nil for a list.
  public var rightValue: ExplainedValue?
  /// How far the left side is from where the part would come out the other way.
  public var margin: ExplainedValue?
  /// How it came out.
  public var truth: ExplainedValue
}

/// A signal's value.
public struct ExplainedSignal: Sendable {
  /// The name in rule files.
  public var name: String
  /// What people call it, where the rules say.
  public var title: Phrase?
  /// Its value.
  public var value: ExplainedValue
  /// Whether a rule that said something, or its reason, looked at it.
  public var isTold: Bool
}

/// How the score came about, and what it led to.
public struct ExplainedScore: Sendable {
  /// A rule that added points.
  public struct Step: Sendable {
    /// The rule.
    public var rule: String
    /// Its points.
    public var points: Int
    /// The combined score after it, before the cap.
    public var total: Int
  }

  /// A band of the policy.
  public struct Band: Sendable {
    /// The score from which on it holds.
    public var threshold: Int
    /// Its outcome.
    public var outcome: String
    /// Whether the score reached it.
    public var isReached: Bool
  }

  /// A rule that demanded an outcome, having fired or failed.
  public struct Force: Sendable {
    /// The rule.
    public var rule: String
    /// The least outcome it demanded.
    public var outcome: String
    /// Whether it did because it failed.
    public var failed: Bool
  }

  /// `sum`, `max` or `noisy_or`.
  public var combination: String
  /// Rules that counted, in order.
  public var steps: [Step]
  /// The score in the decision.
  public var total: Int
  /// The highest score there is.
  public var cap: Int
  /// Bands, by threshold.
  public var bands: [Band]
  /// The outcome below all bands.
  public var otherwise: String
  /// Outcomes that rules demanded.
  public var forces: [Force]
  /// The policy's exemption as written, if it has one.
  public var exemption: String?
  /// Whether it applied.
  public var isExempt: Bool
}

/// What makes a graph signal true.
public struct ExplainedEvidence: Sendable {
  /// One tie.
  public enum Tie: Hashable, Sendable {
    /// An event of a link went from one account to another.
    case edge(link: String, from: String, to: String)
    /// Two accounts have used a value.
    case shared(identifier: String, value: String, String, String)
    /// So many accounts have used a value that it joins nobody.
    case hub(identifier: String, value: String)
    /// An account carries a label.
    case label(String, account: String)
  }

  /// The signal.
  public var signal: String
  /// Its ties.
  public var ties: [Tie]
  /// Whether they are all there is to say.
  public var isComplete: Bool
}

/// A change that would have altered the outcome, everything else being as it was.
public struct ExplainedFlip: Sendable {
  /// What a value would have to be.
  public enum Goal: String, Sendable {
    case atMost = "at_most"
    case atLeast = "at_least"
    case less
    case greater
    case exactly
    case other
    /// The value in, or not in, the list.
    case inList = "in"
    case notInList = "not_in"
    /// The part true, or false.
    case holds = "true"
    case fails = "false"
  }

  /// One thing that would be otherwise.
  public struct Change: Sendable {
    /// What, as written in the rules.
    public var subject: String
    /// What people call it, where the rules say.
    public var title: Phrase?
    /// What it would have to be.
    public var goal: Goal
    /// The value that the goal speaks of, or the text of a list.
    public var target: ExplainedValue?
    /// What it was.
    public var seen: ExplainedValue
  }

  /// The outcome it would have been.
  public var outcome: String
  /// The score it would have been.
  public var score: Int
  /// Whether that is harder than what was decided.
  public var isHarder: Bool
  /// How large the change is: distances as shares of their thresholds, others 1.
  public var cost: Double
  /// All of these together.
  public var changes: [Change]
}
