public import Expressions
internal import Foundation

/// An explanation as JSON for programs: `{"version":"sabueso.explanation/1", …}`.
///
/// Values are what they are, numbers as numbers; a missing one is null, a failed one `"!E"`, and
/// one that is only a lower bound `{"value":N,"truncated":true}`.
public enum ExplanationJSON {
  /// One object, sentences and titles in one language.
  public static func text(_ explanation: DecisionExplanation, in language: Language) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    guard let data = try? encoder.encode(Page(explanation, language)) else {
      preconditionFailure("texts and finite numbers have a JSON form")
    }
    return String(decoding: data, as: UTF8.self) + "\n"
  }

  private struct Page: Encodable {
    var version = "sabueso.explanation/1"
    var event: String
    var id: String
    var at: String
    var fields: [Field]
    var policy: String
    var rulesHash: String
    var decision: String
    var holdUntil: String?
    var queue: String?
    var score: Score
    var rules: [Rule]
    var signals: [Signal]
    var evidence: [Evidence]
    var flips: [Flip]
    var customer: [String]

    init(_ explanation: DecisionExplanation, _ language: Language) {
      event = explanation.event
      id = explanation.id
      at = explanation.at
      fields = explanation.fields.map { Field(name: $0.name, value: Scalar($0.value)) }
      policy = explanation.policy
      rulesHash = explanation.packageHash
      decision = explanation.outcome
      holdUntil = explanation.holdUntil
      queue = explanation.queue
      score = Score(explanation.score)
      rules = explanation.rules.map { Rule($0, language) }
      signals = explanation.signals.map {
        Signal(name: $0.name, title: $0.title?.text(in: language), value: Scalar($0.value))
      }
      evidence = explanation.evidence.map(Evidence.init)
      let sentences = explanation.flipSentences(in: language)
      flips = zip(explanation.flips, sentences).map(Flip.init)
      customer = ExplanationWords(language: language).customerTexts(explanation)
    }
  }

  private struct Field: Encodable {
    var name: String
    var value: Scalar
  }

  private struct Score: Encodable {
    struct Step: Encodable {
      var rule: String
      var points: Int
      var total: Int
    }
    struct Band: Encodable {
      var threshold: Int
      var decision: String
      var reached: Bool
    }
    struct Force: Encodable {
      var rule: String
      var decision: String
      var failed: Bool
    }
    var combine: String
    var steps: [Step]
    var total: Int
    var cap: Int
    var bands: [Band]
    var otherwise: String
    var forces: [Force]
    var exemption: String?
    var exempt: Bool

    init(_ score: ExplainedScore) {
      combine = score.combination
      steps = score.steps.map { Step(rule: $0.rule, points: $0.points, total: $0.total) }
      total = score.total
      cap = score.cap
      bands = score.bands.map {
        Band(threshold: $0.threshold, decision: $0.outcome, reached: $0.isReached)
      }
      otherwise = score.otherwise
      forces = score.forces.map { Force(rule: $0.rule, decision: $0.outcome, failed: $0.failed) }
      exemption = score.exemption
      exempt = score.isExempt
    }
  }

  private struct Rule: Encodable {
    var name: String
    var title: String
    var status: String
    var outcome: String
    var points: Int
    var counted: Bool
    var reason: String
    var forces: String?
    var analyst: String?
    var customer: String?
    var parts: [Part]

    init(_ rule: ExplainedRule, _ language: Language) {
      name = rule.name
      title = rule.title.text(in: language)
      status = rule.status
      outcome = rule.outcome
      points = rule.points
      counted = rule.counted
      reason = rule.reason
      forces = rule.forces
      analyst = rule.analyst?.text(in: language)
      customer = rule.customer?.text(in: language)
      parts = rule.parts.map { Part($0, language) }
    }
  }

  private struct Part: Encodable {
    struct Side: Encodable {
      var source: String
      var title: String?
      var value: Scalar?
    }
    var source: String
    var exempts: Bool
    var left: Side?
    var right: Side?
    var margin: Scalar?
    /// `true`, `false`, `missing` or `error`.
    var outcome: String

    init(_ part: ExplainedPart, _ language: Language) {
      source = part.source
      exempts = part.exempts
      left = part.left.map {
        Side(
          source: $0, title: part.leftTitle?.text(in: language),
          value: part.leftValue.map(Scalar.init))
      }
      right = part.right.map {
        Side(
          source: $0, title: part.rightTitle?.text(in: language),
          value: part.rightValue.map(Scalar.init))
      }
      margin = part.margin.map(Scalar.init)
      outcome = part.truth.text(in: .english)
    }
  }

  private struct Signal: Encodable {
    var name: String
    var title: String?
    var value: Scalar
  }

  private struct Evidence: Encodable {
    var signal: String
    var ties: [Tie]
    var complete: Bool

    init(_ evidence: ExplainedEvidence) {
      signal = evidence.signal
      ties = evidence.ties.map(Tie.init)
      complete = evidence.isComplete
    }
  }

  /// As `sabueso score --explain` writes them.
  private struct Tie: Encodable {
    var from: String?
    var to: String?
    var link: String?
    var between: [String]?
    var identifier: String?
    var value: String?
    var hub: Bool?
    var account: String?
    var label: String?

    init(_ tie: ExplainedEvidence.Tie) {
      switch tie {
      case .edge(let link, let from, let to): (self.link, self.from, self.to) = (link, from, to)
      case .shared(let identifier, let value, let left, let right):
        (self.identifier, self.value, between) = (identifier, value, [left, right])
      case .hub(let identifier, let value):
        (self.identifier, self.value, hub) = (identifier, value, true)
      case .label(let label, let account): (self.label, self.account) = (label, account)
      }
    }
  }

  private struct Flip: Encodable {
    struct Change: Encodable {
      var subject: String
      var goal: String
      var target: Scalar?
      var seen: Scalar
    }
    var decision: String
    var score: Int
    var harder: Bool
    var cost: Double
    var changes: [Change]
    var sentence: String

    init(_ flip: ExplainedFlip, _ sentence: String) {
      decision = flip.outcome
      score = flip.score
      harder = flip.isHarder
      cost = flip.cost
      changes = flip.changes.map {
        Change(
          subject: $0.subject, goal: $0.goal.rawValue, target: $0.target.map(Scalar.init),
          seen: Scalar($0.seen))
      }
      self.sentence = sentence
    }
  }

  private struct Scalar: Encodable {
    private struct Bound: Encodable {
      var value: Foundation.Decimal
      var truncated = true
    }

    private let value: ExplainedValue

    init(_ value: ExplainedValue) {
      self.value = value
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      switch value {
      case .missing: try container.encodeNil()
      case .error: try container.encode("!E")
      case .bool(let truth): try container.encode(truth)
      case .text(let text): try container.encode(text)
      case .number(let digits, let isBound, _):
        // Infinity and what is no number are texts.
        guard let number = Foundation.Decimal(string: digits), !number.isNaN else {
          return try container.encode(digits)
        }
        if isBound {
          try container.encode(Bound(value: number))
        } else {
          try container.encode(number)
        }
      }
    }
  }
}
