internal import Expressions

/// Enumerations, entities, identifiers, events.
extension RuleFileParser {
  mutating func enumeration() throws(ParseFailure) -> EnumerationSyntax {
    let name = try parser.expectName(Phrase("the enum's name", es: "el nombre del enum"))
    let opener = parser.current
    try parser.expect(.leftBrace, Phrase("to open the cases", es: "para abrir los casos"))
    var cases: [NameSyntax] = []
    while !parser.isAt(.rightBrace) {
      guard !startsNextBlock() else { throw unclosed(opener) }
      cases.append(try parser.expectName(Phrase("a case", es: "un caso")))
      if !parser.take(.comma) { break }
    }
    try parser.close(.rightBrace, opener)
    return EnumerationSyntax(name: name, cases: cases)
  }

  mutating func entity() throws(ParseFailure) -> EntitySyntax {
    let name = try parser.expectName(Phrase("the entity's name", es: "el nombre de la entidad"))
    return EntitySyntax(name: name, fields: try fields())
  }

  mutating func event() throws(ParseFailure) -> EventSyntax {
    let name = try parser.expectName(Phrase("the event's name", es: "el nombre del evento"))
    var event = EventSyntax(name: name, retention: nil, late: nil, fields: [])
    while !parser.isAt(.leftBrace) {
      if parser.take(word: "retention") {
        event.retention = try duration(
          Phrase("how long events are kept", es: "cuánto se guardan los eventos"))
      } else if parser.take(word: "late") {
        event.late = try duration(
          Phrase("how late events may be", es: "qué tan tarde pueden llegar los eventos"))
      } else {
        throw parser.unexpected(
          Phrase("expected `retention`, `late` or `{`", es: "se esperaba `retention`, `late` o `{`")
        )
      }
    }
    event.fields = try fields()
    return event
  }

  private mutating func fields() throws(ParseFailure) -> [FieldSyntax] {
    let opener = parser.current
    try parser.expect(.leftBrace, Phrase("to open the fields", es: "para abrir los campos"))
    var fields: [FieldSyntax] = []
    while !parser.isAt(.rightBrace) {
      guard parser.current.kind != .endOfFile, !startsNextBlock() else {
        throw unclosed(opener)
      }
      let start = parser.position
      fields.append(try field())
      noteChild(.field, from: start)
    }
    parser.advance()
    return fields
  }

  private mutating func field() throws(ParseFailure) -> FieldSyntax {
    let name = try parser.expectName(Phrase("a field's name", es: "el nombre de un campo"))
    try parser.expect(
      .colon,
      Phrase("and a type after the field's name", es: "y un tipo después del nombre del campo"))
    var field = FieldSyntax(
      name: name, type: try type(), marks: [], unit: nil, owners: [], defaultValue: nil)
    while true {
      if isMark() {
        field.marks.append(try parser.expectName(Phrase("a mark", es: "una marca")))
      } else if parser.isAt(word: "unit"), parser.peek().kind == .string {
        parser.advance()
        field.unit = try parser.expectString(Phrase("the unit", es: "la unidad"))
      } else if parser.isAt(word: "of"), parser.peek().kind != .punctuation(.colon) {
        parser.advance()
        field.owners = try owners()
      } else if parser.take(.assign) {
        field.defaultValue = try parser.expression()
      } else {
        return field
      }
    }
  }

  /// `key`, `id`, `time`, `pii`; a word before `:` is the next field instead.
  private func isMark() -> Bool {
    ["key", "id", "time", "pii"].contains { parser.isAt(word: $0) }
      && parser.peek().kind != .punctuation(.colon)
  }

  private mutating func owners() throws(ParseFailure) -> [NameSyntax] {
    guard parser.isAt(.leftBracket) else {
      return [try parser.expectName(Phrase("an entity field", es: "un campo de entidad"))]
    }
    return try names(Phrase("an entity field", es: "un campo de entidad"))
  }

  /// `[a, b]`
  mutating func names(_ purpose: Phrase) throws(ParseFailure) -> [NameSyntax] {
    let opener = parser.current
    try parser.expect(.leftBracket, Phrase("to open the list", es: "para abrir la lista"))
    var names: [NameSyntax] = []
    while !parser.isAt(.rightBracket) {
      names.append(try parser.expectName(purpose))
      if !parser.take(.comma) { break }
    }
    try parser.close(.rightBracket, opener)
    return names
  }

  mutating func identifier() throws(ParseFailure) -> IdentifierSyntax {
    let name = try parser.expectName(
      Phrase("the identifier's name", es: "el nombre del identificador"))
    try parser.expect(.colon, Phrase("and a type", es: "y un tipo"))
    var identifier = IdentifierSyntax(
      name: name, type: try type(), links: nil, normalizer: nil, maxDegree: nil,
      retentionMicroseconds: nil)
    while true {
      if parser.take(word: "links") {
        identifier.links = try parser.expectName(
          Phrase("the entity it joins", es: "la entidad que une"))
      } else if parser.take(word: "normalize") {
        identifier.normalizer = try parser.expectName(Phrase("a normaliser", es: "un normalizador"))
      } else if parser.take(word: "max_degree") {
        identifier.maxDegree = Int(
          try parser.expectInt(Phrase("the largest degree", es: "el grado máximo")))
      } else if parser.take(word: "retention") {
        identifier.retentionMicroseconds = try duration(
          Phrase("how long it is remembered", es: "cuánto se recuerda")
        ).microseconds
      } else {
        return identifier
      }
    }
  }
}
