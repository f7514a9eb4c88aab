import Expressions
import Values

/// One case of a conformance file: an expression and what must come of it.
struct ConformanceCase {
  enum Expectation {
    case value(DynamicValue, type: StandardType?)
    /// Any error passes.
    case error
    case type(StandardType)
  }

  var file: String
  var section: String
  var name: String
  var expression: String
  var environment: StandardEnvironment
  var bindings: [String: DynamicValue]
  var isChecked: Bool
  var expandsMacros: Bool
  var isCheckedOnly: Bool
  var expectation: Expectation

  /// Reads a line; nil when it has not the shape of a case.
  init?(line: [UInt8]) {
    guard let json = try? DynamicJSON.value(of: line), let file = json["file"]?.text,
      let section = json["section"]?.text, let name = json["name"]?.text,
      let expression = json["expr"]?.text,
      let expected = json["expect"].flatMap(ConformanceCase.expectation)
    else { return nil }
    self.file = file
    self.section = section
    self.name = name
    self.expression = expression
    expectation = expected
    isChecked = json["disable_check"]?.flag != true
    expandsMacros = json["disable_macros"]?.flag != true
    isCheckedOnly = json["check_only"]?.flag == true
    environment = StandardEnvironment(container: json["container"]?.text ?? "")
    bindings = [:]
    for (key, value) in json["bindings"]?.entries ?? [] {
      guard let name = key.text, let bound = TaggedValue.value(value) else { return nil }
      bindings[name] = bound
      environment.variables[name] = .dyn
    }
    for declaration in json["type_env"]?.elements ?? [] {
      guard declare(declaration) else { return nil }
    }
  }

  private mutating func declare(_ declaration: DynamicValue) -> Bool {
    guard let name = declaration["name"]?.text else { return false }
    if let type = declaration["type"] {
      guard let type = TaggedType.type(type) else { return false }
      environment.variables[name] = type
      return true
    }
    for overload in declaration["overloads"]?.elements ?? [] {
      let parameters = (overload["params"]?.elements ?? []).compactMap(TaggedType.type)
      guard parameters.count == overload["params"]?.elements?.count,
        let result = overload["result"].flatMap(TaggedType.type)
      else { return false }
      environment.functions.append(
        StandardSignature(
          name: name, isMethod: overload["instance"]?.flag == true, parameters: parameters,
          result: result))
    }
    return true
  }

  private static func expectation(_ json: DynamicValue) -> Expectation? {
    if json["error"] != nil { return .error }
    let type = json["type"].flatMap(TaggedType.type)
    if let value = json["value"] {
      return TaggedValue.value(value).map { .value($0, type: type) }
    }
    return type.map(Expectation.type)
  }
}

extension DynamicValue {
  /// The member of a JSON object.
  subscript(key: String) -> DynamicValue? {
    if case .map(let map) = self { map[.string(key)] } else { nil }
  }

  var text: String? {
    if case .string(let text) = self { text } else { nil }
  }

  var flag: Bool? {
    if case .bool(let flag) = self { flag } else { nil }
  }

  var elements: [DynamicValue]? {
    if case .list(let elements) = self { elements } else { nil }
  }

  var entries: [(key: DynamicValue, value: DynamicValue)]? {
    if case .map(let map) = self { map.entries } else { nil }
  }
}
