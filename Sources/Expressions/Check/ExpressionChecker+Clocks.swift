internal import Model
internal import Values

/// Parts of dates, times of day and durations, on the clocks of UTC or of a zone.
///
/// A time in a zone is no value of its own, so that none can be mistaken for an instant: `in_zone`
/// stands only inside the functions that read a clock.
extension ExpressionChecker {
  /// What our own functions read: `hour(at)`, `hour(in_zone(at, "America/Mexico_City"))`.
  static let clockFunctions: [String: CalendarPart] = [
    "year": .year, "month": .month, "day_of_month": .day, "day_of_week": .weekday, "hour": .hour,
    "minute": .minute,
  ]

  /// The methods of the standard.
  static let clockMethods: Set<String> = [
    "getFullYear", "getMonth", "getDate", "getDayOfMonth", "getDayOfWeek", "getDayOfYear",
    "getHours", "getMinutes", "getSeconds", "getMilliseconds",
  ]

  mutating func clock(
    _ part: CalendarPart, _ name: NameSyntax, _ arguments: [ExpressionSyntax], _ span: SourceSpan
  ) -> TypedExpression? {
    guard arguments.count == 1 else {
      report(
        .wrongArguments,
        Phrase(
          "`\(name.text)` takes one timestamp", es: "`\(name.text)` recibe un solo timestamp"),
        span,
        help: Phrase("\(name.text)(at)", es: "\(name.text)(at)"))
      return nil
    }
    var instant = arguments[0]
    var zone: ExpressionSyntax?
    if case .call(let inner, let parts) = instant.kind, inner.text == "in_zone" {
      guard parts.count == 2 else { return refuseZone(inner) }
      (instant, zone) = (parts[0], parts[1])
    }
    guard let instant = check(instant) else { return nil }
    guard instant.type == .timestamp else {
      mismatch(
        Phrase("`\(name.text)` takes a timestamp", es: "`\(name.text)` recibe un timestamp"),
        instant)
      return nil
    }
    return read(part, of: instant, zone: zone, span)
  }

  /// `in_zone` where no clock is read.
  mutating func refuseZone(_ name: NameSyntax) -> TypedExpression? {
    report(
      .wrongArguments,
      Phrase(
        "`in_zone` stands inside a function that reads a clock",
        es: "`in_zone` va dentro de una función que lee un reloj"), name.span,
      help: Phrase(
        "hour(in_zone(at, \"America/Mexico_City\"))",
        es: "hour(in_zone(at, \"America/Mexico_City\"))"))
    return nil
  }

  /// `at.getHours()`, `at.getHours("America/Mexico_City")`, `pause.getMinutes()`.
  mutating func clockMethod(
    _ receiver: ExpressionSyntax, _ name: NameSyntax, _ arguments: [ExpressionSyntax],
    _ span: SourceSpan
  ) -> TypedExpression? {
    guard let receiver = check(receiver) else { return nil }
    if receiver.type == .duration, arguments.isEmpty, let part = duration(name.text, receiver, span)
    {
      return part
    }
    guard receiver.type == .timestamp, arguments.count <= 1 else {
      mismatch(
        Phrase(
          "`\(name.text)` reads a timestamp, and a zone if one is given",
          es: "`\(name.text)` lee un timestamp, y una zona si se da"), receiver)
      return nil
    }
    func read(_ part: CalendarPart) -> TypedExpression? {
      self.read(part, of: receiver, zone: arguments.first, span)
    }
    func less(_ overload: Overload, _ part: CalendarPart, _ number: Int64) -> TypedExpression? {
      read(part).map { apply(overload, [$0, constant(.int(number), .int, span)], .int, span) }
    }
    return switch name.text {
    case "getFullYear": read(.year)
    // The standard counts months and days from 0, and weekdays from Sunday, which is 0.
    case "getMonth": less(.subtractInt, .month, 1)
    case "getDayOfMonth": less(.subtractInt, .day, 1)
    case "getDayOfWeek": less(.remainderInt, .weekday, 7)
    case "getDate": read(.day)
    case "getDayOfYear": read(.dayOfYear)
    case "getHours": read(.hour)
    case "getMinutes": read(.minute)
    case "getSeconds": read(.second)
    default: read(.millisecond)
    }
  }

  private func duration(
    _ name: String, _ receiver: TypedExpression, _ span: SourceSpan
  ) -> TypedExpression? {
    let units: [String: Int64] = [
      "getHours": 3_600_000_000, "getMinutes": 60_000_000, "getSeconds": 1_000_000,
    ]
    if name == "getMilliseconds" {
      return apply(.library(.durationMilliseconds), [receiver], .int, span)
    }
    return units[name].map { unit in
      apply(.library(.durationPart), [receiver, constant(.int(unit), .int, span)], .int, span)
    }
  }

  private mutating func read(
    _ part: CalendarPart, of instant: TypedExpression, zone: ExpressionSyntax?, _ span: SourceSpan
  ) -> TypedExpression? {
    var offset = constant(.int(0), .int, span)
    if let zone {
      guard let found = offsetOf(zone, instant, span) else { return nil }
      offset = found
    }
    let number = constant(.int(part.rawValue), .int, span)
    return apply(.library(.calendarPart), [instant, offset, number], .int, span)
  }

  /// Seconds a zone is east of UTC at an instant.
  private mutating func offsetOf(
    _ zone: ExpressionSyntax, _ instant: TypedExpression, _ span: SourceSpan
  ) -> TypedExpression? {
    guard case .literal(.string(let name)) = zone.kind else {
      report(
        .wrongArguments,
        Phrase("a time zone is written out", es: "una zona horaria se escribe tal cual"), zone.span,
        help: Phrase("\"America/Mexico_City\"", es: "\"America/Mexico_City\""))
      return nil
    }
    if let seconds = TimeZoneTable.fixedOffset(name) {
      return constant(.int(Int64(seconds)), .int, span)
    }
    guard TimeZoneTable.named(name) != nil else {
      report(
        .wrongArguments,
        Phrase(
          "no time zone is called \"\(name)\"", es: "ninguna zona horaria se llama \"\(name)\""),
        zone.span,
        help: Phrase(
          "zones are named like \"America/Mexico_City\"",
          es: "las zonas se llaman como \"America/Mexico_City\""))
      return nil
    }
    let written = constant(.string(name), .string, zone.span)
    return apply(.zoneOffset, [instant, written], .int, span)
  }
}
