// Runs of entries of which each is the newest of all so far: as most events come. Most keys have no
// other entry, but which do cannot be told ahead. So first it is found out of all, and then those
// of keys without any are entered in one loop, those of keys with one in another, the rest in a
// third.
extension WindowStore {
  /// What the records of the keys of some lanes say, a bit for each lane.
  struct NewestRun {
    /// Keys whose first entry this is, which is noted in their records but for its columns.
    let firsts: UInt64
    /// Keys that have one other, which may be one to forget.
    let seconds: UInt64
    /// Keys that have more.
    let others: UInt64
    /// No key.
    let missing: UInt64
    /// Keys from here on have no entry yet.
    let keyEnd: UInt32
  }

  /// Whether runs can be entered that begin at a moment: some window counts an entry of it.
  @inline(__always)
  func countsNewest(at time: Int64) -> Bool {
    forgettableBound(clock: time) < time
  }

  /// Begins to enter the newest entries of all, in order: what comes next are the columns of the
  /// first ones of their keys, then `enterSecond` or `enterNewest` of each other.
  ///
  /// *Requires* `countsNewest`, that a record can hold these times, and that the keys are numbers
  /// of their space. *Traps* when the clock runs backwards.
  @inline(__always)
  mutating func beginNewest(
    _ keys: borrowing SlotNumbers, _ lanes: Range<Int>, at moments: borrowing FixedArray<Moment>
  ) -> NewestRun {
    precondition(moments[lanes.lowerBound].clock >= latestClock, "the clock went back")
    precondition(lanes.upperBound <= Self.runLanes, "more lanes than bits")
    // The two bits of what each word says, and whether there is a key: a lane comes in at the top.
    var (low, high, missing): (UInt64, UInt64, UInt64) = (0, 0, 0)
    var keyEnd = keyEnd
    let rows = records.rows
    var lane = lanes.lowerBound
    while lane < lanes.upperBound {
      let key = keys[lane]
      let record = rows.record(Int(key))
      let word = record.load(0, as: UInt64.self)
      // Of key 0 the record belongs to the entry pushed last, whoever that is. A key that comes
      // again has an entry by then.
      let single = RecordContent.singleWord(moments[lane].time)
      record.store(word == RecordContent.empty.word ? single : word, 0)
      let kind = RecordContent.kind(word)
      low = low &>> 1 | kind &<< 63
      high = high &>> 1 | (kind &>> 1) &<< 63
      missing = missing &>> 1 | (UInt64(key) &- 1) & Self.topLane
      // Keys are fewer than what 32 bits hold, see `Reservation`.
      keyEnd = max(keyEnd, key &+ 1)
      lane &+= 1
    }
    low = BitPlaces.settled(low, in: lanes)
    high = BitPlaces.settled(high, in: lanes)
    missing = BitPlaces.settled(missing, in: lanes)
    let present = BitPlaces.settled(.max, in: lanes) & ~missing
    return NewestRun(
      firsts: present & ~(low | high), seconds: present & low & ~high, others: present & high,
      missing: missing, keyEnd: keyEnd)
  }

  /// The bit of the last lane there can be.
  private static let topLane: UInt64 = 1 << 63

  /// Lanes that a run can have: a bit each.
  static let runLanes = UInt64.bitWidth

  /// Adds the entry pushed last, the newest of all, to the only one of its key, whose columns stay
  /// in the record; how long ago that came. Nil when it is not the only one by now or may be
  /// forgotten.
  @inline(__always)
  mutating func enterSecond(_ key: UInt32, at time: Int64) -> UInt64? {
    guard
      case .single(let single) = RecordContent(word: records.load(Int(key), 0, as: UInt64.self)),
      !forgets || single > forgettableBound(clock: time)
    else { return nil }
    let chunk = makeFew(key, single, time, isLate: false)
    setContent(.few(chunk, idle: IdleTime(time)), key)
    return UInt64(bitPattern: time &- single)
  }

  /// Ends a run of entries: pays what it owes to idle keys. Nothing is known of the last one.
  @inline(__always)
  mutating func endNewest(_ run: NewestRun, clock: Int64) {
    keyEnd = run.keyEnd
    latestClock = clock
    lastKey = 0
    isFresh = false
    payIdle(pushes: (run.firsts | run.seconds | run.others).nonzeroBitCount, clock: clock)
  }
}
