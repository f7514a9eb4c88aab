/// The events of a world with the times they arrive, and beside them the truth.
struct EventStream: Sendable {
  private var text: [UInt8] = []
  private var places: [Place] = []
  /// The truth, in the order it was told; it has no arrival.
  private(set) var truth: [UInt8] = []
  private(set) var truthCount = 0
  private var numbers: [String: Int] = [:]
  /// The id given last.
  private(set) var lastId = ""
  private var random: WorldRandom

  private struct Place {
    var arrival: Int64
    var offset: Int
    var length: Int32
    var order: Int32
  }

  init(_ random: WorldRandom) { self.random = random }

  /// Events so far, repeats counted.
  var count: Int { places.count }

  /// The next id of a kind of event: `r-000001`.
  mutating func id(_ prefix: String) -> String {
    let number = numbers[prefix, default: 0] + 1
    numbers[prefix] = number
    lastId = "\(prefix)-\(IdentityMint.padded(UInt64(number), 6))"
    return lastId
  }

  /// Sends an event. It arrives within seconds; from some phones an hour later, from a few the next
  /// day. Now and then a caller that got no answer in time sends the same bytes again.
  mutating func send(_ event: consuming EventText, at time: Int64, fromPhone: Bool = false) {
    let line = event.line()
    var arrival = time + random.between(0...3 * WorldTime.second)
    if fromPhone, random.chance(20) {
      arrival += random.between(WorldTime.minute...50 * WorldTime.minute)
    } else if fromPhone, random.chance(1) {
      arrival += random.between(2 * WorldTime.hour...30 * WorldTime.hour)
    }
    append(line, arrival)
    if random.chance(2) { append(line, arrival + 8 * WorldTime.second) }
  }

  private mutating func append(_ line: [UInt8], _ arrival: Int64) {
    places.append(
      Place(
        arrival: arrival, offset: text.count, length: Int32(line.count), order: Int32(places.count))
    )
    text.append(contentsOf: line)
  }

  /// Tells the truth of something.
  mutating func tell(_ truth: consuming EventText) {
    self.truth.append(contentsOf: truth.line())
    truthCount += 1
  }

  /// Puts the events into the order of their arrival.
  mutating func sort() {
    places.sort { ($0.arrival, $0.order) < ($1.arrival, $1.order) }
  }

  /// All events in order, as pieces of about a megabyte.
  func write<Failure: Error>(_ sink: ([UInt8]) throws(Failure) -> Void) throws(Failure) {
    var piece: [UInt8] = []
    for place in places {
      piece.append(contentsOf: text[place.offset..<place.offset + Int(place.length)])
      if piece.count > 1 << 20 {
        try sink(piece)
        piece.removeAll(keepingCapacity: true)
      }
    }
    if !piece.isEmpty { try sink(piece) }
  }
}
