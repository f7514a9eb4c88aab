import Expressions
import Testing

@Suite struct `A rendered finding` {
  static let code = DiagnosticCode(rawValue: "E0201")

  /// Sources of `files` and the span of the `number`-th occurrence of a text.
  private struct Place {
    var sources = SourceMap()
    init(_ files: [(String, String)]) {
      for (path, text) in files { _ = sources.add(SourceFile(path: path, bytes: Array(text.utf8))) }
    }

    func span(_ text: String, file: Int = 0, number: Int = 0) -> SourceSpan {
      let bytes = sources.files[file].bytes
      var found: [Int] = []
      for start in bytes.indices where bytes[start...].starts(with: text.utf8) { found.append(start) }
      return SourceSpan(file: file, start: found[number], end: found[number] + text.utf8.count)
    }
  }

  @Test func `is laid out as the language page shows`() {
    let text =
      String(repeating: "\n", count: 43) + "  when   acounts_on_device > max_accounts_per_device\n"
    let place = Place([("device_reuse.rules", text)])
    let finding = Diagnostic(
      `A rendered finding`.code,
      Phrase("unknown name `acounts_on_device`", es: "nombre desconocido `acounts_on_device`"),
      at: place.span("acounts_on_device"),
      label: Phrase("no signal, field, list or param has this name", es: "ninguna se llama así"),
      help: Phrase(
        "a signal with a similar name exists: `accounts_on_device`", es: "existe una señal parecida"))
    #expect(
      DiagnosticRenderer(sources: place.sources).render(finding) == """
        error[E0201]: unknown name `acounts_on_device`
          --> device_reuse.rules:44:10
           |
        44 |   when   acounts_on_device > max_accounts_per_device
           |          ^^^^^^^^^^^^^^^^^ no signal, field, list or param has this name
        help: a signal with a similar name exists: `accounts_on_device`

        """)
    #expect(
      DiagnosticRenderer(sources: place.sources, language: .spanish).render(finding) == """
        error[E0201]: nombre desconocido `acounts_on_device`
          --> device_reuse.rules:44:10
           |
        44 |   when   acounts_on_device > max_accounts_per_device
           |          ^^^^^^^^^^^^^^^^^ ninguna se llama así
        ayuda: existe una señal parecida

        """)
  }

  @Test func `shows other places in their lines and files`() {
    let place = Place([
      ("a.rules", "let x = one\n\n\n\nlet y = two + three\nlet z = 1\n"), ("dir/b.rules", "param two = 2"),
    ])
    let finding = Diagnostic(
      DiagnosticCode(rawValue: "W0701"), Phrase("t", es: "t"), at: place.span("two"),
      label: Phrase("here", es: "aquí"),
      secondary: [
        DiagnosticLabel(place.span("three"), Phrase("and here", es: "y aquí")),
        DiagnosticLabel(place.span("one"), Phrase("", es: "")),
        DiagnosticLabel(place.span("two", file: 1), Phrase("declared here", es: "se declara aquí")),
        DiagnosticLabel(place.span("z"), Phrase("below", es: "abajo")),
      ], note: Phrase("a note", es: "una nota"))
    #expect(
      DiagnosticRenderer(sources: place.sources).render(finding) == """
        warning[W0701]: t
         --> a.rules:5:9
          |
        1 | let x = one
          |         ---
        ...
        5 | let y = two + three
          |         ^^^ here
          |               ----- and here
        6 | let z = 1
          |     - below
         ::: dir/b.rules:1:7
          |
        1 | param two = 2
          |       --- declared here
        note: a note

        """)
  }

  @Test func `stands under letters of any width and after tabs`() {
    let place = Place([("a.rules", "\t\"ñandú 😀\" == x\r\n")])
    let finding = Diagnostic(`A rendered finding`.code, Phrase("t", es: "t"), at: place.span("x"))
    #expect(
      DiagnosticRenderer(sources: place.sources).render(finding) == """
        error[E0201]: t
         --> a.rules:1:15
          |
        1 |  "ñandú 😀" == x
          |               ^

        """)
  }

  @Test func `marks one column where there is nothing to mark`() {
    let place = Place([("a.rules", "let x = ")])
    let finding = Diagnostic(
      `A rendered finding`.code, Phrase("t", es: "t"), at: SourceSpan(file: 0, start: 8, end: 8))
    #expect(
      DiagnosticRenderer(sources: place.sources).render(finding) == """
        error[E0201]: t
         --> a.rules:1:9
          |
        1 | let x = 
          |         ^

        """)
  }

  @Test func `ends at the end of its first line`() {
    let place = Place([("a.rules", "f(a,\n  b)\n")])
    let finding = Diagnostic(
      `A rendered finding`.code, Phrase("t", es: "t"), at: SourceSpan(file: 0, start: 0, end: 9))
    #expect(DiagnosticRenderer(sources: place.sources).render(finding).contains("1 | f(a,\n  | ^^^^\n"))
  }

  @Test func `is coloured only when asked`() {
    let place = Place([("a.rules", "x")])
    let finding = Diagnostic(`A rendered finding`.code, Phrase("t", es: "t"), at: place.span("x"))
    let plain = DiagnosticRenderer(sources: place.sources).render(finding)
    let colored = DiagnosticRenderer(sources: place.sources, usesColor: true).render(finding)
    #expect(!plain.contains("\u{1B}"))
    #expect(colored.contains("\u{1B}[1;31merror[E0201]\u{1B}[0m"))
    #expect(colored.replacing(#/\u{1B}\[[0-9;]*m/#, with: "") == plain)
  }
}
