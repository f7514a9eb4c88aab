/// An exact scaled number: `units` × 10⁻ˢᶜᵃˡᵉ. Money never touches a double.
///
/// *Shape*: 64-bit units, 0…9 fraction digits. The currency is part of the static type, not the
/// value.
public struct Decimal: Hashable, Sendable {
  /// The number in units of 10⁻ˢᶜᵃˡᵉ.
  public var units: Int64
  /// Fraction digits, 0…9.
  public var scale: Int

  /// Creates a decimal from its units and scale.
  public init(units: Int64, scale: Int) {
    self.units = units
    self.scale = scale
  }

  /// The largest number of fraction digits.
  public static let largestScale = 9

  /// 10 to the power of `exponent`.
  ///
  /// *Traps* when `exponent` is not in 0…18.
  public static func powerOfTen(_ exponent: Int) -> Int64 {
    precondition((0...18).contains(exponent), "power of ten out of range")
    var power: Int64 = 1
    for _ in 0..<exponent { power *= 10 }
    return power
  }

  /// The same number at another scale, or nil when digits would be lost or overflow.
  public func rescaled(to target: Int) -> Decimal? {
    if target == scale { return self }
    if target > scale {
      let (units, overflow) = units.multipliedReportingOverflow(
        by: Decimal.powerOfTen(target - scale))
      return overflow ? nil : Decimal(units: units, scale: target)
    }
    let (quotient, remainder) = units.quotientAndRemainder(
      dividingBy: Decimal.powerOfTen(scale - target))
    return remainder == 0 ? Decimal(units: quotient, scale: target) : nil
  }
}

extension Decimal: CustomStringConvertible {
  /// All digits of the scale: `250.00`, `-0.05`.
  public var description: String {
    if scale == 0 { return String(units) }
    let digits = String(units.magnitude)
    let padded = String(repeating: "0", count: max(0, scale + 1 - digits.count)) + digits
    return (units < 0 ? "-" : "") + padded.dropLast(scale) + "." + padded.suffix(scale)
  }
}
