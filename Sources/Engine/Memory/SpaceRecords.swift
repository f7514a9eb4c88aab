import Program

/// The records of all key spaces of a program.
struct SpaceRecords: Sendable {
  /// By space, those in which its keys are settled.
  let ofKeys: [KeyRecords]
  /// By space, those of what stores keep of its keys: the same, but where values are numbered that
  /// most stores never see.
  let ofStores: [KeyRecords]

  /// Makes records without parts.
  init(_ spaces: [KeySpace]) {
    let ofKeys = spaces.map { _ in KeyRecords() }
    self.ofKeys = ofKeys
    // Of texts and numbers there is one space for all that is counted by them or counted once: a
    // list by a hundred countries would have a record for each of a million browsers.
    ofStores = spaces.indices.map { space in
      if case .values = spaces[space] { KeyRecords() } else { ofKeys[space] }
    }
  }

  /// Each once.
  private var all: [KeyRecords] {
    ofKeys + ofStores.indices.filter { ofStores[$0] !== ofKeys[$0] }.map { ofStores[$0] }
  }

  /// Lays all records out, once all stores are made.
  func open() {
    for records in all { records.open() }
  }

  /// Bytes that no store has.
  var paddingBytes: Int { all.reduce(0) { $0 + $1.paddingBytes } }

  /// The records as a snapshot carries them.
  func transfer(_ archive: inout StateArchive) throws(SnapshotError) {
    for records in all { try records.transfer(&archive) }
  }
}
