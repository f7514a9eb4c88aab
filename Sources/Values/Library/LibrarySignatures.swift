internal import Model

extension LibraryFunction {
  /// How it is written and what it takes and gives; nil for what only the checker writes.
  public var signature: LibrarySignature? {
    textSignature ?? conversionSignature ?? mathematicsSignature ?? checkSignature
  }

  private func method(
    _ name: String, _ parameters: [ValueType], _ result: ValueType, mayBeMissing: Bool = false
  ) -> LibrarySignature {
    LibrarySignature(
      name: name, isMethod: true, parameters: parameters, result: result,
      mayBeMissing: mayBeMissing)
  }

  private func plain(
    _ name: String, _ parameters: [ValueType], _ result: ValueType, mayBeMissing: Bool = false
  ) -> LibrarySignature {
    LibrarySignature(
      name: name, isMethod: false, parameters: parameters, result: result,
      mayBeMissing: mayBeMissing)
  }

  private var textSignature: LibrarySignature? {
    switch self {
    case .charAt: method("charAt", [.string, .int], .string)
    case .indexOf: method("indexOf", [.string, .string], .int)
    case .indexOfFrom: method("indexOf", [.string, .string, .int], .int)
    case .lastIndexOf: method("lastIndexOf", [.string, .string], .int)
    case .lastIndexOfFrom: method("lastIndexOf", [.string, .string, .int], .int)
    case .lowerAscii: method("lowerAscii", [.string], .string)
    case .upperAscii: method("upperAscii", [.string], .string)
    case .replace: method("replace", [.string, .string, .string], .string)
    case .replaceFirst: method("replace", [.string, .string, .string, .int], .string)
    case .substringFrom: method("substring", [.string, .int], .string)
    case .substring: method("substring", [.string, .int, .int], .string)
    case .trim: method("trim", [.string], .string)
    case .reverse: method("reverse", [.string], .string)
    default: nil
    }
  }

  private var conversionSignature: LibrarySignature? {
    switch self {
    case .boolToString: plain("string", [.bool], .string)
    case .intToString: plain("string", [.int], .string)
    case .uintToString: plain("string", [.uint], .string)
    case .doubleToString: plain("string", [.double], .string)
    case .timestampToString: plain("string", [.timestamp], .string)
    case .durationToString: plain("string", [.duration], .string)
    case .stringToBool: plain("bool", [.string], .bool)
    case .stringToInt: plain("int", [.string], .int)
    case .stringToUInt: plain("uint", [.string], .uint)
    case .stringToDouble: plain("double", [.string], .double)
    case .stringToTimestamp: plain("timestamp", [.string], .timestamp)
    case .stringToDuration: plain("duration", [.string], .duration)
    case .uintToInt: plain("int", [.uint], .int)
    case .timestampToInt: plain("int", [.timestamp], .int)
    case .intToUInt: plain("uint", [.int], .uint)
    case .doubleToUInt: plain("uint", [.double], .uint)
    case .intToTimestamp: plain("timestamp", [.int], .timestamp)
    default: nil
    }
  }

  private var mathematicsSignature: LibrarySignature? {
    switch self {
    case .greatestInt: plain("math.greatest", [.int, .int], .int)
    case .greatestUInt: plain("math.greatest", [.uint, .uint], .uint)
    case .greatestDouble: plain("math.greatest", [.double, .double], .double)
    case .leastInt: plain("math.least", [.int, .int], .int)
    case .leastUInt: plain("math.least", [.uint, .uint], .uint)
    case .leastDouble: plain("math.least", [.double, .double], .double)
    case .absoluteInt: plain("math.abs", [.int], .int)
    case .absoluteDouble: plain("math.abs", [.double], .double)
    case .signInt: plain("math.sign", [.int], .int)
    case .signUInt: plain("math.sign", [.uint], .uint)
    case .signDouble: plain("math.sign", [.double], .double)
    case .ceiling: plain("math.ceil", [.double], .double)
    case .floor: plain("math.floor", [.double], .double)
    case .round: plain("math.round", [.double], .double)
    case .truncate: plain("math.trunc", [.double], .double)
    case .squareRoot: plain("math.sqrt", [.double], .double)
    case .isNaN: plain("math.isNaN", [.double], .bool)
    case .isInfinite: plain("math.isInf", [.double], .bool)
    case .isFinite: plain("math.isFinite", [.double], .bool)
    case .bitAnd: plain("math.bitAnd", [.int, .int], .int)
    case .bitOr: plain("math.bitOr", [.int, .int], .int)
    case .bitXor: plain("math.bitXor", [.int, .int], .int)
    case .bitNot: plain("math.bitNot", [.int], .int)
    case .bitShiftLeft: plain("math.bitShiftLeft", [.int, .int], .int)
    case .bitShiftRight: plain("math.bitShiftRight", [.int, .int], .int)
    default: nil
    }
  }

  private var checkSignature: LibrarySignature? {
    switch self {
    case .editDistance: plain("edit_distance", [.string, .string], .int)
    case .jaroWinkler: plain("jaro_winkler", [.string, .string], .double)
    case .stableHash: plain("stable_hash", [.string], .int)
    case .emailLocal: plain("email_local", [.string], .string, mayBeMissing: true)
    case .emailDomain: plain("email_domain", [.string], .string, mayBeMissing: true)
    case .emailCanonical: plain("email_canonical", [.string], .string, mayBeMissing: true)
    case .phoneCountry: plain("phone_country", [.string], .string, mayBeMissing: true)
    case .luhnValid: plain("luhn_valid", [.string], .bool)
    case .clabeValid: plain("clabe_valid", [.string], .bool)
    case .clabeBank: plain("clabe_bank", [.string], .string, mayBeMissing: true)
    case .curpValid: plain("curp_valid", [.string], .bool)
    case .rfcValid: plain("rfc_valid", [.string], .bool)
    case .ipSubnet: plain("ip_subnet", [.string, .int], .string, mayBeMissing: true)
    case .ipIn: plain("ip_in", [.string, .string], .bool, mayBeMissing: true)
    case .haversineKilometres:
      plain("haversine_km", [.double, .double, .double, .double], .double)
    default: nil
    }
  }
}
