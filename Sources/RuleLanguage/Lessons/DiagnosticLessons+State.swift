internal import Expressions

extension DiagnosticLessons {
  /// Signals, windows and links.
  static let stateLessons: [DiagnosticLesson] = [
    DiagnosticLesson(
      .windowBeyondRetention,
      Phrase(
        "a window longer than events are kept",
        es: "una ventana más larga de lo que se guardan los eventos"),
      Phrase(
        """
        A signal can only be counted again from events that are still there. Shorten the window, or raise \
        the `retention` of the event.
        """,
        es: """
          Una señal solo se puede volver a contar con los eventos que todavía están. Acorta la ventana, o \
          aumenta la `retention` del evento.
          """),
      wrong: "signal logins_60d = count() from login by who over 60d",
      right: "signal logins_30d = count() from login by who over 30d"),
    DiagnosticLesson(
      .keyNotOnEvent,
      Phrase(
        "a signal whose key is not on the event", es: "una señal cuya clave no está en el evento"),
      Phrase(
        """
        A signal named alone takes its keys from the event that is scored, under the names of its `by`. \
        Where the event has no such field, say whose value is meant, in brackets.
        """,
        es: """
          Una señal nombrada sola toma sus claves del evento que se califica, con los nombres de su `by`. Si \
          el evento no tiene ese campo, di de quién es el valor, entre paréntesis.
          """),
      wrong: rule("when   logins_7d > 100"), right: rule("when   logins_7d(referee) > 100")),
    DiagnosticLesson(
      .windowRange,
      Phrase(
        "a window of no length, or of more than ten years",
        es: "una ventana sin duración, o de más de diez años"),
      Phrase(
        """
        A window of zero counts nothing, and one of more than ten years is a slip in the unit: `m` is \
        minutes, `d` is days.
        """,
        es: """
          Una ventana de cero no cuenta nada, y una de más de diez años es un descuido en la unidad: `m` son \
          minutos, `d` son días.
          """),
      wrong: "signal refs_now = count() from referral by referrer over 0s",
      right: "signal refs_now = count() from referral by referrer over 1m"),
    DiagnosticLesson(
      .signalOverSignal,
      Phrase("a signal that depends on a signal", es: "una señal que depende de otra señal"),
      Phrase(
        """
        What a signal counts is settled once, when an event arrives, from its fields, attributes, params \
        and lists. If it depended on other signals, counting again would give other numbers. Compare two \
        signals in the rule instead.
        """,
        es: """
          Lo que cuenta una señal se fija una sola vez, cuando llega un evento, con sus campos, atributos, \
          parámetros y listas. Si dependiera de otras señales, volver a contar daría otros números. Mejor \
          compara las dos señales en la regla.
          """),
      wrong: "signal fast_24h = count() from referral where refs_1h > 3 by referrer over 24h",
      right: "signal large_24h = count() from referral where reward > 300 by referrer over 24h"),
    DiagnosticLesson(
      .linkUnfit, Phrase("a link that cannot answer", es: "un enlace que no puede responder"),
      Phrase(
        """
        A link joins accounts of one entity, either by an event with two of them or through \
        identifiers. `cycle_length` follows a link that comes from an event; a tree (`depth`, \
        `fan_out`, `subtree_size`) needs a link with a direction (`->`), a cluster one without (`--`).
        """,
        es: """
          Un enlace une cuentas de una misma entidad, por un evento que tenga dos de ellas o por \
          identificadores. `cycle_length` sigue un enlace que viene de un evento; un árbol (`depth`, \
          `fan_out`, `subtree_size`) necesita un enlace con dirección (`->`), un grupo uno sin ella \
          (`--`).
          """),
      wrong: """
        link shares_device = account -- account via [device] over lifetime
        signal ring = cycle_length(shares_device, of: referee)
        """,
      right: """
        link referred = account -> account over 60d from referral
        signal ring = cycle_length(referred, of: referee)
        """),
    DiagnosticLesson(
      .selfDependent, Phrase("a let that needs itself", es: "un let que se necesita a sí mismo"),
      Phrase(
        """
        A let is computed from what it names, so it cannot name itself, not even by way of others. The note \
        shows the way round.
        """,
        es: """
          Un let se calcula a partir de lo que nombra, así que no puede nombrarse a sí mismo, ni siquiera a \
          través de otros. La nota muestra el recorrido.
          """),
      wrong: "let is_odd = reward > 500 or is_odd",
      right: "let is_odd = reward > 500 or reward < 10"),
    DiagnosticLesson(
      .calendarWindow,
      Phrase("a calendar without unit or zone", es: "un calendario sin unidad o zona"),
      Phrase(
        """
        A day begins at another moment in each place, so a calendar window names its unit and the place \
        whose days it goes by.
        """,
        es: """
          Un día comienza en otro momento en cada lugar, así que una ventana de calendario nombra su unidad \
          y el lugar cuyos días sigue.
          """),
      wrong: "signal today = count() from referral by referrer over calendar day",
      right: """
        signal today = count() from referral by referrer
          over calendar day in "America/Mexico_City"
        """),
    DiagnosticLesson(
      .listFileUnfit,
      Phrase("a list whose file is of another kind", es: "una lista cuyo archivo es de otra clase"),
      Phrase(
        """
        The file of a list is CSV whose first line names its columns. It needs the column that `column` \
        names (the first one without it), and with `entries_expire_after` also `added_at`, a date such as \
        2026-01-05.
        """,
        es: """
          El archivo de una lista es CSV y su primera línea nombra las columnas. Necesita la columna que \
          nombra `column` (sin ella, la primera) y, con `entries_expire_after`, también `added_at`, una \
          fecha como 2026-01-05.
          """),
      wrong: "list stands: device { source \"schema.rules\" column \"device_id\" }",
      right: "list stands: device = [\"KIOSK-1\"]"),
    DiagnosticLesson(
      .listFileMissing,
      Phrase("a list whose file is not there", es: "una lista cuyo archivo no está"),
      Phrase(
        """
        The path is relative to the rule file. Checking goes on without it; scoring refuses to start, \
        because an empty list would change decisions, unless it is told --allow-missing-lists.
        """,
        es: """
          La ruta es relativa al archivo de reglas. La revisión sigue sin él; la calificación no arranca, \
          porque una lista vacía cambiaría las decisiones, salvo con --allow-missing-lists.
          """),
      wrong: "list stands: device { source \"lists/stands.csv\" }",
      right: "list stands: device = [\"KIOSK-1\"]"),
    DiagnosticLesson(
      .windowUnfit,
      Phrase("an aggregate its window cannot have", es: "una función que su ventana no admite"),
      Phrase(
        """
        Over a lifetime only what needs no entries is kept, and the last n events are no length of time. \
        Give the signal a length of time.
        """,
        es: """
          De toda la vida solo se guarda lo que no necesita los eventos, y los últimos n eventos no son un \
          lapso. Dale a la señal un lapso.
          """),
      wrong: "signal typical = percentile(reward, 50) from referral by referrer over lifetime",
      right: "signal typical = percentile(reward, 50) from referral by referrer over 60d"),
    DiagnosticLesson(
      .stateBeyondBudget,
      Phrase("state that costs more than is allowed", es: "estado que cuesta más de lo permitido"),
      Phrase(
        """
        `sabueso check --budget BYTES` refuses a package one event of which may add more than that to \
        memory. `--cost` shows what each signal keeps. A percentile, a mode or distinct values keep \
        several copies of an event, a count over a length of time keeps one for all its windows.
        """,
        es: """
          `sabueso check --budget BYTES` rechaza un paquete con un evento que puede sumar más que eso a la \
          memoria. `--cost` muestra lo que guarda cada señal. Un percentil, una moda o valores distintos \
          guardan varias copias de un evento; un conteo en un lapso guarda una para todas sus ventanas.
          """),
      wrong: "signal typical = percentile(reward, 50) from referral by referrer over 60d",
      right: "signal rewards = sum(reward) from referral by referrer over 60d"),
  ]
}
