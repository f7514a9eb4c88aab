extension DynamicLibrary {
  /// The math extension.
  static let mathematics: [String: DynamicFunction] = [
    "math.greatest": { arguments throws(DynamicFault) in try extreme(arguments, .greater) },
    "math.least": { arguments throws(DynamicFault) in try extreme(arguments, .less) },
    "math.ceil": rounding(.up), "math.floor": rounding(.down),
    "math.round": rounding(.toNearestOrAwayFromZero), "math.trunc": rounding(.towardZero),
    "math.isNaN": doubleTest(\.isNaN), "math.isInf": doubleTest(\.isInfinite),
    "math.isFinite": doubleTest(\.isFinite),
    "math.abs": unary { value throws(DynamicFault) in
      switch value {
      case .int(let number):
        guard number != .min else { throw .overflow }
        return .int(abs(number))
      case .uint: return value
      case .double(let number): return .double(number.magnitude)
      default: throw .noSuchOverload("math.abs")
      }
    },
    "math.sign": unary { value throws(DynamicFault) in
      switch value {
      case .int(let number): return .int(number.signum())
      case .uint(let number): return .uint(min(number, 1))
      case .double(let number):
        // The extension tells no negative zero from zero.
        return .double(number.isNaN ? number : number < 0 ? -1 : number > 0 ? 1 : 0)
      default: throw .noSuchOverload("math.sign")
      }
    },
    "math.sqrt": unary { value throws(DynamicFault) in
      switch value {
      case .int(let number): return .double(Double(number).squareRoot())
      case .uint(let number): return .double(Double(number).squareRoot())
      case .double(let number): return .double(number.squareRoot())
      default: throw .noSuchOverload("math.sqrt")
      }
    },
    "math.bitAnd": bits({ $0 & $1 }), "math.bitOr": bits({ $0 | $1 }),
    "math.bitXor": bits({ $0 ^ $1 }),
    "math.bitNot": unary { value throws(DynamicFault) in
      switch value {
      case .int(let number): return .int(~number)
      case .uint(let number): return .uint(~number)
      default: throw .noSuchOverload("math.bitNot")
      }
    },
    "math.bitShiftLeft": shift { $0 << $1 }, "math.bitShiftRight": shift { $0 >> $1 },
  ]

  private static func extreme(
    _ arguments: [DynamicValue], _ order: DynamicValue.Order
  ) throws(DynamicFault) -> DynamicValue {
    var values = arguments
    if values.count == 1, case .list(let elements) = values[0] { values = elements }
    guard var best = values.first, DynamicValue.numberOrder(best, best) != nil else {
      throw .noSuchOverload("math.greatest")
    }
    for value in values.dropFirst() {
      guard let found = DynamicValue.numberOrder(value, best) else {
        throw .noSuchOverload("math.greatest")
      }
      if found == order { best = value }
    }
    return best
  }

  private static func rounding(_ rule: FloatingPointRoundingRule) -> DynamicFunction {
    unary { value throws(DynamicFault) in
      guard case .double(let number) = value else { throw .noSuchOverload("rounding") }
      return .double(number.rounded(rule))
    }
  }

  private static func doubleTest(
    _ test: @escaping @Sendable (Double) -> Bool
  ) -> DynamicFunction {
    unary { value throws(DynamicFault) in
      guard case .double(let number) = value else { throw .noSuchOverload("test of a double") }
      return .bool(test(number))
    }
  }

  private static func bits(
    _ operation: @escaping @Sendable (UInt64, UInt64) -> UInt64
  ) -> DynamicFunction {
    binary { left, right throws(DynamicFault) in
      switch (left, right) {
      case (.int(let a), .int(let b)):
        return .int(
          Int64(bitPattern: operation(UInt64(bitPattern: a), UInt64(bitPattern: b))))
      case (.uint(let a), .uint(let b)): return .uint(operation(a, b))
      default: throw .noSuchOverload("bits")
      }
    }
  }

  /// Shifts zeros in, also into negative numbers; 64 places or more leave nothing.
  private static func shift(
    _ operation: @escaping @Sendable (UInt64, UInt64) -> UInt64
  ) -> DynamicFunction {
    binary { value, places throws(DynamicFault) in
      let places = try int(places)
      guard places >= 0 else { throw .invalidArgument("a shift by less than nothing") }
      switch value {
      case .int(let number):
        return .int(
          Int64(bitPattern: operation(UInt64(bitPattern: number), UInt64(places))))
      case .uint(let number): return .uint(operation(number, UInt64(places)))
      default: throw .noSuchOverload("shift")
      }
    }
  }
}
