public import Model

/// Values as UTF-8, the same wherever they are printed: decisions, reasons, digests.
public enum ValueText {
  /// Appends `true` or `false`.
  public static func append(_ value: Bool, to output: inout [UInt8]) {
    append(value ? "true" : "false", to: &output)
  }

  /// Appends the number in decimal digits.
  public static func append(_ value: Int64, to output: inout [UInt8]) {
    if value < 0 { output.append(UInt8(ascii: "-")) }
    appendPadded(value.magnitude, digits: 1, to: &output)
  }

  /// Appends the number in decimal digits.
  public static func append(_ value: UInt64, to output: inout [UInt8]) {
    appendPadded(value, digits: 1, to: &output)
  }

  /// Appends the shortest digits that read back as the same double: `0.1`, `5.0`, `1e+16`, `inf`.
  public static func append(_ value: Double, to output: inout [UInt8]) {
    output.append(contentsOf: value.description.utf8)
  }

  /// Appends all digits of the scale: `250.00`, `-0.05`.
  public static func append(_ value: Decimal, to output: inout [UInt8]) {
    if value.units < 0 { output.append(UInt8(ascii: "-")) }
    let power = UInt64(Decimal.powerOfTen(value.scale))
    let (whole, fraction) = value.units.magnitude.quotientAndRemainder(dividingBy: power)
    appendPadded(whole, digits: 1, to: &output)
    if value.scale > 0 {
      output.append(UInt8(ascii: "."))
      appendPadded(fraction, digits: value.scale, to: &output)
    }
  }

  /// Appends a span of time in seconds with 0, 3 or 6 fraction digits: `90s`, `-0.500s`.
  ///
  /// *Units*: `microseconds`.
  public static func append(durationMicroseconds microseconds: Int64, to output: inout [UInt8]) {
    if microseconds < 0 { output.append(UInt8(ascii: "-")) }
    let (seconds, fraction) = microseconds.magnitude.quotientAndRemainder(dividingBy: 1_000_000)
    appendPadded(seconds, digits: 1, to: &output)
    appendMicroseconds(Int64(fraction), to: &output)
    output.append(UInt8(ascii: "s"))
  }

  /// Appends the UTF-8 of a literal.
  public static func append(_ literal: StaticString, to output: inout [UInt8]) {
    literal.withUTF8Buffer { buffer in
      // SAFETY: the buffer of a static string is immutable and lives as long as the program. A
      // comma or bracket alone, as most are, is written without asking for a range.
      if buffer.count == 1 {
        unsafe output.append(buffer[0])
      } else {
        unsafe output.append(contentsOf: buffer)
      }
    }
  }

  /// Appends the number with leading zeros up to `digits`.
  static func appendPadded(_ value: UInt64, digits: Int, to output: inout [UInt8]) {
    if value < 10, digits <= 1 {
      output.append(48 + UInt8(value))
      return
    }
    var text = InlineArray<20, UInt8>(repeating: 48)
    var position = text.count
    var rest = value
    while rest > 0 {
      position -= 1
      text[position] = 48 + UInt8(rest % 10)
      rest /= 10
    }
    output.append(text.span.extracting(min(position, text.count - digits)..<text.count))
  }

  /// Appends nothing, `.123` or `.123456`.
  static func appendMicroseconds(_ fraction: Int64, to output: inout [UInt8]) {
    if fraction == 0 { return }
    output.append(UInt8(ascii: "."))
    if fraction % 1_000 == 0 {
      appendPadded(UInt64(fraction / 1_000), digits: 3, to: &output)
    } else {
      appendPadded(UInt64(fraction), digits: 6, to: &output)
    }
  }
}
