/// A type of the Common Expression Language as the checker knows it.
///
/// *Source*: langdef.md, "Gradual type checking"; cel-spec checked.proto, `Type`.
public indirect enum StandardType: Hashable, Sendable {
  case dyn
  case null
  case bool
  case int
  case uint
  case double
  case string
  case bytes
  case timestamp
  case duration
  case list(StandardType)
  case map(StandardType, StandardType)
  /// The type of a type.
  case type(StandardType)
  /// A number, text or bool that may be null.
  case wrapper(StandardType)
  /// A type known by name and parameters alone, as `optional_type`.
  case abstract(String, [StandardType])
  /// A parameter of a declared function.
  case parameter(String)
  /// A parameter of one call, to be inferred.
  case variable(Int)

  /// The type of optional values.
  public static func optional(_ inner: StandardType) -> StandardType {
    .abstract("optional_type", [inner])
  }

  /// What an optional holds; nil for other types.
  var optionalInner: StandardType? {
    if case .abstract("optional_type", let parameters) = self { return parameters.first }
    return nil
  }

  /// The types inside.
  var parameters: [StandardType] {
    switch self {
    case .list(let element): [element]
    case .map(let key, let value): [key, value]
    case .abstract(_, let parameters): parameters
    default: []
    }
  }

  /// The type with every part replaced.
  func mapped(_ transform: (StandardType) -> StandardType) -> StandardType {
    switch self {
    case .list(let element): .list(transform(element))
    case .map(let key, let value): .map(transform(key), transform(value))
    case .type(let inner): .type(transform(inner))
    case .abstract(let name, let parameters): .abstract(name, parameters.map(transform))
    default: self
    }
  }

  /// The types that have names expressions can use as values.
  static let named: [String: StandardType] = [
    "bool": .bool, "int": .int, "uint": .uint, "double": .double, "string": .string,
    "bytes": .bytes, "list": .list(.dyn), "map": .map(.dyn, .dyn), "null_type": .null,
    "type": .type(.dyn), "google.protobuf.Timestamp": .timestamp,
    "google.protobuf.Duration": .duration, "optional_type": .optional(.dyn),
    "net.IP": .abstract("net.IP", []), "net.CIDR": .abstract("net.CIDR", []),
  ]
}

extension StandardType: CustomStringConvertible {
  /// As declarations write it: `map(string, list(int))`.
  public var description: String {
    switch self {
    case .dyn: "dyn"
    case .null: "null"
    case .bool: "bool"
    case .int: "int"
    case .uint: "uint"
    case .double: "double"
    case .string: "string"
    case .bytes: "bytes"
    case .timestamp: "timestamp"
    case .duration: "duration"
    case .list(let element): "list(\(element))"
    case .map(let key, let value): "map(\(key), \(value))"
    case .type(let inner): "type(\(inner))"
    case .wrapper(let inner): "wrapper(\(inner))"
    case .abstract("optional_type", let parameters):
      "optional(\(parameters.map(\.description).joined(separator: ", ")))"
    case .abstract(let name, let parameters):
      parameters.isEmpty
        ? name : "\(name)(\(parameters.map(\.description).joined(separator: ", ")))"
    case .parameter(let name): name
    case .variable: "dyn"
    }
  }
}
