internal import Expressions

extension DiagnosticLessons {
  /// How expressions and values are written.
  static let syntaxLessons: [DiagnosticLesson] = [
    DiagnosticLesson(
      .unexpectedToken,
      Phrase("something else was expected here", es: "aquí se esperaba otra cosa"),
      Phrase(
        """
        The file reads well up to the marked word, and then comes something that cannot stand there: \
        a word too many, a missing sign, or text without quotes. The remark under the line says what \
        was expected.
        """,
        es: """
          El archivo se lee bien hasta la palabra marcada, y luego viene algo que no puede ir ahí: una \
          palabra de más, un signo que falta o un texto sin comillas. La nota bajo la línea dice qué se \
          esperaba.
          """),
      wrong: "let is_large = reward > 500 MXN", right: "let is_large = reward > 500"),
    DiagnosticLesson(
      .unterminatedString, Phrase("a text is never closed", es: "un texto nunca se cierra"),
      Phrase(
        """
        A text begins and ends with the same quote, on one line. The closing quote is missing, so the \
        rest of the line was read as text. For text over several lines use three quotes on either side.
        """,
        es: """
          Un texto empieza y termina con la misma comilla, en una sola línea. Falta la comilla de cierre, \
          así que el resto de la línea se leyó como texto. Para un texto de varias líneas usa tres \
          comillas de cada lado.
          """),
      wrong: "let is_test = referral_id == \"test", right: "let is_test = referral_id == \"test\""),
    DiagnosticLesson(
      .unclosedBracket,
      Phrase("a bracket or block is never closed", es: "un paréntesis o bloque nunca se cierra"),
      Phrase(
        """
        Every `(`, `[` and `{` needs its partner. The finding points at the place where the partner was \
        expected and at the one that was opened. Of a block, the next block at the start of a line shows \
        that this one was not closed.
        """,
        es: """
          Cada `(`, `[` y `{` necesita su pareja. El aviso señala dónde se esperaba la pareja y dónde se \
          abrió. Si se trata de un bloque, el siguiente bloque al inicio de una línea muestra que este \
          no se cerró.
          """),
      wrong: "let is_odd = (reward > 500 or reward < 10",
      right: "let is_odd = (reward > 500 or reward < 10)"),
    DiagnosticLesson(
      .smartQuotes, Phrase("typographic quotes", es: "comillas tipográficas"),
      Phrase(
        """
        Word processors and chat programs replace straight quotes by curly ones, which only look alike. \
        Rule files use straight quotes. Edit rules in a plain text editor, or turn the replacement off.
        """,
        es: """
          Los procesadores de texto y los chats cambian las comillas rectas por comillas curvas, que solo \
          se parecen. Los archivos de reglas usan comillas rectas. Edita las reglas en un editor de texto \
          sencillo, o apaga ese reemplazo.
          """),
      wrong: "let is_test = referral_id == “test”", right: "let is_test = referral_id == \"test\""),
    DiagnosticLesson(
      .assignmentForEquality, Phrase("`=` does not compare", es: "`=` no compara"),
      Phrase(
        """
        One `=` gives a name its value, as in `param limit: int = 5`. To ask whether two values are the \
        same, write `==`.
        """,
        es: """
          Un solo `=` le da su valor a un nombre, como en `param limit: int = 5`. Para preguntar si dos \
          valores son iguales, escribe `==`.
          """),
      wrong: "let by_web = channel = web", right: "let by_web = channel == web"),
    DiagnosticLesson(
      .invalidCharacter,
      Phrase("a character that means nothing here", es: "un carácter que aquí no significa nada"),
      Phrase(
        """
        Names are written with the letters a to z, digits and `_`; comments start with `//`; `and` and \
        `or` are words. Accents and other characters belong between quotes only.
        """,
        es: """
          Los nombres se escriben con letras de la a a la z, dígitos y `_`; los comentarios empiezan con \
          `//`; `and` y `or` son palabras. Los acentos y demás caracteres solo van entre comillas.
          """),
      wrong: "let is_large = reward ≥ 500", right: "let is_large = reward >= 500"),
    DiagnosticLesson(
      .invalidLiteral,
      Phrase("a value that cannot be read", es: "un valor que no se puede leer"),
      Phrase(
        """
        A number has too many digits for 64 bits, letters stick to it, a backslash in a text is followed \
        by a letter without meaning, or a time or share is out of range. Durations are written without a \
        space, like `90s`, `5m`, `2h`, `30d`.
        """,
        es: """
          Un número tiene más dígitos de los que caben en 64 bits, lleva letras pegadas, una diagonal \
          inversa en un texto va seguida de una letra sin significado, o una fecha o proporción está fuera \
          de rango. Las duraciones se escriben sin espacio, como `90s`, `5m`, `2h`, `30d`.
          """),
      wrong: "let is_new = at - referee.opened_at < 2hours",
      right: "let is_new = at - referee.opened_at < 2h"),
    DiagnosticLesson(
      .nestingTooDeep,
      Phrase("an expression too deep", es: "una expresión demasiado profunda"),
      Phrase(
        """
        Brackets may be nested 64 deep, and an expression may have 250 levels. Nobody can read more, and \
        whoever checks it needs a level of memory for each. Give parts a name with `let`, and compare with \
        many values by `in`.
        """,
        es: """
          Los paréntesis se pueden anidar 64 veces, y una expresión puede tener 250 niveles. Nadie puede \
          leer más, y revisarla gasta memoria por cada nivel. Dale nombre a las partes con `let`, y compara \
          con muchos valores usando `in`.
          """),
      wrong: "let is_known = " + String(repeating: "(", count: 65) + "true"
        + String(repeating: ")", count: 65),
      right: "let is_known = device in [\"A\", \"B\", \"C\"]"),
    DiagnosticLesson(
      .expressionTooLong, Phrase("an expression too long", es: "una expresión demasiado larga"),
      Phrase(
        """
        An expression has at most 2000 parts: names, values and signs. More is a list that was written into \
        a condition. Declare a `list`, which a file can fill, and ask with `in`.
        """,
        es: """
          Una expresión tiene a lo más 2000 partes: nombres, valores y signos. Si tiene más, es una lista \
          escrita dentro de una condición. Declara una `list`, que un archivo puede llenar, y pregunta con \
          `in`.
          """),
      wrong: "let is_known = device in [" + String(repeating: "\"A\", ", count: 2_000) + "\"B\"]",
      right: "let is_known = device in kiosks"),
    DiagnosticLesson(
      .expressionTooCostly,
      Phrase("an expression that costs too much", es: "una expresión que cuesta demasiado"),
      Phrase(
        """
        Macros such as `exists` are written out: a condition stands once for each element of its list, \
        and lists inside lists multiply. Written out, an expression may have 2000 parts. Shorten the lists, \
        or declare a `list` and ask with `in`, which costs the same for any length.
        """,
        es: """
          Las macros como `exists` se despliegan: la condición aparece una vez por cada elemento de su \
          lista, y las listas dentro de listas se multiplican. Desplegada, una expresión puede tener 2000 \
          partes. Acorta las listas, o declara una `list` y pregunta con `in`, que cuesta lo mismo con \
          cualquier largo.
          """),
      wrong: "let is_known = [" + numbers(60) + "].exists(a, ["
        + numbers(60) + "].exists(b, size(referral_id) == a + b))",
      right: "let is_known = [1, 2, 3].exists(a, [10, 20].exists(b, size(referral_id) == a + b))"),
  ]

  private static func numbers(_ count: Int) -> String {
    (1...count).map(String.init).joined(separator: ", ")
  }

  /// How files and blocks are written.
  static let blockLessons: [DiagnosticLesson] = [
    DiagnosticLesson(
      .unknownClause,
      Phrase("a clause the block does not have", es: "una cláusula que el bloque no tiene"),
      Phrase(
        """
        Each kind of block has its own clauses, and a misspelt one is refused rather than ignored, so \
        that no condition gets lost. The note lists the clauses the block may have.
        """,
        es: """
          Cada tipo de bloque tiene sus propias cláusulas, y una mal escrita se rechaza en lugar de \
          ignorarse, para que no se pierda ninguna condición. La nota enumera las que el bloque puede tener.
          """),
      wrong: rule("wen    refs_1h > hourly_limit"), right: rule("when   refs_1h > hourly_limit")),
    DiagnosticLesson(
      .repeatedClause, Phrase("a clause stands twice", es: "una cláusula aparece dos veces"),
      Phrase(
        """
        Of two clauses of the same name only one could count, and nobody could say which. Keep one; join \
        two conditions with `and` or `or`.
        """,
        es: """
          De dos cláusulas con el mismo nombre solo una podría contar, y nadie sabría cuál. Deja una; une \
          dos condiciones con `and` u `or`.
          """),
      wrong: rule("when   refs_1h > hourly_limit\n  when   reward > 100"),
      right: rule("when   refs_1h > hourly_limit and reward > 100")),
    DiagnosticLesson(
      .missingClause,
      Phrase("a clause the block cannot do without", es: "falta una cláusula indispensable"),
      Phrase(
        """
        A rule says on which event it looks, when it fires, which reason people are told, its status and \
        who answers for it. A reason is told to analysts and customers, in English and Spanish. A policy \
        says what happens otherwise, and what when no answer is ready in time. A signal over a window says \
        from which event, by which key and over how long.
        """,
        es: """
          Una regla dice qué evento mira, cuándo se dispara, qué motivo se le da a la gente, su estado y \
          quién responde por ella. Un motivo se le dice a analistas y a clientes, en inglés y en español. \
          Una política dice qué pasa si no se alcanza ninguna banda y qué pasa si no hay respuesta a \
          tiempo. Una señal con ventana dice de qué evento, por qué clave y en cuánto tiempo.
          """),
      wrong: "signal refs_24h = count() from referral over 24h",
      right: "signal refs_24h = count() from referral by referrer over 24h"),
    DiagnosticLesson(
      .unreadableFile, Phrase("a file that is not UTF-8", es: "un archivo que no está en UTF-8"),
      Phrase(
        """
        Rule files are text in UTF-8. This one holds a byte that UTF-8 does not have, which happens when a \
        file with accents is saved as Latin-1 or Windows-1252. Save it again as UTF-8.
        """,
        es: """
          Los archivos de reglas son texto en UTF-8. Este tiene un byte que no existe en UTF-8, lo que pasa \
          cuando un archivo con acentos se guarda como Latin-1 o Windows-1252. Guárdalo de nuevo como UTF-8.
          """),
      wrong: "let is_cafe = referral_id == \"café\" // saved as Latin-1",
      right: "let is_cafe = referral_id == \"café\" // saved as UTF-8"),
  ]

  /// A rule with one line of its own.
  static func rule(
    _ line: String, on event: String = "referral", reason: String = "VELOCITY",
    status: String = "shadow"
  ) -> String {
    """
    rule too_fast {
      on     \(event)
      \(line)
      reason \(reason)
      status \(status)
      owner  "growth"
    }
    """
  }
}
