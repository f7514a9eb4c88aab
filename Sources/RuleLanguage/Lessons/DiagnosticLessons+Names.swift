internal import Expressions

extension DiagnosticLessons {
  /// Names, and what they stand for.
  static let nameLessons: [DiagnosticLesson] = [
    DiagnosticLesson(
      .unknownName, Phrase("a name nothing has", es: "un nombre que nada tiene"),
      Phrase(
        """
        No field of the event, signal, param, list, let or function has this name. Most often it is \
        misspelt, or the file that declares it is not imported. Fields are those of the event the rule \
        looks at.
        """,
        es: """
          Ningún campo del evento, señal, parámetro, lista, let o función se llama así. Lo más común es que \
          esté mal escrito, o que falte importar el archivo donde se declara. Los campos son los del evento \
          que mira la regla.
          """),
      wrong: "let is_fast = ref_1h > hourly_limit", right: "let is_fast = refs_1h > hourly_limit"),
    DiagnosticLesson(
      .unknownMember,
      Phrase("a field or attribute that is not there", es: "un campo o atributo que no existe"),
      Phrase(
        """
        After a dot stands an attribute of the account, as its `entity` block declares it; in a test, \
        before a colon, a field of the event. The note lists what there is.
        """,
        es: """
          Después del punto va un atributo de la cuenta, tal como lo declara su bloque `entity`; en una \
          prueba, antes de los dos puntos, un campo del evento. La nota enumera lo que hay.
          """),
      wrong: "let is_staff = referrer.is_employe", right: "let is_staff = referrer.is_employee"),
    DiagnosticLesson(
      .duplicateName, Phrase("the same name twice", es: "el mismo nombre dos veces"),
      Phrase(
        """
        A name stands for one thing in the whole package. Params, lists, signals, lets and the fields of \
        events share one space of names, because conditions name them all; enums, entities and \
        identifiers share another.
        """,
        es: """
          Un nombre representa una sola cosa en todo el paquete. Parámetros, listas, señales, lets y los \
          campos de los eventos comparten un mismo espacio de nombres, porque las condiciones los nombran a \
          todos; los enums, entidades e identificadores comparten otro.
          """),
      wrong: "param hourly_limit: int = 10", right: "param daily_limit: int = 10"),
    DiagnosticLesson(
      .importNotFound,
      Phrase("an import of a file that is not there", es: "se importa un archivo que no existe"),
      Phrase(
        """
        The path of an import is relative to the file that imports. Until the file is found nothing is \
        said of names that may stand in it.
        """,
        es: """
          La ruta de un import es relativa al archivo que importa. Mientras no se encuentre el archivo no se \
          dice nada de los nombres que podrían estar en él.
          """),
      wrong: "import \"shcema.rules\"", right: "import \"schema.rules\""),
    DiagnosticLesson(
      .importCycle, Phrase("files that import each other", es: "archivos que se importan entre sí"),
      Phrase(
        """
        What a file imports is read before it, so no file can import itself, not even by way of others. \
        The note shows the way round. Put what both need into a third file.
        """,
        es: """
          Lo que un archivo importa se lee antes que él, así que ningún archivo puede importarse a sí mismo, \
          ni siquiera a través de otros. La nota muestra el recorrido. Pasa lo que ambos necesitan a un \
          tercer archivo.
          """),
      wrong: "import \"main.rules\"", right: "import \"schema.rules\""),
    DiagnosticLesson(
      .unknownDeclaration,
      Phrase("something that is not declared", es: "algo que no está declarado"),
      Phrase(
        """
        There is no event, entity, type, reason, rule, link, outcome or aggregate function of this name, or \
        the file that declares it is not imported.
        """,
        es: """
          No hay ningún evento, entidad, tipo, motivo, regla, enlace, resultado o función de agregación con \
          este nombre, o falta importar el archivo donde se declara.
          """),
      wrong: "signal refs_24h = count() from referal by referrer over 24h",
      right: "signal refs_24h = count() from referral by referrer over 24h"),
    DiagnosticLesson(
      .secondPolicy, Phrase("two policies on one event", es: "dos políticas sobre un evento"),
      Phrase(
        """
        One policy turns the scores of all rules on an event into one decision. A second one could decide \
        otherwise. Put the bands together, or give the second policy another event.
        """,
        es: """
          Una sola política convierte los puntajes de todas las reglas de un evento en una decisión. Una \
          segunda podría decidir otra cosa. Junta las bandas, o dale otro evento a la segunda política.
          """),
      wrong: """
        policy strict_grant {
          on        referral
          decide    block at 80
          otherwise grant
          if_unavailable hold
        }
        """,
      right: """
        policy login_check {
          on        login
          decide    block at 80
          otherwise grant
          if_unavailable hold
        }
        """),
    DiagnosticLesson(
      .ambiguousOwner, Phrase("whose identifier is it?", es: "¿de quién es el identificador?"),
      Phrase(
        """
        An identifier joins accounts, so it must be clear whose it is. With one account on the event it is \
        that one's; with several, say whose with `of`.
        """,
        es: """
          Un identificador une cuentas, así que debe quedar claro de quién es. Si el evento tiene una sola \
          cuenta, es de esa; si tiene varias, di de quién con `of`.
          """),
      wrong: """
        event gift {
          gift_id: string id
          sent_at: timestamp time
          giver:   account
          taker:   account
          gift_device: device
        }
        """,
      right: """
        event gift {
          gift_id: string id
          sent_at: timestamp time
          giver:   account
          taker:   account
          gift_device: device of giver
        }
        """),
    DiagnosticLesson(
      .keyCount,
      Phrase("not exactly one id, time or key", es: "no hay exactamente un id, time o key"),
      Phrase(
        """
        An event is known by one field marked `id` and dated by one marked `time`; an entity is known by \
        one field marked `key`.
        """,
        es: """
          Un evento se reconoce por un campo marcado `id` y se fecha con uno marcado `time`; una entidad se \
          reconoce por un campo marcado `key`.
          """),
      wrong: "entity shop { shop_id: string  city: string }",
      right: "entity shop { shop_id: string key  city: string }"),
  ]
}
