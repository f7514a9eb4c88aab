internal import Expressions
internal import Model
internal import Values

/// Params, lists, links, signals.
extension PackageChecker {
  // MARK: Params and lists

  func checkParams() {
    for declared in index.params.all { index.checkedParams.append(param(declared)) }
  }

  private func param(_ declared: Declared<ParamSyntax>) -> CheckedParam? {
    let syntax = declared.syntax
    guard let type = type(syntax.type, unit: syntax.unit, file: declared.file) else { return nil }
    let purpose = Phrase(
      "the value of `\(declared.name.text)`", es: "el valor de `\(declared.name.text)`")
    func bound(_ expression: ExpressionSyntax?) -> Value? {
      expression.flatMap {
        constant(
          $0, being: type,
          purpose: Phrase(
            "the bound of `\(declared.name.text)`", es: "el límite de `\(declared.name.text)`"),
          file: declared.file)
      }
    }
    let least = bound(syntax.least)
    let greatest = bound(syntax.greatest)
    guard let own = constant(syntax.value, being: type, purpose: purpose, file: declared.file)
    else { return nil }
    let value = index.setting[declared.name.text] ?? own
    for (limit, expression, isLow) in [
      (least, syntax.least, true), (greatest, syntax.greatest, false),
    ] {
      guard let limit, let expression, value.isOutside(limit, isLow: isLow) else { continue }
      index.report(
        Diagnostic(
          .paramBounds,
          Phrase(
            "the value of `\(declared.name.text)` is outside its bounds",
            es: "el valor de `\(declared.name.text)` está fuera de sus límites"),
          at: syntax.value.span,
          secondary: [
            DiagnosticLabel(
              expression.span,
              Phrase(
                isLow ? "the least value" : "the greatest value",
                es: isLow ? "el mínimo" : "el máximo"))
          ]))
      return nil
    }
    return CheckedParam(
      name: declared.name.text, title: declared.syntax.title?.phrase, type: type, value: value,
      least: least, greatest: greatest)
  }

  func checkLists() {
    for declared in index.lists.all {
      if let file = declared.syntax.file {
        index.checkedLists.append(listFromFile(declared, file))
        continue
      }
      guard let element = type(declared.syntax.type, unit: nil, file: declared.file),
        let syntax = declared.syntax.values,
        case .list(let values)? = constant(
          syntax, being: .list(element),
          purpose: Phrase("the list", es: "la lista"), file: declared.file)
      else {
        index.checkedLists.append(nil)
        continue
      }
      index.checkedLists.append(
        CheckedList(
          name: declared.name.text, title: nil, element: element, values: values, file: nil))
    }
  }

  // MARK: Links

  func checkLinks() {
    for declared in index.links.all { index.checkedLinks.append(link(declared)) }
  }

  private func link(_ declared: Declared<LinkSyntax>) -> CheckedLink? {
    let syntax = declared.syntax
    let kind = Phrase("entity", es: "la entidad")
    guard let from = find(syntax.from, in: index.entities, from: declared.file, kind: kind),
      let to = find(syntax.to, in: index.entities, from: declared.file, kind: kind)
    else { return nil }
    guard from.position == to.position else {
      return unfit(
        syntax.to.span,
        Phrase(
          "a link joins accounts of one entity", es: "un enlace une cuentas de una sola entidad"))
    }
    guard let source = linkSource(declared, entity: from.position) else { return nil }
    if let window = syntax.window, !windowIsFit(window) { return nil }
    return CheckedLink(
      name: declared.name.text, entity: from.position, source: source,
      windowMicroseconds: syntax.window?.microseconds)
  }

  private func linkSource(
    _ declared: Declared<LinkSyntax>, entity: Int
  ) -> CheckedLinkSource? {
    let syntax = declared.syntax
    switch (syntax.event, syntax.via.isEmpty) {
    case (nil, false):
      guard !syntax.isDirected else {
        return unfit(
          syntax.name.span,
          Phrase(
            "a link through identifiers has no direction",
            es: "un enlace por identificadores no tiene dirección"),
          help: Phrase("write `--`", es: "escribe `--`"))
      }
      var identifiers: [Int] = []
      for name in syntax.via {
        guard
          let found = find(
            name, in: index.identifiers, from: declared.file,
            kind: Phrase("identifier", es: "el identificador"))
        else { return nil }
        guard index.schema.identifiers[found.position].entity == entity else {
          return unfit(
            name.span,
            Phrase(
              "`\(name.text)` does not link \(syntax.from.text)",
              es: "`\(name.text)` no une \(syntax.from.text)"))
        }
        identifiers.append(found.position)
      }
      return .identifiers(identifiers)
    case (let name?, true):
      guard
        let event = find(
          name, in: index.events, from: declared.file, kind: Phrase("event", es: "el evento"))
      else { return nil }
      return eventLink(syntax, event: event.position, entity: entity)
    default:
      return unfit(
        syntax.name.span,
        Phrase(
          "a link comes from an event or through identifiers",
          es: "un enlace viene de un evento o de identificadores"),
        help: Phrase(
          "write `… over 365d from referral`, or `… via [device] over lifetime`",
          es: "escribe `… over 365d from referral`, o `… via [device] over lifetime`"))
    }
  }

  private func eventLink(_ syntax: LinkSyntax, event: Int, entity: Int) -> CheckedLinkSource? {
    let type = index.schema.events[event]
    let candidates = type.fields.indices.filter { type.fields[$0].kind == .entity(entity) }
    guard let named = syntax.fields else {
      guard candidates.count == 2 else {
        return unfit(
          syntax.event?.span ?? syntax.name.span,
          Phrase(
            "a link needs two \(syntax.from.text) fields, `\(type.name)` has \(candidates.count)",
            es:
              "un enlace necesita dos campos \(syntax.from.text), `\(type.name)` tiene \(candidates.count)"
          ),
          help: candidates.count > 2
            ? Phrase(
              "name them: `from \(type.name) (x -> y)`",
              es: "nómbralos: `from \(type.name) (x -> y)`") : nil)
      }
      return .event(event, from: candidates[0], to: candidates[1], isDirected: syntax.isDirected)
    }
    var ends: [Int] = []
    for name in [named.from, named.to] {
      guard let field = candidates.first(where: { type.fields[$0].name == name.text }) else {
        return unfit(
          name.span,
          Phrase(
            "`\(name.text)` is no \(syntax.from.text) field of `\(type.name)`",
            es: "`\(name.text)` no es un campo \(syntax.from.text) de `\(type.name)`"))
      }
      ends.append(field)
    }
    return .event(event, from: ends[0], to: ends[1], isDirected: syntax.isDirected)
  }

  func unfit<Result>(_ span: SourceSpan, _ title: Phrase, help: Phrase? = nil) -> Result? {
    index.report(Diagnostic(.linkUnfit, title, at: span, help: help))
    return nil
  }

  func windowIsFit(_ window: DurationSyntax) -> Bool {
    guard window.microseconds > 0, window.microseconds <= Limits.windowMicroseconds else {
      index.report(
        Diagnostic(
          .windowRange,
          Phrase(
            "a window is longer than zero and at most ten years",
            es: "una ventana dura más de cero y a lo más diez años"),
          at: window.span))
      return false
    }
    return true
  }
}

extension Value {
  /// Whether the value lies beyond a bound of the same type.
  func isOutside(_ bound: Value, isLow: Bool) -> Bool {
    func beyond<Number: Comparable>(_ value: Number, _ bound: Number) -> Bool {
      isLow ? value < bound : value > bound
    }
    return switch (self, bound) {
    case (.int(let value), .int(let bound)): beyond(value, bound)
    case (.uint(let value), .uint(let bound)): beyond(value, bound)
    case (.double(let value), .double(let bound)): beyond(value, bound)
    case (.duration(let value), .duration(let bound)): beyond(value, bound)
    case (.decimal(let value), .decimal(let bound)): beyond(value.units, bound.units)
    case (.timestamp(let value), .timestamp(let bound)): beyond(value, bound)
    default: false
    }
  }
}
