/// When each account had its first edge of a link, and which accounts had it lately.
struct FirstEdges: ~Copyable {
  /// By account its least time with all bits of `Int64.min` turned, so that 0 is none.
  private var times: ReservedArray<Int64>
  /// By window the accounts whose first edge lies in it.
  private var recent: FixedArray<TimeQueue>
  private let windows: [Int64]

  init(windows: [Int64]) {
    let capacity = windows.isEmpty ? 0 : Reservation.keys
    times = ReservedArray(capacity: capacity)
    recent = FixedArray(count: windows.count) { _ in TimeQueue(capacity: capacity) }
    self.windows = windows
  }

  /// Bytes in use.
  var liveBytes: Int {
    var bytes = times.liveBytes
    for window in recent.indices { bytes += recent[window].liveBytes }
    return bytes
  }

  /// The time of an account's first edge; nil for none.
  func time(of account: UInt32) -> Int64? {
    guard Int(account) < times.count, times[Int(account)] != 0 else { return nil }
    return times[Int(account)] ^ Int64.min
  }

  /// Notes an edge of an account; whether it is now its first.
  mutating func note(_ account: UInt32, time: Int64) -> Bool {
    if let before = self.time(of: account), before <= time { return false }
    times.use(count: Int(account) + 1)
    times[Int(account)] = time ^ Int64.min
    return true
  }

  /// Brings an account into a window or out of it, by its first edge; the change of their number.
  mutating func settle(_ account: UInt32, window: Int, clock: Int64) -> Int32 {
    let wasRecent = recent[window].contains(account)
    if let time = time(of: account), time > clock - windows[window] {
      recent[window].set(account, time: time)
      return wasRecent ? 0 : 1
    }
    recent[window].remove(account)
    return wasRecent ? -1 : 0
  }

  /// Takes an account whose first edge has left a window out of it; 0 when there is none.
  mutating func leave(window: Int, clock: Int64) -> UInt32 {
    guard let first = recent[window].first, first.time <= clock - windows[window] else { return 0 }
    recent[window].remove(first.number)
    return first.number
  }

  /// Forgets an account.
  mutating func erase(_ account: UInt32) {
    if Int(account) < times.count { times[Int(account)] = 0 }
  }
}

extension FirstEdges {
  /// The state as a snapshot carries it.
  mutating func transfer(_ archive: inout StateArchive) throws(SnapshotError) {
    try times.transfer(&archive)
    try archive.expect(recent.count)
    for place in recent.indices { try recent[place].transfer(&archive) }
  }
}
