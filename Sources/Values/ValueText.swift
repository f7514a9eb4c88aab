public import Model

/// Values as UTF-8, the same wherever they are printed: decisions, reasons, digests.
public enum ValueText {
  /// Appends `true` or `false`.
  @inlinable
  public static func append(_ value: Bool, to output: inout some TextOutput & ~Copyable) {
    if value { append("true", to: &output) } else { append("false", to: &output) }
  }

  /// Appends the number in decimal digits.
  @inlinable
  public static func append(_ value: Int64, to output: inout some TextOutput & ~Copyable) {
    if value < 0 { output.append(UInt8(ascii: "-")) }
    append(value.magnitude, to: &output)
  }

  /// Appends the number in decimal digits.
  @inlinable
  public static func append(_ value: UInt64, to output: inout some TextOutput & ~Copyable) {
    // Most numbers are counts, and most counts are small.
    if value < ShortNumber.limit {
      let text = ShortNumber(value)
      output.append(text.word, count: text.count)
    } else {
      appendPadded(value, digits: 1, to: &output)
    }
  }

  /// Appends the shortest digits that read back as the same double: `0.1`, `5.0`, `1e+16`, `inf`.
  @inlinable
  public static func append(_ value: Double, to output: inout some TextOutput & ~Copyable) {
    for byte in value.description.utf8 { output.append(byte) }
  }

  /// Appends all digits of the scale: `250.00`, `-0.05`.
  @inlinable
  public static func append(_ value: Decimal, to output: inout some TextOutput & ~Copyable) {
    if value.units < 0 { output.append(UInt8(ascii: "-")) }
    if let text = ShortDecimal(value.units.magnitude, scale: value.scale) {
      return output.append(text.word, count: text.count)
    }
    let power = UInt64(Decimal.powerOfTen(value.scale))
    let (whole, fraction) = value.units.magnitude.quotientAndRemainder(dividingBy: power)
    append(whole, to: &output)
    if value.scale > 0 {
      output.append(UInt8(ascii: "."))
      appendPadded(fraction, digits: value.scale, to: &output)
    }
  }

  /// Appends a span of time in seconds with 0, 3 or 6 fraction digits: `90s`, `-0.500s`.
  ///
  /// *Units*: `microseconds`.
  @inlinable
  public static func append(
    durationMicroseconds microseconds: Int64, to output: inout some TextOutput & ~Copyable
  ) {
    if microseconds < 0 { output.append(UInt8(ascii: "-")) }
    let (seconds, fraction) = microseconds.magnitude.quotientAndRemainder(dividingBy: 1_000_000)
    append(seconds, to: &output)
    appendMicroseconds(Int64(fraction), to: &output)
    output.append(UInt8(ascii: "s"))
  }

  /// Appends the UTF-8 of a literal.
  @inlinable
  @inline(__always)
  public static func append(
    _ literal: StaticString, to output: inout some TextOutput & ~Copyable
  ) {
    // SAFETY: the bytes of a static string are immutable and live as long as the program.
    let bytes = unsafe UnsafeBufferPointer(
      start: literal.utf8Start, count: literal.utf8CodeUnitCount)
    unsafe output.append(Span(_unsafeElements: bytes))
  }

  /// Appends the number with leading zeros up to `digits`.
  @inlinable
  static func appendPadded(
    _ value: UInt64, digits: Int, to output: inout some TextOutput & ~Copyable
  ) {
    if value < EightDigits.limit && digits <= 8 {
      let text = EightDigits(value)
      let count = max(digits, text.count)
      output.append(text.word(last: count), count: count)
    } else {
      let (high, low) = value.quotientAndRemainder(dividingBy: EightDigits.limit)
      appendPadded(high, digits: max(digits - 8, 0), to: &output)
      output.append(EightDigits(low).word(last: 8), count: 8)
    }
  }

  /// Appends nothing, `.123` or `.123456`.
  @inlinable
  static func appendMicroseconds(_ fraction: Int64, to output: inout some TextOutput & ~Copyable) {
    if fraction == 0 { return }
    output.append(UInt8(ascii: "."))
    if fraction % 1_000 == 0 {
      appendPadded(UInt64(fraction / 1_000), digits: 3, to: &output)
    } else {
      appendPadded(UInt64(fraction), digits: 6, to: &output)
    }
  }
}

/// A number below 100 as text, found without a branch.
public struct ShortNumber {
  /// The text, its first byte lowest.
  public var word: UInt64
  /// One or two.
  public var count: Int

  /// What a number must be below.
  @inlinable public static var limit: UInt64 { 100 }

  /// Prints a number below `limit`.
  @inlinable
  @inline(__always)
  public init(_ value: UInt64) {
    // Below 100, a tenth is x · 103 / 2¹⁰.
    let tens = (value &* 103) &>> 10
    let digits = tens | (value &- tens &* 10) &<< 8 | 0x3030
    let hasOne: UInt64 = tens == 0 ? 1 : 0
    word = digits &>> (hasOne &* 8)
    count = 2 &- Int(truncatingIfNeeded: hasOne)
  }
}

/// A number that takes at most eight bytes, its point included; most amounts are such.
public struct ShortDecimal {
  /// The text, its first byte lowest.
  public var word: UInt64
  /// From one to eight.
  public var count: Int

  /// Prints a number with `scale` digits behind its point, or none for 0; nil when it is too long.
  @inlinable
  @inline(__always)
  public init?(_ units: UInt64, scale: Int) {
    if scale == 0 {
      guard units < EightDigits.limit else { return nil }
      let text = EightDigits(units)
      count = max(text.count, 1)
      word = text.word(last: count)
      return
    }
    if scale == 2 && units < 1_000_000 {
      // Amounts of money, most of which are below 10,000.
      let whole = units / 100
      let hundreds = (whole &* 10_486) &>> 20
      let text = EightDigits(quarters: hundreds &<< 32 | (whole &- hundreds &* 100) &<< 48)
      let digits = max(text.count, 1)
      let cents = units &- whole &* 100
      let tens = (cents &* 103) &>> 10
      let behind = 0x30_302E | tens &<< 8 | (cents &- tens &* 10) &<< 16
      word = text.word(last: digits) | behind &<< UInt64(truncatingIfNeeded: 8 &* digits)
      count = digits &+ 3
      return
    }
    guard units < EightDigits.limit / 10, scale > 0, scale < 7 else { return nil }
    let text = EightDigits(units)
    let digits = max(text.count, scale &+ 1)
    let all = text.word(last: digits)
    let whole = UInt64(truncatingIfNeeded: 8 &* (digits &- scale))
    // The digits before the point stay, those behind it make room for it.
    let before = all & ((1 &<< whole) &- 1)
    word = before | 0x2E &<< whole | (all &>> whole) &<< (whole &+ 8)
    count = digits &+ 1
  }
}

/// The eight digits of a number below 100,000,000, found together.
@usableFromInline
struct EightDigits {
  /// One digit a byte, the first digit lowest.
  @usableFromInline var digits: UInt64

  @usableFromInline static var limit: UInt64 { 100_000_000 }

  /// Splits halves, then quarters, then digits, of all parts with one multiplication each.
  @inlinable
  @inline(__always)
  init(_ value: UInt64) {
    let fours = value / 10_000
    let halves = fours | (value &- fours &* 10_000) &<< 32
    // Below 10,000, a hundredth is x · 10486 / 2²⁰; below 100, a tenth is x · 103 / 2¹⁰.
    let hundreds = (halves &* 10_486) &>> 20 & 0x0000_007F_0000_007F
    let quarters = hundreds | (halves &- hundreds &* 100) &<< 16
    self.init(quarters: quarters)
  }

  /// Splits four numbers below 100, the first in the lowest 16 bits.
  @inlinable
  @inline(__always)
  init(quarters: UInt64) {
    let tens = (quarters &* 103) &>> 10 & 0x000F_000F_000F_000F
    digits = tens | (quarters &- tens &* 10) &<< 8
  }

  /// All digits as text, the first lowest.
  @inlinable
  @inline(__always)
  var text: UInt64 { digits | 0x3030_3030_3030_3030 }

  /// How many digits the number has; 0 for the number 0.
  @inlinable
  @inline(__always)
  var count: Int { 8 &- digits.trailingZeroBitCount / 8 }

  /// The last digits as text, the first lowest, for `TextOutput`.
  @inlinable
  @inline(__always)
  func word(last count: Int) -> UInt64 {
    // Without digits nothing is taken from the word.
    text &>> UInt64(truncatingIfNeeded: 8 &* (8 &- count))
  }
}
