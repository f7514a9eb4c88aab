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
      readFew(freshChunk, reads, registers)
    } else if freshState != 0 {
      readState(freshState, reads, lane: lane, registers, &truncated)
    } else {
      readLone(reads, registers)
    }
  }

  /// The entry pushed last is the only one.
  @inline(__always)
  private func readLone(_ reads: borrowing FreshReads, _ registers: borrowing Registers) {
    let pushed = records.record(0)
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

  /// A lone chunk has all entries, the one pushed last at its end.
  @inline(never)
  private func readFew(
    _ number: UInt32, _ reads: borrowing FreshReads, _ registers: borrowing Registers
  ) {
    let chunk = chunks.block(number)
    let pushed = records.record(0)
    let time = freshTime
    let end = Int(chunk.load(WindowLayout.chunkCount, as: UInt32.self))
    var start = end
    var index = 0
    while index < reads.counts.count {
      let read = reads.counts[index]
      start = chunk.firstEntry(above: Self.difference(time, read.length), before: start)
      let count = end &- start &- (read.excludesCurrent ? 1 : 0)
      registers.set(read.register, UInt64(bitPattern: Int64(count)))
      index &+= 1
    }
    start = end
    index = 0
    while index < reads.sums.count {
      let read = reads.sums[index]
      let column = Int(read.column)
      start = chunk.firstEntry(above: Self.difference(time, read.length), before: start)
      let excluded = pushed.load(layout.recordSum(column), as: Int64.self)
      registers.set(
        read.register,
        number: chunk.total(
          layout.sum(column, 0), start, end, less: read.excludesCurrent ? excluded : 0))
      index &+= 1
    }
    start = end
    index = 0
    while index < reads.distincts.count {
      let read = reads.distincts[index]
      let column = Int(read.column)
      start = chunk.firstEntry(above: Self.difference(time, read.length), before: start)
      let excluded = pushed.load(layout.recordDistinct(column), as: UInt32.self)
      let count = chunk.distinctValues(
        layout.distinct(column, 0), start, end, excluded: read.excludesCurrent ? excluded : 0)
      registers.set(read.register, UInt64(bitPattern: Int64(count)))
      index &+= 1
    }
  }

  /// The cursors of a state all stand at the moment.
  @inline(never)
  private func readState(
    _ state: UInt32, _ reads: borrowing FreshReads, lane: Int, _ registers: borrowing Registers,
    _ truncated: inout [TruncatedRead]
  ) {
    for index in reads.counts.indices {
      let read = reads.counts[index]
      let count = Int64(cursorCount(state, Int(read.window))) &- (read.excludesCurrent ? 1 : 0)
      registers.set(read.register, UInt64(bitPattern: count))
    }
    for index in reads.sums.indices {
      let read = reads.sums[index]
      let total = cursorSum(state, Int(read.window), Int(read.column))
      let excluded = read.excludesCurrent ? Int128(recordSum(0, Int(read.column))) : 0
      registers.set(read.register, number: Int64(exactly: total &- excluded))
    }
    for index in reads.distincts.indices {
      let read = reads.distincts[index]
      let count = freshDistinct(
        state, Int(read.window), Int(read.column), excludes: read.excludesCurrent)
      let value = SignalValue.distinct(count)
      registers.set(read.register, value.payload)
      if value.isTruncated && read.place >= 0 {
        truncated.append(TruncatedRead(lane: lane, place: read.place))
      }
    }
  }

  /// Distinct values of the key of the entry pushed last, which has a state.
  @inline(__always)
  func freshDistinct(_ state: UInt32, _ window: Int, _ column: Int, excludes: Bool) -> Int {
    let excluded = excludes ? recordDistinct(0, column) : 0
    if isIndexed(state) {
      return countedDistinct(state, lastKey, window, column, excluded: excluded)
    }
    return scannedDistinct(
      state, column, bound: cursorBound(state, window), time: freshTime, excluded: excluded)
  }
}
