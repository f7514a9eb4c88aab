// Runs of entries of which each is the newest of all so far: as most events come. Most keys have no
// other entry, but which do cannot be told ahead. So first it is found out of all, and then those
// of keys without any are entered in one loop, those of keys with one in another, those of keys
// with few in a third, the rest in a fourth.
extension WindowStore {
  /// What the records of the keys of some lanes say, a bit for each lane.
  struct NewestRun {
    /// Keys whose first entry this is, which is noted in their records but for some of its columns.
    let firsts: UInt64
    /// Keys that have one other, which may be one to forget.
    let seconds: UInt64
    /// Keys that have few others.
    let fews: UInt64
    /// Keys that have more.
    let others: UInt64
    /// No key.
    let missing: UInt64
    /// No key of the run is greater.
    fileprivate let greatestKey: UInt32
  }

  /// Whether runs can be entered that begin at a moment: some window counts an entry of it.
  @inline(__always)
  func countsNewest(at time: Int64) -> Bool {
    forgettableBound(clock: time) < time
  }

  /// Begins to enter the newest entries of all, in order: what comes next are the columns of the
  /// first ones of their keys but for the first that is told apart, then `enterSecond`, `enterFew`
  /// or `enterNewest` of each other.
  ///
  /// *Requires* `countsNewest`, that a record can hold these times, and that the keys are numbers
  /// of their space. *Traps* when the clock runs backwards.
  @inline(never)
  func beginNewest(
    _ keys: borrowing SlotNumbers, _ values: borrowing SlotNumbers, _ lanes: Range<Int>,
    at moments: borrowing FixedArray<Moment>
  ) -> NewestRun {
    precondition(moments[lanes.lowerBound].clock >= latestClock, "the clock went back")
    precondition(
      lanes.lowerBound >= 0 && lanes.upperBound <= min(Self.runLanes, moments.count),
      "more lanes than bits")
    return layout.distinctCount > 0
      ? look(keys, values, lanes, at: moments, setsValue: true)
      : look(keys, values, lanes, at: moments, setsValue: false)
  }

  /// Looks at the records of some keys, and notes the entries of those that have none; their first
  /// value too if a list has such a column.
  @inline(__always)
  private func look(
    _ keys: borrowing SlotNumbers, _ values: borrowing SlotNumbers, _ lanes: Range<Int>,
    at moments: borrowing FixedArray<Moment>, setsValue: Bool
  ) -> NewestRun {
    var kinds = LaneBytes()
    var greatestKey: UInt32 = 0
    let column = layout.recordDistinct(0)
    let rows = records.rows
    var lane = lanes.lowerBound
    while lane < lanes.upperBound {
      let key = keys[lane]
      let record = rows.record(Int(key))
      let word = record.load(0, as: UInt64.self)
      let isFirst = word == RecordContent.empty.word
      // Of key 0 the record belongs to the entry pushed last, whoever that is. A key that comes
      // again has an entry by then.
      let single = RecordContent.singleWord(moments[lane].time)
      record.store(isFirst ? single : word, 0)
      if setsValue {
        let known = record.load(column, as: UInt32.self)
        record.store(isFirst ? values[lane] : known, column)
      }
      let isMissing: UInt8 = key == 0 ? Self.missingKey : 0
      kinds.set(lane, UInt8(truncatingIfNeeded: RecordContent.kind(word)) | isMissing)
      greatestKey = max(greatestKey, key)
      lane &+= 1
    }
    let (low, high, missing) = (kinds.bits(0), kinds.bits(1), kinds.bits(2))
    let present = BitPlaces.settled(.max, in: lanes) & ~missing
    return NewestRun(
      firsts: present & ~(low | high), seconds: present & low & ~high,
      fews: present & low & high, others: present & high & ~low, missing: missing,
      greatestKey: greatestKey)
  }

  /// Beside the two bits of what the word of a key says: that there is no key.
  private static let missingKey: UInt8 = 1 << 2

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
    let number = chunks.allocate()
    let record = records.record(Int(key))
    placeTwo(single, record, time, records.record(0), in: chunks.block(number))
    record.store(RecordContent.few(number, idle: IdleTime(time)).word, 0)
    return UInt64(bitPattern: time &- single)
  }

  /// Adds the entry pushed last, the newest of all, to the few of its key; gives the chunk they lie
  /// in. 0 when they are not few by now or there is no room: then nothing is changed.
  @inline(__always)
  mutating func enterFew(_ key: UInt32, at time: Int64) -> UInt32 {
    guard
      case .few(let chunk, _) = RecordContent(word: records.load(Int(key), 0, as: UInt64.self)),
      pushFew(chunk, time, forgettableBound(clock: time))
    else { return 0 }
    return chunk
  }

  /// Ends a run of entries: pays what it owes to idle keys. Nothing is known of the last one.
  @inline(__always)
  mutating func endNewest(_ run: NewestRun, clock: Int64) {
    // Keys are fewer than what 32 bits hold, see `Reservation`.
    keyEnd = max(keyEnd, run.greatestKey &+ 1)
    latestClock = clock
    lastKey = 0
    isFresh = false
    let entered = run.firsts | run.seconds | run.fews | run.others
    payIdle(pushes: entered.nonzeroBitCount, clock: clock)
  }
}
