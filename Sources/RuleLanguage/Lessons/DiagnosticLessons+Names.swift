internal import Expressions

extension DiagnosticLessons {
  static let names: [DiagnosticLesson] = [
    DiagnosticLesson(
      .unknownName, Phrase("a name nothing has", es: "un nombre que nada tiene"),
      Phrase(
        "No signal, field, list, param or let that can be seen here has this name. Names of other files "
          + "are seen once the file is imported.",
        es:
          "Ninguna señal, campo, lista, parámetro o let visible aquí se llama así. Los nombres de otros "
          + "archivos se ven cuando el archivo se importa."),
      wrong: "let many = refs_1hour > 5", right: "let many = refs_1h > 5"),
    DiagnosticLesson(
      .duplicateName, Phrase("the same name twice", es: "el mismo nombre dos veces"),
      Phrase(
        "Names are unique in a package, so that a rule means the same wherever it stands. Fields, params, "
          + "lists, signals and lets share one space of names.",
        es:
          "Los nombres son únicos en un paquete, para que una regla signifique lo mismo donde esté. "
          + "Campos, parámetros, listas, señales y lets comparten un solo espacio de nombres."),
      wrong: "param limit: int = 5\nparam limit: int = 6",
      right: "param limit: int = 5\nparam cap: int = 6"),
    DiagnosticLesson(
      .importNotFound,
      Phrase("an imported file is not there", es: "un archivo importado no existe"),
      Phrase(
        "The path is relative to the file that imports.",
        es: "La ruta es relativa al archivo que importa."),
      wrong: "import \"schemas.rules\"", right: "import \"schema.rules\""),
    DiagnosticLesson(
      .importCycle, Phrase("files import each other", es: "los archivos se importan entre sí"),
      Phrase(
        "If a imports b and b imports a, neither can be read first. Move what both need to a third file.",
        es:
          "Si a importa b y b importa a, ninguno se puede leer primero. Pasa lo que ambos necesitan a un "
          + "tercer archivo."),
      wrong: "// a.rules\nimport \"b.rules\"\n// b.rules\nimport \"a.rules\"",
      right: "// a.rules\nimport \"shared.rules\"\n// b.rules\nimport \"shared.rules\""),
    DiagnosticLesson(
      .unknownDeclaration,
      Phrase("nothing of this kind has this name", es: "nada de este tipo se llama así"),
      Phrase(
        "An event, entity, reason, rule, link, outcome or type that is not declared, or not imported.",
        es:
          "Un evento, entidad, motivo, regla, enlace, resultado o tipo que no está declarado o no se "
          + "importó."),
      wrong: "signal logins = count() from logins by who over 1d",
      right: "signal logins = count() from login by who over 1d"),
    DiagnosticLesson(
      .secondPolicy, Phrase("two policies on one event", es: "dos políticas sobre un evento"),
      Phrase(
        "An event has one policy, which combines all rules on it; two could decide differently.",
        es:
          "Un evento tiene una sola política, que combina todas sus reglas; dos podrían decidir distinto."
      ),
      wrong: "policy again { on referral otherwise grant if_unavailable hold }",
      right: "policy logins { on login otherwise grant if_unavailable hold }"),
    DiagnosticLesson(
      .ambiguousOwner, Phrase("whose identifier is it?", es: "¿de quién es el identificador?"),
      Phrase(
        "An identifier joins accounts, so it must be clear whose it is. An event with two accounts says "
          + "`of` one of them.",
        es:
          "Un identificador une cuentas, así que debe quedar claro de quién es. Un evento con dos cuentas "
          + "dice `of` una de ellas."),
      wrong: """
        event gift {
          gift_id: string id
          at: timestamp time
          giver: account
          taker: account
          device: device?
        }
        """,
      right: """
        event gift {
          gift_id: string id
          at: timestamp time
          giver: account
          taker: account
          device: device? of taker
        }
        """),
    DiagnosticLesson(
      .keyCount, Phrase("one id, one time, one key", es: "un id, un tiempo, una clave"),
      Phrase(
        "An event is recognised by its id and ordered by its time; an entity is known by its key.",
        es:
          "Un evento se reconoce por su id y se ordena por su tiempo; una entidad se conoce por su clave."
      ),
      wrong: "event visit { at: timestamp time who: account }",
      right: "event visit { visit_id: string id at: timestamp time who: account }"),
    DiagnosticLesson(
      .unknownMember,
      Phrase("a field or attribute that is not there", es: "un campo o atributo que no existe"),
      Phrase(
        "Attributes are declared in the entity, fields in the event.",
        es: "Los atributos se declaran en la entidad, los campos en el evento."),
      wrong: "let mexican = referee.contry == \"MX\"",
      right: "let mexican = referee.country == \"MX\""),
  ]
}
