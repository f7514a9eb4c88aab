import Foundation
import FraudWorld
import Model

/// An evaluation, for programs. Money is whole cents; shares and their ranges are numbers from 0
/// to 1.
enum EvaluationJSON {
  static func text(_ report: EvaluationReport) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(Page(report)) else {
      preconditionFailure("numbers and texts can be written as JSON")
    }
    return String(decoding: data, as: UTF8.self) + "\n"
  }

  private struct Page: Encodable {
    var format = "sabueso-evaluation/1"
    var compared: Int
    var unknown: Int
    var undecided: Int
    var policies: [Policy]
    var rules: [Rule]

    init(_ report: EvaluationReport) {
      compared = report.compared
      unknown = report.unknown
      undecided = report.undecided
      policies = report.policies.map(Policy.init)
      rules = report.rules.map(Rule.init)
    }
  }

  private struct Policy: Encodable {
    var name: String
    var stopsFrom: String
    var precision: Share
    var recall: Share
    var reclaimedCents: Int64
    var wronglyReclaimedCents: Int64
    var honestRefused: Share
    var honestStopped: Share
    var stories: [Story]

    init(_ part: EvaluationReport.PolicyPart) {
      name = part.name
      stopsFrom = part.stopsFrom
      precision = Share(part.precision)
      recall = Share(part.recall)
      reclaimedCents = part.reclaimedCents
      wronglyReclaimedCents = part.wronglyReclaimedCents
      honestRefused = Share(part.honestRefused)
      honestStopped = Share(part.honestStopped)
      stories = part.stories.map { Story($0, part.outcomes) }
    }
  }

  private struct Story: Encodable {
    var name: String
    var honest: Bool
    var stopped: Share
    var reclaimedCents: Int64
    var outcomes: [String: Int]

    init(_ line: EvaluationReport.StoryLine, _ names: [String]) {
      name = line.story
      honest = line.isHonest
      stopped = Share(line.stopped)
      reclaimedCents = line.reclaimedCents
      outcomes = Dictionary(uniqueKeysWithValues: zip(names, line.outcomes))
    }
  }

  private struct Rule: Encodable {
    var name: String
    var policy: String
    var live: Bool
    var fired: Share
    var alone: Int
    var stoppedCents: Int64

    init(_ line: EvaluationReport.RuleLine) {
      name = line.name
      policy = line.policy
      live = line.status == .live
      fired = Share(line.precision)
      alone = line.alone
      stoppedCents = line.stoppedCents
    }
  }

  private struct Share: Encodable {
    var count: Int
    var hits: Int
    var cents: Int64
    var hitCents: Int64
    var share: Double?
    var range: [Double]?
    var moneyShare: Double?
    var moneyRange: [Double]?

    init(_ from: EvaluationReport.Share) {
      count = from.count
      hits = from.hits
      cents = from.cents
      hitCents = from.hitCents
      share = from.interval?.share
      range = from.interval.map { [$0.low, $0.high] }
      moneyShare = from.moneyInterval?.share
      moneyRange = from.moneyInterval.map { [$0.low, $0.high] }
    }
  }
}
