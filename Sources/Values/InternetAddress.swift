/// An address of the Internet protocol, version 4 or 6.
///
/// *Source*: RFC 4291 section 2.2 for reading, RFC 5952 for writing; no zones.
public struct InternetAddress: Hashable, Sendable {
  /// The bits, of which version 4 has the lowest 32.
  public let bits: UInt128
  /// 4 or 6.
  public let version: Int

  init(bits: UInt128, version: Int) {
    self.bits = bits
    self.version = version
  }

  /// Reads an address; version 4 inside version 6 becomes version 4, but is not written with dots.
  public init?(_ text: String) {
    guard let address = InternetAddress(unmapped: text) else { return nil }
    if address.isMapped {
      if text.utf8.contains(UInt8(ascii: ".")) { return nil }
      self.init(bits: address.bits & 0xFFFF_FFFF, version: 4)
    } else {
      self = address
    }
  }

  /// Reads an address as it is written.
  init?(unmapped text: String) {
    if text.utf8.contains(UInt8(ascii: ":")) {
      guard let bits = InternetAddress.sixteenBytes(text) else { return nil }
      self.init(bits: bits, version: 6)
    } else {
      guard let bits = InternetAddress.fourBytes(text[...]) else { return nil }
      self.init(bits: UInt128(bits), version: 4)
    }
  }

  /// Bits of an address of this version.
  public var width: Int { version == 4 ? 32 : 128 }

  var isMapped: Bool { version == 6 && bits >> 32 == 0xFFFF }

  private static func fourBytes(_ text: Substring) -> UInt32? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    var bits: UInt32 = 0
    for part in parts {
      guard (1...3).contains(part.utf8.count), part.utf8.allSatisfy({ $0 &- 48 < 10 }),
        part.utf8.count == 1 || part.utf8.first != UInt8(ascii: "0"), let byte = UInt8(part)
      else { return nil }
      bits = bits << 8 | UInt32(byte)
    }
    return bits
  }

  private static func groups(_ text: Substring) -> [UInt16]? {
    if text.isEmpty { return [] }
    var groups: [UInt16] = []
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    for (position, part) in parts.enumerated() {
      if position == parts.count - 1, part.utf8.contains(UInt8(ascii: ".")) {
        guard let four = fourBytes(part) else { return nil }
        groups += [UInt16(four >> 16), UInt16(four & 0xFFFF)]
        continue
      }
      guard (1...4).contains(part.utf8.count), part.utf8.allSatisfy(isHexadecimal),
        let group = UInt16(part, radix: 16)
      else { return nil }
      groups.append(group)
    }
    return groups
  }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    byte &- 48 < 10 || byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "f")
  }

  private static func sixteenBytes(_ text: String) -> UInt128? {
    let bytes = Array(text.utf8)
    let colon = UInt8(ascii: ":")
    let gap = bytes.indices.dropLast().first { bytes[$0] == colon && bytes[$0 + 1] == colon }
    var all: [UInt16]
    if let gap {
      let front = String(decoding: bytes[..<gap], as: UTF8.self)
      let back = String(decoding: bytes[(gap + 2)...], as: UTF8.self)
      guard !front.utf8.contains(UInt8(ascii: ".")), let head = groups(front[...]),
        let tail = groups(back[...]), head.count + tail.count <= 7
      else { return nil }
      all = head + Array(repeating: 0, count: 8 - head.count - tail.count) + tail
    } else {
      guard let groups = groups(text[...]), groups.count == 8 else { return nil }
      all = groups
    }
    return all.reduce(UInt128(0)) { $0 << 16 | UInt128($1) }
  }

  /// The canonical text.
  public var text: String {
    if version == 4 {
      return [24, 16, 8, 0].map { shift in String((bits >> UInt128(shift)) & 0xFF) }
        .joined(separator: ".")
    }
    let groups = (0..<8).map { UInt16(truncatingIfNeeded: bits >> UInt128(112 - 16 * $0)) }
    var best = 0..<0
    var start = 0
    while start < 8 {
      var end = start
      while end < 8, groups[end] == 0 { end += 1 }
      if end - start > max(best.count, 1) { best = start..<end }
      start = max(end, start + 1)
    }
    let texts = groups.map { String($0, radix: 16) }
    if best.isEmpty { return texts.joined(separator: ":") }
    return texts[..<best.lowerBound].joined(separator: ":") + "::"
      + texts[best.upperBound...].joined(separator: ":")
  }

  /// The address with all but the first `length` bits zero.
  func masked(_ length: Int) -> InternetAddress {
    let host = width - length
    let kept = host >= 128 ? 0 : (bits >> UInt128(host)) << UInt128(host)
    return InternetAddress(bits: kept, version: version)
  }

  /// Whether it names no host: `0.0.0.0`, `::`.
  public var isUnspecified: Bool { bits == 0 }

  /// Whether it is this host.
  public var isLoopback: Bool { version == 4 ? bits >> 24 == 127 : bits == 1 }

  /// Whether it is for many hosts.
  public var isMulticast: Bool { version == 4 ? bits >> 28 == 14 : bits >> 120 == 0xFF }

  /// Whether it is for many hosts of this link.
  public var isLinkLocalMulticast: Bool {
    version == 4 ? bits >> 8 == 0xE00000 : bits >> 112 & 0xFF0F == 0xFF02
  }

  /// Whether it is for one host of this link.
  public var isLinkLocalUnicast: Bool {
    version == 4 ? bits >> 16 == 0xA9FE : bits >> 118 == 0x3FA
  }

  /// Whether it is for one host anywhere, private networks included.
  public var isGlobalUnicast: Bool {
    !isUnspecified && !isLoopback && !isMulticast && !isLinkLocalUnicast
      && !(version == 4 && bits == 0xFFFF_FFFF)
  }
}

/// An address with the number of bits that name the network: `10.0.0.0/8`.
public struct InternetSubnet: Hashable, Sendable {
  /// The address as written.
  public let address: InternetAddress
  /// Bits that name the network.
  public let prefixLength: Int

  init(address: InternetAddress, prefixLength: Int) {
    self.address = address
    self.prefixLength = prefixLength
  }

  /// Reads `address/length`.
  public init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let address = InternetAddress(unmapped: String(parts[0])),
      !address.isMapped, (1...3).contains(parts[1].utf8.count),
      parts[1].utf8.allSatisfy({ $0 &- 48 < 10 }),
      parts[1].utf8.count == 1 || !parts[1].hasPrefix("0"), let length = Int(parts[1]),
      length <= address.width
    else { return nil }
    self.init(address: address, prefixLength: length)
  }

  /// The canonical text; the host part is kept.
  public var text: String { "\(address.text)/\(prefixLength)" }

  /// The network alone.
  public var masked: InternetSubnet {
    InternetSubnet(address: address.masked(prefixLength), prefixLength: prefixLength)
  }

  /// Whether the address is in the network.
  public func contains(_ other: InternetAddress) -> Bool {
    other.version == address.version
      && other.masked(prefixLength) == address.masked(prefixLength)
  }

  /// Whether every address of the other network is in this one.
  public func contains(_ other: InternetSubnet) -> Bool {
    prefixLength <= other.prefixLength && contains(other.address)
  }
}
