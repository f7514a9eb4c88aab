/// What names mean where a standard expression stands.
public struct StandardEnvironment: Sendable {
  /// The namespace names are looked up in first: `a.b`, or nothing.
  public var container: String
  /// Declared variables by full name.
  public var variables: [String: StandardType]
  /// Functions declared beside the library; they can be checked but not run.
  public var functions: [StandardSignature]

  /// Creates an environment.
  public init(
    container: String = "", variables: [String: StandardType] = [:],
    functions: [StandardSignature] = []
  ) {
    self.container = container
    self.variables = variables
    self.functions = functions
  }

  /// The full names a name may stand for, innermost namespace first.
  ///
  /// *Source*: langdef.md, "Name Resolution".
  func candidates(_ name: String) -> [String] {
    if name.hasPrefix(".") { return [String(name.dropFirst())] }
    var names: [String] = []
    var prefix = container
    while !prefix.isEmpty {
      names.append("\(prefix).\(name)")
      guard let dot = prefix.lastIndex(of: ".") else { break }
      prefix = String(prefix[..<dot])
    }
    return names + [name]
  }

  /// The forms of the function a name stands for, library first.
  func signatures(_ name: String, isMethod: Bool) -> [StandardSignature] {
    for candidate in isMethod ? [name] : candidates(name) {
      let found =
        (StandardSignatures.byName[candidate] ?? []).filter { $0.isMethod == isMethod }
        + functions.filter { $0.name == candidate && $0.isMethod == isMethod }
      if !found.isEmpty { return found }
    }
    return []
  }

  /// What a name is that no comprehension binds.
  func meaning(of name: String) -> Meaning? {
    for candidate in candidates(name) {
      if let type = variables[candidate] { return .variable(candidate, type) }
      if let type = StandardType.named[candidate] { return .type(candidate, type) }
    }
    return nil
  }

  enum Meaning {
    case variable(String, StandardType)
    /// A type by its name.
    case type(String, StandardType)
  }
}

extension CoreExpression {
  /// `a.b.c` as one text; nil for anything else.
  var qualifiedName: String? {
    switch kind {
    case .name(let name): name
    case .select(let base, let field, .value): base.qualifiedName.map { "\($0).\(field)" }
    default: nil
    }
  }

  /// The first part of a qualified name.
  var rootName: String? {
    switch kind {
    case .name(let name): name
    case .select(let base, _, .value): base.rootName
    default: nil
    }
  }
}
