internal import Model

// Fresh questions: those for the key of the entry pushed last, at its moment, when it is the newest
// of all. Where the entries of the key lie is then known, and the questions of a group are answered
// kind by kind from that one place.
extension FreshPlaces {
  /// Answers the reads of a key that is missing or an error.
  @inline(__always)
  func setLack(
    _ lack: SignalValue, _ reads: Span<FreshRead>, _ registers: borrowing Registers
  ) {
    for index in Int(counts)..<Int(end) {
      registers.set(reads[index].register, lack.payload, state: lack.state.rawValue)
    }
  }
}

extension WindowStore {
  /// Answers the reads of a group, whose questions are fresh, into registers.
  @inline(never)
  func readFresh(
    _ places: FreshPlaces, _ reads: Span<FreshRead>, lane: Int, _ registers: borrowing Registers,
    _ truncated: inout [TruncatedRead]
  ) {
    if freshChunk != 0 {
      readFew(freshChunk, places, reads, registers)
    } else if freshState != 0 {
      readState(freshState, places, reads, lane: lane, registers, &truncated)
    } else {
      readLone(places, reads, registers)
    }
  }

  /// The entry pushed last is the only one.
  @inline(__always)
  private func readLone(
    _ places: FreshPlaces, _ reads: Span<FreshRead>, _ registers: borrowing Registers
  ) {
    for index in Int(places.counts)..<Int(places.sums) {
      registers.set(reads[index].register, reads[index].excludesCurrent ? 0 : 1 as UInt64)
    }
    for index in Int(places.sums)..<Int(places.distincts) {
      let read = reads[index]
      let sum = read.excludesCurrent ? 0 : recordSum(0, Int(read.column))
      registers.set(read.register, UInt64(bitPattern: sum))
    }
    for index in Int(places.distincts)..<Int(places.end) {
      let read = reads[index]
      let isValue = !read.excludesCurrent && recordDistinct(0, Int(read.column)) != 0
      registers.set(read.register, isValue ? 1 as UInt64 : 0)
    }
  }

  /// A lone chunk has all entries, the one pushed last at its end.
  @inline(never)
  private func readFew(
    _ chunk: UInt32, _ places: FreshPlaces, _ reads: Span<FreshRead>,
    _ registers: borrowing Registers
  ) {
    let end = entryCount(chunk)
    var start = end
    for index in Int(places.counts)..<Int(places.sums) {
      let read = reads[index]
      start = freshStart(chunk, read, before: start)
      let count = end &- start &- (read.excludesCurrent ? 1 : 0)
      registers.set(read.register, UInt64(bitPattern: Int64(count)))
    }
    start = end
    for index in Int(places.sums)..<Int(places.distincts) {
      let read = reads[index]
      start = freshStart(chunk, read, before: start)
      var total: Int128 = read.excludesCurrent ? -Int128(recordSum(0, Int(read.column))) : 0
      for entry in start..<end {
        total &+= Int128(sum(Int(read.column), EntryPosition(chunk: chunk, index: entry)))
      }
      registers.set(read.register, number: Int64(exactly: total))
    }
    start = end
    for index in Int(places.distincts)..<Int(places.end) {
      let read = reads[index]
      start = freshStart(chunk, read, before: start)
      let excluded = read.excludesCurrent ? recordDistinct(0, Int(read.column)) : 0
      let count = fewDistinct(chunk, start..<end, Int(read.column), excluded: excluded)
      registers.set(read.register, UInt64(bitPattern: Int64(count)))
    }
  }

  /// Where the entries begin that a window holds, which are those a shorter one does and some
  /// before.
  @inline(__always)
  private func freshStart(_ chunk: UInt32, _ read: FreshRead, before end: Int) -> Int {
    let bound = Self.difference(freshTime, read.length)
    var start = end
    while start > 0 && time(EntryPosition(chunk: chunk, index: start &- 1)) > bound {
      start &-= 1
    }
    return start
  }

  /// The cursors of a state all stand at the moment.
  @inline(never)
  private func readState(
    _ state: UInt32, _ places: FreshPlaces, _ reads: Span<FreshRead>, lane: Int,
    _ registers: borrowing Registers, _ truncated: inout [TruncatedRead]
  ) {
    for index in Int(places.counts)..<Int(places.sums) {
      let read = reads[index]
      let count = Int64(cursorCount(state, Int(read.window))) &- (read.excludesCurrent ? 1 : 0)
      registers.set(read.register, UInt64(bitPattern: count))
    }
    for index in Int(places.sums)..<Int(places.distincts) {
      let read = reads[index]
      let total = cursorSum(state, Int(read.window), Int(read.column))
      let excluded = read.excludesCurrent ? Int128(recordSum(0, Int(read.column))) : 0
      registers.set(read.register, number: Int64(exactly: total &- excluded))
    }
    for index in Int(places.distincts)..<Int(places.end) {
      let read = reads[index]
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
