internal import Expressions
internal import Model
internal import Values

/// A declared name: what, where, and from which file. Handed around much, so it is one reference
/// and not the dozens of a block.
final class Declared<Syntax> {
  let syntax: Syntax
  let name: NameSyntax
  /// Position in `LoadedPackage.files`.
  let file: Int
  /// Position among its kind, in declaration order.
  let position: Int

  init(syntax: Syntax, name: NameSyntax, file: Int, position: Int) {
    self.syntax = syntax
    self.name = name
    self.file = file
    self.position = position
  }
}

/// What expressions can name: all of these share one space of names.
enum DeclaredValue {
  case param(Declared<ParamSyntax>)
  case list(Declared<ListSyntax>)
  case signal(Declared<SignalSyntax>)
  case derived(Declared<LetSyntax>)

  var name: NameSyntax {
    switch self {
    case .param(let declared): declared.name
    case .list(let declared): declared.name
    case .signal(let declared): declared.name
    case .derived(let declared): declared.name
    }
  }

  var file: Int {
    switch self {
    case .param(let declared): declared.file
    case .list(let declared): declared.file
    case .signal(let declared): declared.file
    case .derived(let declared): declared.file
    }
  }
}

/// The names of one kind in a package.
struct DeclaredNames<Syntax> {
  private(set) var all: [Declared<Syntax>] = []
  private var positions: [String: Int] = [:]

  subscript(name: String) -> Declared<Syntax>? { positions[name].map { all[$0] } }

  /// Adds a declaration, or gives the one that has the name already.
  mutating func add(
    _ syntax: Syntax, _ name: NameSyntax, file: Int
  ) -> (declared: Declared<Syntax>, isNew: Bool) {
    if let first = self[name.text] { return (first, false) }
    let declared = Declared(syntax: syntax, name: name, file: file, position: all.count)
    positions[name.text] = all.count
    all.append(declared)
    return (declared, true)
  }
}

/// Everything that is known of a package while it is checked. One owner, the checker; environments
/// look names up in it while expressions are typed.
final class PackageIndex {
  let package: LoadedPackage
  /// Where files of lists are looked for.
  var store: (any RuleFileStore)?
  /// By name, values that params have instead of their own.
  var setting: [String: Value] = [:]
  /// Params whose value went into something that is settled while checking.
  private(set) var settledParams: Set<Int> = []
  private(set) var findings: [Diagnostic] = []
  private var reported: Set<Diagnostic> = []
  private var toldImports: Set<[Int]> = []

  var enumerations = DeclaredNames<EnumerationSyntax>()
  var entities = DeclaredNames<EntitySyntax>()
  var identifiers = DeclaredNames<IdentifierSyntax>()
  var events = DeclaredNames<EventSyntax>()
  var lists = DeclaredNames<ListSyntax>()
  var params = DeclaredNames<ParamSyntax>()
  var links = DeclaredNames<LinkSyntax>()
  var signals = DeclaredNames<SignalSyntax>()
  var lets = DeclaredNames<LetSyntax>()
  var reasons = DeclaredNames<ReasonSyntax>()
  var rules = DeclaredNames<RuleSyntax>()
  var policies = DeclaredNames<PolicySyntax>()
  /// Enums, entities and identifiers by name.
  var typeNames: [String: NameSyntax] = [:]
  /// Params, lists, signals and lets by name.
  var values: [String: DeclaredValue] = [:]
  var tests: [(syntax: TestSyntax, file: Int)] = []

  var schema = Schema()
  /// Nil where checking failed; its name is then known but unusable, without another finding.
  var checkedParams: [CheckedParam?] = []
  var checkedLists: [CheckedList?] = []
  var checkedLinks: [CheckedLink?] = []
  var checkedSignals: [CheckedSignal?] = []
  /// Positions of events that are the decisions of a policy.
  var decisionEvents: Set<Int> = []
  /// Tables of the zones calendar windows name.
  var zones: [TimeZoneTable] = []

  private(set) var symbols: [Symbol] = []
  private var numbers: [Symbol: Int] = [:]
  /// Lets typed so far.
  var typedLets: [CheckedLet] = []
  /// What is known of each typed let, so that nobody walks through names more than once.
  var letFacts: [LetFacts] = []
  /// Positions in `typedLets` by (let, event); nil inside after failing.
  var letPositions: [LetPlace: Int?] = [:]
  var letsInProgress: [LetPlace] = []
  /// Lets that did not fit while something was tried out.
  var unfitLets: Set<LetPlace> = []
  /// Whether something is only tried out, as where a signal can be read: then a let that does not
  /// fit is no mistake.
  private(set) var isProbing = false

  /// Files whose names each file sees without a prefix, itself included.
  private(set) var visible: [Set<Int>] = []
  /// Files behind each alias of each file.
  private(set) var aliased: [[String: Set<Int>]] = []

  /// The file of what no file declares, seen by all.
  static let builtIn = -1

  /// What is known of a param by its position; nil as in `checkedParams`, and while it is not
  /// checked yet. So for a list and a signal.
  func checkedParam(_ position: Int) -> CheckedParam? { Self.known(checkedParams, position) }
  func checkedList(_ position: Int) -> CheckedList? { Self.known(checkedLists, position) }
  func checkedSignal(_ position: Int) -> CheckedSignal? { Self.known(checkedSignals, position) }

  private static func known<Part>(_ parts: [Part?], _ position: Int) -> Part? {
    position < parts.count ? parts[position] : nil
  }

  /// Whether something is declared that is not checked yet: what is checked now comes before it, or
  /// is it.
  func isAhead(_ value: DeclaredValue) -> Bool {
    switch value {
    case .param(let param): param.position >= checkedParams.count
    case .list(let list): list.position >= checkedLists.count
    case .signal(let signal): signal.position >= checkedSignals.count
    case .derived: false
    }
  }

  /// The value of a param for something that is settled while checking.
  func settle(_ param: Int) -> Value {
    settledParams.insert(param)
    return checkedParams[param]?.value ?? .missing
  }

  init(_ package: LoadedPackage) {
    self.package = package
    // Imports come before importers, so what a file sees is complete when another imports it.
    for (position, file) in package.files.enumerated() {
      var seen: Set<Int> = [position, Self.builtIn]
      var aliases: [String: Set<Int>] = [:]
      for line in file.imports {
        if let alias = line.alias {
          aliases[alias, default: []].formUnion(visible[line.file])
        } else {
          seen.formUnion(visible[line.file])
        }
      }
      visible.append(seen)
      aliased.append(aliases)
    }
  }

  /// The number expressions use for a symbol.
  func number(of symbol: Symbol) -> Int {
    if let known = numbers[symbol] { return known }
    symbols.append(symbol)
    numbers[symbol] = symbols.count - 1
    return symbols.count - 1
  }

  /// Tries something out without reporting lets that do not fit.
  func probing<Result>(_ body: () -> Result) -> Result {
    let before = isProbing
    isProbing = true
    defer {
      isProbing = before
      if !before { unfitLets = [] }
    }
    return body()
  }

  /// A finding, unless the same stands there already, or something is only tried out.
  func report(_ diagnostic: Diagnostic) {
    if isProbing { return }
    if reported.insert(diagnostic).inserted { findings.append(diagnostic) }
  }

  /// Whether a name nothing has may still be declared: in a block that could not be read, or in a
  /// file that could not be found. Both are reported where they are.
  func mayExist(_ name: String, from file: Int) -> Bool {
    !package.files[file].isComplete
      || package.files.contains { $0.syntax.brokenNames.contains(name) }
  }

  /// Whether a file need not be told again that it does not import another: once is enough, and an
  /// import that was not found is told where it stands.
  func isImportTold(_ declaring: Int, in file: Int) -> Bool {
    !package.files[file].isComplete || toldImports.contains([file, declaring])
  }

  /// Notes that a file is told that it does not import another.
  func tellImport(_ declaring: Int, in file: Int) {
    if !isProbing { toldImports.insert([file, declaring]) }
  }

  /// The change that imports one file into another of its folder; nil where they lie apart or
  /// where it would close a circle.
  func importing(_ declaring: Int, into file: Int) -> SourceEdit? {
    func parts(_ path: String) -> (folder: Substring, name: Substring) {
      let slash = path.lastIndex(of: "/")
      return slash.map { (path[..<$0], path[path.index(after: $0)...]) } ?? ("", path[...])
    }
    let (from, to) = (parts(package.files[declaring].path), parts(package.files[file].path))
    guard from.folder == to.folder, !visible[declaring].contains(file) else { return nil }
    let syntax = package.files[file].syntax
    let last = syntax.imports.last
    let after = last?.alias?.span.end ?? last?.span.end
    let source = package.sources.files[syntax.file]
    let module = syntax.module.map {
      source.lineRange(source.lineIndex(of: $0.name.span.start)).upperBound
    }
    let offset = after ?? module ?? 0
    let line = "import \"\(from.name)\""
    return SourceEdit(
      span: SourceSpan(file: syntax.file, start: offset, end: offset),
      replacement: offset == 0 ? line + "\n" : "\n" + line)
  }

  // MARK: Graph

  /// The entity of the accounts a graph signal asks about; nil for one that asks about none.
  func accountEntity(of source: CheckedSource) -> Int? {
    if let link = source.link { return checkedLinks[link]?.entity }
    switch source {
    case .graph(.common(let identifier)): return schema.identifiers[identifier].entity
    case .graph(.commonCount(let identifiers)):
      return identifiers.first.flatMap { schema.identifiers[$0].entity }
    default: return nil
    }
  }

  /// The types of the keys of a graph signal.
  func keyTypes(of source: CheckedSource) -> [ValueType] {
    if case .graph(.isHub(let identifier)) = source {
      return [.reference(schema.identifiers[identifier].name)]
    }
    guard let entity = accountEntity(of: source) else { return [] }
    let account = ValueType.reference(schema.entities[entity].name)
    switch source {
    case .graph(.sharesCluster), .graph(.common), .graph(.commonCount): return [account, account]
    default: return [account]
    }
  }
}
