/// Random numbers that are the same on every machine: whole-number arithmetic alone.
///
/// *Source*: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014
/// (SplitMix64).
struct WorldRandom: Sendable {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// A generator of its own for one part of a world, so that a change in one part leaves the
  /// others as they were.
  func fork(_ part: String) -> WorldRandom {
    var seed = state
    for byte in part.utf8 {
      seed = (seed ^ UInt64(byte)) &* 0x100_0000_01B3
    }
    var fork = WorldRandom(seed: seed)
    _ = fork.next()
    return fork
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// 0 ..< bound.
  ///
  /// *Traps* when `bound` is not positive.
  mutating func below(_ bound: Int) -> Int {
    precondition(bound > 0, "nothing lies below \(bound)")
    return Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// A number of the range, each as likely.
  mutating func between(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + below(range.count)
  }

  /// A time of the range in microseconds, to the millisecond.
  mutating func between(_ range: ClosedRange<Int64>) -> Int64 {
    range.lowerBound + Int64(below(Int((range.upperBound - range.lowerBound) / 1_000) + 1)) * 1_000
  }

  /// A time of the range, most of them near its start: the cube of an even spread.
  mutating func soon(_ range: ClosedRange<Int64>) -> Int64 {
    let share = Int64(below(1_024))
    let cube = share * share * share >> 20
    let span = (range.upperBound - range.lowerBound) / 1_000
    return range.lowerBound + (span * cube >> 10) * 1_000
  }

  /// True `permille` times in a thousand.
  mutating func chance(_ permille: Int) -> Bool { below(1_000) < permille }

  /// One of them, each as likely.
  ///
  /// *Traps* when there is none.
  mutating func pick<Element>(_ choices: [Element]) -> Element { choices[below(choices.count)] }
}
