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
}
