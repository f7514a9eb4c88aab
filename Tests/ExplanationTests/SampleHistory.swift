import Engine
import Explanation
import Expressions
import Foundation
import Model
import Program
import Replay
import RuleLanguage
import Testing
import Values

/// The shipped rules and sample events.
enum SampleHistory {
  static let root: String = {
    let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    return parts.dropLast(3).joined(separator: "/")
  }()

  static let check = PackageChecker.check(root + "/Rules", from: DiskRuleFiles())

  static let lines: [[UInt8]] = {
    let path = root + "/Examples/events.ndjson"
    let data = FileManager.default.contents(atPath: path) ?? Data()
    return data.split(separator: UInt8(ascii: "\n")).map { Array($0) }
  }()

  /// The explanation of a sample decision.
  static func explanation(of id: String) throws -> DecisionExplanation {
    try #require(
      try explanations(of: check, lines) { $0 == id ? .last : .no }.first, "no decision on \(id)")
  }

  enum Wish {
    case no, yes, last
  }

  /// Replays lines and explains the decisions that are wished for.
  static func explanations(
    of check: PackageCheck, _ lines: [[UInt8]], options: EngineOptions = EngineOptions(),
    kiosks: String = "", _ wish: (String) -> Wish
  ) throws -> [DecisionExplanation] {
    let made = try DecisionExplainer(check, options: options)
    guard var explainer = made else {
      Issue.record("the package has errors: \(check.findings)")
      return []
    }
    let files = explainer.engine.program.listFiles
    for list in files.indices {
      let bytes = FileManager.default.contents(atPath: files[list].path).map { Array($0) }
      let entries = try files[list].file.entries(of: bytes ?? Array(kiosks.utf8))
      explainer.engine.setList(list, to: entries)
    }
    var intake = EventIntake(explainer.schema)
    var event = Event()
    var explanations: [DecisionExplanation] = []
    for line in lines {
      let latest = Timestamp(microseconds: .max)
      guard case .new(let number) = try intake.admit(line.span, latest: latest, into: &event)
      else { continue }
      event.sequence = UInt64(number)
      guard explainer.apply(event) else { continue }
      let wish = wish(event.idText)
      if wish != .no { explanations.append(explainer.explanation(of: event)) }
      if wish == .last { break }
    }
    return explanations
  }
}
