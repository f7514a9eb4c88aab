import Compiler
import Engine
import Expressions
import Model
import Program
import Replay
import RuleLanguage
import Testing
import Values

@testable import Explanation

/// A change that is claimed to alter an outcome does so on the engine.
@Suite(.timeLimit(.minutes(20))) struct `The smallest change` {
  private struct Claim: Hashable {
    var id: String
    var outcome: String
    var signal: String
    var value: Int64
  }

  /// Claims that say of one signal that it had to be another whole number, one for each outcome,
  /// direction and signal.
  private static func claims() throws -> [Claim] {
    var claims: [Claim] = []
    var kinds: Set<String> = []
    var asked = 0
    let ids = try SampleHistory.explanations(of: SampleHistory.check, SampleHistory.lines) { _ in
      asked += 1
      // Every explanation costs a search.
      return asked % 29 == 0 ? .yes : .no
    }
    for explanation in ids {
      for flip in explanation.flips {
        guard flip.changes.count == 1, let change = flip.changes.first,
          let value = change.target.flatMap({ Int64($0.text(in: .english)) }),
          explanation.signals.contains(where: { $0.name == change.subject }),
          kinds.insert("\(explanation.outcome) \(flip.outcome) \(change.subject)").inserted
        else { continue }
        claims.append(
          Claim(
            id: explanation.id, outcome: flip.outcome, signal: change.subject, value: value))
      }
    }
    return claims
  }

  /// The outcome of an event when rules read a constant in the place of a signal on it.
  private static func outcome(of claim: Claim) throws -> String? {
    var rules = try #require(SampleHistory.check.rules)
    let signal = try #require(rules.signals.firstIndex { $0.name == claim.signal })
    let symbols = rules.symbols
    func replaced(_ expression: TypedExpression) -> TypedExpression {
      var copy = expression
      switch expression.kind {
      case .variable(let number) where symbols[number] == .signal(signal):
        copy.kind = .constant(.int(claim.value))
      case .apply(let overload, let operands):
        copy.kind = .apply(overload, operands.map(replaced))
      case .conditional(let condition, let then, let otherwise):
        copy.kind = .conditional(
          replaced(condition), then: replaced(then), otherwise: replaced(otherwise))
      default: break
      }
      return copy
    }
    for position in rules.rules.indices {
      rules.rules[position].when = replaced(rules.rules[position].when)
      rules.rules[position].exempt = rules.rules[position].exempt.map(replaced)
      rules.rules[position].score = rules.rules[position].score.map(replaced)
    }
    for position in rules.lets.indices {
      rules.lets[position].value = replaced(rules.lets[position].value)
    }
    for position in rules.policies.indices {
      rules.policies[position].exempt = rules.policies[position].exempt.map(replaced)
    }
    let program = PackageCompiler.compile(rules)
    var engine = try ScoringEngine(program: program)
    var intake = EventIntake(program.schema)
    var event = Event()
    var decision = Decision()
    for line in SampleHistory.lines {
      let latest = Timestamp(microseconds: .max)
      guard case .new(let number) = try intake.admit(line.span, latest: latest, into: &event)
      else { continue }
      event.sequence = UInt64(number)
      let isDecided = engine.apply(event, into: &decision)
      guard isDecided, event.idText == claim.id else { continue }
      return program.catalog.policies[decision.policy].outcomes[decision.outcome]
    }
    return nil
  }

  @Test func `alters the outcome on the engine as it says`() throws {
    let claims = try `The smallest change`.claims()
    #expect(claims.count >= 4, "\(claims)")
    #expect(Set(claims.map(\.signal)).count >= 3)
    for claim in claims.prefix(6) {
      #expect(try `The smallest change`.outcome(of: claim) == claim.outcome, "\(claim)")
    }
  }

  // MARK: Sentences

  private static func explain(_ rules: String, _ fields: String, count: Int = 1) throws
    -> DecisionExplanation
  {
    let schema = """
      entity account { account_id: string key  country: string }
      identifier device: string links account normalize trim
      event referral { referral_id: string id  at: timestamp time  referrer: account
        referee: account  device: device? of referee  verified: bool?  weight: double?
        reward: decimal(2) unit "MXN" }
      policy p { on referral decide block at 80 decide hold at 50 otherwise grant
        if_unavailable hold }
      signal accounts = distinct(referee) from referral by device over 30d
      list staff: device = ["T1"]
      reason R { analyst en "x" es "x" customer en "x" es "x" }

      """
    let check = PackageChecker.check(
      "main.rules", from: MemoryRuleFiles(["main.rules": schema + rules]))
    let lines = (0..<count).map { number in
      Array(
        (#"{"event":"referral","referral_id":"r\#(number)","at":"2026-01-05T10:0\#(number):00Z","#
          + #""referrer":"A","referee":"N\#(number)",\#(fields),"reward":250}"#).utf8)
    }
    return try #require(try SampleHistory.explanations(of: check, lines) { _ in .yes }.last)
  }

  private static func rule(_ name: String, _ when: String, _ score: String) -> String {
    "rule \(name) { on referral when \(when) score \(score) reason R status live owner \"x\" }\n"
  }

  @Test func `is said of a count, in both languages`() throws {
    let found = try `The smallest change`.explain(
      `The smallest change`.rule("a", "accounts > 3", "60"), #""device":"D1""#, count: 5)
    #expect(
      found.flipSentences(in: .english) == [
        "It would be grant instead of hold if accounts were at most 3; it is 5."
      ])
    #expect(
      found.flipSentences(in: .spanish) == [
        "Sería grant en lugar de hold si accounts fuera como máximo 3; es 5."
      ])
  }

  @Test func `is said by the title that people read`() throws {
    let titled = """
      signal invited = count() from referral by referrer over 1d
        title en "Invitations in a day" es "Invitaciones en un día"

      """
    let found = try `The smallest change`.explain(
      titled + `The smallest change`.rule("a", "invited > 2", "60"), #""device":"D1""#, count: 3)
    #expect(
      found.flipSentences(in: .english) == [
        "It would be grant instead of hold if “Invitations in a day” (invited) were at most 2; "
          + "it is 3."
      ])
    #expect(
      found.flipSentences(in: .spanish) == [
        "Sería grant en lugar de hold si «Invitaciones en un día» (invited) fuera como máximo 2; "
          + "es 3."
      ])
  }

  @Test func `is the value of a score where no rule has to fall silent`() throws {
    let found = try `The smallest change`.explain(
      `The smallest change`.rule("a", "accounts > 1", "accounts >= 5 ? 85 : 55"),
      #""device":"D1""#, count: 5)
    #expect(
      found.flipSentences(in: .english).first
        == "It would be hold instead of block if accounts were 4; it is 5.")
  }

  @Test func `is said of lists, truths and what is missing`() throws {
    let listed = try `The smallest change`.explain(
      `The smallest change`.rule("a", "device not in staff", "60"), #""device":"D1""#)
    #expect(
      listed.flipSentences(in: .english) == [
        "It would be grant instead of hold if device were in staff; it is D1."
      ])
    let known = try `The smallest change`.explain(
      `The smallest change`.rule("a", "verified", "60"), #""verified":true"#)
    #expect(
      known.flipSentences(in: .spanish) == [
        "Sería grant en lugar de hold si verified fuera falso; es cierto."
      ])
    let missing = try `The smallest change`.explain(
      `The smallest change`.rule("a", "weight > 1.5", "60"), #""device":"D1""#)
    #expect(
      missing.flipSentences(in: .english) == [
        "It would be hold instead of grant if weight were greater than 1.5; it is missing."
      ])
  }

  @Test func `takes both parts of an and, and two rules where one is not enough`() throws {
    let both = try `The smallest change`.explain(
      `The smallest change`.rule("a", "accounts > 3 and reward > 300.00", "60"),
      #""device":"D1""#, count: 2)
    #expect(
      both.flipSentences(in: .english) == [
        "It would be hold instead of grant if accounts were at least 4 (it is 2) "
          + "and reward were at least 300.01 MXN (it is 250.00 MXN)."
      ])
    let two = try `The smallest change`.explain(
      `The smallest change`.rule("a", "accounts > 3", "85")
        + `The smallest change`.rule("b", "reward > 100.00", "85"), #""device":"D1""#, count: 5)
    #expect(two.outcome == "block")
    #expect(
      two.flipSentences(in: .english) == [
        "It would be grant instead of block if accounts were at most 3 (it is 5) "
          + "and reward were at most 100.00 MXN (it is 250.00 MXN)."
      ])
  }

  @Test func `takes as many rules as it needs, and no more`() throws {
    let many = try `The smallest change`.explain(
      ["a", "b", "c", "d"].map {
        `The smallest change`.rule($0, "accounts + \($0.utf8.first ?? 0) > 3", "85")
      }.joined() + `The smallest change`.rule("e", "reward > 200.00", "10"),
      #""device":"D1""#)
    #expect(many.outcome == "block")
    let flip = try #require(many.flips.first)
    #expect(flip.outcome == "grant" && flip.changes.count == 4, "\(flip)")
    #expect(!flip.changes.contains { $0.subject == "reward" })
  }

  @Test func `is not claimed where there is none`() throws {
    let none = try `The smallest change`.explain(
      `The smallest change`.rule("a", "reward > 300.00", "10"), #""device":"D1""#)
    #expect(none.flips.isEmpty)
    #expect(none.flipSentences(in: .english)[0].hasPrefix("No change that alters"))
  }
}
