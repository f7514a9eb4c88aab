internal import Model

// Fresh questions: those for the key of the entry pushed last, at its moment, when it is the newest
// of all. Where the entries of the key lie is then known, and the questions of a group are answered
// kind by kind from that one place.
extension WindowStore {
  /// Answers the reads of a group, whose questions are fresh, into registers.
  @inline(__always)
  func readFresh(
    _ reads: borrowing FreshReads, lane: Int, _ registers: borrowing Registers,
    _ truncated: inout [TruncatedRead]
  ) {
    if freshChunk != 0 {
      readFew(freshChunk, at: freshTime, reads, registers)
    } else if freshState != 0 {
      readState(freshState, reads, lane: lane, registers, &truncated)
    } else {
      Self.readLone(records.record(0), layout, reads, registers)
    }
  }

  /// Adds the entry of a run to a key that has many, see `enterNewest`, and answers the reads.
  @inline(__always)
  mutating func enterMany(
    _ key: UInt32, at time: Int64, _ reads: borrowing FreshReads, lane: Int,
    _ registers: borrowing Registers, _ truncated: inout [TruncatedRead]
  ) {
    let word = records.load(Int(key), 0, as: UInt64.self)
    if case .state(let state, _) = RecordContent(word: word) {
      enterNewest(key, in: state, at: time)
      readState(state, reads, lane: lane, registers, &truncated)
    } else {
      enterAndRead(key, at: time, reads, lane: lane, registers, &truncated)
    }
  }

  /// The same of a key that has some.
  @inline(never)
  mutating func enterAndRead(
    _ key: UInt32, at time: Int64, _ reads: borrowing FreshReads, lane: Int,
    _ registers: borrowing Registers, _ truncated: inout [TruncatedRead]
  ) {
    enterNewest(key, at: time)
    readFresh(reads, lane: lane, registers, &truncated)
  }

  /// The only entry of a key is in a record, and the newest of all.
  @inline(__always)
  static func readLone(
    _ pushed: Fields, _ layout: WindowLayout, _ reads: borrowing FreshReads,
    _ registers: borrowing Registers
  ) {
    var index = 0
    while index < reads.counts.count {
      let read = reads.counts[index]
      registers.set(read.register, read.excludesCurrent ? 0 : 1 as UInt64)
      index &+= 1
    }
    index = 0
    while index < reads.sums.count {
      let read = reads.sums[index]
      let sum = pushed.load(layout.recordSum(Int(read.column)), as: UInt64.self)
      registers.set(read.register, read.excludesCurrent ? 0 : sum)
      index &+= 1
    }
    index = 0
    while index < reads.distincts.count {
      let read = reads.distincts[index]
      let value = pushed.load(layout.recordDistinct(Int(read.column)), as: UInt32.self)
      registers.set(read.register, !read.excludesCurrent && value != 0)
      index &+= 1
    }
  }

  /// The entry pushed last and the only other of its key, which came so long before and whose
  /// columns are in a record.
  @inline(__always)
  func readTwo(
    _ other: Fields, before age: UInt64, _ reads: borrowing FreshReads,
    _ registers: borrowing Registers
  ) {
    let pushed = records.record(0)
    var index = 0
    while index < reads.counts.count {
      let read = reads.counts[index]
      let within: UInt64 = age < UInt64(bitPattern: read.length) ? 1 : 0
      registers.set(read.register, within &+ (read.excludesCurrent ? 0 : 1))
      index &+= 1
    }
    index = 0
    while index < reads.sums.count {
      let read = reads.sums[index]
      let sum = layout.recordSum(Int(read.column))
      let isWithin: Int64 = age < UInt64(bitPattern: read.length) ? -1 : 0
      let isCurrent: Int64 = read.excludesCurrent ? 0 : -1
      let first = other.load(sum, as: Int64.self) & isWithin
      let second = pushed.load(sum, as: Int64.self) & isCurrent
      registers.set(read.register, number: first.addingReportingOverflow(second))
      index &+= 1
    }
    index = 0
    while index < reads.distincts.count {
      let read = reads.distincts[index]
      let column = layout.recordDistinct(Int(read.column))
      let (first, second) = (
        other.load(column, as: UInt32.self), pushed.load(column, as: UInt32.self)
      )
      let isCurrent: UInt32 = read.excludesCurrent ? 0 : .max
      // In numbers, for the compiler makes branches of conditions: neither has the highest bit.
      let isWithin = UInt32(
        truncatingIfNeeded: (Int64(bitPattern: age) &- read.length) &>> 63)
      // One is counted where it comes last.
      let last = second & isCurrent
      let before = first & isWithin & Self.mask(first ^ last)
      registers.set(
        read.register, UInt64(Self.mask(last) & 1) &+ UInt64(Self.mask(before) & 1))
      index &+= 1
    }
  }

  /// All bits unless a number is 0.
  @inline(__always)
  private static func mask(_ number: UInt32) -> UInt32 {
    UInt32(truncatingIfNeeded: (0 &- UInt64(number)) &>> 32)
  }

  /// A lone chunk has all entries, the one pushed last, whose time is given, at its end.
  @inline(never)
  func readFew(
    _ number: UInt32, at time: Int64, _ reads: borrowing FreshReads,
    _ registers: borrowing Registers
  ) {
    let chunk = chunks.block(number)
    let pushed = records.record(0)
    let end = Int(chunk.load(WindowLayout.chunkCount, as: UInt32.self))
    let entries = chunk.fewEntries(end, at: time)
    var index = 0
    while index < reads.counts.count {
      let read = reads.counts[index]
      let count = entries.count(within: read.length) &- (read.excludesCurrent ? 1 : 0)
      registers.set(read.register, UInt64(bitPattern: Int64(count)))
      index &+= 1
    }
    index = 0
    while index < reads.sums.count {
      let column = reads.sums[index].column
      var totals = chunk.fewTotals(layout.sum(Int(column), 0), end)
      let excluded = pushed.load(layout.recordSum(Int(column)), as: Int64.self)
      repeat {
        let read = reads.sums[index]
        let count = entries.count(within: read.length)
        let less = read.excludesCurrent ? excluded : 0
        let total =
          totals.ofLast(count, less: less)
          ?? chunk.wideTotal(layout.sum(Int(column), 0), end &- count, end, less: less)
        registers.set(read.register, number: total)
        index &+= 1
      } while index < reads.sums.count && reads.sums[index].column == column
    }
    index = 0
    while index < reads.distincts.count {
      let read = reads.distincts[index]
      // Without the entry pushed last there is one value less to look at.
      let excluded = read.excludesCurrent ? 1 : 0
      let count = entries.count(within: read.length) &- excluded
      let found = chunk.fewDistinct(layout.distinct(Int(read.column), end &- excluded), count)
      registers.set(read.register, UInt64(bitPattern: Int64(found)))
      index &+= 1
    }
  }

  /// The cursors of a state all stand at the moment.
  @inline(never)
  private func readState(
    _ number: UInt32, _ reads: borrowing FreshReads, lane: Int, _ registers: borrowing Registers,
    _ truncated: inout [TruncatedRead]
  ) {
    let state = states.block(number)
    var index = 0
    while index < reads.counts.count {
      let read = reads.counts[index]
      let cursor = layout.cursor(Int(read.window))
      let count = state.load(cursor &+ WindowLayout.cursorCount, as: UInt32.self)
      registers.set(read.register, UInt64(count) &- (read.excludesCurrent ? 1 : 0))
      index &+= 1
    }
    let pushed = records.record(0)
    index = 0
    while index < reads.sums.count {
      let read = reads.sums[index]
      let column = Int(read.column)
      let place = layout.cursor(Int(read.window)) &+ layout.cursorSum(column)
      let total = state.load(place, as: Int128.self)
      let sum = Int128(pushed.load(layout.recordSum(column), as: Int64.self))
      registers.set(
        read.register, number: Int64(exactly: total &- (read.excludesCurrent ? sum : 0)))
      index &+= 1
    }
    index = 0
    while index < reads.distincts.count {
      let read = reads.distincts[index]
      let count = freshDistinct(
        number, Int(read.window), Int(read.column), excludes: read.excludesCurrent)
      let value = SignalValue.distinct(count)
      registers.set(read.register, value.payload)
      if value.isTruncated && read.place >= 0 {
        truncated.append(TruncatedRead(lane: lane, place: read.place))
      }
      index &+= 1
    }
  }

  /// Distinct values of the key of the entry pushed last, which has a state.
  @inline(__always)
  func freshDistinct(_ state: UInt32, _ window: Int, _ column: Int, excludes: Bool) -> Int {
    if isIndexed(state) {
      let excluded = excludes ? recordDistinct(0, column) : 0
      return countedDistinct(state, lastKey, window, column, excluded: excluded)
    }
    // That entry is the last.
    return lastDistinct(
      state, column, Int(cursorCount(state, window)), leavingOut: excludes ? 1 : 0)
  }
}
