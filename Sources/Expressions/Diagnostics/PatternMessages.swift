internal import Values

/// What is wrong with a regular expression, in both languages. The English words come from the
/// checker of patterns and from PCRE2.
enum PatternMessages {
  /// A pattern that gives up on a text, and the text.
  static func slow(_ span: SourceSpan, _ witness: RegexGrowth.Witness) -> Diagnostic {
    let text = witness.text
    let isShort = text.count <= 48
    let repeated = quoted(witness.repeated)
    let shown =
      isShort
      ? quoted(text)
      : "\(quoted(witness.start)) + \(witness.count) × \(repeated) + \(quoted(witness.end))"
    return Diagnostic(
      .slowRegex,
      Phrase(
        "this pattern can take too long", es: "este patrón puede tardar demasiado"), at: span,
      label: Phrase("gives up on \(shown)", es: "se rinde con \(shown)"),
      note: Phrase(
        "each \(repeated) more can be read in more ways, which are tried one after the other",
        es: "cada \(repeated) más se puede leer de más maneras, que se prueban una tras otra"),
      help: Phrase(
        "let what is repeated begin or end with something it holds nowhere else: `(a+)+` is `a+`",
        es: "que lo repetido empiece o termine con algo que no tenga en otra parte: `(a+)+` es `a+`"
      ))
  }

  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n": quoted += "\\n"
      case "\"", "\\": quoted += "\\\(scalar)"
      case _ where scalar.value < 32: quoted += "\\x0" + String(scalar.value, radix: 16)
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }

  static func phrase(_ english: String) -> Phrase {
    Phrase(english, es: spanish[english] ?? "el mensaje, en inglés: \(english)")
  }

  private static let spanish: [String: String] = [
    "possessive quantifiers are not supported": "no se permiten cuantificadores posesivos",
    "a quantifier must follow something to repeat":
      "un cuantificador va después de algo que se repita",
    "a repetition may not exceed 1000": "una repetición no puede pasar de 1000",
    "verbs are not supported": "no se permiten verbos `(*…)`",
    "look-behind is not supported": "no se permite mirar hacia atrás `(?<=…)`",
    "look-ahead is not supported": "no se permite mirar hacia adelante `(?=…)`",
    "back-references are not supported": "no se permiten referencias a grupos anteriores",
    "unknown group": "grupo desconocido",
    "unknown group: a group is (…), (?:…), (?P<name>…) or (?flags:…) with i, m, s, U":
      "grupo desconocido: un grupo es (…), (?:…), (?P<name>…) o (?flags:…) con i, m, s, U",
    "collating elements are not supported": "no se permiten elementos de cotejo `[.….]`",
    "this character class is not closed": "esta clase de caracteres no se cierra",
    "a pattern may not end in a backslash":
      "un patrón no puede terminar en una diagonal inversa",
    "this escape is not supported in a character class":
      "esta secuencia de escape no se permite dentro de una clase de caracteres",
    "this escape is not supported": "esta secuencia de escape no se permite",
    // PCRE2.
    "missing closing parenthesis": "falta el paréntesis de cierre",
    "unmatched closing parenthesis": "este paréntesis de cierre no tiene apertura",
    "missing terminating ] for character class": "falta el `]` que cierra la clase de caracteres",
    "quantifier does not follow a repeatable item":
      "un cuantificador va después de algo que se repita",
    "range out of order in character class": "el rango de la clase de caracteres está al revés",
    "numbers out of order in {} quantifier": "los números de `{}` están al revés",
    "number too big in {} quantifier": "el número de `{}` es demasiado grande",
    "unknown property after \\P or \\p": "propiedad desconocida después de `\\p`",
    "malformed \\P or \\p sequence": "secuencia `\\p` mal formada",
    "regular expression is too large": "la expresión regular es demasiado grande",
    "\\ at end of pattern": "un patrón no puede terminar en una diagonal inversa",
  ]
}
