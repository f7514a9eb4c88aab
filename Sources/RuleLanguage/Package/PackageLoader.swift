internal import Model
public import Expressions

/// The files of a package, parsed, imported files first.
public struct LoadedPackage: Sendable {
  /// The texts findings point into.
  public var sources: SourceMap
  /// Files in the order of declaration: what a file imports comes before it.
  public var files: [LoadedFile]
  /// What was wrong while reading and parsing.
  public var findings: [Diagnostic]
  /// A path that could not be read at all, with the reason; nothing else was looked at then.
  public var unreadable: (path: String, failure: RuleFileFailure)?
}

/// A parsed file and what its imports lead to.
public struct LoadedFile: Sendable {
  /// The path it was read from.
  public var path: String
  /// Its blocks.
  public var syntax: RuleFileSyntax
  /// Imported files by position in `LoadedPackage.files`, with their alias.
  public var imports: [(file: Int, alias: String?)]
  /// Whether everything it imports, and they import, was found: else an unknown name is no mistake
  /// of its own.
  public var isComplete: Bool
}

/// Reads a folder or a file with its imports.
public struct PackageLoader {
  private let store: any RuleFileStore
  private var package = LoadedPackage(sources: SourceMap(), files: [], findings: [])
  private var positions: [String: Int] = [:]
  private var path: [String] = []

  /// Loads the package at `root`: every `.rules` file under a folder, or one file and what it
  /// imports.
  public static func load(_ root: String, from store: any RuleFileStore) -> LoadedPackage {
    var loader = PackageLoader(store: store)
    let files = store.ruleFiles(under: root) ?? [root]
    for file in files where loader.package.unreadable == nil {
      do throws(RuleFileFailure) {
        _ = try loader.visit(PackageLoader.normalized(file))
      } catch {
        loader.package.unreadable = (file, error)
      }
    }
    if files.isEmpty { loader.package.unreadable = (root, .notFound) }
    return loader.package
  }

  private init(store: any RuleFileStore) {
    self.store = store
  }

  /// Parses a file after everything it imports; its position in the package.
  private mutating func visit(_ path: String) throws(RuleFileFailure) -> Int {
    if let known = positions[path] { return known }
    let bytes = try store.bytes(of: path)
    guard bytes.count <= Limits.ruleFileBytes else { throw .tooLarge(bytes.count) }
    let source = SourceFile(path: path, bytes: bytes)
    let file = package.sources.add(source)
    if let offset = PackageLoader.firstInvalidUTF8(bytes) {
      package.findings.append(
        Diagnostic(
          .unreadableFile,
          Phrase("this file is not UTF-8", es: "este archivo no está en UTF-8"),
          at: SourceSpan(file: file, start: offset, end: offset + 1),
          help: Phrase("save it as UTF-8", es: "guárdalo como UTF-8")))
    }
    let (syntax, findings) = RuleFileParser.parse(source, file: file)
    package.findings += findings
    self.path.append(path)
    var imports: [(file: Int, alias: String?)] = []
    for line in syntax.imports {
      if let imported = try importFile(line, from: path) {
        imports.append((imported, line.alias?.text))
      }
    }
    self.path.removeLast()
    let isComplete =
      imports.count == syntax.imports.count
      && imports.allSatisfy { package.files[$0.file].isComplete }
    package.files.append(
      LoadedFile(path: path, syntax: syntax, imports: imports, isComplete: isComplete))
    positions[path] = package.files.count - 1
    return package.files.count - 1
  }

  private mutating func importFile(
    _ line: ImportSyntax, from importer: String
  ) throws(RuleFileFailure) -> Int? {
    let folder = importer.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    let target = PackageLoader.normalized((folder + [Substring(line.path)]).joined(separator: "/"))
    if let start = path.firstIndex(of: target) {
      let cycle = (path[start...] + [target]).joined(separator: " → ")
      package.findings.append(
        Diagnostic(
          .importCycle,
          Phrase("these files import each other", es: "estos archivos se importan entre sí"),
          at: line.span, note: Phrase(cycle, es: cycle),
          help: Phrase(
            "move what both need into a third file",
            es: "pasa lo que ambos necesitan a un tercer archivo")))
      return nil
    }
    do throws(RuleFileFailure) {
      return try visit(target)
    } catch {
      guard error == .notFound else { throw error }
      let near = neighbour(of: line.path, in: folder.joined(separator: "/"))
      package.findings.append(
        Diagnostic(
          .importNotFound,
          Phrase("there is no file `\(line.path)`", es: "no existe el archivo `\(line.path)`"),
          at: line.span, label: Phrase("looked for \(target)", es: "se buscó \(target)"),
          help: near.map { Phrase("did you mean `\($0)`?", es: "¿quisiste decir `\($0)`?") }
            ?? Phrase(
              "a path is relative to the importing file",
              es: "la ruta es relativa al archivo que importa"),
          edit: near.map { SourceEdit(span: line.span, replacement: "\"\($0)\"") }))
      return nil
    }
  }

  /// The file of a folder whose path is nearest to one that is not there.
  private func neighbour(of wanted: String, in folder: String) -> String? {
    let files = store.ruleFiles(under: folder.isEmpty ? "." : folder) ?? []
    let prefix = folder.isEmpty ? "./" : folder + "/"
    return Suggestion.nearest(
      to: wanted,
      among: files.map { $0.hasPrefix(prefix) ? String($0.dropFirst(prefix.count)) : $0 })
  }

  /// Resolves `.` and `..`, so that one file has one path.
  private static func normalized(_ path: String) -> String {
    var parts: [Substring] = []
    for part in path.split(separator: "/", omittingEmptySubsequences: true) where part != "." {
      if part == "..", let last = parts.last, last != ".." {
        parts.removeLast()
      } else {
        parts.append(part)
      }
    }
    return (path.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
  }

  private static func firstInvalidUTF8(_ bytes: [UInt8]) -> Int? {
    if String(validating: bytes, as: UTF8.self) != nil { return nil }
    // Rare, so the slow way to the place is good enough: the longest valid prefix, by halves.
    var low = 0
    var high = bytes.count
    while low < high {
      let middle = (low + high + 1) / 2
      var end = middle
      while end > low && bytes.count > end && bytes[end] & 0xC0 == 0x80 { end -= 1 }
      if String(validating: bytes[..<end], as: UTF8.self) != nil {
        low = middle
      } else {
        high = middle - 1
      }
    }
    return min(low, bytes.count - 1)
  }
}
