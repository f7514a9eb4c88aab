/// The static type of a value in a rule file.
///
/// *Shape of a runtime payload (64 bits)*: `bool` 0 or 1; `int`, `timestamp` and `duration` (µs)
/// and `decimal` (units) an Int64; `uint` a UInt64; `double` its bits; `string`, `bytes` and
/// `reference` a `TextReference`; `enumeration` the position of the case; `collected` a
/// `CollectedReference`.
public indirect enum ValueType: Hashable, Sendable {
  case bool
  case int
  case uint
  case double
  case string
  case bytes
  case timestamp
  case duration
  /// An exact scaled number; `unit` is a currency code, or empty for a plain number.
  case decimal(scale: Int, unit: String)
  /// A closed set declared in the package, by name.
  case enumeration(String)
  /// The key of something declared elsewhere, by name: to an expression it is text that compares
  /// only with its own kind.
  case reference(String)
  case list(ValueType)
  /// The values a signal has collected, newest first: a list that is known only when it is asked.
  case collected(ValueType)
  case map(ValueType, ValueType)
}

extension ValueType {
  /// Whether the runtime payload is a `TextReference`.
  public var isText: Bool {
    switch self {
    case .string, .bytes, .reference: true
    default: false
    }
  }
}

extension ValueType {
  /// The type of the elements of a list, written out or collected.
  public var element: ValueType? {
    switch self {
    case .list(let element), .collected(let element): element
    default: nil
    }
  }

  /// Whether it is a list, written out or collected.
  public var isList: Bool { element != nil }
}

extension ValueType: CustomStringConvertible {
  /// The type as a rule file writes it: `decimal(2) MXN`, `list(string)`.
  public var description: String {
    switch self {
    case .bool: "bool"
    case .int: "int"
    case .uint: "uint"
    case .double: "double"
    case .string: "string"
    case .bytes: "bytes"
    case .timestamp: "timestamp"
    case .duration: "duration"
    case .decimal(let scale, let unit): "decimal(\(scale))" + (unit.isEmpty ? "" : " \(unit)")
    case .enumeration(let name): name
    case .reference(let name): name
    case .list(let element), .collected(let element): "list(\(element))"
    case .map(let key, let value): "map(\(key), \(value))"
    }
  }
}
