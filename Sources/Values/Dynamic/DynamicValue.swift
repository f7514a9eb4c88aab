/// A value of the Common Expression Language with its type visible at run time.
///
/// Rule files never see it: their types are settled before anything runs. It is what expressions
/// with `dyn` compute with, in conformance runs and quick looks.
///
/// *Source*: github.com/google/cel-spec, doc/langdef.md, "Values".
public indirect enum DynamicValue: Sendable {
  case null
  case bool(Bool)
  case int(Int64)
  case uint(UInt64)
  case double(Double)
  case string(String)
  case bytes([UInt8])
  case list([DynamicValue])
  case map(DynamicMap)
  /// A type, by its name.
  case type(String)
  /// Nanoseconds since 1970, in the years 0001…9999.
  case timestamp(Int128)
  /// Nanoseconds, up to 10,000 years either way.
  case duration(Int128)
  case optional(DynamicValue?)
  case address(InternetAddress)
  case subnet(InternetSubnet)
}

extension DynamicValue {
  /// The name `type(x)` answers with.
  public var typeName: String {
    switch self {
    case .null: "null_type"
    case .bool: "bool"
    case .int: "int"
    case .uint: "uint"
    case .double: "double"
    case .string: "string"
    case .bytes: "bytes"
    case .list: "list"
    case .map: "map"
    case .type: "type"
    case .timestamp: "google.protobuf.Timestamp"
    case .duration: "google.protobuf.Duration"
    case .optional: "optional_type"
    case .address: "net.IP"
    case .subnet: "net.CIDR"
    }
  }

  /// Whether it is what its type has when nothing is set: `0`, `""`, `[]`, `null`.
  public var isZero: Bool {
    switch self {
    case .null: true
    case .bool(let value): !value
    case .int(let value): value == 0
    case .uint(let value): value == 0
    case .double(let value): value == 0
    case .string(let value): value.isEmpty
    case .bytes(let value): value.isEmpty
    case .list(let value): value.isEmpty
    case .map(let value): value.isEmpty
    case .duration(let value): value == 0
    case .timestamp(let value): value == 0
    case .optional(let value): value == nil
    case .type, .address, .subnet: false
    }
  }
}

/// Why an expression has no value.
public enum DynamicFault: Error, Hashable, Sendable {
  /// No form of the function takes values of these types.
  case noSuchOverload(String)
  /// Nothing has this name.
  case unknownName(String)
  case divisionByZero
  /// A number, timestamp or duration leaves its range.
  case overflow
  case noSuchKey
  case duplicateKey
  /// A map key is of a type that cannot be one.
  case invalidKey
  case indexOutOfRange(Int64)
  /// `value()` of an empty optional.
  case emptyOptional
  /// A text that is not what it should be, or an argument out of its range.
  case invalidArgument(String)
  /// The evaluation took more steps than it may.
  case costExceeded
}
