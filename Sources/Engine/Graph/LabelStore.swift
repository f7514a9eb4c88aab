/// The latest word on one label of one account.
struct LabelWord {
  var time: Int64
  var bits: UInt64

  static let known: UInt64 = 1
  static let carried: UInt64 = 2
}

/// Which accounts carry which labels: for each the latest word by (time, sequence).
///
/// Few accounts are ever labelled, so each has the place of the word, of which there are few.
struct LabelStore: ~Copyable {
  private let inPlace = InPlace()
  /// By entity and label, and account, the place of the word; 0 when nothing was ever said.
  private var places: FixedArray<ReservedArray<UInt32>>
  private var words: ReservedArray<LabelWord>
  let labels: Int
  let entities: Int

  init(entities: Int, labels: Int) {
    places = FixedArray(count: entities * labels) { _ in ReservedArray(capacity: Reservation.keys) }
    words = ReservedArray(capacity: labels == 0 ? 1 : Reservation.keys)
    words.use(count: 1)
    self.labels = labels
    self.entities = entities
  }

  /// Bytes in use.
  var liveBytes: Int {
    var bytes = words.liveBytes
    for position in places.indices { bytes += places[position].liveBytes }
    return bytes
  }

  /// Whether an account carries a label.
  @inline(__always)
  func carries(entity: Int, account: UInt32, label: Int) -> Bool {
    let place = place(entity, account, label)
    return place != 0 && words[place].bits & LabelWord.carried != 0
  }

  /// Where the word on a label of an account is; 0 when nothing was ever said.
  @inline(__always)
  private func place(_ entity: Int, _ account: UInt32, _ label: Int) -> Int {
    let position = entity &* labels &+ label
    return Int(account) < places[position].count ? Int(places[position][Int(account)]) : 0
  }

  /// Notes a label that was given or taken away, called in order of sequence. Returns by how much
  /// the number of labels the account carries changed.
  mutating func set(
    entity: Int, account: UInt32, label: Int, isRemoved: Bool, time: Int64
  ) -> Int32 {
    var place = place(entity, account, label)
    if place == 0 {
      place = words.count
      words.use(count: place + 1)
      let position = entity * labels + label
      places[position].use(count: Int(account) + 1)
      places[position][Int(account)] = UInt32(place)
    }
    let before = words[place]
    if before.bits & LabelWord.known != 0 && time < before.time { return 0 }
    words[place] = LabelWord(
      time: time, bits: LabelWord.known | (isRemoved ? 0 : LabelWord.carried))
    return (isRemoved ? 0 : 1) - (before.bits & LabelWord.carried != 0 ? 1 : 0)
  }

  /// Forgets all that was said of an account.
  mutating func erase(entity: Int, account: UInt32) {
    for label in 0..<labels {
      let place = place(entity, account, label)
      if place != 0 { words[place] = LabelWord(time: 0, bits: 0) }
    }
  }
}

extension LabelStore {
  /// The state as a snapshot carries it.
  mutating func transfer(_ archive: inout StateArchive) throws(SnapshotError) {
    try archive.expect(places.count)
    for position in places.indices { try places[position].transfer(&archive) }
    try words.transfer(&archive)
  }
}
