import Foundation
import Model
import Replay

/// What a sweep found, for programs. Amounts are text with all their digits.
enum SweepJSON {
  static let version = "sabueso.sweep/1"

  /// One object, on one line.
  static func page(_ report: SweepReport, _ reasons: SweepReasons) -> String {
    let params = report.curves.map { Param($0, report.policies, reasons) }
    return versioned(text(Head(report, params: params)))
  }

  /// A line that says what follows, then one for each param, value and policy.
  static func lines(_ report: SweepReport, _ reasons: SweepReasons) -> String {
    var lines = versioned(text(Head(report)))
    for curve in report.curves {
      let param = Param(curve, report.policies, reasons)
      for point in param.points {
        for part in point.policies {
          lines += text(
            Line(
              param: param.name, way: param.way, reason: param.reason, value: point.value,
              present: point.present, part: part))
        }
      }
    }
    return lines
  }

  /// An object with its version before anything else.
  private static func versioned(_ object: String) -> String {
    "{\"version\":\"\(version)\"," + object.dropFirst()
  }

  private static func text(_ value: some Encodable) -> String {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(value) else {
      preconditionFailure("numbers and texts can be written as JSON")
    }
    return String(decoding: data, as: UTF8.self) + "\n"
  }

  private struct Head: Encodable {
    var events: Int
    var decisions: Int
    var unreadable: Int
    /// Left out of the line that only says what follows.
    var params: [Param]?

    init(_ report: SweepReport, params: [Param]? = nil) {
      events = report.events
      decisions = report.decisions
      unreadable = report.unreadableCount
      self.params = params
    }
  }

  private struct Param: Encodable {
    var name: String
    var way: String
    /// Why each value took a replay; left out where one told all.
    var reason: String?
    var points: [Point]

    init(_ curve: SweepCurve, _ policies: [PolicyDescription], _ reasons: SweepReasons) {
      name = curve.param.name
      way = curve.way == .columns ? "one_replay" : "replay_per_value"
      reason = reasons.reason(curve)
      points = curve.points.enumerated().map { value, point in
        Point(
          value: curve.param.values[value], present: value == curve.param.present,
          policies: zip(policies, point.policies).map { Part($0, $1) })
      }
    }
  }

  private struct Point: Encodable {
    var value: String
    var present: Bool
    var policies: [Part]
  }

  private struct Part: Encodable {
    var policy: String
    var outcomes: [Outcome]
    var changed: Int
    var changedAccounts: Int
    var changedAmounts: [Amount]

    init(_ policy: PolicyDescription, _ part: SweepPoint.Part) {
      self.policy = policy.name
      outcomes = zip(policy.outcomes, part.outcomes).map { name, tally in
        Outcome(outcome: name, decisions: tally.count, amounts: tally.amounts.map(Amount.init))
      }
      changed = part.changed.count
      changedAccounts = part.accounts
      changedAmounts = part.changed.amounts.map(Amount.init)
    }
  }

  private struct Outcome: Encodable {
    var outcome: String
    var decisions: Int
    var amounts: [Amount]
  }

  private struct Amount: Encodable {
    var unit: String
    var amount: String

    init(_ asked: MoneyAmount) {
      unit = asked.unit
      amount = asked.amount.description
    }
  }

  private struct Line: Encodable {
    var param: String
    var way: String
    var reason: String?
    var value: String
    var present: Bool
    var policy: String
    var outcomes: [Outcome]
    var changed: Int
    var changedAccounts: Int
    var changedAmounts: [Amount]

    init(
      param: String, way: String, reason: String?, value: String, present: Bool, part: Part
    ) {
      self.param = param
      self.way = way
      self.reason = reason
      self.value = value
      self.present = present
      policy = part.policy
      outcomes = part.outcomes
      changed = part.changed
      changedAccounts = part.changedAccounts
      changedAmounts = part.changedAmounts
    }
  }
}
