public import Expressions

/// What `sabueso explain CODE` teaches: why the finding exists, an example that has it, and the same
/// example mended.
public struct DiagnosticLesson: Sendable {
  /// The code.
  public let code: DiagnosticCode
  /// What the finding is, in a few words.
  public let title: Phrase
  /// Why it matters and what to do, in plain words.
  public let explanation: Phrase
  /// Rule text that has the finding.
  public let wrong: String
  /// The same without it.
  public let right: String

  init(
    _ code: DiagnosticCode, _ title: Phrase, _ explanation: Phrase, wrong: String, right: String
  ) {
    self.code = code
    self.title = title
    self.explanation = explanation
    self.wrong = wrong
    self.right = right
  }

  /// The lesson as text for a terminal.
  public func text(in language: Language) -> String {
    let isEnglish = language == .english
    var text = "\(code.rawValue): \(title.text(in: language))\n\n"
    text += explanation.text(in: language) + "\n\n"
    text += (isEnglish ? "This has it:" : "Esto lo tiene:") + "\n\n" + indented(wrong) + "\n"
    text += (isEnglish ? "This does not:" : "Esto no:") + "\n\n" + indented(right)
    return text
  }

  private func indented(_ example: String) -> String {
    example.split(separator: "\n", omittingEmptySubsequences: false).map { "    \($0)\n" }.joined()
  }
}

/// All lessons.
public enum DiagnosticLessons {
  /// Every lesson, by code.
  public static let all: [DiagnosticLesson] =
    (syntax + names + types + state + patterns).sorted { $0.code.rawValue < $1.code.rawValue }

  /// The lesson of a code, written in any case.
  public static func lesson(for code: String) -> DiagnosticLesson? {
    all.first { $0.code.rawValue == code.uppercased() }
  }

  /// The schema every example stands on.
  public static let preamble = """
    enum channel_kind { app, web }
    entity account { account_id: string key pii country: string }
    identifier device: string links account normalize trim max_degree 50
    identifier phone: string links account normalize e164
    event referral retention 400d {
      referral_id: string id
      at: timestamp time
      referrer: account
      referee: account
      device: device? of referee
      email: string?
      channel: channel_kind?
      reward: decimal(2) unit "MXN"
    }
    event login retention 90d { login_id: string id at: timestamp time who: account }
    signal refs_1h = count() from referral by referrer over 1h
    reason FAST {
      analyst en "{refs_1h} in an hour" es "{refs_1h} en una hora"
      customer en "Under review." es "En revisión."
    }
    policy grants { on referral decide hold at 50 otherwise grant if_unavailable hold }

    """
}
