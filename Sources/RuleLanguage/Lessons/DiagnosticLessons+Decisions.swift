internal import Expressions

extension DiagnosticLessons {
  /// Scores, reasons, params, policies, tests.
  static let decisionLessons: [DiagnosticLesson] = [
    DiagnosticLesson(
      .scoreRange,
      Phrase(
        "a score that is no whole number from 0 to 100",
        es: "un puntaje que no es un entero de 0 a 100"),
      Phrase(
        """
        A score is a whole number from 0 to 100; the policy adds scores up and compares them with its \
        bands. A rule that fires when data is missing needs a score that cannot be missing.
        """,
        es: """
          Un puntaje es un número entero de 0 a 100; la política suma los puntajes y los compara con sus \
          bandas. Una regla que se dispara cuando faltan datos necesita un puntaje que no pueda faltar.
          """),
      wrong: rule("when   refs_1h > hourly_limit\n  score  150"),
      right: rule("when   refs_1h > hourly_limit\n  score  80")),
    DiagnosticLesson(
      .templateHole,
      Phrase(
        "a hole in a reason that cannot be filled",
        es: "un hueco de un motivo que no se puede llenar"),
      Phrase(
        """
        Between braces stands a field, signal or param of the event the rule looks at. Personal data (`pii`) \
        may be shown to analysts, never to customers.
        """,
        es: """
          Entre llaves va un campo, señal o parámetro del evento que mira la regla. Los datos personales \
          (`pii`) se le pueden mostrar a los analistas, nunca a los clientes.
          """),
      wrong: """
        reason TOO_FAST {
          severity low
          analyst  en "{referrer} is too fast" es "{referrer} va muy rápido"
          customer en "{referrer}, slow down." es "{referrer}, más despacio."
        }
        \(rule("when   refs_1h > hourly_limit", reason: "TOO_FAST"))
        """,
      right: """
        reason TOO_FAST {
          severity low
          analyst  en "{referrer} is too fast" es "{referrer} va muy rápido"
          customer en "You made {refs_1h} invitations." es "Hiciste {refs_1h} invitaciones."
        }
        \(rule("when   refs_1h > hourly_limit", reason: "TOO_FAST"))
        """),
    DiagnosticLesson(
      .paramBounds, Phrase("a param outside its bounds", es: "un parámetro fuera de sus límites"),
      Phrase(
        "`min` and `max` say which values make sense, and the shipped value must be one of them.",
        es:
          "`min` y `max` dicen qué valores tienen sentido, y el valor de fábrica debe ser uno de ellos."
      ),
      wrong: "param daily_limit: int = 500 min 5 max 200",
      right: "param daily_limit: int = 50 min 5 max 200"),
    DiagnosticLesson(
      .unreachableBand,
      Phrase("a band no score reaches", es: "una banda que ningún puntaje alcanza"),
      Phrase(
        """
        Scores are added up and then cut at the policy's cap, at most 100. A band above the cap would never \
        decide anything.
        """,
        es: """
          Los puntajes se suman y luego se recortan al tope de la política, a lo más 100. Una banda por \
          encima del tope nunca decidiría nada.
          """),
      wrong: """
        policy login_check {
          on        login
          combine   sum cap 60
          decide    block at 80
          otherwise grant
          if_unavailable hold
        }
        """,
      right: """
        policy login_check {
          on        login
          combine   sum cap 100
          decide    block at 80
          otherwise grant
          if_unavailable hold
        }
        """),
    DiagnosticLesson(
      .noPolicy,
      Phrase("rules on an event no policy governs", es: "reglas sobre un evento sin política"),
      Phrase(
        """
        Without a policy there is no decision on the event, so its rules are never evaluated. Add a policy, \
        or let the rule look at another event.
        """,
        es: """
          Sin política no hay decisión sobre el evento, así que sus reglas nunca se evalúan. Agrega una \
          política, o haz que la regla mire otro evento.
          """),
      wrong: """
        reason MANY_LOGINS {
          severity low
          analyst  en "{who} signs in often" es "{who} entra muy seguido"
          customer en "We noticed many sign-ins." es "Notamos muchos accesos."
        }
        \(rule("when   logins_7d > 100", on: "login", reason: "MANY_LOGINS"))
        """,
      right: """
        reason MANY_LOGINS {
          severity low
          analyst  en "{who} signs in often" es "{who} entra muy seguido"
          customer en "We noticed many sign-ins." es "Notamos muchos accesos."
        }
        \(rule("when   logins_7d > 100", on: "login", reason: "MANY_LOGINS"))
        policy login_check { on login  otherwise grant  if_unavailable hold }
        """),
    DiagnosticLesson(
      .untestedRule,
      Phrase(
        "a live rule no test speaks of", es: "una regla `live` de la que no habla ninguna prueba"),
      Phrase(
        """
        A live rule decides about people's money. A test shows that it fires when it should, and keeps \
        showing it when the rule changes.
        """,
        es: """
          Una regla `live` decide sobre el dinero de la gente. Una prueba muestra que se dispara cuando \
          debe, y lo sigue mostrando cuando la regla cambia.
          """),
      wrong: rule("when   refs_1h > hourly_limit\n  score  60", status: "live"),
      right: """
        \(rule("when   refs_1h > hourly_limit\n  score  60", status: "live"))

        test "six in an hour are too many" {
          repeat 6 as i every 1m referral{ referral_id: "r" + string(i), referrer: "R", referee: "N" }
          expect rule too_fast fires
        }
        """),
  ]
}
