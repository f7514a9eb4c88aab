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
    if value < 10 {
      output.append(48 | UInt8(truncatingIfNeeded: value))
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
    let text = NumberDigits(value)
    output.append(text.bytes.span.extracting(min(text.start, 20 - digits)..<20))
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

/// The digits of a number, at the end of as many zeros as the largest has digits.
@usableFromInline
struct NumberDigits {
  @usableFromInline var bytes: InlineArray<20, UInt8>
  /// Where the first digit lies; 20 for the number 0.
  @usableFromInline var start: Int

  @inlinable
  init(_ value: UInt64) {
    bytes = InlineArray(repeating: 48)
    start = 20
    var rest = value
    while rest > 0 {
      start &-= 1
      let tens = rest / 10
      bytes[start] = 48 | UInt8(truncatingIfNeeded: rest &- tens &* 10)
      rest = tens
    }
  }
}
