public import Engine
internal import Model

/// The name of an account or value for people.
public enum KeyName: Hashable, Sendable {
  /// As an event had it.
  case text(String)
  /// A keyed hash, where no event has it.
  case token(UInt64)
  /// To be read from the slot of an event of the log.
  case mentioned(MentionIndex.Mention)
}

/// Accounts that belong together, with what holds them together.
///
/// In a *ring* every account leads back to itself: over values that accounts share, which lead both
/// ways, and over events of links, along their arrow. A neighbourhood has the same shape.
public struct Ring: Sendable {
  /// An account of it.
  public struct Account: Hashable, Sendable {
    /// Its key.
    public var name: KeyName
    /// The labels it carries.
    public var labels: [String]
  }

  /// A value that several of its accounts have used.
  public struct Share: Hashable, Sendable {
    /// `device`
    public var identifier: String
    /// The value.
    public var value: KeyName
    /// Positions in `accounts`.
    public var accounts: [Int]
  }

  /// An edge between two of its accounts.
  public struct Edge: Hashable, Sendable {
    /// `referred`
    public var link: String
    /// Whether it has a direction.
    public var isDirected: Bool
    /// Positions in `accounts`.
    public var from: Int
    /// Positions in `accounts`.
    public var to: Int
  }

  /// The decisions of one policy.
  public struct Decided: Sendable {
    /// `reward_grant`
    public var policy: String
    /// How many, and what was asked for in them.
    public var asked = MoneyTally()
    /// The same by outcome.
    public var outcomes: [String: MoneyTally] = [:]
  }

  /// `account`
  public var entity: String
  /// In order of first sight.
  public var accounts: [Account]
  /// In the order of the schema, values by first sight.
  public var shares: [Share]
  /// By link, from and to.
  public var edges: [Edge]
  /// What each policy decided in which one of its accounts takes part, in the package's order.
  ///
  /// Apart by policy, because the reward that one asks for may be the one another takes back.
  public var decided: [Decided] = []
  /// Whether nothing was left out.
  public var isComplete: Bool
}

extension Ring {
  /// How people call it: by the account seen first.
  public var name: KeyName { accounts.first?.name ?? .text("") }

  /// What the policy decided that was asked for most; nil when none was asked for money.
  public var dearest: Decided? {
    decided.filter { $0.rank > 0 }.max { $0.rank < $1.rank }
  }

  /// The greatest amount asked of one policy, whatever its unit: what rings are ranked by.
  var rank: Double { dearest?.rank ?? 0 }
}

extension Ring.Decided {
  /// The greatest amount, whatever its unit.
  fileprivate var rank: Double {
    asked.amounts.map {
      Double($0.amount.units) / Double(Decimal.powerOfTen($0.amount.scale))
    }.max() ?? 0
  }
}
