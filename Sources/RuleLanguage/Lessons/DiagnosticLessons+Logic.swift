internal import Expressions

extension DiagnosticLessons {
  /// Conditions that say something else than they seem to.
  static let logicLessons: [DiagnosticLesson] = [
    DiagnosticLesson(
      .alwaysTrue, Phrase("a condition that is always true", es: "una condición siempre verdadera"),
      Phrase(
        """
        What a signal can be is known: a count is never below 0, a ring no longer than its \
        `max_hops`. A comparison that holds for all of these decides nothing, and often stands where \
        another number was meant.
        """,
        es: """
          Se sabe qué valores puede dar una señal: una cuenta nunca es menor que 0, un anillo no es más \
          largo que su `max_hops`. Una comparación que se cumple con todos ellos no decide nada, y muchas \
          veces está donde se quería otro número.
          """),
      wrong: rule("when   refs_1h >= 0 and reward > 500"),
      right: rule("when   refs_1h > 0 and reward > 500")),
    DiagnosticLesson(
      .alwaysFalse, Phrase("a condition that is never true", es: "una condición nunca verdadera"),
      Phrase(
        """
        No value the expression can have makes this true, so the rule never fires. The note says which \
        values there are.
        """,
        es: """
          Ningún valor que pueda tener la expresión hace verdadero esto, así que la regla nunca se \
          dispara. La nota dice qué valores hay.
          """),
      wrong: rule("when   refs_1h < 0 or reward > 500"),
      right: rule("when   refs_1h < 2 or reward > 500")),
    DiagnosticLesson(
      .contradiction,
      Phrase("conditions that exclude each other", es: "condiciones que se excluyen entre sí"),
      Phrase(
        """
        Both cannot be true of the same event, so the rule never fires. Mostly `or` was meant, or one of \
        the numbers is a slip.
        """,
        es: """
          Las dos no pueden ser verdaderas del mismo evento, así que la regla nunca se dispara. Casi \
          siempre se quería `or`, o uno de los números es un descuido.
          """),
      wrong: rule("when   refs_1h > 5 and refs_1h < 3"),
      right: rule("when   refs_1h > 5 or refs_1h < 3")),
    DiagnosticLesson(
      .redundantTerm,
      Phrase("a condition that adds nothing", es: "una condición que no agrega nada"),
      Phrase(
        """
        Whenever the other part is true (with `or`: false), this one is too. It can go, unless another \
        number was meant.
        """,
        es: """
          Siempre que la otra parte es verdadera (con `or`: falsa), esta también. Se puede quitar, a \
          menos que se quisiera otro número.
          """),
      wrong: rule("when   refs_1h > 5 and refs_1h > 3"),
      right: rule("when   refs_1h > 5")),
    DiagnosticLesson(
      .sameCondition, Phrase("the same condition twice", es: "la misma condición dos veces"),
      Phrase(
        """
        Said twice it is no truer. In two rules of one policy the same condition lets both fire on the \
        same events, so their scores always add up: one rule says it plainly.
        """,
        es: """
          Dicho dos veces no es más cierto. En dos reglas de una política, la misma condición hace que \
          ambas se disparen con los mismos eventos y sus puntajes siempre se sumen: una sola regla lo dice \
          claro.
          """),
      wrong: rule("when   refs_1h > 5 and reward > 500 and refs_1h > 5"),
      right: rule("when   refs_1h > 5 and reward > 500")),
    DiagnosticLesson(
      .subsumedRule,
      Phrase(
        "a rule that fires only where another decides",
        es: "una regla que solo se dispara donde otra ya decide"),
      Phrase(
        """
        The other rule fires whenever this one does, and reaches the hardest outcome on its own. So this \
        one changes no decision. Remove it, or narrow the other.
        """,
        es: """
          La otra regla se dispara siempre que esta lo hace, y por sí sola llega al resultado más duro. Así \
          que esta no cambia ninguna decisión. Quítala, o haz más estricta la otra.
          """),
      wrong: twoRules("when   refs_1h > 5\n  force  block", "when   refs_1h > 9\n  score  60"),
      right: twoRules("when   refs_1h > 9\n  force  block", "when   refs_1h > 5\n  score  60")),
    DiagnosticLesson(
      .neverDecides,
      Phrase("a rule that changes no decision", es: "una regla que no cambia ninguna decisión"),
      Phrase(
        """
        Without a score and without `force`, or with scores that together stay below the lowest band, a \
        rule that fires is only written down. If that is meant, `status shadow` says so.
        """,
        es: """
          Sin puntaje y sin `force`, o con puntajes que juntos no llegan a la banda más baja, una regla que \
          se dispara solo queda anotada. Si eso se quiere, `status shadow` lo dice.
          """),
      wrong: rule("when   refs_1h > hourly_limit\n  score  20", status: "canary 10 %"),
      right: rule("when   refs_1h > hourly_limit\n  score  60", status: "canary 10 %")),
    DiagnosticLesson(
      .negatedMissing,
      Phrase("a negation of what may be missing", es: "una negación de algo que puede faltar"),
      Phrase(
        """
        A referral without a channel is not one with another channel: the comparison is unknown, and an \
        unknown condition does not fire the rule. Say what a missing value means: with `is missing or …`, \
        with `default(…, …)`, or with `missing skips` in the rule.
        """,
        es: """
          Una invitación sin canal no es una con otro canal: la comparación es desconocida, y una condición \
          desconocida no dispara la regla. Di qué significa que falte el valor: con `is missing or …`, con \
          `default(…, …)`, o con `missing skips` en la regla.
          """),
      wrong: rule("when   refs_1h > 5 and channel != branch"),
      right: rule("when   refs_1h > 5 and (channel is missing or channel != branch)")),
    DiagnosticLesson(
      .constantError, Phrase("a part that always fails", es: "una parte que siempre falla"),
      Phrase(
        """
        A division by zero or a number beyond its type fails on every event. A condition that fails is an \
        error outcome, and the decision is then at least `on_error` of the policy.
        """,
        es: """
          Una división entre cero o un número fuera de su tipo falla con todos los eventos. Una condición \
          que falla da un resultado de error, y la decisión es entonces por lo menos la de `on_error` de la \
          política.
          """),
      wrong: rule("when   refs_1h > 10 / 0"), right: rule("when   refs_1h > 10 / 2")),
    DiagnosticLesson(
      .mixedConnectives,
      Phrase("`and` and `or` without brackets", es: "`and` y `or` sin paréntesis"),
      Phrase(
        """
        `a and b or c` means `(a and b) or c`. Half of all readers take it the other way, so say it with \
        brackets.
        """,
        es: """
          `a and b or c` significa `(a and b) or c`. La mitad de quienes lo leen lo entienden al revés, así \
          que dilo con paréntesis.
          """),
      wrong: rule("when   refs_1h > 5 and reward > 500 or reward > 900"),
      right: rule("when   (refs_1h > 5 and reward > 500) or reward > 900")),
    DiagnosticLesson(
      .repeatedLiteral,
      Phrase(
        "one threshold written out in several rules", es: "un umbral escrito en varias reglas"),
      Phrase(
        """
        When the same value is compared with the same number in three rules, somebody will change two of \
        them. A `param` gives the number a name, bounds and one place, and `sabueso sweep` shows what other \
        values would decide.
        """,
        es: """
          Si el mismo valor se compara con el mismo número en tres reglas, alguien cambiará solo dos. Un \
          `param` le da al número un nombre, límites y un solo lugar, y `sabueso sweep` muestra qué \
          decidirían otros valores.
          """),
      wrong: threeRules("7"), right: threeRules("hourly_limit")),
    DiagnosticLesson(
      .leadingWildcard,
      Phrase("a pattern that starts with `.*`", es: "un patrón que empieza con `.*`"),
      Phrase(
        """
        A pattern is looked for anywhere in the text; only `^` ties it to the start. So `.*` in front \
        changes nothing but the time it takes.
        """,
        es: """
          Un patrón se busca en todo el texto; solo `^` lo ata al inicio. Por eso `.*` al principio no \
          cambia nada, salvo lo que tarda.
          """),
      wrong: rule(#"when   "abc@x.mx".matches(".*@x[.]mx$")"#),
      right: rule(#"when   "abc@x.mx".matches("@x[.]mx$")"#)),
    DiagnosticLesson(
      .plainPattern, Phrase("a pattern that is plain text", es: "un patrón que es texto simple"),
      Phrase(
        """
        Without any sign of a pattern the text itself is looked for, which `contains`, `startsWith`, \
        `endsWith` and `==` say plainly and faster.
        """,
        es: """
          Sin ningún signo de patrón se busca el texto tal cual, y eso lo dicen más claro y más rápido \
          `contains`, `startsWith`, `endsWith` y `==`.
          """),
      wrong: rule(#"when   "abc@x.mx".matches("^abc")"#),
      right: rule(#"when   "abc@x.mx".startsWith("abc")"#)),
    DiagnosticLesson(
      .neverNormalized,
      Phrase(
        "an identifier of which nothing is left", es: "un identificador del que no queda nada"),
      Phrase(
        """
        Identifiers are compared as they are after normalising. Of a text without digits `e164` leaves \
        nothing, and nothing is equal to that: such a value counts as missing.
        """,
        es: """
          Los identificadores se comparan ya normalizados. De un texto sin dígitos `e164` no deja nada, y \
          nada es igual a eso: un valor así cuenta como faltante.
          """),
      wrong: rule("when   phone == \"unknown\""), right: rule("when   phone is missing")),
  ]

  /// Two rules that count.
  private static func twoRules(_ first: String, _ second: String) -> String {
    tested(first, name: "first") + "\n" + tested(second, name: "second")
  }

  /// Three rules that compare with the same number.
  private static func threeRules(_ limit: String) -> String {
    [("small", "100"), ("middle", "200"), ("large", "300")].map { name, reward in
      """
      rule \(name) {
        on     referral
        when   refs_1h > \(limit) and reward > \(reward)
        score  60
        reason VELOCITY
        status shadow
        owner  "growth"
      }
      """
    }.joined(separator: "\n")
  }

  /// A live rule with the test that shows it firing.
  static func tested(_ line: String, name: String) -> String {
    """
    rule \(name) {
      on     referral
      \(line)
      reason VELOCITY
      status live
      owner  "growth"
    }
    test "\(name) fires" {
      repeat 12 as i every 1m referral{ referrer: "R", referee: "N" + string(i), reward: 999 }
      expect rule \(name) fires
    }
    """
  }
}
