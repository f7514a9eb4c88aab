internal import Expressions
internal import Model
internal import Values

/// What has outlived its use, or tells more or less than it should.
struct HygieneLints {
  let index: PackageIndex
  let rules: [CheckedRule]

  func report(now: Timestamp?) {
    reportUnused()
    reportUnseen()
    if let now { reportDates(now) }
    reportEntries()
    reportTexts()
  }

  // MARK: Unused declarations

  /// A name that stands nowhere but in its own declaration. Words inside texts count as uses,
  /// because holes are there.
  private func reportUnused() {
    let kinds: [(names: [NameSyntax], kind: Phrase)] = [
      (index.params.all.map(\.name), Phrase("param", es: "el parámetro")),
      (index.lists.all.map(\.name), Phrase("list", es: "la lista")),
      (index.signals.all.map(\.name), Phrase("signal", es: "la señal")),
      (index.lets.all.map(\.name), Phrase("let", es: "el let")),
      (index.links.all.map(\.name), Phrase("link", es: "el enlace")),
      (index.reasons.all.map(\.name), Phrase("reason", es: "el motivo")),
      (
        index.enumerations.all.filter { $0.file != PackageIndex.builtIn && !isOfPolicy($0.name) }
          .map(\.name),
        Phrase("enum", es: "el enum")
      ),
    ]
    let uses = uses(of: kinds.flatMap { $0.names.map(\.text) })
    for (names, kind) in kinds {
      for name in names where uses[name.text[...], default: 0] < 2 {
        index.report(
          Diagnostic(
            .unusedDeclaration,
            Phrase(
              "nothing uses the \(kind.english) `\(name.text)`",
              es: "nada usa \(kind.spanish) `\(name.text)`"), at: name.span,
            help: Phrase("use it or remove it", es: "úsalo o quítalo")))
      }
    }
  }

  /// Whether it stands for the outcomes of a policy that is a source, written by nobody.
  private func isOfPolicy(_ enumeration: NameSyntax) -> Bool {
    index.policies.all.contains { $0.name.span == enumeration.span }
  }

  /// How often each name stands in the package, its declaration included.
  private func uses(of names: [String]) -> [Substring: Int] {
    var uses = Dictionary(names.map { ($0[...], 0) }) { first, _ in first }
    // Most words are none of the names, which their length and first letter tell.
    var shapes = Set<Int>()
    func shape(_ first: UInt8, _ count: Int) -> Int { count << 8 | Int(first) }
    for name in names { shapes.insert(shape(name.utf8.first ?? 0, name.utf8.count)) }
    for file in index.package.files {
      let bytes = Array(file.syntax.canonicalText.utf8)
      var start = 0
      for end in 0...bytes.count where end == bytes.count || !bytes[end].isNamePart {
        if start < end, shapes.contains(shape(bytes[start], end - start)) {
          uses[Substring(decoding: bytes[start..<end], as: UTF8.self)]? += 1
        }
        start = end + 1
      }
    }
    return uses
  }

  // MARK: Tests

  /// A live rule that tests speak of, but that could stay silent for ever with all of them passing.
  private func reportUnseen() {
    var spoken: Set<String> = []
    var seen: Set<String> = []
    for test in index.tests {
      for step in test.syntax.steps {
        guard case .expect(let expectation, _) = step else { continue }
        switch expectation {
        case .rule(let name, let outcome):
          spoken.insert(name.text)
          if outcome == "fires" || outcome == "error" { seen.insert(name.text) }
        case .reasons(let codes): seen.formUnion(codes.map(\.text))
        default: break
        }
      }
    }
    for rule in rules where rule.status == .live && spoken.contains(rule.name) {
      let reason = index.reasons.all[rule.reason].name.text
      if seen.contains(rule.name) || seen.contains(reason) { continue }
      index.report(
        Diagnostic(
          .unseenRule,
          Phrase(
            "no test shows this live rule firing",
            es: "ninguna prueba muestra que esta regla `live` se dispare"), at: rule.span,
          note: Phrase(
            "its tests would pass without it", es: "sus pruebas pasarían sin ella"),
          help: Phrase(
            "add a test with `expect rule \(rule.name) fires`",
            es: "agrega una prueba con `expect rule \(rule.name) fires`")))
    }
  }

  // MARK: Dates

  private static let thirtyDays: Int64 = 30 * 86_400 * 1_000_000

  private func reportDates(_ now: Timestamp) {
    for (rule, declared) in zip(rules, index.rules.all) {
      if let until = rule.activeUntil, until <= now, rule.status != .off {
        index.report(
          Diagnostic(
            .expiredRule,
            Phrase("this rule ended in the past", es: "esta regla ya terminó"), at: rule.span,
            secondary: declared.syntax.activeUntil.map {
              [DiagnosticLabel($0.span, Phrase("its end", es: "su fin"))]
            } ?? [],
            help: Phrase("remove the rule or move its end", es: "quita la regla o mueve su fin")))
      }
      if rule.status == .shadow, let from = rule.activeFrom,
        now.microseconds - from.microseconds > HygieneLints.thirtyDays
      {
        index.report(
          Diagnostic(
            .longShadow,
            Phrase(
              "in shadow for more than 30 days", es: "en `shadow` desde hace más de 30 días"),
            at: rule.span,
            secondary: declared.syntax.activeFrom.map {
              [DiagnosticLabel($0.span, Phrase("since then", es: "desde entonces"))]
            } ?? [],
            help: Phrase(
              "make it live or remove it", es: "ponla en `live` o quítala")))
      }
    }
  }

  // MARK: Lists

  private func reportEntries() {
    for declared in index.lists.all {
      guard let checked = index.checkedLists[declared.position],
        case .list(let elements)? = declared.syntax.values?.kind,
        elements.count == checked.values.count
      else { continue }
      var first: [Value: Int] = [:]
      for (position, value) in checked.values.enumerated() {
        if value == .string(""), case .reference(let name) = checked.element {
          ConstantLints(index: index).reportEmpty(elements[position].span, name)
        }
        guard let earlier = first[value] else {
          first[value] = position
          continue
        }
        let previous = elements[position - 1].span
        let span = elements[position].span
        index.report(
          Diagnostic(
            .duplicateEntry,
            Phrase("this entry stands twice", es: "esta entrada está dos veces"), at: span,
            label: Phrase("again here", es: "otra vez aquí"),
            secondary: [
              DiagnosticLabel(elements[earlier].span, Phrase("first here", es: "primero aquí"))
            ], help: Phrase("remove one", es: "quita una"),
            edit: SourceEdit(
              span: SourceSpan(file: span.file, start: previous.end, end: span.end),
              replacement: "")))
      }
    }
  }

  // MARK: Texts

  private func reportTexts() {
    // A reason reads alike in every rule on an event.
    var looked: Set<[Int]> = []
    for rule in rules {
      let reason = index.reasons.all[rule.reason].syntax
      if looked.insert([rule.event, rule.reason]).inserted {
        reportHoles(reason.analyst, rule.texts.analystEnglish, rule.texts.analystSpanish)
        reportHoles(reason.customer, rule.texts.customerEnglish, rule.texts.customerSpanish)
      }
      guard HygieneLints.mayReveal(rule.texts) else { continue }
      let limits = thresholds(of: rule.when)
      for (text, parts) in [
        (reason.customer?.english, rule.texts.customerEnglish),
        (reason.customer?.spanish, rule.texts.customerSpanish),
      ] {
        guard let text, reveals(parts, limits) else { continue }
        index.report(
          Diagnostic(
            .revealsThreshold,
            Phrase(
              "this tells customers the threshold", es: "esto le dice al cliente el umbral"),
            at: text.span,
            secondary: [
              DiagnosticLabel(
                rule.when.span, Phrase("it is compared here", es: "se compara aquí"))
            ],
            note: Phrase(
              "who knows the limit stays just below it",
              es: "quien conoce el límite se queda justo debajo"),
            help: Phrase("say it without the number", es: "dilo sin el número")))
      }
    }
  }

  private func reportHoles(
    _ text: LocalizedSyntax?, _ english: [CheckedPart], _ spanish: [CheckedPart]
  ) {
    guard let text, let span = text.spanish?.span else { return }
    let (left, right) = (holes(english), holes(spanish))
    guard left != right, let other = text.english?.span else { return }
    index.report(
      Diagnostic(
        .differentHoles,
        Phrase(
          "the English and Spanish texts have different holes",
          es: "los textos en inglés y español tienen huecos distintos"), at: span,
        secondary: [DiagnosticLabel(other, Phrase("the English one", es: "el de inglés"))],
        help: Phrase("tell both readers the same", es: "diles lo mismo a ambos lectores")))
  }

  private func holes(_ parts: [CheckedPart]) -> Set<Shape> {
    Set(parts.compactMap { if case .hole(let hole) = $0 { Shape(hole) } else { nil } })
  }

  /// Whether customers are told any value or number at all.
  private static func mayReveal(_ texts: CheckedTexts) -> Bool {
    [texts.customerEnglish, texts.customerSpanish].contains { parts in
      parts.contains { part in
        switch part {
        case .hole: true
        case .literal(let text): hasDigit(text)
        }
      }
    }
  }

  private static func hasDigit(_ text: String) -> Bool {
    text.utf8.contains { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }

  /// Params and numbers a condition compares with.
  private func thresholds(of condition: TypedExpression) -> (params: Set<Int>, numbers: Set<String>)
  {
    var params: Set<Int> = []
    var numbers: Set<String> = []
    func visit(_ expression: TypedExpression) {
      switch expression.kind {
      case .variable(let number):
        guard case .param(let position) = index.symbols[number] else { break }
        params.insert(number)
        if case .int(let value)? = index.checkedParams[position]?.value { note(value) }
      case .constant(.int(let value)): note(value)
      default: expression.children.forEach(visit)
      }
    }
    func note(_ value: Int64) {
      if value > 1 { numbers.insert("\(value)") }
    }
    visit(condition)
    return (params, numbers)
  }

  private func reveals(
    _ parts: [CheckedPart], _ limits: (params: Set<Int>, numbers: Set<String>)
  ) -> Bool {
    parts.contains { part in
      switch part {
      case .hole(let hole): !limits.params.isDisjoint(with: hole.variables)
      case .literal(let text):
        HygieneLints.hasDigit(text)
          && text.split(whereSeparator: { !$0.isNumber }).contains {
            limits.numbers.contains(String($0))
          }
      }
    }
  }
}

extension UInt8 {
  fileprivate var isNamePart: Bool {
    switch self {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}
