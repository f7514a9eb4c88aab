internal import Expressions

extension DiagnosticLessons {
  /// What has outlived its use, or tells too much.
  static let hygieneLessons: [DiagnosticLesson] = [
    DiagnosticLesson(
      .tooManyRules,
      Phrase("a package of more than 10,000 rules", es: "un paquete de más de 10,000 reglas"),
      Phrase(
        """
        Nobody reads ten thousand rules. Rules that differ in a value alone are one rule with a list or a \
        param; rules of different products are different packages.
        """,
        es: """
          Nadie lee diez mil reglas. Las que solo cambian en un valor son una sola con una lista o un \
          parámetro; las de productos distintos son paquetes distintos.
          """),
      wrong: rule("when   device == \"D1\"  // and 10,000 more like this"),
      right: rule("when   device in kiosks")),
    DiagnosticLesson(
      .unusedDeclaration, Phrase("a declaration nothing uses", es: "una declaración que nada usa"),
      Phrase(
        """
        A signal that no rule reads still costs memory for every key, and a param nobody reads misleads \
        whoever changes it. A use in a test alone does not count.
        """,
        es: """
          Una señal que ninguna regla lee cuesta memoria por cada clave, y un parámetro que nadie lee \
          confunde a quien lo cambia. Usarla solo en una prueba no cuenta.
          """),
      wrong: "param weekly_limit: int = 20 min 5 max 100",
      right: "param weekly_limit: int = 20 min 5 max 100\n"
        + rule("when   refs_1h > weekly_limit")),
    DiagnosticLesson(
      .unseenRule,
      Phrase("a live rule no test shows firing", es: "una regla `live` que ninguna prueba dispara"),
      Phrase(
        """
        A test that only expects silence passes just as well without the rule. Show once that it fires, \
        and once that the honest case beside it stays silent.
        """,
        es: """
          Una prueba que solo espera silencio pasa igual sin la regla. Muestra una vez que se dispara, y \
          una vez que el caso honesto de al lado se queda en silencio.
          """),
      wrong: """
        \(rule("when   refs_1h > hourly_limit\n  score  60", status: "live"))
        test "one invitation is fine" {
          at 0m referral{ referrer: "R", referee: "N", reward: 100 }
          expect rule too_fast silent
        }
        """,
      right: tested("when   refs_1h > hourly_limit\n  score  60", name: "too_fast")),
    DiagnosticLesson(
      .longShadow,
      Phrase("in shadow for more than 30 days", es: "en `shadow` desde hace más de 30 días"),
      Phrase(
        """
        A rule in shadow is an experiment. After a month there is enough to decide by: make it live, or \
        remove it.
        """,
        es: """
          Una regla en `shadow` es un experimento. Después de un mes ya hay con qué decidir: ponla en \
          `live`, o quítala.
          """),
      wrong: rule("when   refs_1h > hourly_limit\n  active from \"2026-01-01T00:00:00-06:00\""),
      right: rule("when   refs_1h > hourly_limit\n  active from \"2026-11-20T00:00:00-06:00\"")),
    DiagnosticLesson(
      .expiredRule, Phrase("a rule whose end is past", es: "una regla que ya terminó"),
      Phrase(
        "After its `until` a rule is evaluated no more. Remove it, or move its end.",
        es: "Después de su `until` la regla ya no se evalúa. Quítala, o mueve su fin."),
      wrong: rule(
        "when   refs_1h > hourly_limit\n"
          + "  active from \"2026-11-01T00:00:00-06:00\" until \"2026-11-08T00:00:00-06:00\""),
      right: rule(
        "when   refs_1h > hourly_limit\n"
          + "  active from \"2026-11-01T00:00:00-06:00\" until \"2027-01-01T00:00:00-06:00\"")),
    DiagnosticLesson(
      .duplicateEntry, Phrase("an entry twice in a list", es: "una entrada dos veces en una lista"),
      Phrase(
        """
        Identifiers are compared as they are after normalising, so two spellings of one phone are one \
        entry. Whoever takes one out believes the list no longer holds it.
        """,
        es: """
          Los identificadores se comparan ya normalizados, así que dos formas de escribir un teléfono son \
          una sola entrada. Quien quita una cree que la lista ya no la tiene.
          """),
      wrong: "list shops: device = [\"T1\", \"T2\", \"T1\"]\n" + rule("when   device in shops"),
      right: "list shops: device = [\"T1\", \"T2\"]\n" + rule("when   device in shops")),
    DiagnosticLesson(
      .revealsThreshold,
      Phrase(
        "a customer's text that tells the threshold",
        es: "un texto para el cliente que dice el umbral"),
      Phrase(
        """
        Who is told the limit stays just below it next time. Tell customers what was looked at and what \
        happens now; the numbers are for analysts.
        """,
        es: """
          A quien se le dice el límite, la próxima vez se queda justo debajo. Dile al cliente qué se revisó \
          y qué sigue; los números son para los analistas.
          """),
      wrong: reason(
        customer: "At most {hourly_limit} invitations.", "A lo más {hourly_limit} invitaciones."),
      right: reason(customer: "You are inviting very fast.", "Estás invitando muy rápido.")),
    DiagnosticLesson(
      .differentHoles,
      Phrase(
        "English and Spanish with different holes", es: "inglés y español con huecos distintos"),
      Phrase(
        """
        Both texts tell the same story to different readers; a value that only one of them sees was \
        forgotten in the other.
        """,
        es: """
          Los dos textos cuentan lo mismo a lectores distintos; un valor que solo ve uno se olvidó en el \
          otro.
          """),
      wrong: reason(customer: "You made {refs_1h} invitations.", "Hiciste muchas invitaciones."),
      right: reason(
        customer: "You made {refs_1h} invitations.", "Hiciste {refs_1h} invitaciones.")),
  ]

  /// A reason with its texts for customers, and a rule that uses it.
  private static func reason(customer english: String, _ spanish: String) -> String {
    """
    reason TOO_FAST {
      severity low
      analyst  en "{referrer} is too fast" es "{referrer} va muy rápido"
      customer en "\(english)"
               es "\(spanish)"
    }
    \(rule("when   refs_1h > hourly_limit", reason: "TOO_FAST"))
    """
  }
}
