/// The latest word on one label of one account.
struct LabelWord {
  var time: Int64
  var bits: UInt64

  static let known: UInt64 = 1
  static let carried: UInt64 = 2
}

/// Which accounts carry which labels: for each the latest word by (time, sequence).
struct LabelStore: ~Copyable {
  /// By entity and label.
  private var words: FixedArray<ReservedArray<LabelWord>>
  let labels: Int
  let entities: Int

  init(entities: Int, labels: Int) {
    words = FixedArray(count: entities * labels) { _ in ReservedArray(capacity: Reservation.keys) }
    self.labels = labels
    self.entities = entities
  }

  /// Bytes in use.
  var liveBytes: Int {
    var bytes = 0
    for position in words.indices { bytes += words[position].liveBytes }
    return bytes
  }

  /// Whether an account carries a label.
  func carries(entity: Int, account: UInt32, label: Int) -> Bool {
    let position = entity * labels + label
    guard Int(account) < words[position].count else { return false }
    return words[position][Int(account)].bits & LabelWord.carried != 0
  }

  /// Notes a label that was given or taken away, called in order of sequence. Returns by how much
  /// the number of labels the account carries changed.
  mutating func set(
    entity: Int, account: UInt32, label: Int, isRemoved: Bool, time: Int64
  ) -> Int32 {
    let position = entity * labels + label
    words[position].use(count: Int(account) + 1)
    let before = words[position][Int(account)]
    if before.bits & LabelWord.known != 0 && time < before.time { return 0 }
    words[position][Int(account)] = LabelWord(
      time: time, bits: LabelWord.known | (isRemoved ? 0 : LabelWord.carried))
    return (isRemoved ? 0 : 1) - (before.bits & LabelWord.carried != 0 ? 1 : 0)
  }

  /// Forgets all that was said of an account.
  mutating func erase(entity: Int, account: UInt32) {
    for label in 0..<labels {
      let position = entity * labels + label
      guard Int(account) < words[position].count else { continue }
      words[position][Int(account)] = LabelWord(time: 0, bits: 0)
    }
  }
}

extension LabelStore {
  /// The state as a snapshot carries it.
  mutating func transfer(_ archive: inout StateArchive) throws(SnapshotError) {
    try archive.expect(words.count)
    for place in words.indices { try words[place].transfer(&archive) }
  }
}
