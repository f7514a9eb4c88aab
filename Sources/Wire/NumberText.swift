/// Exact numbers from digits, never by way of a double.
///
/// The texts follow the number grammar of RFC 8259; the scanner has checked it, or `isNumber` does.
enum NumberText {
  enum Fault: Error {
    case outOfRange
    case tooManyDigits
  }

  /// Digits with an optional minus as a signed number.
  static func int(_ text: Span<UInt8>) throws(Fault) -> Int64 {
    let (magnitude, isNegative) = try integer(text)
    if isNegative {
      guard magnitude <= Int64.min.magnitude else { throw .outOfRange }
      return Int64(truncatingIfNeeded: 0 &- magnitude)
    }
    guard let value = Int64(exactly: magnitude) else { throw .outOfRange }
    return value
  }

  /// Digits with an optional minus as an unsigned number.
  static func uint(_ text: Span<UInt8>) throws(Fault) -> UInt64 {
    let (magnitude, isNegative) = try integer(text)
    guard !isNegative || magnitude == 0 else { throw .outOfRange }
    return magnitude
  }

  /// A number as units of 10⁻ˢᶜᵃˡᵉ. It may have no more fraction digits than the scale, zeros
  /// counted: `2.5` and `25e-1` are 2.50, `2.500` is a mistake.
  static func decimal(_ text: Span<UInt8>, scale: Int) throws(Fault) -> Int64 {
    var number = ScaledDigits()
    let isNegative = text.count > 0 && text[0] == minus
    if number.readShort(text, from: isNegative ? 1 : 0) {
      // Most have the digits of their scale, and then these are the units.
      if number.exponent &+ scale == 0, let units = Int64(exactly: number.magnitude) {
        return isNegative ? 0 - units : units
      }
    } else {
      number = ScaledDigits()
      readLong(text, from: isNegative ? 1 : 0, &number)
    }
    let units = try number.units(scale: scale)
    if isNegative {
      guard units <= Int64.min.magnitude else { throw .outOfRange }
      return Int64(truncatingIfNeeded: 0 &- units)
    }
    guard let value = Int64(exactly: units) else { throw .outOfRange }
    return value
  }

  /// Reads digits with a fraction and an exponent, however many there are.
  private static func readLong(_ text: Span<UInt8>, from start: Int, _ number: inout ScaledDigits) {
    var position = start
    var isFraction = false
    while position < text.count {
      let byte = text[position]
      position += 1
      if byte == point {
        isFraction = true
      } else if byte | 0x20 == smallE {
        number.exponent += exponent(text, position)
        break
      } else {
        number.add(digit: UInt64(byte &- zero), isFraction: isFraction)
      }
    }
  }

  /// Whether the whole text is a number of RFC 8259, section 6.
  static func isNumber(_ text: Span<UInt8>) -> Bool {
    var position = text.count > 0 && text[0] == minus ? 1 : 0
    let first = position
    let whole = skipDigits(text, &position)
    guard whole > 0, whole == 1 || text[first] != zero else { return false }
    if position < text.count, text[position] == point {
      position += 1
      guard skipDigits(text, &position) > 0 else { return false }
    }
    if position < text.count, text[position] | 0x20 == smallE {
      position += 1
      if position < text.count, text[position] == plus || text[position] == minus { position += 1 }
      guard skipDigits(text, &position) > 0 else { return false }
    }
    return position == text.count
  }

  private static let minus = UInt8(ascii: "-")
  private static let plus = UInt8(ascii: "+")
  private static let point = UInt8(ascii: ".")
  private static let smallE = UInt8(ascii: "e")
  private static let zero = UInt8(ascii: "0")

  private static func skipDigits(_ text: Span<UInt8>, _ position: inout Int) -> Int {
    let start = position
    while position < text.count, text[position] &- zero < 10 { position += 1 }
    return position - start
  }

  private static func integer(
    _ text: Span<UInt8>
  ) throws(Fault) -> (magnitude: UInt64, isNegative: Bool) {
    let isNegative = text.count > 0 && text[0] == minus
    var magnitude: UInt64 = 0
    for position in (isNegative ? 1 : 0)..<text.count {
      let (tens, overflow) = magnitude.multipliedReportingOverflow(by: 10)
      let (sum, carry) = tens.addingReportingOverflow(UInt64(text[position] &- zero))
      if overflow || carry { throw .outOfRange }
      magnitude = sum
    }
    return (magnitude, isNegative)
  }

  /// The digits of an exponent, held within ±2²⁴: an event's bytes cannot make up for more.
  private static func exponent(_ text: Span<UInt8>, _ start: Int) -> Int {
    var value = 0
    for position in start..<text.count where text[position] &- zero < 10 {
      value = min(value * 10 + Int(text[position] &- zero), 1 << 24)
    }
    return start < text.count && text[start] == minus ? -value : value
  }
}

/// A number as it is read digit by digit: `magnitude` × 10^`exponent`.
private struct ScaledDigits {
  var magnitude: UInt64 = 0
  var exponent = 0
  private var isTooLarge = false

  /// Reads digits that cannot be too large, as most numbers are; false when there are more of them
  /// or an exponent, with no number read.
  @inline(__always)
  mutating func readShort(_ text: Span<UInt8>, from start: Int) -> Bool {
    guard text.count <= 19 else { return false }
    var behindPoint = text.count
    var digits: UInt64 = 0
    for position in start..<text.count {
      let digit = text[position] &- UInt8(ascii: "0")
      if digit < 10 {
        digits = digits &* 10 &+ UInt64(digit)
      } else if text[position] == UInt8(ascii: ".") {
        behindPoint = position + 1
      } else {
        return false
      }
    }
    magnitude = digits
    exponent = behindPoint - text.count
    return true
  }

  mutating func add(digit: UInt64, isFraction: Bool) {
    if isFraction { exponent -= 1 }
    shift()
    let (sum, overflow) = magnitude.addingReportingOverflow(digit)
    magnitude = sum
    isTooLarge = isTooLarge || overflow
  }

  /// *Throws* for too many digits before lack of room: it is what the sender can mend.
  func units(scale: Int) throws(NumberText.Fault) -> UInt64 {
    let power = exponent + scale
    guard power >= 0 else { throw .tooManyDigits }
    if magnitude == 0 && !isTooLarge { return 0 }
    guard power < 20, !isTooLarge else { throw .outOfRange }
    var units = self
    for _ in 0..<power { units.shift() }
    guard !units.isTooLarge else { throw .outOfRange }
    return units.magnitude
  }

  private mutating func shift() {
    let (product, overflow) = magnitude.multipliedReportingOverflow(by: 10)
    magnitude = product
    isTooLarge = isTooLarge || overflow
  }
}
