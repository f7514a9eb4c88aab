internal import Engine
internal import Ledger
public import Model
internal import Wire

/// Reads the names of accounts and values from the events that brought them.
///
/// Reads the log beside its writer; one owner at a time.
public struct NameReader: ~Copyable {
  private let ledger: DecisionLedger
  private var decoder: EventDecoder
  private var event = Event()

  /// Opens the log of a data folder to read.
  public init(directory: String, schema: Schema) throws(LiveError) {
    ledger = try LiveError.inLedger { () throws(LedgerError) in
      try DecisionLedger(directory: directory, access: .reader)
    }
    decoder = EventDecoder(schema)
  }

  /// Puts texts in the place of mentions.
  ///
  /// *Throws* when the log cannot be read there.
  public mutating func name(_ ring: inout Ring) throws(LiveError) {
    try LiveError.inLedger { () throws(LedgerError) in try ledger.refresh() }
    for place in ring.accounts.indices { try name(&ring.accounts[place].name) }
    for place in ring.shares.indices { try name(&ring.shares[place].value) }
  }

  private mutating func name(_ name: inout KeyName) throws(LiveError) {
    guard case .mentioned(let mention) = name else { return }
    let entry = try LiveError.inLedger { () throws(LedgerError) in
      try ledger.entry(sequence: mention.sequence)
    }
    guard let entry else {
      throw .ledger(.brokenOrder(path: ledger.path, expected: mention.sequence, found: nil))
    }
    do throws(WireError) {
      try decoder.decode(entry.event.span, into: &event)
    } catch {
      throw .incompatible(sequence: mention.sequence, .malformed(error))
    }
    name = .text(event.text(slot: mention.slot))
  }
}
