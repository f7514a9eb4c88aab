/// How two accounts are tied, or what is so of one, by dense numbers.
enum TieKind: Hashable, Sendable {
  /// An event of a link went from the first account to the second.
  case edge(link: Int)
  /// Both accounts have used a value.
  case shared(identifier: Int, value: UInt32)
  /// A value is a hub. There are no accounts.
  case hub(identifier: Int, value: UInt32)
  /// The first account carries a label.
  case label(Int)
}

/// A tie between accounts of one entity.
struct AccountTie: Hashable, Sendable {
  var kind: TieKind
  /// The entity of the accounts.
  var entity: Int
  var from: UInt32 = 0
  var to: UInt32 = 0
}

/// The ties that make one answer true.
struct TieList {
  var ties: [AccountTie] = []
  /// Whether they are all there is to say.
  var isComplete = true
}
