/// Makes a world: honest people, those who look worse than they are, and those who cheat, with the
/// truth of each apart.
///
/// *Complexity*: about ten events an account, all held in memory until they are in order: some
/// 3 KB an account.
public struct WorldGenerator: Sendable {
  private var world: World

  /// Accounts a world may have: at some 3 KB each, more would not fit a usual machine.
  public static let mostAccounts = 1_000_000

  /// Prepares a world.
  public init(_ settings: WorldSettings) { world = World(settings) }

  /// Accounts made so far.
  public var accountCount: Int { world.mint.accountCount }
  /// Events sent, repeats counted.
  public var eventCount: Int { world.stream.count }
  /// Lines of truth.
  public var truthCount: Int { world.stream.truthCount }

  /// Makes everything; false when `progress`, which gets the accounts so far, put an end to it.
  public mutating func run(progress: (_ accounts: Int) -> Bool) -> Bool {
    let isComplete = world.playHonest { progress($0.mint.accountCount) }
    guard isComplete else { return false }
    let shape = world.shape
    let schemes: [(Int, (inout World) -> Int)] = [
      (shape.selfReferrers, { $0.selfReferrer() }), (shape.farms, { $0.farm() }),
      (shape.rings, { $0.ring() }), (shape.stars, { $0.star() }), (shape.chains, { $0.chain() }),
      (shape.sharedPayouts, { $0.sharedPayout() }), (shape.leakedCodes, { $0.leakedCode() }),
      (shape.bustOuts, { $0.bustOut() }), (shape.slowDrips, { $0.slowDrip() }),
      (shape.returners, { $0.returner() }),
    ]
    for (permille, play) in schemes {
      guard progress(world.mint.accountCount) else { return false }
      world.spend(permille, play)
    }
    world.stream.sort()
    return true
  }

  /// Events as lines of JSON, in the order they arrive.
  public func writeEvents<Failure: Error>(
    _ sink: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    try world.stream.write(sink)
  }

  /// The truth as lines of JSON: `account_truth` and `decision_truth`.
  public var truth: [UInt8] { world.stream.truth }
}
