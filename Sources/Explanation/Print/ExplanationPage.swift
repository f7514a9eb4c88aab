public import Expressions

/// An explanation as one HTML page that stands alone: no script, no font and no picture from
/// elsewhere. It is well-formed XML too.
public enum ExplanationPage {
  /// The page in one language.
  public static func html(_ explanation: DecisionExplanation, in language: Language) -> String {
    let page = PageWriter(explanation, language)
    var text = """
      <!DOCTYPE html>
      <html lang="\(language.rawValue)" xmlns="http://www.w3.org/1999/xhtml"><head>
      <meta charset="utf-8"/>
      <meta name="viewport" content="width=device-width, initial-scale=1"/>
      <title>\(page.title)</title>
      <style>
      \(PageStyle.sheet)</style>
      </head><body><main>

      """
    text += page.header + page.flips + page.customer + page.score + page.conditions
    text += page.evidence + page.signals + page.footer
    return text + "</main></body></html>\n"
  }
}
