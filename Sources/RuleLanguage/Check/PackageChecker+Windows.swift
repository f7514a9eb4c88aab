internal import Expressions
internal import Model
internal import Values

/// Windows of every kind, and aggregates that need more than a running total.
extension PackageChecker {
  /// The window of a signal over an event.
  func span(
    _ declared: Declared<SignalSyntax>, of event: Declared<EventSyntax>
  ) -> CheckedSpan? {
    let syntax = declared.syntax
    let lag = syntax.lag?.microseconds ?? 0
    if let length = syntax.window {
      guard windowIsFit(length), isKept(length.microseconds + lag, length.span, event) else {
        return nil
      }
      return .sliding(length.microseconds)
    }
    guard let span = syntax.span else {
      missingClause(
        "over", of: Phrase("signal", es: "esta señal"), declared.name.span,
        help: Phrase("say over how long: `over 24h`", es: "di en cuánto tiempo: `over 24h`"))
      return nil
    }
    switch span {
    case .lifetime: return lagIsFit(syntax) ? .lifetime : nil
    case .last(let count):
      guard lagIsFit(syntax),
        case .int(let entries)? = constant(
          count, being: .int, purpose: Phrase("`last`", es: "`last`"), file: declared.file)
      else { return nil }
      guard (1...Int64(Limits.lastEntries)).contains(entries) else {
        index.report(
          Diagnostic(
            .windowRange,
            Phrase(
              "a window holds from 1 to \(Limits.lastEntries) last events",
              es: "una ventana contiene de 1 a \(Limits.lastEntries) últimos eventos"),
            at: count.span))
        return nil
      }
      return .last(Int(entries))
    case .calendar(let unit, let zone): return calendar(unit, zone, lag: lag, event)
    }
  }

  /// `ending D ago` moves the end of a stretch of time; these windows are none.
  private func lagIsFit(_ syntax: SignalSyntax) -> Bool {
    guard let lag = syntax.lag else { return true }
    return unfitWindow(
      lag.span,
      Phrase(
        "`ending … ago` goes with a length of time or a calendar unit",
        es: "`ending … ago` va con un lapso o una unidad de calendario")) ?? false
  }

  private func unfitWindow<Result>(
    _ span: SourceSpan, _ title: Phrase, help: Phrase? = nil
  ) -> Result? {
    index.report(Diagnostic(.windowUnfit, title, at: span, help: help))
    return nil
  }

  // MARK: Calendar

  /// No unit is longer in days, whatever the zone does.
  private static let units: [(name: String, longestHours: Int64)] = [
    ("hour", 2), ("day", 48), ("week", 192), ("month", 768), ("quarter", 2_232), ("year", 8_808),
  ]

  private func calendar(
    _ unit: NameSyntax, _ zone: (text: String, span: SourceSpan)?, lag: Int64,
    _ event: Declared<EventSyntax>
  ) -> CheckedSpan? {
    guard let known = Self.units.first(where: { $0.name == unit.text }) else {
      let names = Self.units.map(\.name).joined(separator: ", ")
      index.report(
        Diagnostic(
          .calendarWindow,
          Phrase(
            "the calendar has no unit `\(unit.text)`",
            es: "el calendario no tiene la unidad `\(unit.text)`"), at: unit.span,
          note: Phrase("there are: \(names)", es: "existen: \(names)")))
      return nil
    }
    guard let zone else {
      index.report(
        Diagnostic(
          .calendarWindow,
          Phrase(
            "a calendar window needs a time zone",
            es: "una ventana de calendario necesita una zona horaria"), at: unit.span,
          help: Phrase(
            "say whose calendar: `calendar \(unit.text) in \"America/Mexico_City\"`",
            es: "di el calendario de dónde: `calendar \(unit.text) in \"America/Mexico_City\"`")))
      return nil
    }
    guard isKept(known.longestHours * 3_600_000_000 + lag, unit.span, event) else { return nil }
    if let position = index.zones.firstIndex(where: { $0.name == zone.text }) {
      return .calendar(unit.text, zone: position)
    }
    guard let table = TimeZoneTable.named(zone.text) else {
      index.report(
        Diagnostic(
          .calendarWindow,
          Phrase(
            "there is no time zone `\(zone.text)`", es: "no existe la zona horaria `\(zone.text)`"),
          at: zone.span,
          help: Phrase(
            "zones are named like `America/Mexico_City`",
            es: "las zonas se llaman como `America/Mexico_City`")))
      return nil
    }
    index.zones.append(table)
    return .calendar(unit.text, zone: index.zones.count - 1)
  }

  private func isKept(
    _ microseconds: Int64, _ span: SourceSpan, _ event: Declared<EventSyntax>
  ) -> Bool {
    guard let retention = event.syntax.retention, microseconds > retention.microseconds
    else {
      return true
    }
    let kept = DurationText.text(ofMicroseconds: retention.microseconds)
    index.report(
      Diagnostic(
        .windowBeyondRetention,
        Phrase(
          "this window is longer than `\(event.name.text)` is kept",
          es: "esta ventana dura más de lo que se guarda `\(event.name.text)`"),
        at: span,
        secondary: [
          DiagnosticLabel(retention.span, Phrase("kept for \(kept)", es: "se guarda \(kept)"))
        ],
        help: Phrase(
          "shorten the window, or raise the retention",
          es: "acorta la ventana, o aumenta la retención")))
    return false
  }

  // MARK: Aggregates

  func filterAndKeys(
    _ filter: ExpressionSyntax?, _ keys: [ExpressionSyntax], _ environment: RuleEnvironment
  ) -> (filter: TypedExpression?, keys: [TypedExpression])? {
    var checkedFilter: TypedExpression?
    var isSound = true
    if let filter {
      checkedFilter = typed(environment) { $0.condition(filter) }
      isSound = checkedFilter != nil
    }
    var checkedKeys: [TypedExpression] = []
    for key in keys {
      if let checked = typed(environment, { $0.check(key) }) { checkedKeys.append(checked) }
    }
    return isSound && checkedKeys.count == keys.count ? (checkedFilter, checkedKeys) : nil
  }

  /// An aggregate that is answered from the entries themselves.
  func timeline(
    _ declared: Declared<SignalSyntax>, event: Int, _ span: CheckedSpan,
    _ filter: TypedExpression?, _ keys: [TypedExpression], _ environment: RuleEnvironment
  ) -> (CheckedSource, ValueType)? {
    let syntax = declared.syntax
    let name = syntax.aggregate.text
    guard aggregateIsFit(syntax, span),
      let (value, type, amount) = argument(declared, environment)
    else { return nil }
    var otherwise: Value?
    if let expression = syntax.otherwise {
      if type.isList {
        return unfitWindow(
          expression.span,
          Phrase("`collect` has no stand-in", es: "`collect` no tiene sustituto"),
          help: Phrase("test it with `is missing`", es: "pruébala con `is missing`"))
      }
      otherwise = constant(
        expression, being: type, purpose: Phrase("`otherwise`", es: "`otherwise`"),
        file: declared.file)
      if otherwise == nil { return nil }
    }
    let window = CheckedTimeline(
      event: event, function: name, value: value, millionths: name == "percentile" ? amount : 0,
      most: name == "collect" ? amount : 0, filter: filter, keys: keys, span: span,
      lagMicroseconds: syntax.lag?.microseconds ?? 0, excludesCurrent: syntax.excludesCurrent,
      otherwise: otherwise)
    return (.timeline(window), type)
  }

  private func aggregateIsFit(_ syntax: SignalSyntax, _ span: CheckedSpan) -> Bool {
    let name = syntax.aggregate.text
    let refused: [String]
    switch span {
    case .sliding, .calendar: refused = []
    case .last: refused = ["rate"]
    case .lifetime: refused = ["percentile", "mode", "rate", "time_since_last", "collect"]
    }
    guard refused.contains(name) else { return true }
    return unfitWindow(
      syntax.span?.span ?? syntax.aggregate.span,
      Phrase(
        "`\(name)` is not kept over this window", es: "`\(name)` no se guarda en esta ventana"),
      help: Phrase("give a length of time: `over 30d`", es: "da un lapso: `over 30d`")) ?? false
  }

  /// The value an aggregate is computed over, the type of its answer, and its second argument.
  private func argument(
    _ declared: Declared<SignalSyntax>, _ environment: RuleEnvironment
  ) -> (value: TypedExpression?, type: ValueType, amount: Int)? {
    let syntax = declared.syntax
    let name = syntax.aggregate.text
    let wanted =
      switch name {
      case "count", "rate", "time_since_last": 0
      case "percentile", "collect": 2
      default: 1
      }
    guard syntax.arguments.count == wanted, syntax.arguments.allSatisfy({ $0.label == nil }) else {
      let right =
        switch wanted {
        case 0: "`\(name)()`"
        case 1: name == "ratio" ? "`ratio(channel == web)`" : "`\(name)(reward)`"
        default: name == "collect" ? "`collect(reward, 10)`" : "`percentile(reward, 95)`"
        }
      index.report(
        Diagnostic(
          .wrongArguments,
          Phrase(
            "`\(name)` does not take these arguments", es: "`\(name)` no recibe estos argumentos"),
          at: syntax.aggregateSpan,
          help: Phrase("write \(right)", es: "escribe \(right)")))
      return nil
    }
    if wanted == 0 {
      return (nil, name == "count" ? .int : name == "rate" ? .double : .duration, 0)
    }
    if name == "ratio" {
      guard let value = typed(environment, { $0.condition(syntax.arguments[0].value) }) else {
        return nil
      }
      return (value, .double, 0)
    }
    guard let value = typed(environment, { $0.check(syntax.arguments[0].value) }),
      let type = answer(of: name, over: value)
    else { return nil }
    guard wanted == 2 else { return (value, type, 0) }
    guard let amount = name == "collect" ? most(declared) : share(declared) else { return nil }
    return (value, type, amount)
  }

  /// How many values `collect` gives at most.
  private func most(_ declared: Declared<SignalSyntax>) -> Int? {
    let expression = declared.syntax.arguments[1].value
    guard
      case .int(let most)? = constant(
        expression, being: .int, purpose: Phrase("how many", es: "cuántos"), file: declared.file)
    else { return nil }
    guard (1...Int64(Limits.collectedValues)).contains(most) else {
      index.report(
        Diagnostic(
          .wrongArguments,
          Phrase(
            "`collect` gives from 1 to \(Limits.collectedValues) values",
            es: "`collect` da de 1 a \(Limits.collectedValues) valores"), at: expression.span))
      return nil
    }
    return Int(most)
  }

  /// The share `percentile` asks for, a number above 0 and at most 100.
  private func share(_ declared: Declared<SignalSyntax>) -> Int? {
    let expression = declared.syntax.arguments[1].value
    let type = ValueType.decimal(scale: 4, unit: "")
    guard
      case .decimal(let share)? = constant(
        expression, being: type, purpose: Phrase("the share", es: "el porcentaje"),
        file: declared.file)
    else { return nil }
    guard (1...1_000_000).contains(share.units) else {
      index.report(
        Diagnostic(
          .wrongArguments,
          Phrase(
            "a percentile is above 0 and at most 100",
            es: "un percentil es mayor que 0 y a lo más 100"), at: expression.span))
      return nil
    }
    return Int(share.units)
  }

  /// The type an aggregate gives over values of a type; nil, and reported, when it takes none such.
  private func answer(of name: String, over value: TypedExpression) -> ValueType? {
    let isNumber: Bool
    switch value.type {
    case .int, .decimal: isNumber = true
    default: isNumber = false
    }
    let isOrdered = [.uint, .double, .timestamp, .duration].contains(value.type) || isNumber
    var isCase = value.type == .bool
    if case .enumeration = value.type { isCase = true }
    switch name {
    case "distinct": return .int
    case "sum", "avg":
      if isNumber || value.type == .duration { return value.type }
    case "stddev", "variance":
      if isNumber { return .double }
    case "mode":
      // Of few values: of many the search has no bound, and money has no usual value anyway.
      if isCase { return value.type }
    case "min", "max", "percentile":
      if isOrdered { return value.type }
    default:
      if isOrdered || isCase { return name == "collect" ? .collected(value.type) : value.type }
    }
    let isText = value.type.isText
    index.report(
      Diagnostic(
        .typeMismatch,
        Phrase("`\(name)` does not take \(value.type)", es: "`\(name)` no recibe \(value.type)"),
        at: value.span,
        note: isText
          ? Phrase(
            "signals keep hashes of text, which can be counted but not given back",
            es: "las señales guardan hashes del texto, que se cuentan pero no se devuelven") : nil,
        help: isText
          ? Phrase("count the values: `distinct(…)`", es: "cuenta los valores: `distinct(…)`")
          : name == "mode"
            ? Phrase(
              "give it a bool or an enum; of numbers take `percentile(…, 50)`",
              es: "dale un bool o un enum; de números usa `percentile(…, 50)`")
            : Phrase("give it a number", es: "dale un número")))
    return nil
  }

  // MARK: Sequences

  func sequence(_ declared: Declared<SignalSyntax>) -> (CheckedSource, ValueType)? {
    let syntax = declared.syntax
    let signal = Phrase("signal", es: "esta señal")
    guard let sequence = syntax.sequence else { return nil }
    if let clause = syntax.event?.span ?? syntax.filter?.span {
      return unfitWindow(
        clause,
        Phrase(
          "`sequence` names its events itself", es: "`sequence` nombra sus eventos por sí misma"))
    }
    let kind = Phrase("event", es: "el evento")
    guard let first = find(sequence.first, in: index.events, from: declared.file, kind: kind),
      let second = find(sequence.second, in: index.events, from: declared.file, kind: kind)
    else { return nil }
    guard !syntax.keys.isEmpty else {
      missingClause(
        "by", of: signal, declared.name.span,
        help: Phrase("say for whom: `by who`", es: "di por quién: `by who`"))
      return nil
    }
    guard let span = span(declared, of: second) else { return nil }
    guard case .sliding(let microseconds) = span else {
      return unfitWindow(
        syntax.span?.span ?? declared.name.span,
        Phrase(
          "`sequence` is counted over a length of time",
          es: "`sequence` se cuenta en un lapso"),
        help: Phrase("write `over 30d`", es: "escribe `over 30d`"))
    }
    let lag = syntax.lag?.microseconds ?? 0
    guard windowIsFit(sequence.within),
      isKept(microseconds + lag + sequence.within.microseconds, sequence.within.span, first),
      let firstSide = side(first.position, sequence.firstFilter, declared),
      let secondSide = side(second.position, sequence.secondFilter, declared)
    else { return nil }
    guard firstSide.keys.map(\.type) == secondSide.keys.map(\.type) else {
      return unfitWindow(
        declared.name.span,
        Phrase(
          "both events of a sequence need keys of the same types",
          es: "los dos eventos de una secuencia necesitan claves de los mismos tipos"))
    }
    var otherwise: Value?
    if let expression = syntax.otherwise {
      otherwise = constant(
        expression, being: .int, purpose: Phrase("`otherwise`", es: "`otherwise`"),
        file: declared.file)
      if otherwise == nil { return nil }
    }
    let checked = CheckedSequence(
      first: firstSide, second: secondSide, withinMicroseconds: sequence.within.microseconds,
      microseconds: microseconds, lagMicroseconds: lag, excludesCurrent: syntax.excludesCurrent,
      otherwise: otherwise)
    return (.sequence(checked), .int)
  }

  private func side(
    _ event: Int, _ filter: ExpressionSyntax?, _ declared: Declared<SignalSyntax>
  ) -> CheckedSequence.Side? {
    let environment = RuleEnvironment(
      index: index, file: declared.file, event: event, allowsSignals: false)
    guard let (filter, keys) = filterAndKeys(filter, declared.syntax.keys, environment) else {
      return nil
    }
    return CheckedSequence.Side(event: event, filter: filter, keys: keys)
  }
}
