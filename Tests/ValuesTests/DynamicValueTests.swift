import Foundation
import Testing
import Values

@Suite struct `A double as text` {
  @Test func `has the digits C prints`() {
    let seed: UInt64 = 20_260_105
    var generator = SplitMix64(seed: seed)
    for _ in 0..<4_000 {
      let bits = generator.next()
      let value =
        bits & 1 == 0
        ? Double(bitPattern: bits) : Double(Int64(truncatingIfNeeded: bits) >> 30) / 64
      guard value.isFinite else { continue }
      let digits = Int(generator.next() % 12)
      let c = String(format: "%.\(digits)f", value)
      #expect(DoubleText.fixed(value, digits: digits) == c, "seed \(seed): \(value) %.\(digits)f")
      let e = String(format: "%.\(digits)e", value)
      #expect(
        DoubleText.scientific(value, digits: digits) == e, "seed \(seed): \(value) %.\(digits)e")
      #expect(Double(DoubleText.shortest(value)) == value, "seed \(seed): \(value)")
    }
  }

  @Test(arguments: [
    (0.0, "0"), (-0.0, "-0"), (1.0, "1"), (1e20, "100000000000000000000"), (1e21, "1e+21"),
    (0.0001, "0.0001"), (0.00001, "1e-05"), (123.456, "123.456"),
    (.leastNonzeroMagnitude, "5e-324"), (.infinity, "Infinity"), (-.infinity, "-Infinity"),
    (.nan, "NaN"),
  ])
  func `is short`(value: Double, text: String) {
    #expect(DoubleText.shortest(value) == text)
  }
}

@Suite struct `Base 64` {
  // RFC 4648, section 10.
  @Test(arguments: [
    ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
    ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
  ])
  func `has the letters of the standard`(text: String, encoded: String) {
    #expect(Base64.encode(Array(text.utf8)) == encoded)
    #expect(Base64.decode(encoded) == Array(text.utf8))
    #expect(Base64.decode(encoded.filter { $0 != "=" }) == Array(text.utf8))
  }

  @Test(arguments: ["Z", "Zh==", "Zm9v!", "Zg=", "====", "Zg==Zg=="])
  func `refuses what is none`(text: String) {
    #expect(Base64.decode(text) == nil)
  }
}

@Suite struct `An internet address` {
  // RFC 5952, sections 1 and 4.
  @Test(arguments: [
    ("2001:0db8:0000:0000:0001:0000:0000:0001", "2001:db8::1:0:0:1"),
    ("2001:DB8::1", "2001:db8::1"),
    ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"), ("::", "::"), ("::1", "::1"), ("1::", "1::"),
    ("0:0:1::", "0:0:1::"), ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"),
    ("10.0.0.255", "10.0.0.255"),
    ("::ffff:c0a8:1", "192.168.0.1"),
  ])
  func `is written in one way`(text: String, canonical: String) {
    #expect(InternetAddress(text)?.text == canonical)
  }

  @Test(arguments: [
    "", "1.2.3", "1.2.3.256", "1.2.3.4.5", "01.2.3.4", "1.2.3.", ":::", "1::2::3", "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9", "12345::", "::g", "fe80::1%eth0", "::ffff:1.2.3.4", ":1", "1:",
    "1:2:3:4:5:6:7::8",
  ])
  func `refuses what is none`(text: String) {
    #expect(InternetAddress(text) == nil)
  }
}

@Suite struct `A time zone` {
  @Test(arguments: [
    ("Europe/Madrid", 1_711_846_799, 3_600), ("Europe/Madrid", 1_711_846_800, 7_200),
    ("America/Mexico_City", 1_720_000_000, -21_600), ("America/Bogota", 1_720_000_000, -18_000),
    ("America/New_York", 4_102_444_800, -18_000), ("America/New_York", 4_118_083_200, -14_400),
    ("Asia/Kathmandu", 0, 19_800), ("Asia/Kathmandu", 1_234_567_890, 20_700), ("UTC", 0, 0),
    ("Australia/Lord_Howe", 4_102_444_800, 39_600), ("Europe/Dublin", 4_118_083_200, 3_600),
  ])
  func `knows its clocks`(name: String, seconds: Int64, offset: Int) {
    #expect(TimeZoneTable.offset(of: name, at: seconds) == offset)
  }

  @Test func `is known by its name alone`() {
    #expect(TimeZoneTable.offset(of: "europe/madrid", at: 0) == nil)
    #expect(TimeZoneTable.fixedOffset("-05:30") == -19_800)
    #expect(TimeZoneTable.fixedOffset("5:30") == nil)
  }
}

@Suite struct `JSON as values` {
  @Test(arguments: [
    "{", "[1,]", "{\"a\":1,\"a\":2}", "\"\u{01}\"", "\"\\ud800\"", "1 2", "tru", "", "[1}",
    "\"\\x\"",
  ])
  func `is refused when it is none`(text: String) {
    #expect(throws: DynamicJSON.Fault.self) { try DynamicJSON.value(of: Array(text.utf8)) }
  }

  @Test func `keeps types apart`() throws {
    let text = #"{"a": [1, 1.5, "\ud83d\ude00\n", null, true], "b": {}}"#
    guard case .map(let map) = try DynamicJSON.value(of: Array(text.utf8)) else {
      Issue.record("no map")
      return
    }
    let expected: [DynamicValue] = [.int(1), .double(1.5), .string("😀\n"), .null, .bool(true)]
    #expect(map[.string("a")]?.equals(.list(expected)) == true)
    #expect(map[.string("b")]?.equals(.map(DynamicMap())) == true)
  }

  @Test func `nests no deeper than the stack bears`() {
    let text = String(repeating: "[", count: 100_000)
    #expect(throws: DynamicJSON.Fault.self) { try DynamicJSON.value(of: Array(text.utf8)) }
  }
}

@Suite struct `The order of values` {
  @Test func `is one across the types of numbers`() {
    let numbers: [DynamicValue] = [
      .double(-.infinity), .int(.min), .double(-1.5), .int(-1), .uint(0), .double(0.5), .int(1),
      .double(1.5), .uint(2), .int(.max), .uint(.max), .double(.infinity),
    ]
    for (a, left) in numbers.enumerated() {
      for (b, right) in numbers.enumerated() {
        let expected: DynamicValue.Order = a < b ? .less : a == b ? .equal : .greater
        #expect(left.order(right) == expected, "\(left) and \(right)")
        #expect(left.equals(right) == (a == b))
      }
      #expect(left.order(.double(.nan)) == .unordered)
    }
    #expect(DynamicValue.double(.nan).equals(.double(.nan)) == false)
    #expect(DynamicValue.int(1).order(.string("1")) == nil)
  }

  @Test func `compares text by code point`() {
    // Composed and decomposed are different texts; the order is that of UTF-8, not of UTF-16.
    #expect(!DynamicValue.string("é").equals(.string("e\u{301}")))
    #expect(DynamicValue.string("\u{FFFD}").order(.string("\u{10000}")) == .less)
  }
}
