internal import Model
internal import Program
internal import Values

/// Collects the constants of a package, each once.
struct ConstantPool {
  private(set) var constants = Constants()
  private var texts: [[UInt8]: UInt64] = [:]
  private var ownSets: Set<Int> = []

  /// Payload and state of a value.
  mutating func load(_ value: Value) -> (payload: UInt64, state: ValueState) {
    switch value {
    case .bool(let value): (value ? 1 : 0, .present)
    case .int(let value), .duration(let value): (UInt64(bitPattern: value), .present)
    case .uint(let value): (value, .present)
    case .double(let value): (value.bitPattern, .present)
    case .string(let text): (reference(Array(text.utf8)), .present)
    case .bytes(let bytes): (reference(bytes), .present)
    case .timestamp(let value): (UInt64(bitPattern: value.microseconds), .present)
    case .decimal(let value): (UInt64(bitPattern: value.units), .present)
    case .enumeration(let position): (UInt64(position), .present)
    case .missing: (0, .missing)
    case .error(let fault): (fault.rawValue, .error)
    case .list: preconditionFailure("a list is a set, not a payload")
    }
  }

  private mutating func reference(_ bytes: [UInt8]) -> UInt64 {
    if let known = texts[bytes] { return known }
    let reference = TextReference(
      arena: .constant, offset: constants.text.count, length: bytes.count)
    constants.text += bytes
    texts[bytes] = reference.bits
    return reference.bits
  }

  mutating func pattern(_ pattern: String) -> UInt16 {
    if let known = constants.patterns.firstIndex(of: pattern) { return UInt16(known) }
    constants.patterns.append(pattern)
    return UInt16(constants.patterns.count - 1)
  }

  /// The zone of a name that the checker has found.
  mutating func zone(_ name: String) -> UInt16 {
    if let known = constants.zones.firstIndex(where: { $0.name == name }) { return UInt16(known) }
    guard let zone = TimeZoneTable.named(name) else {
      preconditionFailure("the checker knows every zone")
    }
    constants.zones.append(zone)
    return UInt16(constants.zones.count - 1)
  }

  mutating func textSet(_ texts: [[UInt8]]) -> UInt16 {
    let sorted = Set(texts).sorted { $0.lexicographicallyPrecedes($1) }
    let known = constants.textSets.indices.first {
      constants.textSets[$0] == sorted && !ownSets.contains($0)
    }
    if let known { return UInt16(known) }
    constants.textSets.append(sorted)
    return UInt16(constants.textSets.count - 1)
  }

  /// A set that no other use shares, whose members are set while the engine runs.
  mutating func ownTextSet() -> UInt16 {
    ownSets.insert(constants.textSets.count)
    constants.textSets.append([])
    return UInt16(constants.textSets.count - 1)
  }

  mutating func intSet(_ values: [Int64]) -> UInt16 {
    let sorted = Set(values).sorted()
    if let known = constants.intSets.firstIndex(of: sorted) { return UInt16(known) }
    constants.intSets.append(sorted)
    return UInt16(constants.intSets.count - 1)
  }
}
