import Model
import Testing
import Values

/// What is said of library functions in the pages they come from.
@Suite struct `A library function` {
  static func bits(_ value: Int64) -> UInt64 { UInt64(bitPattern: value) }

  static func number(_ value: Int64) -> LibraryAnswer { .outcome(.value(bits(value))) }

  @Test(arguments: [
    ("+525512345678", "52"), ("+12025550123", "1"), ("+79161234567", "7"),
    ("+573001234567", "57"), ("+50212345678", "502"), ("+420601123456", "420"),
    ("+442071234567", "44"), ("+998901234567", "998"),
  ])
  func `reads the calling code of a number`(phone: String, code: String) {
    #expect(library(.phoneCountry, phone) == .value(code))
  }

  @Test(arguments: ["5512345678", "+", "+52", "+0123456789", "+52551234567a", ""])
  func `finds no calling code in what has none`(phone: String) {
    #expect(library(.phoneCountry, phone) == .outcome(.missing))
  }

  // draft-eastlake-fnv-17, appendix C, with the top bit cleared.
  @Test(
    arguments: [
      ("", 0x4bf2_9ce4_8422_2325), ("a", 0x2f63_dc4c_8601_ec8c), ("foobar", 0x0594_4171_f739_67e8),
    ] as [(String, UInt64)])
  func `hashes as FNV-1a does`(text: String, hash: UInt64) {
    #expect(library(.stableHash, text) == .outcome(.value(hash)))
  }

  @Test(
    arguments: [
      ("10.1.2.3", 8, "10.0.0.0/8"), ("192.168.7.9", 24, "192.168.7.0/24"),
      ("2001:db8::1", 32, "2001:db8::/32"), ("10.1.2.3", 32, "10.1.2.3/32"),
    ] as [(String, UInt64, String)])
  func `gives the subnet of an address`(text: String, length: UInt64, subnet: String) {
    #expect(library(.ipSubnet, text, numbers: [1: length]) == .value(subnet))
  }

  @Test func `tells whether an address is in a subnet`() {
    #expect(library(.ipIn, "10.1.2.3", "10.0.0.0/8") == .outcome(.bool(true)))
    #expect(library(.ipIn, "11.1.2.3", "10.0.0.0/8") == .outcome(.bool(false)))
    #expect(library(.ipIn, "no address", "10.0.0.0/8") == .outcome(.missing))
    #expect(library(.ipIn, "10.1.2.3", "ten") == .outcome(.fault(.argument)))
    #expect(library(.ipSubnet, "10.1.2.3", numbers: [1: 33]) == .outcome(.fault(.argument)))
  }

  @Test(
    arguments: [
      (1_767_225_600_000_000, [2026, 1, 1, 4, 0, 0, 0, 0, 0]),
      (-1_000, [1969, 12, 31, 3, 364, 23, 59, 59, 999]),
      (1_709_164_800_000_000, [2024, 2, 29, 4, 59, 0, 0, 0, 0]),
    ] as [(Int64, [Int64])])
  func `reads a clock`(microseconds: Int64, parts: [Int64]) {
    for (part, wanted) in zip(CalendarPart.allCases, parts) {
      let numbers = [0: Self.bits(microseconds), 2: Self.bits(part.rawValue)]
      #expect(library(.calendarPart, numbers: numbers) == Self.number(wanted), "\(part)")
    }
  }

  @Test(
    arguments: [
      (2.5, 0, 2), (3.5, 0, 4), (-2.5, 0, -2), (0.125, 2, 12), (0.375, 2, 38), (1.005, 2, 100),
      (1e18, 0, 1_000_000_000_000_000_000), (1e-300, 9, 0), (0.1, 9, 100_000_000),
    ] as [(Double, UInt64, Int64)])
  func `rounds a double to a decimal, halves to even`(value: Double, scale: UInt64, units: Int64) {
    let numbers = [0: value.bitPattern, 1: scale]
    #expect(library(.doubleToDecimal, numbers: numbers) == Self.number(units))
  }

  @Test(arguments: [Double.nan, .infinity, 1e19, -1e30])
  func `makes no decimal of what does not fit`(value: Double) {
    let numbers: [Int: UInt64] = [0: value.bitPattern, 1: 2]
    #expect(library(.doubleToDecimal, numbers: numbers) == .outcome(.fault(.overflow)))
  }

  @Test func `gives up on a text that grows without bound`() {
    let text = String(repeating: "a", count: 2_000)
    #expect(library(.replace, text, "a", text) == .outcome(.fault(.argument)))
  }
}
