import Model
import RuleLanguage

extension CheckedTexts {
  /// The texts when no value stands in any of them.
  var fixed: FixedTexts? {
    var fixed = FixedTexts()
    guard let analystEnglish = CheckedTexts.literal(analystEnglish),
      let analystSpanish = CheckedTexts.literal(analystSpanish),
      let customerEnglish = CheckedTexts.literal(customerEnglish),
      let customerSpanish = CheckedTexts.literal(customerSpanish)
    else { return nil }
    fixed.analystEnglish = analystEnglish
    fixed.analystSpanish = analystSpanish
    fixed.customerEnglish = customerEnglish
    fixed.customerSpanish = customerSpanish
    return fixed
  }

  private static func literal(_ parts: [CheckedPart]) -> String? {
    var text = ""
    for part in parts {
      guard case .literal(let literal) = part else { return nil }
      text += literal
    }
    return text
  }
}
