import Compiler
import Engine
import Expressions
import Model
import Program
import RuleLanguage
import Values

/// The predicate as a rule, with and without its regular expression, and rows to ask it about.
struct ExpressionsPackage {
  /// What is asked of each row.
  enum Predicate: Int, CaseIterable {
    case withoutRegex, withRegex
  }

  /// A row: the values of the four fields.
  struct Row {
    var accounts: Int64
    var country: String
    var email: String
    var velocity: Int64
  }

  /// The predicates as the standard language writes them, which is what peers read.
  static let standard = [
    "device_accounts_30d > 3 && !(country in [\"MX\",\"CO\"]) || velocity_1h >= 5",
    "device_accounts_30d > 3 && !(country in [\"MX\",\"CO\"])"
      + " && email.matches(\"^[a-z]+[0-9]{4,}@\") || velocity_1h >= 5",
  ]

  /// Rows on which every term must be looked at, so that the velocity decides: the device brought
  /// too many accounts, and then the country is one of the two; or, where there is a regular
  /// expression, another, and an address of letters and three digits fails at its last one.
  static func rows(of predicate: Predicate) -> [Row] {
    let countries =
      predicate == .withRegex ? ["AR", "PE", "CL", "BR", "US", "ES", "GT", "EC"] : ["MX", "CO"]
    let names = ["mariana", "josefina", "guadalupe", "alejandro", "fernanda", "ricardo"]
    return (0..<64).map { number in
      Row(
        accounts: Int64(4 + number % 13), country: countries[number % countries.count],
        email: "\(names[number % names.count])\(100 + number)@correo.example.com",
        velocity: Int64(number % 7))
    }
  }

  let program: RuleProgram
  let typed: TypedExpression
  private let symbols: [Symbol]
  private let type: EventType

  init(_ predicate: Predicate) throws(BenchmarkError) {
    let text = Self.text(Self.standard[predicate.rawValue])
    let check = PackageChecker.check("probe.rules", from: MemoryRuleFiles(["probe.rules": text]))
    guard let rules = check.rules else {
      let renderer = DiagnosticRenderer(sources: check.sources)
      throw .rules(check.findings.map { renderer.render($0) }.joined(separator: "\n"))
    }
    program = PackageCompiler.compile(rules)
    typed = rules.rules[0].when
    symbols = rules.symbols
    type = rules.schema.events[0]
  }

  /// Rows as events.
  func events(of predicate: Predicate) -> [Event] {
    func slot(_ name: String) -> Int { type.fields.first { $0.name == name }?.slot ?? 0 }
    let slots = ["device_accounts_30d", "country", "email", "velocity_1h"].map(slot)
    return Self.rows(of: predicate).map { row in
      var event = Event()
      event.reset(type: 0, slotCount: type.slotCount)
      event.set(slots[0], payload: UInt64(bitPattern: row.accounts))
      event.set(slots[1], utf8: row.country.utf8)
      event.set(slots[2], utf8: row.email.utf8)
      event.set(slots[3], payload: UInt64(bitPattern: row.velocity))
      return event
    }
  }

  /// The values of the variables of a row, for the interpreter.
  func variables(of row: Row) -> (Int) -> Value {
    let values: [String: Value] = [
      "device_accounts_30d": .int(row.accounts), "country": .string(row.country),
      "email": .string(row.email), "velocity_1h": .int(row.velocity),
    ]
    let byNumber = symbols.map { symbol -> Value in
      guard case .field(_, let field) = symbol else { return .missing }
      return values[type.fields[field].name] ?? .missing
    }
    return { byNumber[$0] }
  }

  private static func text(_ condition: String) -> String {
    """
    entity account { account_id: string key }
    event probe {
      probe_id: string id
      at: timestamp time
      device_accounts_30d: int
      country: string
      email: string
      velocity_1h: int
    }
    policy all { on probe otherwise grant if_unavailable hold }
    reason PROBE { severity low analyst en "." es "." customer en "." es "." }
    rule predicate { on probe when \(condition) reason PROBE status shadow owner "x" }
    """
  }
}
