import Model
import Testing
import Values

private func text(_ print: (inout [UInt8]) -> Void) -> String {
  var output: [UInt8] = []
  print(&output)
  return String(decoding: output, as: UTF8.self)
}

@Suite struct `A value text` {
  @Test func `prints whole numbers to their limits`() {
    for value in [0, 7, -7, 10, 1_234_567_890, Int64.max, Int64.min] {
      #expect(text { ValueText.append(value, to: &$0) } == String(value))
    }
    #expect(text { ValueText.append(UInt64.max, to: &$0) } == String(UInt64.max))
    #expect(text { ValueText.append(true, to: &$0) } == "true")
    #expect(text { ValueText.append(false, to: &$0) } == "false")
  }

  @Test func `prints all numbers below ten thousand, and those around powers of ten`() {
    var numbers = Array(0...10_000) as [UInt64]
    var power: UInt64 = 1
    for _ in 1...19 {
      power *= 10
      numbers += [power - 1, power, power + 1, power / 10 * 7, .max - power]
    }
    for number in numbers {
      let printed = text { ValueText.append(number, to: &$0) }
      #expect(printed == String(number))
    }
  }

  @Test func `prints decimals as Decimal describes them`() {
    let seed: UInt64 = 5
    var generator = SplitMix64(seed: seed)
    for scale in 0...9 {
      for units in [
        0, 1, -1, 99, -250, Int64.max, Int64.min, Int64(truncatingIfNeeded: generator.next()),
      ] {
        let value = Decimal(units: units, scale: scale)
        #expect(text { ValueText.append(value, to: &$0) } == value.description, "seed \(seed)")
      }
    }
  }

  @Test func `prints decimals around every length and scale as Decimal describes them`() {
    for scale in 0...9 {
      var power: Int64 = 1
      for _ in 0...17 {
        for units in [power - 1, power, power + 1, power * 3 / 2, -power] {
          let value = Decimal(units: units, scale: scale)
          #expect(text { ValueText.append(value, to: &$0) } == value.description)
        }
        power *= 10
      }
    }
  }

  @Test func `says which numbers and decimals are short`() {
    for units in 0..<ShortNumber.limit {
      let short = ShortNumber(units)
      let printed = text { $0.append(short.word, count: short.count) }
      #expect(printed == String(units))
    }
    #expect(ShortDecimal(99_999_999, scale: 0)?.count == 8)
    #expect(ShortDecimal(100_000_000, scale: 0) == nil)
    #expect(ShortDecimal(9_999_999, scale: 2)?.count == 8)
    #expect(ShortDecimal(10_000_000, scale: 2) == nil)
    #expect(ShortDecimal(1, scale: 6)?.count == 8)
    #expect(ShortDecimal(1, scale: 7) == nil)
    #expect(ShortDecimal(.max, scale: 0) == nil)
  }

  @Test func `prints the shortest double that reads back`() {
    for value in [0.1, 5.0, -2.5, 1e300, .leastNonzeroMagnitude, 0.1 + 0.2] {
      #expect(Double(text { ValueText.append(value, to: &$0) }) == value)
    }
    #expect(text { ValueText.append(0.1, to: &$0) } == "0.1")
  }

  @Test func `prints durations in seconds`() {
    #expect(text { ValueText.append(durationMicroseconds: 90_000_000, to: &$0) } == "90s")
    #expect(text { ValueText.append(durationMicroseconds: -500_000, to: &$0) } == "-0.500s")
    #expect(text { ValueText.append(durationMicroseconds: 1_000_001, to: &$0) } == "1.000001s")
    #expect(text { ValueText.append(durationMicroseconds: 0, to: &$0) } == "0s")
    #expect(
      text { ValueText.append(durationMicroseconds: .min, to: &$0) } == "-9223372036854.775808s")
  }
}

@Suite struct `Exact arithmetic` {
  @Test func `rounds halves to the even neighbour`() {
    let expected: [(Int128, Int128, Int128)] = [
      (5, 2, 2), (7, 2, 4), (-5, 2, -2), (-7, 2, -4), (5, -2, -2), (7, -2, -4), (-7, -2, 4),
      (1, 3, 0), (2, 3, 1), (-1, 3, 0), (-2, 3, -1), (6, 4, 2), (10, 4, 2), (0, 5, 0), (1, 2, 0),
      (3, 2, 2), (-1, 2, 0), (-3, 2, -2), (9, 3, 3),
    ]
    for (dividend, divisor, quotient) in expected {
      #expect(
        ExactArithmetic.dividedHalfEven(dividend, by: divisor) == quotient,
        "\(dividend) / \(divisor)")
    }
    #expect(ExactArithmetic.dividedHalfEven(Int128.max, by: Int128.max) == 1)
  }

  @Test func `says when a quotient does not fit`() {
    #expect(ExactArithmetic.dividedHalfEven(250, scaledBy: 6, by: 100) == 2_500_000)
    #expect(ExactArithmetic.dividedHalfEven(1, scaledBy: 6, by: 3) == 333_333)
    #expect(ExactArithmetic.dividedHalfEven(.max, scaledBy: 18, by: 1) == nil)
    #expect(
      ExactArithmetic.dividedHalfEven(.max, scaledBy: 18, by: 1_000_000_000_000_000_000) == .max)
    #expect(ExactArithmetic.dividedHalfEven(.min, scaledBy: 0, by: -1) == nil)
    #expect(ExactArithmetic.int64(Int128(Int64.max) + 1) == nil)
  }
}
