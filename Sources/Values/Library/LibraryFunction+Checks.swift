internal import Model

/// Check digits, likeness, parts of addresses, distances.
extension LibraryFunction {
  func check(
    _ arguments: borrowing LibraryArguments, _ output: inout [UInt8]
  ) -> LibraryOutcome {
    let text = arguments.text
    switch self {
    case .luhnValid: return .bool(CheckDigits.isLuhnValid(text))
    case .clabeValid: return .bool(CheckDigits.isClabeValid(text))
    case .curpValid: return .bool(CheckDigits.isCurpValid(text))
    case .rfcValid: return .bool(CheckDigits.isRfcValid(text))
    case .clabeBank: return CheckDigits.isClabeValid(text) ? .part(0..<3) : .missing
    case .editDistance:
      let distance = TextDistance.edits(text, arguments.secondText)
      return distance.map { .value(UInt64($0)) } ?? .fault(.argument)
    case .jaroWinkler:
      let likeness = TextDistance.jaroWinkler(text, arguments.secondText)
      return likeness.map { .value($0.bitPattern) } ?? .fault(.argument)
    case .stableHash: return .value(StableHash.value(text))
    case .emailLocal, .emailDomain, .emailCanonical: return email(text, &output)
    case .phoneCountry: return PhoneText.callingCode(text).map { .part($0) } ?? .missing
    case .ipSubnet, .ipIn: return address(arguments, &output)
    case .haversineKilometres:
      let metres = GreatCircle.metres(
        fromLatitude: arguments.double(0), longitude: arguments.double(1),
        toLatitude: arguments.double(2), longitude: arguments.double(3))
      return metres.map { .value((Double($0) / 1_000).bitPattern) } ?? .fault(.argument)
    default: preconditionFailure("\(self) checks nothing")
    }
  }

  private func email(_ text: Span<UInt8>, _ output: inout [UInt8]) -> LibraryOutcome {
    guard let at = EmailText.separator(text) else { return .missing }
    switch self {
    case .emailLocal: return .part(0..<at)
    case .emailDomain:
      for index in at + 1..<text.count { output.append(AsciiLetters.lower(text[index])) }
      return .written
    default:
      return EmailText.appendCanonical(text, separator: at, to: &output) ? .written : .missing
    }
  }

  private func address(
    _ arguments: borrowing LibraryArguments, _ output: inout [UInt8]
  ) -> LibraryOutcome {
    // The longest address has 45 characters; what is longer is none.
    guard arguments.text.count <= 45,
      let address = InternetAddress(Self.string(arguments.text))
    else { return .missing }
    if self == .ipIn {
      guard arguments.secondText.count <= 49,
        let subnet = InternetSubnet(Self.string(arguments.secondText))
      else { return .fault(.argument) }
      return .bool(subnet.contains(address))
    }
    let length = arguments.int(1)
    guard length >= 0, length <= Int64(address.width) else { return .fault(.argument) }
    output.append(contentsOf: address.masked(Int(length)).text.utf8)
    output.append(UInt8(ascii: "/"))
    ValueText.append(length, to: &output)
    return .written
  }
}
