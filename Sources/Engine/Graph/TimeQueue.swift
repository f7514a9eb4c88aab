/// Numbers by time, earliest first: a binary heap that knows where each number stands, so that a
/// time can change and a number can leave.
struct TimeQueue: ~Copyable {
  struct Entry {
    var time: Int64
    var number: UInt32
  }

  private var heap: ReservedArray<Entry>
  private var count: Int
  /// By number its place in the heap plus one; 0 when it is not there.
  private var places: ReservedArray<UInt32>

  init(capacity: Int) {
    heap = ReservedArray(capacity: capacity)
    places = ReservedArray(capacity: capacity)
    count = 0
  }

  /// Bytes in use.
  var liveBytes: Int { heap.liveBytes + places.liveBytes }

  /// The earliest entry; nil when there is none.
  var first: Entry? { count == 0 ? nil : heap[0] }

  /// Whether a number is in.
  func contains(_ number: UInt32) -> Bool {
    Int(number) < places.count && places[Int(number)] != 0
  }

  /// Puts a number in, or changes its time.
  mutating func set(_ number: UInt32, time: Int64) {
    places.use(count: Int(number) + 1)
    var place = Int(places[Int(number)]) - 1
    if place < 0 {
      place = count
      count += 1
      heap.use(count: count)
    }
    settle(Entry(time: time, number: number), from: place)
  }

  /// Takes a number out, if it is there.
  mutating func remove(_ number: UInt32) {
    guard Int(number) < places.count, places[Int(number)] != 0 else { return }
    let place = Int(places[Int(number)]) - 1
    places[Int(number)] = 0
    count -= 1
    guard place < count else { return }
    settle(heap[count], from: place)
  }

  /// Puts an entry where it belongs, when it may lie anywhere above or below a place without one.
  private mutating func settle(_ entry: Entry, from start: Int) {
    var place = start
    while place > 0 {
      let above = heap[(place - 1) / 2]
      if above.time <= entry.time { break }
      put(above, at: place)
      place = (place - 1) / 2
    }
    while true {
      var child = 2 * place + 1
      guard child < count else { break }
      var least = heap[child]
      if child + 1 < count {
        let other = heap[child + 1]
        if other.time < least.time { (child, least) = (child + 1, other) }
      }
      if least.time >= entry.time { break }
      put(least, at: place)
      place = child
    }
    put(entry, at: place)
  }

  private mutating func put(_ entry: Entry, at place: Int) {
    heap[place] = entry
    places[Int(entry.number)] = UInt32(place + 1)
  }
}

extension TimeQueue {
  /// The state as a snapshot carries it.
  mutating func transfer(_ archive: inout StateArchive) throws(SnapshotError) {
    try heap.transfer(&archive)
    try places.transfer(&archive)
    try archive.transfer(&count)
  }
}
