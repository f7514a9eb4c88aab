internal import Expressions

extension DiagnosticLessons {
  static let syntax: [DiagnosticLesson] = [
    DiagnosticLesson(
      .unexpectedToken,
      Phrase("something else was expected here", es: "aquí se esperaba otra cosa"),
      Phrase(
        "The text stops making sense at the marked place. The mistake is there or just before it: a "
          + "word left out, a sign too many, a clause of another block.",
        es: "El texto deja de tener sentido en el lugar marcado. El error está ahí o justo antes: "
          + "falta una palabra, sobra un signo, o es una cláusula de otro bloque."),
      wrong: "param limit: int 5", right: "param limit: int = 5"),
    DiagnosticLesson(
      .unterminatedString, Phrase("a text is never closed", es: "un texto nunca se cierra"),
      Phrase(
        "A text begins and ends with the same quote on one line. Without the closing quote the rest of "
          + "the line would be part of it.",
        es:
          "Un texto empieza y termina con la misma comilla en una línea. Sin la comilla de cierre, "
          + "el resto de la línea sería parte de él."),
      wrong: "list vips: string = [\"ana, \"luis\"]",
      right: "list vips: string = [\"ana\", \"luis\"]"),
    DiagnosticLesson(
      .unclosedBracket,
      Phrase("a bracket or block is never closed", es: "un paréntesis o bloque nunca se cierra"),
      Phrase(
        "Every ( [ { has its partner. The message shows where it was opened and where the partner was "
          + "missed; put it in between.",
        es:
          "Cada ( [ { tiene su pareja. El mensaje muestra dónde se abrió y dónde hizo falta; ponla "
          + "en medio."),
      wrong: "let fast = (refs_1h > 5", right: "let fast = (refs_1h > 5)"),
    DiagnosticLesson(
      .smartQuotes, Phrase("typographic quotes", es: "comillas tipográficas"),
      Phrase(
        "Word processors and chats replace straight quotes by curved ones, which mean nothing here.",
        es:
          "Los procesadores de texto y los chats cambian las comillas rectas por curvas, que aquí "
          + "no significan nada."),
      wrong: "list vips: string = [“ana”]", right: "list vips: string = [\"ana\"]"),
    DiagnosticLesson(
      .assignmentForEquality, Phrase("`=` where `==` is meant", es: "`=` donde se quiso `==`"),
      Phrase(
        "One `=` gives a name a value, two compare.",
        es: "Un `=` le da un valor a un nombre, dos comparan."),
      wrong: "let exactly_five = refs_1h = 5", right: "let exactly_five = refs_1h == 5"),
    DiagnosticLesson(
      .invalidCharacter, Phrase("a character without meaning", es: "un carácter sin significado"),
      Phrase(
        "The character belongs to no word, number or sign of the language. Often it was pasted.",
        es:
          "El carácter no es parte de ninguna palabra, número o signo del lenguaje. Muchas veces se "
          + "pegó sin querer."),
      wrong: "let many = refs_1h ≥ 5", right: "let many = refs_1h >= 5"),
    DiagnosticLesson(
      .invalidLiteral,
      Phrase(
        "a number, time or escape that cannot be read", es: "un número, fecha o escape ilegible"),
      Phrase(
        "Numbers fit 64 bits; durations are a whole number and one of us, ms, s, m, h, d, w; in a text "
          + "a backslash starts an escape such as \\n or \\\".",
        es:
          "Los números caben en 64 bits; las duraciones son un entero y una de us, ms, s, m, h, d, "
          + "w; en un texto la diagonal inversa inicia un escape como \\n o \\\"."),
      wrong: "signal refs_2h = count() from referral by referrer over 2hours",
      right: "signal refs_2h = count() from referral by referrer over 2h"),
    DiagnosticLesson(
      .nestingTooDeep, Phrase("nested too deep, or too long", es: "demasiado anidado o largo"),
      Phrase(
        "An expression nests at most 64 levels and has at most 2,000 parts, so that checking it stays "
          + "quick. Use a list with `in` for many values, and `let` to name parts.",
        es: "Una expresión se anida a lo más 64 niveles y tiene a lo más 2,000 partes, para que "
          + "revisarla sea rápido. Usa una lista con `in` para muchos valores, y `let` para nombrar "
          + "partes."),
      wrong: "let deep = " + String(repeating: "(", count: 70) + "1"
        + String(repeating: ")", count: 70),
      right: "let deep = (1)"),
    DiagnosticLesson(
      .unknownClause,
      Phrase("a clause the block does not have", es: "una cláusula que el bloque no tiene"),
      Phrase(
        "Each block has its own clauses; a misspelt one would otherwise be skipped and the rule would "
          + "do something else than it says.",
        es:
          "Cada bloque tiene sus cláusulas; una mal escrita, si se ignorara, haría que la regla hiciera "
          + "otra cosa de lo que dice."),
      wrong: rule("on referral\n  wen refs_1h > 5"), right: rule("on referral\n  when refs_1h > 5")),
    DiagnosticLesson(
      .repeatedClause, Phrase("a clause stands twice", es: "una cláusula aparece dos veces"),
      Phrase(
        "Which of the two should count? Join conditions with `and` or `or`, or keep one.",
        es: "¿Cuál de las dos cuenta? Une condiciones con `and` u `or`, o deja solo una."),
      wrong: rule("on referral\n  when refs_1h > 5\n  when reward > 100"),
      right: rule("on referral\n  when refs_1h > 5 and reward > 100")),
    DiagnosticLesson(
      .missingClause, Phrase("a clause is missing", es: "falta una cláusula"),
      Phrase(
        "Some clauses have no sensible default: a rule says on which event it looks, when it fires, why, "
          + "who answers for it and whether it counts yet.",
        es:
          "Algunas cláusulas no tienen un valor por omisión sensato: una regla dice qué evento mira, "
          + "cuándo se dispara, por qué, quién responde por ella y si ya cuenta."),
      wrong: """
        rule many {
          on referral
          when refs_1h > 5
          reason FAST
          status live
        }
        """, right: rule("on referral\n  when refs_1h > 5")),
    DiagnosticLesson(
      .unreadableFile, Phrase("the file is not UTF-8", es: "el archivo no está en UTF-8"),
      Phrase(
        "Rule files are UTF-8 text. An editor that saves Latin-1 breaks accents and ñ.",
        es:
          "Los archivos de reglas son texto UTF-8. Un editor que guarda en Latin-1 rompe acentos y ñ."
      ),
      wrong: "// año, saved as Latin-1: the byte F1 stands alone", right: "// año, saved as UTF-8"),
  ]

  /// A rule with everything it needs but the given clauses.
  static func rule(_ clauses: String) -> String {
    "rule many {\n  \(clauses)\n  score 50\n  reason FAST\n  status shadow\n  owner \"fraude-mx\"\n}"
  }
}
