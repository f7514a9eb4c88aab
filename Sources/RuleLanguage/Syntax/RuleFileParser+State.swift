internal import Expressions

/// Lists, params, links, signals, lets.
extension RuleFileParser {
  mutating func list() throws(ParseFailure) -> ListSyntax {
    let name = try parser.expectName(Phrase("the list's name", es: "el nombre de la lista"))
    try parser.expect(.colon, Phrase("and the element type", es: "y el tipo de sus elementos"))
    let type = try type()
    if parser.isAt(.leftBrace) {
      return ListSyntax(name: name, type: type, values: nil, file: try listFile())
    }
    guard parser.take(.assign) else {
      throw parser.unexpected(
        Phrase(
          "expected `= [\"…\", …]` or `{ source \"…\" }`",
          es: "se esperaba `= [\"…\", …]` o `{ source \"…\" }`"))
    }
    return ListSyntax(name: name, type: type, values: try parser.expression(), file: nil)
  }

  private static let listClauses = [
    "source", "refresh", "entries_expire_after", "owner", "title",
  ]

  private mutating func listFile() throws(ParseFailure) -> ListFileSyntax {
    var list = ListFileSyntax()
    list.hasMistake = try body(of: "list", clauses: RuleFileParser.listClauses) {
      file, word throws(ParseFailure) in
      switch word {
      case "source":
        list.source = try file.parser.expectString(Phrase("a path", es: "una ruta"))
        if file.parser.take(word: "column") {
          list.column = try file.parser.expectString(Phrase("a column", es: "una columna"))
        }
      case "refresh":
        list.refresh = try file.duration(Phrase("how often", es: "cada cuánto"))
      case "entries_expire_after":
        list.expiry = try file.duration(Phrase("how long", es: "cuánto tiempo"))
      case "owner":
        list.owner = try file.parser.expectString(Phrase("the owner", es: "el responsable")).text
      default: list.title = try file.localized()
      }
    }
    return list
  }

  mutating func param() throws(ParseFailure) -> ParamSyntax {
    let name = try parser.expectName(Phrase("the param's name", es: "el nombre del parámetro"))
    try parser.expect(.colon, Phrase("and a type", es: "y un tipo"))
    let type = try type()
    var unit: (text: String, span: SourceSpan)?
    if parser.take(word: "unit") {
      unit = try parser.expectString(Phrase("the unit", es: "la unidad"))
    }
    try parser.expect(.assign, Phrase("and the value", es: "y el valor"))
    var param = ParamSyntax(
      name: name, type: type, unit: unit, value: try parser.expression(), least: nil,
      greatest: nil, title: nil)
    if parser.take(word: "min") { param.least = try parser.expression() }
    if parser.take(word: "max") { param.greatest = try parser.expression() }
    if parser.take(word: "title") { param.title = try localized() }
    return param
  }

  mutating func link() throws(ParseFailure) -> LinkSyntax {
    let name = try parser.expectName(Phrase("the link's name", es: "el nombre del enlace"))
    try parser.expect(.assign, Phrase("and what it joins", es: "y lo que une"))
    let from = try parser.expectName(Phrase("an entity", es: "una entidad"))
    let isDirected = try arrow()
    let to = try parser.expectName(Phrase("an entity", es: "una entidad"))
    var link = LinkSyntax(
      name: name, from: from, to: to, isDirected: isDirected, via: [], window: nil, event: nil,
      fields: nil)
    if parser.take(word: "via") {
      link.via = try names(Phrase("an identifier", es: "un identificador"))
    }
    try parser.expect(word: "over")
    if !parser.take(word: "lifetime") {
      link.window = try duration(Phrase("a window or `lifetime`", es: "una ventana o `lifetime`"))
    }
    guard parser.take(word: "from") else { return link }
    link.event = try parser.expectName(Phrase("an event", es: "un evento"))
    if parser.isAt(.leftParenthesis) {
      let opener = parser.advance()
      let first = try parser.expectName(Phrase("an entity field", es: "un campo de entidad"))
      _ = try arrow()
      let second = try parser.expectName(Phrase("an entity field", es: "un campo de entidad"))
      try parser.close(.rightParenthesis, opener)
      link.fields = (first, second)
    }
    return link
  }

  /// `->` (directed) or `--`
  private mutating func arrow() throws(ParseFailure) -> Bool {
    let next = parser.peek()
    if parser.isAt(.minus), next.start == parser.current.end {
      if next.kind == .punctuation(.greater) || next.kind == .punctuation(.minus) {
        parser.advance()
        parser.advance()
        return next.kind == .punctuation(.greater)
      }
    }
    throw parser.unexpected(Phrase("expected `->` or `--`", es: "se esperaba `->` o `--`"))
  }

  mutating func signal() throws(ParseFailure) -> SignalSyntax {
    let name = try parser.expectName(Phrase("the signal's name", es: "el nombre de la señal"))
    try parser.expect(.assign, Phrase("and an aggregate", es: "y una función de agregación"))
    let start = parser.current
    let aggregate = try parser.expectName(
      Phrase("an aggregate, like `count()`", es: "una función de agregación, como `count()`"))
    var sequence: SequenceSyntax?
    var arguments: [AggregateArgument] = []
    if aggregate.text == "sequence" {
      sequence = try self.sequence()
    } else {
      arguments = try aggregateArguments()
    }
    var signal = SignalSyntax(
      name: name, aggregate: aggregate, arguments: arguments,
      aggregateSpan: parser.span(from: start), event: nil, filter: nil, keys: [], window: nil,
      span: nil, lag: nil, otherwise: nil, sequence: sequence, excludesCurrent: false, title: nil)
    while true {
      if parser.take(word: "from") {
        signal.event = try parser.expectName(Phrase("an event", es: "un evento"))
      } else if parser.take(word: "where") {
        signal.filter = try parser.expression()
      } else if parser.take(word: "by") {
        repeat { signal.keys.append(try parser.expression()) } while parser.take(.comma)
      } else if parser.take(word: "over") {
        try window(into: &signal)
      } else if parser.take(word: "ending") {
        signal.lag = try duration(Phrase("how long ago it ends", es: "hace cuánto termina"))
        try parser.expect(word: "ago")
      } else if parser.take(word: "otherwise") {
        signal.otherwise = try parser.expression()
      } else if parser.take(word: "excluding") {
        try parser.expect(word: "current")
        signal.excludesCurrent = true
      } else if parser.isAt(word: "title") {
        parser.advance()
        signal.title = try localized()
      } else {
        return signal
      }
    }
  }

  private mutating func window(into signal: inout SignalSyntax) throws(ParseFailure) {
    let start = parser.current
    if parser.take(word: "last") {
      signal.span = .last(try parser.expression())
    } else if parser.take(word: "lifetime") {
      signal.span = .lifetime(parser.span(start))
    } else if parser.take(word: "calendar") {
      let unit = try parser.expectName(
        Phrase("a unit: hour, day, week, month …", es: "una unidad: hour, day, week, month …"))
      var zone: (text: String, span: SourceSpan)?
      if parser.take(word: "in") {
        zone = try parser.expectString(Phrase("the time zone", es: "la zona horaria"))
      }
      signal.span = .calendar(unit, zone: zone)
    } else {
      signal.window = try duration(Phrase("the window's length", es: "la longitud de la ventana"))
    }
  }

  /// `(A where … then B where … within D)`
  private mutating func sequence() throws(ParseFailure) -> SequenceSyntax {
    let opener = parser.current
    try parser.expect(.leftParenthesis, Phrase("after `sequence`", es: "después de `sequence`"))
    let event = Phrase("an event", es: "un evento")
    let first = try parser.expectName(event)
    let firstFilter = parser.take(word: "where") ? try parser.expression() : nil
    try parser.expect(word: "then")
    let second = try parser.expectName(event)
    let secondFilter = parser.take(word: "where") ? try parser.expression() : nil
    try parser.expect(word: "within")
    let within = try duration(
      Phrase("the most that lies between", es: "lo más que pasa entre ambos"))
    try parser.close(.rightParenthesis, opener)
    return SequenceSyntax(
      first: first, firstFilter: firstFilter, second: second, secondFilter: secondFilter,
      within: within)
  }

  private mutating func aggregateArguments() throws(ParseFailure) -> [AggregateArgument] {
    let opener = parser.current
    try parser.expect(
      .leftParenthesis, Phrase("after the aggregate", es: "después de la función de agregación"))
    var arguments: [AggregateArgument] = []
    while !parser.isAt(.rightParenthesis) {
      var label: NameSyntax?
      if parser.current.kind == .identifier, parser.peek().kind == .punctuation(.colon) {
        label = try parser.expectName(Phrase("a label", es: "una etiqueta"))
        parser.advance()
      }
      arguments.append(AggregateArgument(label: label, value: try parser.expression()))
      if !parser.take(.comma) { break }
    }
    try parser.close(.rightParenthesis, opener)
    return arguments
  }

  /// Whether `NAME = FUNCTION(` comes, with a function of the graph.
  var asksGraph: Bool {
    parser.text(parser.peek(1)) == "=" && parser.text(parser.peek(3)) == "("
      && PackageChecker.graphFunctions[parser.text(parser.peek(2))] != nil
  }

  mutating func derived() throws(ParseFailure) -> LetSyntax {
    let name = try parser.expectName(Phrase("the name", es: "el nombre"))
    try parser.expect(.assign, Phrase("and an expression", es: "y una expresión"))
    return LetSyntax(name: name, value: try parser.expression())
  }
}
