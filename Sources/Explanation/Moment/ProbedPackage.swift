internal import Expressions
internal import Model
internal import RuleLanguage
internal import Values

/// A package that also tells the values its rules read: behind its own rules stands one rule for
/// each value, in shadow, which fires when there is a value and has it as its text.
///
/// So what is explained is what the engine itself saw, whatever the value comes from, and no
/// decision changes by it.
struct ProbedPackage {
  /// Something whose value on an event is wanted.
  enum Subject {
    /// A field, attribute or signal, by the number of its variable.
    case variable(Int)
    /// A signal asked for keys of its own.
    case query(TypedExpression)
    /// Whether a value is in a list from a file, which has other members on other days.
    case membership(TypedExpression)
    /// Whether a rule that counts on this share of events counts on this one.
    case share(Int)
  }

  struct Probe {
    var event: Int
    var subject: Subject
    var type: ValueType
  }

  let rules: CheckedRules
  let probes: [Probe]

  /// Rules of the package itself; those behind them are the probes, in order.
  var ownRuleCount: Int { rules.rules.count - probes.count }

  init(_ package: CheckedRules) {
    var rules = package
    var probes: [Probe] = []
    for policy in package.policies {
      let governed = package.rules.filter { $0.event == policy.event && $0.status != .off }
      guard let model = governed.first else { continue }
      var subjects = Subjects(package)
      for rule in governed {
        for expression in [rule.when, rule.exempt, rule.score].compactMap({ $0 }) {
          subjects.add(expression)
        }
        if case .canary(let percent) = rule.status { subjects.shares.insert(percent) }
      }
      if let exempt = policy.exempt { subjects.add(exempt) }
      for expression in subjects.expressions {
        let subject: Subject =
          switch expression.kind {
          case .variable(let number): .variable(number)
          case .query: .query(expression)
          default: .membership(expression)
          }
        probes.append(Probe(event: policy.event, subject: subject, type: expression.type))
        rules.rules.append(ProbedPackage.teller(of: expression, as: model))
      }
      for percent in subjects.shares.sorted() {
        probes.append(Probe(event: policy.event, subject: .share(percent), type: .bool))
        let always = TypedExpression(
          .constant(.bool(true)), type: .bool, mayBeMissing: false, span: model.span)
        var share = model.shadow(when: always).silent
        share.status = .canary(percent)
        rules.rules.append(share)
      }
    }
    self.rules = rules
    self.probes = probes
  }

  private static func teller(of expression: TypedExpression, as model: CheckedRule) -> CheckedRule {
    func bool(_ overload: Overload, _ operand: TypedExpression) -> TypedExpression {
      TypedExpression(
        .apply(overload, [operand]), type: .bool, mayBeMissing: false, span: operand.span)
    }
    var rule = model.shadow(when: bool(.not, bool(.isMissing, expression))).silent
    rule.texts.analystEnglish = [.hole(expression)]
    return rule
  }
}

/// The values that expressions read, each once.
private struct Subjects {
  private let rules: CheckedRules
  private var known: Set<Int> = []
  private(set) var expressions: [TypedExpression] = []
  var shares: Set<Int> = []

  init(_ rules: CheckedRules) {
    self.rules = rules
  }

  mutating func add(_ expression: TypedExpression) {
    for child in expression.children { add(child) }
    switch expression.kind {
    case .query: expressions.append(expression)
    case .apply(.isIn, let operands) where isFromFile(operands[1]):
      expressions.append(expression)
    case .variable(let number) where known.insert(number).inserted:
      switch rules.symbols[number] {
      case .field, .attribute, .signal: expressions.append(expression)
      case .derived(let position): add(rules.lets[position].value)
      case .param, .list, .counter: break
      }
    default: break
    }
  }

  private func isFromFile(_ list: TypedExpression) -> Bool {
    guard case .variable(let number) = list.kind, case .list(let position) = rules.symbols[number]
    else { return false }
    return rules.lists[position].file != nil
  }
}

extension CheckedRule {
  /// Without texts.
  fileprivate var silent: CheckedRule {
    var rule = self
    rule.texts.analystEnglish = []
    rule.texts.analystSpanish = []
    rule.texts.customerEnglish = []
    rule.texts.customerSpanish = []
    return rule
  }
}
