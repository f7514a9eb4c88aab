internal import Expressions

extension DiagnosticLessons {
  /// Types and units.
  static let typeLessons: [DiagnosticLesson] = [
    DiagnosticLesson(
      .typeMismatch, Phrase("values that do not go together", es: "valores que no van juntos"),
      Phrase(
        """
        A number is not compared with a text, a phone with a device, or money with a duration: what looks \
        like a condition would never hold. Both sides are marked with their types. A text in quotes may \
        stand where an identifier is wanted, and a plain number takes the type of the other side.
        """,
        es: """
          Un número no se compara con un texto, un teléfono con un dispositivo, ni dinero con una duración: \
          lo que parece una condición nunca se cumpliría. Ambos lados se marcan con su tipo. Un texto entre \
          comillas puede ir donde se pide un identificador, y un número sencillo toma el tipo del otro lado.
          """),
      wrong: "let is_large = reward > \"500\"", right: "let is_large = reward > 500"),
    DiagnosticLesson(
      .conditionNotBool,
      Phrase(
        "a condition that is not true or false", es: "una condición que no es verdadera ni falsa"),
      Phrase(
        """
        `when`, `where`, `exempt when`, `and`, `or`, `not` and the part before `?` take something that is \
        true or false. A number is neither: compare it with something.
        """,
        es: """
          `when`, `where`, `exempt when`, `and`, `or`, `not` y la parte antes de `?` reciben algo que sea \
          verdadero o falso. Un número no lo es: compáralo con algo.
          """),
      wrong: rule("when   refs_1h"), right: rule("when   refs_1h > hourly_limit")),
    DiagnosticLesson(
      .unitMismatch, Phrase("amounts of different units", es: "montos de unidades distintas"),
      Phrase(
        """
        Pesos of two countries, or an amount and a plain share, cannot be added or compared. Sabueso knows \
        no exchange rates: compare each amount with a limit in its own unit.
        """,
        es: """
          Los pesos de dos países, o un monto y una proporción, no se pueden sumar ni comparar. Sabueso no \
          conoce tipos de cambio: compara cada monto con un límite en su propia unidad.
          """),
      wrong: "let costs_more = fee > reward", right: "let costs_more = fee > 90000 and reward < 500"
    ),
    DiagnosticLesson(
      .unknownCase, Phrase("a case the enum does not have", es: "un caso que el enum no tiene"),
      Phrase(
        """
        An enum is a closed list of names, written without quotes. This name is not one of them; the note \
        lists those there are.
        """,
        es: """
          Un enum es una lista cerrada de nombres, que se escriben sin comillas. Este nombre no es uno de \
          ellos; la nota enumera los que hay.
          """),
      wrong: "let by_app = channel == ap", right: "let by_app = channel == app"),
    DiagnosticLesson(
      .wrongArguments,
      Phrase(
        "arguments that fit no form of the function", es: "argumentos que no le quedan a la función"
      ),
      Phrase(
        """
        The function or signal exists, but not with these arguments: too many, too few, or of another \
        type. The note shows the forms there are. Putting text together works in tests only, and patterns \
        and lists are written out.
        """,
        es: """
          La función o señal existe, pero no con estos argumentos: sobran, faltan o son de otro tipo. La \
          nota muestra las formas que hay. Armar texto solo funciona en las pruebas, y los patrones y listas \
          se escriben tal cual.
          """),
      wrong: "let is_short = size(reward) < 8", right: "let is_short = size(referral_id) < 8"),
    DiagnosticLesson(
      .literalTooPrecise,
      Phrase("more digits than the type holds", es: "más dígitos de los que admite el tipo"),
      Phrase(
        """
        Money is kept exactly, with a fixed number of digits after the point. A number with more of them \
        would have to be rounded, and nobody said how; a product may have at most nine.
        """,
        es: """
          El dinero se guarda exacto, con un número fijo de dígitos después del punto. Un número con más \
          dígitos tendría que redondearse, y nadie dijo cómo; un producto puede tener a lo más nueve.
          """),
      wrong: "let is_large = reward > 499.999", right: "let is_large = reward > 499.99"),
    DiagnosticLesson(
      .elementMismatch,
      Phrase("a list whose elements do not fit", es: "una lista cuyos elementos no corresponden"),
      Phrase(
        """
        All elements of a list are of one type, and they are written out: values that come from the event \
        are compared one by one.
        """,
        es: """
          Todos los elementos de una lista son de un mismo tipo y se escriben tal cual: los valores que \
          vienen del evento se comparan uno por uno.
          """),
      wrong: "let is_round = reward in [100, \"200\"]", right: "let is_round = reward in [100, 200]"
    ),
    DiagnosticLesson(
      .invalidRegex, Phrase("not a regular expression", es: "no es una expresión regular"),
      Phrase(
        """
        Patterns use the syntax of RE2, which always ends in time: no look-ahead, no look-behind and no \
        back-references. The caret stands at the place in the pattern. Write patterns with `r` before the \
        quote, so that backslashes stay as they are.
        """,
        es: """
          Los patrones usan la sintaxis de RE2, que siempre termina a tiempo: sin mirar adelante o atrás y \
          sin referencias a grupos. La marca señala el lugar en el patrón. Escribe los patrones con `r` \
          antes de la comilla, para que las diagonales inversas se queden como están.
          """),
      wrong: "let is_code = referral_id.matches(r\"^(INV|REF-\\d+$\")",
      right: "let is_code = referral_id.matches(r\"^(INV|REF)-\\d+$\")"),
    DiagnosticLesson(
      .slowRegex,
      Phrase("a pattern that can take too long", es: "un patrón que puede tardar demasiado"),
      Phrase(
        """
        There is a short text on which this pattern gives up: it can be read in so many ways that trying \
        them all ends in an error and not in an answer. Whoever sends such a text decides what the rule \
        does. The cause is a repetition inside a repetition, or two in a row, that take the same characters. \
        The label shows the text. Write each repetition so that it is clear from the next character \
        whether it goes on.
        """,
        es: """
          Hay un texto corto con el que este patrón se rinde: se puede leer de tantas maneras que probarlas \
          todas termina en error y no en una respuesta. Quien mande ese texto decide lo que hace la regla. \
          La causa es una repetición dentro de otra, o dos seguidas, que toman los mismos caracteres. La \
          etiqueta muestra el texto. Escribe cada repetición de modo que el siguiente carácter diga si \
          continúa.
          """),
      wrong: "let is_code = referral_id.matches(r\"^(\\w+-?)+$\")",
      right: "let is_code = referral_id.matches(r\"^\\w+(-\\w+)*$\")"),
  ]
}
