/// Doubles as text with the digits of their exact value, rounded half to even; no locale, no C
/// library.
public enum DoubleText {
  /// The fewest digits that read back as the same double, with an exponent from 10²¹ on and below
  /// 10⁻⁴: `1.5`, `1e+21`.
  public static func shortest(_ value: Double) -> String {
    if let special = special(value) { return special }
    if value == 0 { return value.sign == .minus ? "-0" : "0" }
    let (digits, exponent) = shortestDigits(value.magnitude)
    let sign = value < 0 ? "-" : ""
    if exponent < -4 || exponent >= 21 {
      let rest = digits.dropFirst()
      return sign + String(digits.prefix(1)) + (rest.isEmpty ? "" : "." + rest)
        + exponentText(exponent)
    }
    if exponent < 0 {
      return sign + "0." + String(repeating: "0", count: -exponent - 1) + digits
    }
    if digits.count <= exponent + 1 {
      return sign + digits + String(repeating: "0", count: exponent + 1 - digits.count)
    }
    return sign + digits.prefix(exponent + 1) + "." + digits.dropFirst(exponent + 1)
  }

  /// `%.*f`
  public static func fixed(_ value: Double, digits: Int) -> String {
    if let special = special(value) { return special }
    let decimal = ExactDecimal(value.magnitude).rounded(fractionDigits: digits)
    return (value.sign == .minus ? "-" : "") + decimal.text(fractionDigits: digits)
  }

  /// `%.*e`
  public static func scientific(_ value: Double, digits: Int) -> String {
    if let special = special(value) { return special }
    let sign = value.sign == .minus ? "-" : ""
    let point = digits > 0 ? "." : ""
    guard value != 0 else {
      return sign + "0" + point + String(repeating: "0", count: digits) + "e+00"
    }
    let decimal = ExactDecimal(value.magnitude).rounded(significantDigits: digits + 1)
    let text = decimal.significant(digits + 1)
    return sign + text.prefix(1) + point + text.dropFirst() + exponentText(decimal.exponent)
  }

  /// `NaN`, `Infinity`, `-Infinity`
  private static func special(_ value: Double) -> String? {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Infinity" : "Infinity" }
    return nil
  }

  private static func exponentText(_ exponent: Int) -> String {
    let digits = String(exponent.magnitude)
    return (exponent < 0 ? "e-" : "e+") + (digits.count < 2 ? "0" : "") + digits
  }

  /// The shortest digits without leading or trailing zeros, and the exponent of the first.
  private static func shortestDigits(_ value: Double) -> (String, Int) {
    let text = value.description
    let parts = text.split(separator: "e")
    var exponent = parts.count == 2 ? Int(parts[1]) ?? 0 : 0
    let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    var digits = Substring(mantissa.joined())
    exponent += mantissa[0].count - 1
    while digits.count > 1, digits.first == "0" {
      digits = digits.dropFirst()
      exponent -= 1
    }
    while digits.count > 1, digits.last == "0" { digits = digits.dropLast() }
    return (String(digits), exponent)
  }
}

/// All decimal digits of a double, which are never more than 1,075.
private struct ExactDecimal {
  /// Digits 0…9, the most significant first, without leading zeros.
  private var digits: [UInt8]
  /// Digits before the point; negative when the first digit comes so far behind it.
  private var point: Int

  /// The exponent of the first digit.
  var exponent: Int { point - 1 }

  init(_ value: Double) {
    guard value > 0 else {
      digits = []
      point = 0
      return
    }
    // value = significand × 2^power, with an integer significand.
    var significand = value.significandBitPattern
    var power = Int(value.exponentBitPattern) - 1_075
    if value.isNormal { significand |= 1 << 52 } else { power += 1 }
    // Little-endian, base 10⁹.
    var limbs: [UInt64] = [significand % 1_000_000_000, significand / 1_000_000_000]
    var fraction = 0
    for _ in 0..<max(0, power) { ExactDecimal.multiply(&limbs, by: 2) }
    // × 2^-n = × 5^n ÷ 10^n
    for _ in 0..<max(0, -power) { ExactDecimal.multiply(&limbs, by: 5) }
    fraction = max(0, -power)
    var text: [UInt8] = []
    for limb in limbs {
      var rest = limb
      for _ in 0..<9 {
        text.append(UInt8(rest % 10))
        rest /= 10
      }
    }
    while let last = text.last, last == 0 { text.removeLast() }
    digits = text.reversed()
    point = digits.count - fraction
  }

  private static func multiply(_ limbs: inout [UInt64], by factor: UInt64) {
    var carry: UInt64 = 0
    for index in limbs.indices {
      let product = limbs[index] * factor + carry
      limbs[index] = product % 1_000_000_000
      carry = product / 1_000_000_000
    }
    if carry > 0 { limbs.append(carry) }
  }

  func rounded(fractionDigits count: Int) -> ExactDecimal { rounded(keeping: point + count) }

  func rounded(significantDigits count: Int) -> ExactDecimal { rounded(keeping: count) }

  private func rounded(keeping count: Int) -> ExactDecimal {
    guard count < digits.count else { return self }
    var result = self
    guard count >= 0 else {
      result.digits = []
      return result
    }
    let rest = digits[count...]
    let isOdd = count > 0 && digits[count - 1] % 2 == 1
    let half = rest[count] == 5 && rest.dropFirst().allSatisfy { $0 == 0 }
    let up = rest[count] > 5 || rest[count] == 5 && (!half || isOdd)
    result.digits = Array(digits[..<count])
    guard up else { return result }
    var index = count - 1
    while index >= 0, result.digits[index] == 9 {
      result.digits[index] = 0
      index -= 1
    }
    if index >= 0 {
      result.digits[index] += 1
    } else {
      result.digits.insert(1, at: 0)
      result.point += 1
    }
    return result
  }

  /// Digits before and behind the point.
  func text(fractionDigits count: Int) -> String {
    var output: [UInt8] = []
    for position in 0..<max(point, 0) { output.append(48 + digit(position)) }
    if output.isEmpty { output.append(48) }
    if count > 0 {
      output.append(UInt8(ascii: "."))
      for position in point..<point + count { output.append(48 + digit(position)) }
    }
    return String(decoding: output, as: UTF8.self)
  }

  func significant(_ count: Int) -> String {
    String(decoding: (0..<count).map { 48 + digit($0) }, as: UTF8.self)
  }

  private func digit(_ position: Int) -> UInt8 {
    digits.indices.contains(position) ? digits[position] : 0
  }
}
