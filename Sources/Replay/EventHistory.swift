internal import Ledger
internal import Model

/// The events of a log in memory, to be taken in another order.
struct EventHistory {
  /// Where one event lies.
  struct Place {
    var time: Int64
    var sequence: UInt64
    var start: Int
    var eventBytes: Int32
    var digestBytes: Int32
  }

  private(set) var places: [Place] = []
  private var bytes: [UInt8] = []

  /// Keeps an event and what the log's digest has of it.
  mutating func append(_ entry: borrowing LedgerEntry, at time: Timestamp) {
    places.append(
      Place(
        time: time.microseconds, sequence: entry.sequence, start: bytes.count,
        eventBytes: Int32(entry.event.count), digestBytes: Int32(entry.digest.count)))
    for index in entry.event.indices { bytes.append(entry.event[index]) }
    for index in entry.digest.indices { bytes.append(entry.digest[index]) }
  }

  /// Puts them in order of time, then of arrival.
  mutating func sort() {
    places.sort { ($0.time, $0.sequence) < ($1.time, $1.sequence) }
  }

  /// The line of an event as it came.
  @_lifetime(borrow self)
  func event(_ place: Place) -> Span<UInt8> {
    bytes.span.extracting(place.start..<place.start + Int(place.eventBytes))
  }

  /// Its line in the log's digest.
  @_lifetime(borrow self)
  func digest(_ place: Place) -> Span<UInt8> {
    let start = place.start + Int(place.eventBytes)
    return bytes.span.extracting(start..<start + Int(place.digestBytes))
  }
}
