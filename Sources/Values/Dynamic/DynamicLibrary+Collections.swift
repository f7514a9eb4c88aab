extension DynamicLibrary {
  /// Functions that make lists.
  static let lists: [String: DynamicFunction] = [
    "lists.range": unary { value throws(DynamicFault) in
      let count = try int(value)
      guard count <= 1_000_000 else { throw .costExceeded }
      return .list((0..<max(0, count)).map(DynamicValue.int))
    }
  ]

  /// The lists extension.
  static let listMethods: [String: DynamicFunction] = [
    "reverse": unary { value throws(DynamicFault) in
      if case .string = value { return .string(string(try scalars(value).reversed())) }
      return .list(try list(value).reversed())
    },
    "distinct": unary { value throws(DynamicFault) in
      var kept: [DynamicValue] = []
      for element in try list(value) where !kept.contains(where: { $0.equals(element) }) {
        kept.append(element)
      }
      return .list(kept)
    },
    "flatten": { arguments throws(DynamicFault) in
      guard let first = arguments.first, arguments.count <= 2 else {
        throw .noSuchOverload("flatten")
      }
      let depth = arguments.count == 2 ? try int(arguments[1]) : 1
      guard depth >= 0 else { throw .invalidArgument("a depth below zero") }
      return .list(flattened(try list(first), depth))
    },
    "slice": { arguments throws(DynamicFault) in
      guard arguments.count == 3 else { throw .noSuchOverload("slice") }
      let elements = try list(arguments[0])
      let start = try index(arguments[1], upTo: elements.count)
      let end = try index(arguments[2], upTo: elements.count)
      guard start <= end else { throw .invalidArgument("a slice that ends before it starts") }
      return .list(Array(elements[start..<end]))
    },
    "sort": unary { value throws(DynamicFault) in
      let elements = try list(value)
      return .list(try sorted(elements, by: elements))
    },
    // `list.sortBy(x, key)` is this over the list of keys.
    "@sortByAssociatedKeys": binary { value, keys throws(DynamicFault) in
      .list(try sorted(try list(value), by: try list(keys)))
    },
    "first": unary { value throws(DynamicFault) in .optional(try list(value).first) },
    "last": unary { value throws(DynamicFault) in .optional(try list(value).last) },
  ]

  static func list(_ value: DynamicValue) throws(DynamicFault) -> [DynamicValue] {
    guard case .list(let elements) = value else { throw .noSuchOverload("no list") }
    return elements
  }

  private static func flattened(_ elements: [DynamicValue], _ depth: Int64) -> [DynamicValue] {
    guard depth > 0 else { return elements }
    return elements.flatMap { element in
      if case .list(let inner) = element { flattened(inner, depth - 1) } else { [element] }
    }
  }

  /// Elements in the order of their keys, which must be of one type that has an order.
  private static func sorted(
    _ elements: [DynamicValue], by keys: [DynamicValue]
  ) throws(DynamicFault) -> [DynamicValue] {
    guard let first = keys.first else { return [] }
    for key in keys where key.typeName != first.typeName || key.order(first) == nil {
      throw .noSuchOverload("sort")
    }
    // By position where keys are equal, so that the order is stable.
    let order = keys.indices.sorted { a, b in
      switch keys[a].order(keys[b]) {
      case .less?: true
      case .equal?: a < b
      default: false
      }
    }
    return order.map { elements[$0] }
  }

  /// The sets extension: lists as sets.
  static let sets: [String: DynamicFunction] = [
    "sets.contains": setTest { left, right in isSubset(right, of: left) },
    "sets.equivalent": setTest { left, right in
      isSubset(right, of: left) && isSubset(left, of: right)
    },
    "sets.intersects": setTest { left, right in
      left.contains { element in right.contains { $0.equals(element) } }
    },
  ]

  private static func isSubset(_ part: [DynamicValue], of whole: [DynamicValue]) -> Bool {
    part.allSatisfy { element in whole.contains { $0.equals(element) } }
  }

  private static func setTest(
    _ test: @escaping @Sendable ([DynamicValue], [DynamicValue]) -> Bool
  ) -> DynamicFunction {
    binary { left, right throws(DynamicFault) in .bool(test(try list(left), try list(right))) }
  }

  /// Functions that make optionals.
  static let optionals: [String: DynamicFunction] = [
    "optional.of": unary { value throws(DynamicFault) in .optional(value) },
    "optional.none": { arguments throws(DynamicFault) in
      guard arguments.isEmpty else { throw .noSuchOverload("optional.none") }
      return .optional(nil)
    },
    "optional.ofNonZeroValue": unary { value throws(DynamicFault) in
      .optional(value.isZero ? nil : value)
    },
    "optional.unwrap": unary(unwrapped),
  ]

  /// The optionals extension. `or` and `orValue` evaluate their argument only when it is needed and
  /// are therefore the interpreter's.
  static let optionalMethods: [String: DynamicFunction] = [
    "hasValue": unary { value throws(DynamicFault) in .bool(try optional(value) != nil) },
    "value": unary { value throws(DynamicFault) in
      guard let inner = try optional(value) else { throw .emptyOptional }
      return inner
    },
    "unwrapOpt": unary(unwrapped),
  ]

  /// What an optional holds.
  public static func optional(_ value: DynamicValue) throws(DynamicFault) -> DynamicValue? {
    guard case .optional(let inner) = value else { throw .noSuchOverload("no optional") }
    return inner
  }

  private static func unwrapped(_ value: DynamicValue) throws(DynamicFault) -> DynamicValue {
    var present: [DynamicValue] = []
    for element in try list(value) {
      if let inner = try optional(element) { present.append(inner) }
    }
    return .list(present)
  }

  /// The encoders extension.
  static let encoders: [String: DynamicFunction] = [
    "base64.encode": unary { value throws(DynamicFault) in
      guard case .bytes(let bytes) = value else { throw .noSuchOverload("base64.encode") }
      return .string(Base64.encode(bytes))
    },
    "base64.decode": unary { value throws(DynamicFault) in
      guard let bytes = Base64.decode(try text(value)) else {
        throw .invalidArgument("not base64")
      }
      return .bytes(bytes)
    },
  ]
}
