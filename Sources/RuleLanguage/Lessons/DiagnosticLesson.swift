public import Expressions

/// What a code means, for someone who writes rules and has met it: `sabueso explain E0203`.
public struct DiagnosticLesson: Sendable {
  /// The code.
  public let code: DiagnosticCode
  /// What is wrong, in one line.
  public let title: Phrase
  /// Why it is wrong and what to do, in plain words.
  public let explanation: Phrase
  /// Blocks that have the mistake, beside those of `DiagnosticLessons.schema`.
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

  /// The lesson to read in a terminal, ending in a newline.
  public func text(in language: Language) -> String {
    let isEnglish = language == .english
    return """
      \(code.rawValue): \(title.text(in: language))

      \(DiagnosticLesson.wrapped(explanation.text(in: language)))

      \(isEnglish ? "Wrong" : "Así no"):

      \(DiagnosticLesson.indented(wrong))

      \(isEnglish ? "Right" : "Así sí"):

      \(DiagnosticLesson.indented(right))

      """
  }

  private static func indented(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.isEmpty ? "" : "    \($0)" }.joined(separator: "\n")
  }

  /// Breaks a paragraph into lines of at most 78 columns.
  private static func wrapped(_ text: String) -> String {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      if !line.isEmpty, line.count + 1 + word.count > 78 {
        lines.append(line)
        line = ""
      }
      line += line.isEmpty ? String(word) : " \(word)"
    }
    return (lines + [line]).joined(separator: "\n")
  }
}

/// A lesson for every code.
public enum DiagnosticLessons {
  /// All lessons, by code.
  public static let all: [DiagnosticLesson] =
    (syntaxLessons + blockLessons + nameLessons + typeLessons + decisionLessons + stateLessons
    + logicLessons + hygieneLessons)
    .sorted { $0.code.rawValue < $1.code.rawValue }

  /// The lesson of a code as printed, in any case; nil when there is no such code.
  public static func lesson(for code: String) -> DiagnosticLesson? {
    let wanted = code.uppercased()
    return all.first { $0.code.rawValue == wanted }
  }

  /// The file `schema.rules` that the examples stand beside and import.
  public static let schema = """
    enum channel_kind { app, web, branch }

    entity account {
      account_id:  string key pii
      opened_at:   timestamp
      is_employee: bool
    }

    identifier device: string links account normalize trim
    identifier phone:  string links account normalize e164

    event referral retention 90d {
      referral_id: string id
      at:          timestamp time
      referrer:    account
      referee:     account
      device:      device? of referee
      phone:       phone? of referee
      channel:     channel_kind?
      reward:      decimal(2) unit "MXN"
      fee:         decimal(2) unit "COP"
    }

    event login retention 30d {
      login_id: string id
      at:       timestamp time
      who:      account
    }

    param hourly_limit: int = 5 min 2 max 50
    list kiosks: device = ["KIOSK-1"]
    signal refs_1h   = count() from referral by referrer over 1h
    signal logins_7d = count() from login by who over 7d

    reason VELOCITY {
      severity medium
      analyst  en "{referrer} asked for {refs_1h} rewards" es "{referrer} pidió {refs_1h} recompensas"
      customer en "You are inviting very fast." es "Estás invitando muy rápido."
    }

    policy reward_grant {
      on        referral
      decide    hold at 50 for 72h
      otherwise grant
      if_unavailable hold
    }

    """
}
