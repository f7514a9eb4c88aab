internal import Expressions
internal import Model
internal import Values

/// A declared name: what, where, and from which file.
struct Declared<Syntax> {
  var syntax: Syntax
  var name: NameSyntax
  /// Position in `LoadedPackage.files`.
  var file: Int
  /// Position among its kind, in declaration order.
  var position: Int
}

/// The names of one kind in a package.
struct DeclaredNames<Syntax> {
  private(set) var all: [Declared<Syntax>] = []
  private var positions: [String: Int] = [:]

  subscript(name: String) -> Declared<Syntax>? { positions[name].map { all[$0] } }

  /// Adds a declaration, or gives the one that has the name already.
  mutating func add(_ syntax: Syntax, _ name: NameSyntax, file: Int) -> Declared<Syntax>? {
    if let first = self[name.text] { return first }
    positions[name.text] = all.count
    all.append(Declared(syntax: syntax, name: name, file: file, position: all.count))
    return nil
  }
}

/// Everything that is known of a package while it is checked. One owner, the checker; environments look
/// names up in it while expressions are typed.
final class PackageIndex {
  let package: LoadedPackage
  var findings: [Diagnostic] = []

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
  var tests: [(syntax: TestSyntax, file: Int)] = []

  var schema = Schema()
  /// Nil where checking failed; its name is then known but unusable, without another finding.
  var checkedParams: [CheckedParam?] = []
  var checkedLists: [CheckedList?] = []
  var checkedLinks: [CheckedLink?] = []
  var checkedSignals: [CheckedSignal?] = []
  /// Tables of the zones calendar windows name.
  var zones: [ZoneTable] = []

  private(set) var symbols: [Symbol] = []
  private var numbers: [Symbol: Int] = [:]
  /// Lets typed so far by (let, event); nil inside while or after failing.
  private(set) var typedLets: [CheckedLet] = []
  private var letPositions: [LetPlace: Int?] = [:]
  private var letsInProgress: [LetPlace] = []
  /// Whether something is only tried out, as where a signal can be read: then a let that does not fit is
  /// no mistake.
  private(set) var isProbing = false

  /// Files whose names each file sees without a prefix, itself included.
  private(set) var visible: [Set<Int>] = []
  /// Files behind each alias of each file.
  private(set) var aliased: [[String: Set<Int>]] = []

  struct LetPlace: Hashable {
    var position: Int
    var event: Int
  }

  init(_ package: LoadedPackage) {
    self.package = package
    // Imports come before importers, so what a file sees is complete when another imports it.
    for (position, file) in package.files.enumerated() {
      var seen: Set<Int> = [position]
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
    defer { isProbing = before }
    return body()
  }

  /// A finding, unless the same stands there already, or something is only tried out.
  func report(_ diagnostic: Diagnostic) {
    if isProbing { return }
    if !findings.contains(diagnostic) { findings.append(diagnostic) }
  }

  /// Whether a name nothing has may still be declared: in a block that could not be read, or in a file
  /// that could not be found. Both are reported where they are.
  func mayExist(_ name: String, from file: Int) -> Bool {
    !package.files[file].isComplete
      || package.files.contains { $0.syntax.brokenNames.contains(name) }
  }

  // MARK: Lets

  /// The let on an event type, typed on first use; nil when it has a mistake, which is then reported.
  func typedLet(_ declared: Declared<LetSyntax>, event: Int) -> Int? {
    let place = LetPlace(position: declared.position, event: event)
    if let known = letPositions[place] { return known }
    guard !letsInProgress.contains(place) else {
      let path = (letsInProgress.map { lets.all[$0.position].name.text } + [declared.name.text])
        .joined(separator: " → ")
      report(
        Diagnostic(
          .selfDependent,
          Phrase(
            "`\(declared.name.text)` needs itself",
            es: "`\(declared.name.text)` se necesita a sí mismo"),
          at: declared.name.span, note: Phrase(path, es: path)))
      return nil
    }
    letsInProgress.append(place)
    defer { letsInProgress.removeLast() }
    let environment = RuleEnvironment(index: self, file: declared.file, event: event)
    var checker = ExpressionChecker(environment: environment)
    let value = checker.check(declared.syntax.value)
    checker.findings.forEach(report)
    guard let value, isRunnable(value) else {
      if isProbing { return nil }
      letPositions[place] = .some(nil)
      return nil
    }
    typedLets.append(CheckedLet(name: declared.name.text, event: event, value: value))
    letPositions[place] = typedLets.count - 1
    return typedLets.count - 1
  }

  /// Whether a let names a signal, directly or through lets. Looked at before types are known: while
  /// signals are checked, no let that needs one can be typed.
  func mentionsSignal(_ declared: Declared<LetSyntax>) -> Bool {
    var seen: Set<Int> = []
    return mentionsSignal(declared.syntax.value, within: declared, seen: &seen)
  }

  private func mentionsSignal(
    _ expression: ExpressionSyntax, within declared: Declared<LetSyntax>, seen: inout Set<Int>
  ) -> Bool {
    let name: String? =
      switch expression.kind {
      case .name(let name): name
      case .call(let name, _): name.text
      case .member(let base, let name):
        if case .name(let alias) = base.kind, aliased[declared.file][alias] != nil {
          name.text
        } else {
          nil
        }
      default: nil
      }
    if let name {
      if signals[name] != nil { return true }
      if let other = lets[name], seen.insert(other.position).inserted,
        mentionsSignal(other.syntax.value, within: other, seen: &seen)
      {
        return true
      }
    }
    return expression.children.contains { mentionsSignal($0, within: declared, seen: &seen) }
  }

  /// Whether the expression needs a signal, directly or through lets.
  func needsSignal(_ expression: TypedExpression) -> Bool {
    if !expression.queries.isEmpty { return true }
    return expression.variables.contains { number in
      switch symbols[number] {
      case .signal: true
      case .derived(let position): needsSignal(typedLets[position].value)
      default: false
      }
    }
  }
}
