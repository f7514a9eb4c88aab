internal import Expressions
internal import Model
public import Values

/// Lists from files.
extension PackageChecker {
  /// The list, and what its file lacks: one that is absent is a warning, for it may be on the
  /// machine that serves.
  func listFromFile(
    _ declared: Declared<ListSyntax>, _ syntax: ListFileSyntax
  ) -> CheckedList? {
    let list = Phrase("list", es: "lista")
    guard let source = syntax.source else {
      if !syntax.hasMistake {
        missingClause(
          "source", of: list, declared.name.span,
          help: Phrase(
            "say which file: `source \"lists/vip.csv\"`",
            es: "di qué archivo: `source \"lists/vip.csv\"`"))
      }
      return nil
    }
    guard let element = type(declared.syntax.type, unit: nil, file: declared.file) else {
      return nil
    }
    guard element.isText else {
      index.report(
        Diagnostic(
          .typeMismatch,
          Phrase(
            "a list from a file holds text, not \(element)",
            es: "una lista de un archivo contiene texto, no \(element)"),
          at: declared.syntax.type.name.span,
          help: Phrase(
            "use string, an entity or an identifier",
            es: "usa string, una entidad o un identificador"
          )))
      return nil
    }
    var normalizer: Normalizer?
    if case .reference(let name) = element, let identifier = index.identifiers[name] {
      normalizer = index.schema.identifiers[identifier.position].normalizer
    }
    let file = ListFile(
      column: syntax.column?.text, normalizer: normalizer,
      expiryMicroseconds: syntax.expiry?.microseconds)
    let path = resolved(source.text, from: index.package.files[declared.file].path)
    report(of: file, at: path, source: source)
    return CheckedList(
      name: declared.name.text, title: syntax.title?.phrase, element: element, values: [],
      file: CheckedListFile(
        path: path, file: file, refreshMicroseconds: syntax.refresh?.microseconds))
  }

  private func resolved(_ source: String, from ruleFile: String) -> String {
    guard !source.hasPrefix("/"), let slash = ruleFile.lastIndex(of: "/") else { return source }
    return ruleFile[...slash] + source
  }

  private func report(
    of file: ListFile, at path: String, source: (text: String, span: SourceSpan)
  ) {
    guard let store = index.store else { return }
    do throws(RuleFileFailure) {
      let bytes = try store.bytes(of: path)
      do throws(ListFileError) {
        _ = try file.entries(of: bytes)
      } catch {
        let (english, spanish) = error.words
        index.report(
          Diagnostic(
            .listFileUnfit,
            Phrase(
              "`\(source.text)` is no list of this kind",
              es: "`\(source.text)` no es una lista de esta clase"),
            at: source.span, note: Phrase(english, es: spanish)))
      }
    } catch {
      index.report(
        Diagnostic(
          .listFileMissing,
          Phrase("`\(source.text)` cannot be read", es: "no se puede leer `\(source.text)`"),
          at: source.span,
          help: Phrase(
            "put it there before scoring, or pass --allow-missing-lists",
            es: "ponlo ahí antes de calificar, o usa --allow-missing-lists")))
    }
  }
}

extension ListFileError {
  /// What is wrong, in English and Spanish.
  public var words: (english: String, spanish: String) {
    switch self {
    case .tooLarge(let bytes):
      (
        "\(bytes) bytes are more than \(Limits.listFileBytes)",
        "\(bytes) bytes son más que \(Limits.listFileBytes)"
      )
    case .noHeader:
      (
        "it is empty; the first line names the columns",
        "está vacío; la primera línea nombra las columnas"
      )
    case .noColumn(let name):
      ("no column is called `\(name)`", "ninguna columna se llama `\(name)`")
    case .openQuotation(let line):
      ("line \(line): a quotation does not end", "línea \(line): unas comillas no se cierran")
    case .shortLine(let line):
      ("line \(line) has too few columns", "a la línea \(line) le faltan columnas")
    case .badTime(let line):
      (
        "line \(line): `added_at` is no date like 2026-01-05",
        "línea \(line): `added_at` no es una fecha como 2026-01-05"
      )
    case .notText(let line): ("line \(line) is not UTF-8", "la línea \(line) no está en UTF-8")
    }
  }
}
