internal import Expressions

extension DiagnosticLessons {
  static let state: [DiagnosticLesson] = [
    DiagnosticLesson(
      .windowBeyondRetention,
      Phrase(
        "a window longer than the event is kept", es: "una ventana más larga que lo que se guarda"),
      Phrase(
        "A signal can be rebuilt only from events that are still there. Shorten the window or keep the event "
          + "longer.",
        es:
          "Una señal solo se puede reconstruir con eventos que aún existen. Acorta la ventana o guarda el "
          + "evento más tiempo."),
      wrong: "signal logins = count() from login by who over 180d",
      right: "signal logins = count() from login by who over 30d"),
    DiagnosticLesson(
      .keyNotOnEvent, Phrase("the key is not on this event", es: "la clave no está en este evento"),
      Phrase(
        "A signal read by its bare name takes its key from the event at hand. Where the event does not carry "
          + "it, ask for a key: `refs_1h(who)`.",
        es:
          "Una señal leída por su nombre toma su clave del evento en cuestión. Si el evento no la lleva, "
          + "pregúntala con una clave: `refs_1h(who)`."),
      wrong: rule("on login\n  when refs_1h > 5 and who == \"A\""),
      right: """
        policy logins { on login otherwise grant if_unavailable hold }
        reason BUSY {
          analyst en "Busy." es "Muy activo."
          customer en "Under review." es "En revisión."
        }
        rule many {
          on login
          when refs_1h(who) > 5
          reason BUSY
          status shadow
          owner "fraude-mx"
        }
        """),
    DiagnosticLesson(
      .windowRange,
      Phrase("a window of no or too much time", es: "una ventana de nada o de demasiado tiempo"),
      Phrase(
        "A window is longer than zero and at most ten years; beyond that it is a slip in the unit.",
        es: "Una ventana dura más de cero y a lo más diez años; más allá es un error de unidad."),
      wrong: "signal none = count() from referral by referrer over 0s",
      right: "signal some = count() from referral by referrer over 30s"),
    DiagnosticLesson(
      .signalOverSignal,
      Phrase(
        "what a signal counts cannot depend on a signal",
        es: "lo que cuenta una señal no puede depender de otra"),
      Phrase(
        "`where`, `by` and the value are settled once, when the event arrives, from the event itself. A "
          + "condition over signals belongs into a rule.",
        es:
          "`where`, `by` y el valor se fijan una vez, cuando llega el evento, a partir del evento mismo. Una "
          + "condición sobre señales va en una regla."),
      wrong: "signal fast = count() from referral where refs_1h > 3 by referrer over 1d",
      right: "signal big = count() from referral where reward > 300 by referrer over 1d"),
    DiagnosticLesson(
      .linkUnfit, Phrase("a link that cannot answer", es: "un enlace que no puede responder"),
      Phrase(
        "A cycle follows the direction of an event (`from referral`); a component needs links that live for "
          + "ever (`over lifetime`) in this version; a link has two ends of one entity.",
        es:
          "Un ciclo sigue la dirección de un evento (`from referral`); un componente necesita enlaces que "
          + "vivan para siempre (`over lifetime`) en esta versión; un enlace tiene dos extremos de una entidad."
      ),
      wrong: """
        link shares = account -- account via [device] over lifetime
        signal ring = cycle_length(shares, of: referee)
        """,
      right: """
        link referred = account -> account over 365d from referral
        signal ring = cycle_length(referred, of: referee)
        """),
    DiagnosticLesson(
      .selfDependent,
      Phrase("a value that needs itself", es: "un valor que se necesita a sí mismo"),
      Phrase(
        "A let is computed from others; a circle of them has no beginning.",
        es: "Un let se calcula a partir de otros; un círculo de ellos no tiene inicio."),
      wrong: "let a = b + 1\nlet b = a + 1", right: "let a = refs_1h + 1\nlet b = a + 1"),
    DiagnosticLesson(
      .noPolicy, Phrase("a rule that is never evaluated", es: "una regla que nunca se evalúa"),
      Phrase(
        "Rules are evaluated on events a policy governs; on others nothing is decided.",
        es:
          "Las reglas se evalúan en eventos que gobierna una política; en los demás no se decide nada."
      ),
      wrong: """
        reason SEEN {
          analyst en "Seen." es "Visto."
          customer en "Under review." es "En revisión."
        }
        rule any_login {
          on login
          when who == "A"
          reason SEEN
          status shadow
          owner "fraude-mx"
        }
        """,
      right: """
        policy logins { on login otherwise grant if_unavailable hold }
        reason SEEN {
          analyst en "Seen." es "Visto."
          customer en "Under review." es "En revisión."
        }
        rule any_login {
          on login
          when who == "A"
          reason SEEN
          status shadow
          owner "fraude-mx"
        }
        """),
    DiagnosticLesson(
      .untestedRule,
      Phrase("a live rule no test speaks of", es: "una regla activa que ninguna prueba menciona"),
      Phrase(
        "A live rule decides about people. A test beside it shows when it fires and when it stays silent, and "
          + "notices when a later change breaks it.",
        es:
          "Una regla activa decide sobre personas. Una prueba a su lado muestra cuándo se dispara y cuándo "
          + "calla, y avisa si un cambio posterior la rompe."),
      wrong: """
        rule many {
          on referral
          when refs_1h > 5
          score 50
          reason FAST
          status live
          owner "fraude-mx"
        }
        """,
      right: """
        rule many {
          on referral
          when refs_1h > 5
          score 50
          reason FAST
          status live
          owner "fraude-mx"
        }
        test "one invitation is fine" {
          at 0m referral{ referral_id: "r1", referrer: "A", referee: "B", reward: 100 }
          expect rule many silent
        }
        """),
  ]

  static let patterns: [DiagnosticLesson] = [
    DiagnosticLesson(
      .invalidRegex,
      Phrase("not a regular expression of RE2", es: "no es una expresión regular de RE2"),
      Phrase(
        "Patterns are written as RE2 reads them: no back references and no look-around, because those can "
          + "take for ever. Put `r` before the quote so that backslashes stay as they are.",
        es:
          "Los patrones se escriben como los lee RE2: sin referencias atrás ni miradas alrededor, porque "
          + "pueden tardar para siempre. Pon `r` antes de la comilla para que las diagonales queden igual."
      ),
      wrong: "let odd = email.matches(r\"([a-z]+\")", right: "let odd = email.matches(r\"^[a-z]+\")"
    ),
    DiagnosticLesson(
      .calendarWindow,
      Phrase("a calendar without unit or zone", es: "un calendario sin unidad o zona"),
      Phrase(
        "A day begins at another moment in each place, so a calendar window names the place whose days it "
          + "goes by.",
        es:
          "Un día comienza en otro momento en cada lugar, así que una ventana de calendario nombra el lugar "
          + "cuyos días sigue."),
      wrong: "signal today = count() from referral by referrer over calendar day",
      right:
        "signal today = count() from referral by referrer over calendar day in \"America/Mexico_City\""
    ),
    DiagnosticLesson(
      .windowUnfit,
      Phrase("an aggregate its window cannot have", es: "una función que su ventana no admite"),
      Phrase(
        "Over a lifetime only what needs no entries is kept, and the last n events are no length of time. "
          + "Give the signal a length of time.",
        es:
          "De toda la vida solo se guarda lo que no necesita los eventos, y los últimos n eventos no son un "
          + "lapso. Dale a la señal un lapso."),
      wrong: "signal typical = mode(channel) from referral by referrer over lifetime",
      right: "signal typical = mode(channel) from referral by referrer over 90d"),
  ]
}
