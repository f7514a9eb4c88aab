/// Distances on the globe in integer arithmetic alone, so that every machine gives the same.
public enum GreatCircle {
  /// Metres between two points on a sphere of 6,371.0088 km, the mean radius of the earth; nil for
  /// what is no latitude or longitude.
  ///
  /// *Units*: degrees. They are read to a millionth, about 11 cm. *Source*: R. Sinnott, "Virtues of
  /// the haversine", 1984; sines by CORDIC (J. Volder, 1959) with 62 fraction bits, arcs by the
  /// same in reverse. Within 1 m of the exact sphere.
  public static func metres(
    fromLatitude latitude1: Double, longitude longitude1: Double, toLatitude latitude2: Double,
    longitude longitude2: Double
  ) -> Int64? {
    guard let a = micro(latitude1, 90), let b = micro(longitude1, 180),
      let c = micro(latitude2, 90), let d = micro(longitude2, 180)
    else { return nil }
    var turn = abs(d - b)
    if turn > 180_000_000 { turn = 360_000_000 - turn }
    let (sineHalf, _) = sine(halfOf: abs(c - a))
    let (sineTurn, _) = sine(halfOf: turn)
    // Both cosines of latitudes, from half of twice the angle.
    let (_, cosine1) = sine(halfOf: 2 * abs(a))
    let (_, cosine2) = sine(halfOf: 2 * abs(c))
    let h = square(sineHalf) + product(product(cosine1, cosine2), square(sineTurn))
    let root = squareRoot(min(h, one))
    let rest = squareRoot(max(one - h, 0))
    let half = angle(sine: root, cosine: rest)
    // 2 · radius · half an arc
    return Int64((half * 2 * 6_371_008_800 + one * 500) / (one * 1_000))
  }

  private static let bits: Int128 = 62
  private static let one: Int128 = 1 << 62

  private static func micro(_ degrees: Double, _ limit: Double) -> Int128? {
    guard degrees.magnitude <= limit else { return nil }
    return Int128((degrees * 1_000_000).rounded(.toNearestOrEven))
  }

  private static func product(_ a: Int128, _ b: Int128) -> Int128 { (a * b) >> bits }

  private static func square(_ a: Int128) -> Int128 { product(a, a) }

  /// π with 62 fraction bits.
  private static let pi: Int128 = 14_488_038_916_154_245_684

  /// arctan 2⁻ⁱ with 62 fraction bits, by its series in integers.
  private static let arcs: [Int128] = (0..<60).map { step in
    if step == 0 { return pi / 4 }
    var sum: Int128 = 0
    var power = one >> Int128(step)
    var divisor: Int128 = 1
    while power != 0 {
      sum += divisor % 4 == 1 ? power / divisor : -(power / divisor)
      power >>= Int128(2 * step)
      divisor += 2
    }
    return sum
  }

  /// Π 1 / √(1 + 4⁻ⁱ): what the rotations stretch by, undone.
  private static let scale: Int128 = {
    var scale = one
    for step in 0..<31 {
      let stretch = one + (one >> Int128(2 * step))
      scale = (scale << bits) / squareRoot(stretch)
    }
    return scale
  }()

  /// Sine and cosine of half an angle of so many millionths of a degree, up to 180 degrees.
  private static func sine(halfOf micro: Int128) -> (sine: Int128, cosine: Int128) {
    var rest = micro * pi / 360_000_000
    var x = scale
    var y: Int128 = 0
    for step in 0..<60 {
      let shift = Int128(step)
      let sign: Int128 = rest >= 0 ? 1 : -1
      (x, y) = (x - sign * (y >> shift), y + sign * (x >> shift))
      rest -= sign * arcs[step]
    }
    return (max(y, 0), max(x, 0))
  }

  /// The angle of a point in the first quadrant.
  private static func angle(sine: Int128, cosine: Int128) -> Int128 {
    var x = cosine
    var y = sine
    var total: Int128 = 0
    for step in 0..<60 {
      let shift = Int128(step)
      let sign: Int128 = y >= 0 ? 1 : -1
      (x, y) = (x + sign * (y >> shift), y - sign * (x >> shift))
      total += sign * arcs[step]
    }
    return max(total, 0)
  }

  private static func squareRoot(_ value: Int128) -> Int128 {
    guard value > 0 else { return 0 }
    let target = value << bits
    // Newton from above: falls until it stands at the root.
    var root: Int128 = 1 << ((128 - Int128(target.leadingZeroBitCount)) / 2 + 1)
    while true {
      let next = (root + target / root) / 2
      if next >= root { return root }
      root = next
    }
  }
}
