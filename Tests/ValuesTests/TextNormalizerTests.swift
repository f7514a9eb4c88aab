import Model
import Testing
import Values

private func normalized(_ text: String, _ normalizer: Normalizer) -> String {
  var output = Array("before".utf8)
  let bytes = Array(text.utf8)
  let count = TextNormalizer.append(bytes.span, normalizedBy: normalizer, to: &output)
  #expect(output.count == 6 + count)
  #expect(output.starts(with: "before".utf8))
  return String(decoding: output.dropFirst(6), as: UTF8.self)
}

@Suite struct `A normalizer` {
  @Test func `none keeps what was sent`() {
    #expect(normalized("  A b ", .none) == "  A b ")
  }

  @Test func `trim takes white space off both ends only`() {
    #expect(normalized(" \t\r\nA  b\u{0B}\u{0C} ", .trim) == "A  b")
    #expect(
      normalized("\u{A0}\u{2003}\u{3000}\u{85}ñ\u{1680}\u{2029}\u{202F}\u{205F}", .trim) == "ñ")
    #expect(normalized(" \u{3000}\t", .trim) == "")
    #expect(normalized("\u{200B}a", .trim) == "\u{200B}a")
    #expect(normalized("à", .trim) == "à")
  }

  @Test func `lower agrees with Unicode on ASCII and two Latin blocks`() throws {
    for value in (0x21 as UInt32)...0x17F where value != 0x85 && value != 0xA0 {
      let scalar = try #require(Unicode.Scalar(value))
      // U+0130 has a dot above in its full mapping, which the simple one leaves out.
      let expected = value == 0x130 ? "i" : scalar.properties.lowercaseMapping
      #expect(normalized(String(scalar), .lower) == expected, "U+\(String(value, radix: 16))")
    }
    #expect(normalized(" ÁRBOL Ñandú ΑΒΓ 東京 ", .lower) == "árbol ñandú ΑΒΓ 東京")
  }

  @Test(arguments: [
    ("Av. Insurgentes Sur #1234, Col. Del Valle", "av insurgentes sur 1234 col del valle"),
    (
      "AVENIDA Insurgentes Sur No. 1234  Colonia del Valle", "av insurgentes sur 1234 col del valle"
    ),
    ("Calle 5 de Mayo núm. 10 Depto. 3-B", "c 5 de mayo 10 dep 3 b"),
    ("c. 5 de mayo # 10, departamento 3 B", "c 5 de mayo 10 dep 3 b"),
    ("Niños Héroes 7º piso", "ninos heroes 7 p"), ("東京 1", "東京 1"), (" ,.# ", ""), ("", ""),
  ])
  func `address gives the words of a house`(_ raw: String, _ expected: String) {
    #expect(normalized(raw, .address) == expected)
  }

  @Test func `digits keeps ASCII digits alone`() {
    #expect(normalized(" 012-180 (00) ٣ x9", .digits) == "012180009")
    #expect(normalized("none", .digits) == "")
  }

  @Test(arguments: [
    ("5512345678", "+525512345678"), ("(55) 1234-5678", "+525512345678"),
    ("+52 55 1234 5678", "+525512345678"), ("+52 1 55 1234 5678", "+525512345678"),
    ("0052 1 55 1234 5678", "+525512345678"), ("52 55 1234 5678", "+525512345678"),
    ("521 55 1234 5678", "+525512345678"), ("(+52) 5512345678", "+525512345678"),
    ("+1 (415) 555-0100", "+14155550100"), ("001 415 555 0100", "+14155550100"),
    ("+57 300 1234567", "+573001234567"), ("911", "911"), ("12345678901", "12345678901"),
    ("", ""), ("+", ""), ("00", ""), ("tel", ""), ("+521", "+521"),
  ])
  func `e164 gives a plus and digits`(_ raw: String, _ expected: String) {
    #expect(normalized(raw, .e164) == expected)
  }

  @Test(arguments: [
    (" Ana.Ruiz+promo@Example.MX ", "ana.ruiz@example.mx"),
    ("A.n.a+x+y@Gmail.com", "ana@gmail.com"), ("a.n.a@googlemail.com", "ana@gmail.com"),
    ("a.b@notgmail.com", "a.b@notgmail.com"), ("a.b@mail.gmail.com", "a.b@mail.gmail.com"),
    ("+tag@example.com", "+tag@example.com"), (".+x@gmail.com", ".+x@gmail.com"),
    ("\"a@b\"+c@x.org", "\"a@b\"@x.org"), ("No At+Sign", "no at+sign"), ("  ", ""),
    ("ÑU+1@x.mx", "ñu@x.mx"), ("a b+c@x.mx", "a b+c@x.mx"), ("@gmail.com", "@gmail.com"),
  ])
  func `email forgets tags, case and the dots of Gmail`(_ raw: String, _ expected: String) {
    #expect(normalized(raw, .email) == expected)
  }

  @Test func `gives its own result again`() {
    let seed: UInt64 = 77
    var generator = SplitMix64(seed: seed)
    let alphabet = Array(" +0152.@aZÑİß\u{A0}gmail.com-").map(String.init)
    for _ in 0..<4_000 {
      let pieces = (0..<Int.random(in: 0...16, using: &generator)).map { _ in
        alphabet.randomElement(using: &generator) ?? ""
      }
      let domain = Bool.random(using: &generator) ? "@googlemail.com" : ""
      let raw = pieces.joined() + domain
      for normalizer in Normalizer.allCases {
        let once = normalized(raw, normalizer)
        #expect(normalized(once, normalizer) == once, "seed \(seed): \(normalizer) of \(raw)")
      }
    }
  }

  @Test func `keeps bytes that are not UTF-8`() {
    for normalizer in [Normalizer.trim, .lower] {
      for bytes in [[0xC3], [0xE2, 0x80], [0xFF, 0x41], [0xC3, 0x41], [0x80]] as [[UInt8]] {
        var output: [UInt8] = []
        _ = TextNormalizer.append(bytes.span, normalizedBy: normalizer, to: &output)
        #expect(output == (normalizer == .lower ? bytes.map { $0 == 0x41 ? 0x61 : $0 } : bytes))
      }
    }
  }
}
