/// Durations as text: `90s`, `1h30m`, `-0.500s`, `30d`.
enum DurationText {
  /// Microseconds, or nil when the text is no duration or not exact in microseconds within 64 bits.
  static func microseconds(_ text: Span<UInt8>) -> Int64? {
    var position = 0
    let isNegative = text.count > 0 && text[0] == UInt8(ascii: "-")
    if isNegative { position = 1 }
    guard position < text.count else { return nil }
    var total: Int64 = 0
    while position < text.count {
      let start = position
      while position < text.count, isNumberByte(text[position]) { position += 1 }
      let number = text.extracting(start..<position)
      guard NumberText.isNumber(number), let unit = unit(text, &position),
        let part = microseconds(number, unit)
      else { return nil }
      let (sum, overflow) = total.addingReportingOverflow(part)
      if overflow { return nil }
      total = sum
    }
    return isNegative ? -total : total
  }

  private static func isNumberByte(_ byte: UInt8) -> Bool {
    byte &- 48 < 10 || byte == UInt8(ascii: ".")
  }

  /// So many units in microseconds, when that is a whole number.
  private static func microseconds(_ number: Span<UInt8>, _ unit: Int64) -> Int64? {
    if let whole = try? NumberText.decimal(number, scale: 0) {
      let (product, overflow) = whole.multipliedReportingOverflow(by: unit)
      return overflow ? nil : product
    }
    guard let billionths = try? NumberText.decimal(number, scale: 9) else { return nil }
    let (quotient, remainder) = (Int128(billionths) * Int128(unit))
      .quotientAndRemainder(dividingBy: 1_000_000_000)
    return remainder == 0 ? Int64(exactly: quotient) : nil
  }

  /// Microseconds of the unit at `position`, and a step past it.
  private static func unit(_ text: Span<UInt8>, _ position: inout Int) -> Int64? {
    guard position < text.count else { return nil }
    let next = position + 1 < text.count ? text[position + 1] : 0
    if next == UInt8(ascii: "s") {
      switch text[position] {
      case UInt8(ascii: "m"):
        position += 2
        return 1_000
      case UInt8(ascii: "u"):
        position += 2
        return 1
      default: break
      }
    }
    defer { position += 1 }
    switch text[position] {
    case UInt8(ascii: "s"): return 1_000_000
    case UInt8(ascii: "m"): return 60_000_000
    case UInt8(ascii: "h"): return 3_600_000_000
    case UInt8(ascii: "d"): return 86_400_000_000
    default: return nil
    }
  }
}
