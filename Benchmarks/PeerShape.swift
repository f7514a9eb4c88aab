import Compiler
import Expressions
import Model
import Program
import RuleLanguage

/// Rules as another engine's own benchmark has them, and events to decide: thresholds of an amount,
/// some for one country alone.
struct PeerShape: Sendable {
  let name: String
  /// The engine whose benchmark it is.
  let peer: String
  let rules: [Rule]

  struct Rule: Sendable {
    /// Nil where it holds of any.
    var country: String?
    var above: Int
  }

  /// What is decided on.
  struct Case: Sendable {
    var amount: Int
    var country: String
  }

  /// Amounts on both sides of every threshold.
  static let cases = (0..<64).map { number in
    Case(amount: number * 11, country: countries[number % countries.count])
  }

  private static let countries = ["MX", "CO", "AR", "BR", "US"]

  /// The shapes, each named after the engine and the number of rules.
  static var all: [PeerShape] {
    let ezrules = [50, 250, 1_000].map { count in
      PeerShape(
        name: "ezrules_\(count)", peer: "ezrules",
        rules: (0..<count).map { Rule(above: 100 + $0 % 20 * 25) })
    }
    return ezrules + [
      // Its last row takes what no other has.
      PeerShape(name: "zen_2", peer: "zen", rules: [Rule(above: 10), Rule(above: -1)]),
      PeerShape(
        name: "zen_50", peer: "zen",
        rules: (0..<50).map { number in
          Rule(country: countries[number % countries.count], above: 690 - number * 12)
        }),
    ]
  }

  /// What a case comes to: how many rules hold, and the number of the first, from 1; 0 when none.
  func answer(_ asked: Case) -> (count: Int, first: Int) {
    let holding = rules.indices.filter { number in
      asked.amount > rules[number].above
        && rules[number].country.map { $0 == asked.country } ?? true
    }
    return (holding.count, holding.first.map { $0 + 1 } ?? 0)
  }

  /// One number for the answers to all cases: of those who give all rules that hold, how many; of
  /// those who give the first, which.
  var checksum: Int {
    var sum = 0
    for (number, asked) in Self.cases.enumerated() {
      let answer = answer(asked)
      sum += (number + 1) * (peer == "zen" ? answer.first : answer.count)
    }
    return sum
  }

  /// The rules in our language.
  var text: String {
    var text = """
      entity account { account_id: string key }
      event probe {
        probe_id: string id
        at: timestamp time
        amount: int
        country: string
      }
      policy all {
        on probe combine sum cap 100 decide review at 1 queue "peers" otherwise grant
        if_unavailable hold owner "benchmarks"
      }
      reason PROBE { severity low analyst en "." es "." customer en "." es "." }

      """
    for (number, rule) in rules.enumerated() {
      var condition = "amount > \(rule.above)"
      if let country = rule.country { condition += " && country == \"\(country)\"" }
      text += """
        rule r\(number + 1) {
          on probe when \(condition) score 1 reason PROBE status live owner "benchmarks"
        }

        """
    }
    return text
  }

  /// The rules compiled.
  func program() throws(BenchmarkError) -> RuleProgram {
    let check = PackageChecker.check("peers.rules", from: MemoryRuleFiles(["peers.rules": text]))
    guard let rules = check.rules else {
      let renderer = DiagnosticRenderer(sources: check.sources)
      throw .rules(check.findings.map { renderer.render($0) }.joined(separator: "\n"))
    }
    return PackageCompiler.compile(rules)
  }

  /// The cases as events of the program.
  static func events(of type: EventType) -> [Event] {
    func slot(_ name: String) -> Int { type.fields.first { $0.name == name }?.slot ?? 0 }
    return cases.enumerated().map { number, asked in
      var event = Event()
      event.reset(type: 0, slotCount: type.slotCount)
      event.sequence = UInt64(number + 1)
      event.set(slot("probe_id"), utf8: "p\(number)".utf8)
      event.id = TextReference(bits: event.payloads[slot("probe_id")])
      event.time = Timestamp(microseconds: 1_767_225_600_000_000)
      event.set(slot("at"), payload: UInt64(bitPattern: event.time.microseconds))
      event.set(slot("amount"), payload: UInt64(bitPattern: Int64(asked.amount)))
      event.set(slot("country"), utf8: asked.country.utf8)
      return event
    }
  }
}
