extension DynamicValue {
  /// Equality as `==` has it: numbers by mathematical value across types, NaN unequal to itself,
  /// lists and maps by their elements, anything else of different types unequal.
  ///
  /// *Source*: langdef.md, "Equality".
  public func equals(_ other: DynamicValue) -> Bool {
    switch (self, other) {
    case (.null, .null): true
    case (.bool(let a), .bool(let b)): a == b
    case (.string(let a), .string(let b)): a.utf8.elementsEqual(b.utf8)
    case (.bytes(let a), .bytes(let b)): a == b
    case (.list(let a), .list(let b)):
      a.count == b.count && zip(a, b).allSatisfy { $0.equals($1) }
    case (.map(let a), .map(let b)):
      a.count == b.count
        && a.entries.allSatisfy { entry in b[entry.key]?.equals(entry.value) ?? false }
    case (.type(let a), .type(let b)): a == b
    case (.timestamp(let a), .timestamp(let b)): a == b
    case (.duration(let a), .duration(let b)): a == b
    case (.optional(let a), .optional(let b)):
      if let a, let b { a.equals(b) } else { a == nil && b == nil }
    case (.address(let a), .address(let b)): a == b
    case (.subnet(let a), .subnet(let b)): a == b
    default: DynamicValue.numberOrder(self, other) == .equal
    }
  }

  /// Where a value stands to another.
  public enum Order: Sendable {
    case less
    case equal
    case greater
    /// One of them is NaN.
    case unordered
  }

  /// The order `<` and its kin ask for; nil when values of these types have none.
  ///
  /// Text is ordered by code point, which is the order of its UTF-8.
  public func order(_ other: DynamicValue) -> Order? {
    switch (self, other) {
    case (.bool(let a), .bool(let b)): DynamicValue.order(a ? 1 : 0, b ? 1 : 0)
    case (.string(let a), .string(let b)): DynamicValue.order(bytes: a.utf8, b.utf8)
    case (.bytes(let a), .bytes(let b)): DynamicValue.order(bytes: a, b)
    case (.timestamp(let a), .timestamp(let b)): DynamicValue.order(a, b)
    case (.duration(let a), .duration(let b)): DynamicValue.order(a, b)
    default: DynamicValue.numberOrder(self, other)
    }
  }

  private static func order<Number: Comparable>(_ a: Number, _ b: Number) -> Order {
    a < b ? .less : a == b ? .equal : .greater
  }

  private static func order(
    bytes a: some Sequence<UInt8>, _ b: some Sequence<UInt8>
  ) -> Order {
    if a.lexicographicallyPrecedes(b) { return .less }
    return a.elementsEqual(b) ? .equal : .greater
  }

  /// The order of two numbers of any types; nil when one is no number.
  static func numberOrder(_ left: DynamicValue, _ right: DynamicValue) -> Order? {
    switch (left, right) {
    case (.double(let a), .double(let b)):
      return a.isNaN || b.isNaN ? .unordered : order(a, b)
    case (.double(let a), _): return order(a, right)
    case (_, .double(let b)):
      return switch order(b, left) {
      case .less: .greater
      case .greater: .less
      case let same: same
      }
    default:
      guard let a = left.integer, let b = right.integer else { return nil }
      return order(a, b)
    }
  }

  /// Within the range of the integer's type the integer is rounded to the nearest double, which is
  /// what the conformance suite asks for; beyond it no rounding can mislead.
  private static func order(_ a: Double, _ b: DynamicValue) -> Order? {
    guard let integer = b.integer else { return nil }
    if a.isNaN { return .unordered }
    let (least, greatest) = if case .int = b { (-0x1p63, 0x1p63) } else { (0, 0x1p64) }
    if a < least { return .less }
    return a > greatest ? .greater : order(a, Double(integer))
  }

  /// The value of an int or uint.
  var integer: Int128? {
    switch self {
    case .int(let value): Int128(value)
    case .uint(let value): Int128(value)
    default: nil
    }
  }
}
