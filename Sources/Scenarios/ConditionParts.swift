internal import Expressions
internal import Model
internal import RuleLanguage

/// One comparison or other smallest part of a rule's condition or exemption.
struct ConditionPart {
  /// Position in `CheckedRules.rules`.
  var rule: Int
  var expression: TypedExpression
}

/// A package in which every part of every condition is a rule of its own, in shadow. What the
/// engine says of these rules is how the parts came out: measured on the engine itself, and no
/// decision changes by it.
struct ConditionParts {
  let parts: [ConditionPart]
  /// The package with the parts behind its own rules.
  let rules: CheckedRules

  init(_ rules: CheckedRules) {
    var parts: [ConditionPart] = []
    var extended = rules
    for (position, rule) in rules.rules.enumerated() where rule.status != .off {
      for condition in [rule.when, rule.exempt].compactMap({ $0 }) {
        for part in condition.smallestParts {
          parts.append(ConditionPart(rule: position, expression: part))
          extended.rules.append(rule.shadow(when: part))
        }
      }
    }
    self.parts = parts
    self.rules = extended
  }

  /// Position of a part among the rules of the extended package.
  func rule(ofPart part: Int) -> Int { rules.rules.count - parts.count + part }
}
