import Model

/// Integer arithmetic that says when a result does not fit, instead of wrapping or trapping.
public enum ExactArithmetic {
  /// The value as 64 bits, or nil outside them.
  @inlinable
  public static func int64(_ value: Int128) -> Int64? {
    Int64(exactly: value)
  }

  /// The quotient rounded to the nearest integer, halves to the even one.
  ///
  /// *Traps* when `divisor` is 0.
  @inlinable
  public static func dividedHalfEven(_ dividend: Int128, by divisor: Int128) -> Int128 {
    precondition(divisor != 0, "division by zero")
    let (quotient, remainder) = dividend.quotientAndRemainder(dividingBy: divisor)
    // |remainder| < |divisor|, and doubling the remainder could leave 128 bits: compare with the
    // rest.
    let rest = divisor.magnitude - remainder.magnitude
    if remainder.magnitude < rest { return quotient }
    if remainder.magnitude == rest && quotient & 1 == 0 { return quotient }
    return (dividend < 0) == (divisor < 0) ? quotient + 1 : quotient - 1
  }

  /// `dividend` × 10^`exponent` ÷ `divisor`, halves to even, or nil outside 64 bits.
  ///
  /// *Traps* when `divisor` is 0 or `exponent` is not in 0…18.
  @inlinable
  public static func dividedHalfEven(
    _ dividend: Int64, scaledBy exponent: Int, by divisor: Int64
  ) -> Int64? {
    precondition((0...18).contains(exponent), "power of ten out of range")
    // 2⁶³ × 10¹⁸ < 2¹²³, so the product is exact.
    var scaled = Int128(dividend)
    for _ in 0..<exponent { scaled *= 10 }
    return int64(dividedHalfEven(scaled, by: Int128(divisor)))
  }

  /// A double × 10^`scale`, exactly and then rounded to a whole number, halves to even; nil outside
  /// 64 bits and for what is no number.
  ///
  /// *Traps* when `scale` is not in 0…9.
  public static func units(of value: Double, scale: Int) -> Int64? {
    guard value.isFinite else { return nil }
    if value == 0 { return 0 }
    // value = significand × 2^exponent, with 53 bits, which × 10⁹ are 83.
    let exponent = Int(value.exponent) - 52
    guard exponent < 12 else { return nil }
    var whole = Int128((value.significand * 0x1p52).rounded(.towardZero))
    whole *= Int128(Decimal.powerOfTen(scale))
    if value < 0 { whole.negate() }
    if exponent >= 0 { return int64(whole << Int128(exponent)) }
    // Below a quarter of a unit nothing is left.
    guard exponent > -120 else { return 0 }
    return int64(dividedHalfEven(whole, by: Int128(1) << Int128(-exponent)))
  }
}
