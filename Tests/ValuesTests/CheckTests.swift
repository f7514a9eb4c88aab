import Foundation
import Model
import Testing
import Values

private func holds(_ test: (Span<UInt8>) -> Bool, _ text: String) -> Bool {
  let bytes = Array(text.utf8)
  return test(bytes.span)
}

/// Whether any single wrong digit at the end is noticed.
private func noticesLastDigit(_ test: (Span<UInt8>) -> Bool, _ text: String) -> Bool {
  "0123456789".filter { $0 != text.last }.allSatisfy { !holds(test, text.dropLast() + String($0)) }
}

@Suite struct `Check digits` {
  @Test(arguments: ["79927398713", "4111111111111111", "378282246310005", "00"])
  func `of Luhn fit published numbers`(number: String) {
    #expect(holds(CheckDigits.isLuhnValid, number))
    #expect(noticesLastDigit(CheckDigits.isLuhnValid, number))
  }

  @Test(arguments: ["", "0", "7992739871a", "7992 7398 713"])
  func `of Luhn refuse what is no number`(text: String) {
    #expect(!holds(CheckDigits.isLuhnValid, text))
  }

  @Test(arguments: [
    ("032180000118359719", "032"), ("002010077777777771", "002"), ("646180157000000004", "646"),
  ])
  func `of CLABE fit published accounts`(account: String, bank: String) {
    #expect(holds(CheckDigits.isClabeValid, account))
    #expect(noticesLastDigit(CheckDigits.isClabeValid, account))
    let bytes = Array(account.utf8)
    #expect(CheckDigits.clabeBank(bytes.span) == bank)
  }

  @Test(arguments: ["03218000011835971", "0321800001183597190", "03218000011835971A", ""])
  func `of CLABE refuse what is none`(text: String) {
    #expect(!holds(CheckDigits.isClabeValid, text))
    let bytes = Array(text.utf8)
    #expect(CheckDigits.clabeBank(bytes.span) == nil)
  }

  @Test(arguments: ["BOXW310820HNERXN09", "HEGG560427MVZRRL04"])
  func `of CURP fit published keys`(key: String) {
    #expect(holds(CheckDigits.isCurpValid, key))
    #expect(noticesLastDigit(CheckDigits.isCurpValid, key))
  }

  @Test(arguments: [
    "boxw310820HNERXN09", "BOXW311320HNERXN09", "BOXW310820ZNERXN09", "BOXW310820HZZRXN09",
    "BOXW310820HNERXN0", "",
  ])
  func `of CURP refuse what is none`(text: String) {
    #expect(!holds(CheckDigits.isCurpValid, text))
  }

  @Test(arguments: ["GODE561231GR8", "SAT970701NN3", "CFE370814QI0"])
  func `of RFC fit published keys`(key: String) {
    #expect(holds(CheckDigits.isRfcValid, key))
    #expect(noticesLastDigit(CheckDigits.isRfcValid, key))
  }

  @Test(arguments: ["GODE561331GR8", "GOD1561231GR8", "GODE561231GR", "SAT970701N&3", "", "Ñ"])
  func `of RFC refuse what is none`(text: String) {
    #expect(!holds(CheckDigits.isRfcValid, text))
  }
}

@Suite struct `A distance of texts` {
  @Test(arguments: [
    ("kitten", "sitting", 3), ("", "abc", 3), ("flaw", "lawn", 2), ("ñ", "n", 1), ("x", "x", 0),
  ])
  func `counts edits`(left: String, right: String, edits: Int) {
    #expect(library(.editDistance, left, right) == .outcome(.value(UInt64(edits))))
    #expect(library(.editDistance, right, left) == .outcome(.value(UInt64(edits))))
  }

  // W. Winkler, 1990, table 1 and later reprints.
  @Test(arguments: [
    ("MARTHA", "MARHTA", 0.961), ("DIXON", "DICKSONX", 0.813), ("DWAYNE", "DUANE", 0.840),
    ("", "", 1.0), ("a", "", 0.0), ("a", "b", 0.0),
  ])
  func `measures likeness`(left: String, right: String, likeness: Double) {
    guard case .outcome(.value(let bits)) = library(.jaroWinkler, left, right) else {
      Issue.record("no likeness of \(left) and \(right)")
      return
    }
    #expect(abs(Double(bitPattern: bits) - likeness) < 0.000_5)
  }

  @Test func `is not taken of texts that are no names`() {
    let long = String(repeating: "a", count: 257)
    #expect(library(.editDistance, long, "a") == .outcome(.fault(.argument)))
    #expect(library(.jaroWinkler, "a", long) == .outcome(.fault(.argument)))
  }
}

@Suite struct `An e-mail address` {
  @Test(arguments: [
    ("Ana.Ruiz+promo@GMail.com", "Ana.Ruiz+promo", "gmail.com", "anaruiz@gmail.com"),
    ("a.b@googlemail.com", "a.b", "googlemail.com", "ab@gmail.com"),
    ("A.B+x@Example.MX", "A.B+x", "example.mx", "a.b@example.mx"),
    ("\"a@b\"@c.mx", "\"a@b\"", "c.mx", "\"a@b\"@c.mx"),
  ])
  func `has parts`(text: String, local: String, domain: String, canonical: String) {
    #expect(library(.emailLocal, text) == .value(local))
    #expect(library(.emailDomain, text) == .value(domain))
    #expect(library(.emailCanonical, text) == .value(canonical))
  }

  @Test(arguments: ["", "@", "a@", "@b", "a"])
  func `has none where it is none`(text: String) {
    #expect(library(.emailLocal, text) == .outcome(.missing))
    #expect(library(.emailCanonical, text) == .outcome(.missing))
  }

  @Test func `has no mailbox of a tag alone`() {
    #expect(library(.emailCanonical, "+tag@x.mx") == .outcome(.missing))
  }
}

@Suite struct `A great circle` {
  @Test func `is as long as trigonometry says`() throws {
    let seed: UInt64 = 63_710_088
    var generator = SplitMix64(seed: seed)
    func degrees(_ limit: Double) -> Double {
      (Double(generator.next() % 2_000_001) / 1_000_000 - 1) * limit
    }
    for index in 0..<400 {
      let (a, b) = (degrees(90), degrees(180))
      // Half of the pairs near each other, some at opposite ends.
      let near = index % 2 == 0
      let c = near ? max(-90, min(90, a + degrees(0.01))) : index % 7 == 1 ? -a : degrees(90)
      let d = near ? max(-180, min(180, b + degrees(0.01))) : degrees(180)
      let found = try #require(
        GreatCircle.metres(fromLatitude: a, longitude: b, toLatitude: c, longitude: d))
      let expected = Self.metres(a, b, c, d)
      #expect(
        abs(Double(found) - expected) <= 1, "seed \(seed): \(a) \(b) \(c) \(d) \(found) \(expected)"
      )
    }
  }

  @Test func `is exact where it is known`() {
    let quarter = GreatCircle.metres(
      fromLatitude: 0, longitude: 0, toLatitude: 90, longitude: 77)
    #expect(quarter == 10_007_557)
    let half = GreatCircle.metres(fromLatitude: 0, longitude: -90, toLatitude: 0, longitude: 90)
    #expect(half == 20_015_114)
    #expect(GreatCircle.metres(fromLatitude: 5, longitude: 5, toLatitude: 5, longitude: 5) == 0)
    #expect(GreatCircle.metres(fromLatitude: 91, longitude: 0, toLatitude: 0, longitude: 0) == nil)
    #expect(
      GreatCircle.metres(fromLatitude: .nan, longitude: 0, toLatitude: 0, longitude: 0) == nil)
  }

  private static func metres(_ a: Double, _ b: Double, _ c: Double, _ d: Double) -> Double {
    let radians = Double.pi / 180
    let h =
      pow(sin((c - a) * radians / 2), 2)
      + cos(a * radians) * cos(c * radians) * pow(sin((d - b) * radians / 2), 2)
    return 2 * 6_371_008.8 * atan2(min(1, h).squareRoot(), max(0, 1 - h).squareRoot())
  }
}
