/// A map whose keys are bool, int, uint or string; numbers of equal value are one key.
///
/// *Shape*: entries keep the order they were put in, which no result of an expression depends on
/// but the order of a list made from them.
public struct DynamicMap: Sendable {
  /// A key by its mathematical value, so that `1`, `1u` and `1.0` find the same entry.
  enum Key: Hashable {
    case bool(Bool)
    case integer(Int128)
    case string([UInt8])
  }

  /// Keys and values in the order they were put in.
  public private(set) var entries: [(key: DynamicValue, value: DynamicValue)] = []
  private var positions: [Key: Int] = [:]

  /// An empty map.
  public init() {}

  /// Whether there is no entry.
  public var isEmpty: Bool { entries.isEmpty }

  /// The number of entries.
  public var count: Int { entries.count }

  /// Puts an entry in.
  ///
  /// *Throws* `invalidKey` for a key of another type, `duplicateKey` for one that is there.
  public mutating func insert(
    _ key: DynamicValue, _ value: DynamicValue
  ) throws(DynamicFault) {
    if case .double = key { throw .invalidKey }
    guard let found = DynamicMap.key(key) else { throw .invalidKey }
    guard positions[found] == nil else { throw .duplicateKey }
    positions[found] = entries.count
    entries.append((key, value))
  }

  /// The value of a key, nil when it has none or could be no key.
  public subscript(key: DynamicValue) -> DynamicValue? {
    guard let found = DynamicMap.key(key), let position = positions[found] else { return nil }
    return entries[position].value
  }

  static func key(_ value: DynamicValue) -> Key? {
    switch value {
    case .bool(let value): .bool(value)
    case .int(let value): .integer(Int128(value))
    case .uint(let value): .integer(Int128(value))
    // Strings are compared by code point, not by what Unicode calls equivalent.
    case .string(let value): .string(Array(value.utf8))
    case .double(let value): Int128(exactly: value).map(Key.integer)
    default: nil
    }
  }
}
