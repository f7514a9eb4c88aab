// Runs of entries of which each is the newest of all so far: as most events come. Most keys have no
// other entry, but which do cannot be told ahead. So first it is found out of all, and then those
// of keys without any are entered in one loop, those of keys with one in another, the rest in a
// third.
extension WindowStore {
  /// What the records of the keys of some lanes say, a bit for each lane.
  struct NewestRun {
    /// Keys whose first entry this is, which is noted in their records but for its columns.
    var firsts: UInt64 = 0
    /// Keys that have one other, which may be one to forget.
    var seconds: UInt64 = 0
    /// Keys that have more.
    var others: UInt64 = 0
    /// No key.
    var missing: UInt64 = 0
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
    // The bits of what a word says, those of each lane at its place.
    var (low, high): (UInt64, UInt64) = (0, 0)
    var run = NewestRun()
    var lane = lanes.lowerBound
    while lane < lanes.upperBound {
      let key = keys[lane]
      let record = records.record(Int(key))
      let word = record.load(0, as: UInt64.self)
      // Of key 0 the record belongs to the entry pushed last, whoever that is. A key that comes
      // again has an entry by then.
      let single = RecordContent.singleWord(moments[lane].time)
      record.store(word == RecordContent.empty.word ? single : word, 0)
      let kind = RecordContent.kind(word)
      low |= (kind & 1) &<< UInt64(lane)
      high |= (kind &>> 1) &<< UInt64(lane)
      run.missing |= (key == 0 ? 1 : 0) &<< UInt64(lane)
      lane &+= 1
    }
    let all = (UInt64.max &>> UInt64(Self.runLanes &- lanes.count)) &<< UInt64(lanes.lowerBound)
    let present = all & ~run.missing
    run.firsts = present & ~(low | high)
    run.seconds = present & low & ~high
    run.others = present & high
    return run
  }

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
    let chunk = makeFew(key, single, time)
    setContent(.few(chunk, idle: IdleTime(time)), key)
    return UInt64(bitPattern: time &- single)
  }

  /// Notes that a key has its first entry.
  @inline(__always)
  mutating func noteFirst(_ key: UInt32) {
    // Keys are fewer than what 32 bits hold, see `Reservation`.
    keyEnd = max(keyEnd, key &+ 1)
  }

  /// Ends a run of entries: pays what it owes to idle keys. Nothing is known of the last one.
  @inline(__always)
  mutating func endNewest(_ run: NewestRun, clock: Int64) {
    latestClock = clock
    lastKey = 0
    isFresh = false
    payIdle(pushes: (run.firsts | run.seconds | run.others).nonzeroBitCount, clock: clock)
  }
}

/// The lanes of a bit each, lowest first.
struct LaneSet {
  private var bits: UInt64

  @inline(__always)
  init(_ bits: UInt64) { self.bits = bits }

  /// Takes out the next lane; nil when there is none.
  @inline(__always)
  mutating func next() -> Int? {
    if bits == 0 { return nil }
    let lane = bits.trailingZeroBitCount
    bits &= bits &- 1
    return lane
  }
}
