extension DynamicLibrary {
  /// Functions that make addresses and subnets.
  static let network: [String: DynamicFunction] = [
    "ip": unary { value throws(DynamicFault) in
      switch value {
      case .string: return .address(try address(value))
      case .subnet(let subnet): return .address(subnet.address)
      default: throw .noSuchOverload("ip")
      }
    },
    "cidr": unary { value throws(DynamicFault) in .subnet(try subnet(value)) },
    "isIP": unary { value throws(DynamicFault) in
      .bool(InternetAddress(try text(value)) != nil)
    },
    "isCIDR": unary { value throws(DynamicFault) in
      .bool(InternetSubnet(try text(value)) != nil)
    },
    "ip.isCanonical": unary { value throws(DynamicFault) in
      .bool(try address(value).text == (try text(value)))
    },
  ]

  /// The network extension.
  static let networkMethods: [String: DynamicFunction] = [
    "family": unary { value throws(DynamicFault) in .int(Int64(try receiver(value).version)) },
    "isUnspecified": addressTest(\.isUnspecified), "isLoopback": addressTest(\.isLoopback),
    "isGlobalUnicast": addressTest(\.isGlobalUnicast),
    "isLinkLocalMulticast": addressTest(\.isLinkLocalMulticast),
    "isLinkLocalUnicast": addressTest(\.isLinkLocalUnicast),
    "containsIP": binary { value, other throws(DynamicFault) in
      .bool(try network(value).contains(try address(other)))
    },
    "containsCIDR": binary { value, other throws(DynamicFault) in
      .bool(try network(value).contains(try subnet(other)))
    },
    "ip": unary { value throws(DynamicFault) in .address(try network(value).address) },
    "masked": unary { value throws(DynamicFault) in .subnet(try network(value).masked) },
    "prefixLength": unary { value throws(DynamicFault) in
      .int(Int64(try network(value).prefixLength))
    },
  ]

  private static func addressTest(
    _ test: @escaping @Sendable (InternetAddress) -> Bool
  ) -> DynamicFunction {
    unary { value throws(DynamicFault) in .bool(test(try receiver(value))) }
  }

  private static func receiver(_ value: DynamicValue) throws(DynamicFault) -> InternetAddress {
    guard case .address(let address) = value else { throw .noSuchOverload("no address") }
    return address
  }

  private static func network(_ value: DynamicValue) throws(DynamicFault) -> InternetSubnet {
    guard case .subnet(let subnet) = value else { throw .noSuchOverload("no subnet") }
    return subnet
  }

  /// An address, or the text of one.
  private static func address(_ value: DynamicValue) throws(DynamicFault) -> InternetAddress {
    if case .address(let address) = value { return address }
    guard let address = InternetAddress(try text(value)) else {
      throw .invalidArgument("not an address")
    }
    return address
  }

  /// A subnet, or the text of one.
  private static func subnet(_ value: DynamicValue) throws(DynamicFault) -> InternetSubnet {
    if case .subnet(let subnet) = value { return subnet }
    guard let subnet = InternetSubnet(try text(value)) else {
      throw .invalidArgument("not a subnet")
    }
    return subnet
  }
}
