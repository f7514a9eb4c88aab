internal import Expressions

extension DiagnosticLessons {
  static let types: [DiagnosticLesson] = [
    DiagnosticLesson(
      .typeMismatch, Phrase("these do not go together", es: "estos no van juntos"),
      Phrase(
        "Both sides of a comparison or sum have one type. A number written out adapts to the other side; "
          + "nothing else is converted silently.",
        es:
          "Los dos lados de una comparación o suma son de un tipo. Un número escrito se adapta al otro "
          + "lado; nada más se convierte en silencio."),
      wrong: "let big = reward > \"100\"", right: "let big = reward > 100"),
    DiagnosticLesson(
      .conditionNotBool,
      Phrase("a condition is true or false", es: "una condición es verdadera o falsa"),
      Phrase(
        "A number or text is not a condition; compare it with something.",
        es: "Un número o texto no es una condición; compáralo con algo."),
      wrong: rule("on referral\n  when refs_1h"), right: rule("on referral\n  when refs_1h > 5")),
    DiagnosticLesson(
      .unitMismatch, Phrase("amounts of different units", es: "montos de unidades distintas"),
      Phrase(
        "Pesos and dollars are not compared or added; convert first, outside the rules.",
        es:
          "Los pesos y los dólares no se comparan ni se suman; conviértelos antes, fuera de las reglas."
      ),
      wrong: "param cap: decimal(2) unit \"USD\" = 100\nlet over = reward > cap",
      right: "param cap: decimal(2) unit \"MXN\" = 100\nlet over = reward > cap"),
    DiagnosticLesson(
      .unknownCase, Phrase("a case the enum does not have", es: "un caso que el enum no tiene"),
      Phrase(
        "An enum is a closed set; a value outside it would never occur.",
        es: "Un enum es un conjunto cerrado; un valor fuera de él nunca ocurriría."),
      wrong: "let by_web = channel == webb", right: "let by_web = channel == web"),
    DiagnosticLesson(
      .scoreRange,
      Phrase("a score is a whole number from 0 to 100", es: "un puntaje es un entero de 0 a 100"),
      Phrase(
        "Scores are added and capped; one outside 0 to 100 is a slip. With `missing fires` the score must "
          + "not itself depend on missing data.",
        es:
          "Los puntajes se suman con un tope; uno fuera de 0 a 100 es un descuido. Con `missing fires` el "
          + "puntaje no puede depender de datos que faltan."),
      wrong: """
        rule many {
          on referral
          when refs_1h > 5
          score 500
          reason FAST
          status shadow
          owner "fraude-mx"
        }
        """, right: rule("on referral\n  when refs_1h > 5")),
    DiagnosticLesson(
      .templateHole, Phrase("a hole that cannot be filled", es: "un hueco que no se puede llenar"),
      Phrase(
        "`{…}` in a reason text holds an expression that exists on the rule's event. Personal data never "
          + "goes into a customer's text.",
        es:
          "`{…}` en el texto de un motivo lleva una expresión que existe en el evento de la regla. Los datos "
          + "personales nunca van en el texto para el cliente."),
      wrong: """
        reason MANY {
          analyst en "{refs_1hour} in an hour" es "{refs_1h} en una hora"
          customer en "Under review." es "En revisión."
        }
        rule many {
          on referral
          when refs_1h > 5
          reason MANY
          status shadow
          owner "fraude-mx"
        }
        """,
      right: """
        reason MANY {
          analyst en "{refs_1h} in an hour" es "{refs_1h} en una hora"
          customer en "Under review." es "En revisión."
        }
        rule many {
          on referral
          when refs_1h > 5
          reason MANY
          status shadow
          owner "fraude-mx"
        }
        """),
    DiagnosticLesson(
      .paramBounds, Phrase("a param outside its bounds", es: "un parámetro fuera de sus límites"),
      Phrase(
        "min and max say which values make sense; the shipped value is one of them.",
        es: "min y max dicen qué valores tienen sentido; el valor de fábrica es uno de ellos."),
      wrong: "param limit: int = 50 min 2 max 10", right: "param limit: int = 5 min 2 max 10"),
    DiagnosticLesson(
      .wrongArguments, Phrase("arguments that do not fit", es: "argumentos que no quedan"),
      Phrase(
        "The function or signal takes other values, or another number of them. The note says which.",
        es: "La función o señal recibe otros valores, u otra cantidad. La nota dice cuáles."),
      wrong: "let short = size(email, 5) < 3", right: "let short = size(email) < 3"),
    DiagnosticLesson(
      .literalTooPrecise, Phrase("more digits than fit", es: "más dígitos de los que caben"),
      Phrase(
        "Money has a fixed number of digits after the point; more would be dropped silently.",
        es:
          "El dinero tiene un número fijo de dígitos después del punto; los demás se perderían en silencio."
      ),
      wrong: "let odd = reward == 99.999", right: "let odd = reward == 99.99"),
    DiagnosticLesson(
      .elementMismatch,
      Phrase("an element that does not fit its list", es: "un elemento que no va en la lista"),
      Phrase(
        "All elements of a list have one type, and they are written out.",
        es: "Todos los elementos de una lista son de un tipo, y se escriben tal cual."),
      wrong: "list countries: string = [\"MX\", 52]",
      right: "list countries: string = [\"MX\", \"CO\"]"),
    DiagnosticLesson(
      .unreachableBand,
      Phrase("a band no score reaches", es: "una banda que ningún puntaje alcanza"),
      Phrase(
        "The policy's cap, or 100, is the highest score there is.",
        es: "El tope de la política, o 100, es el puntaje más alto que hay."),
      wrong: "policy logins { on login decide block at 120 otherwise grant if_unavailable hold }",
      right: "policy logins { on login decide block at 80 otherwise grant if_unavailable hold }"),
  ]
}
