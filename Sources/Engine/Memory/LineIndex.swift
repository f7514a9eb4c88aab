import CColumns

/// An index of slots of 8 bytes, `tag << 32 | number`, 0 where there is none, that doubles where it
/// lies.
///
/// *Shape*: lines of cache, eight slots each. The home of a slot is the line that the lowest bits
/// of its tag say, and it takes the first empty slot from there on, mostly in that line, so that a
/// search touches one. Of each line the slots in use are the first ones.
///
/// Twice as many lines ask for one bit more: what has its home in a line stays there or goes to the
/// line as far behind it as there were lines. So the index grows in one sweep over its first half,
/// without another array beside it, and a search looks into one home at any moment: that of a line
/// which was not split yet is still told by one bit less.
/// *Complexity*: expected constant; a step of growth at most with each slot that comes.
struct LineIndex: ~Copyable {
  private let inPlace = InPlace()
  private var slots: ReservedArray<UInt64>
  /// Slots of the lines that are still to be split: how far the sweep is, and how many are left. 0
  /// of both while it does not grow.
  private var swept = 0
  private var leftCount = 0
  /// Whether pages for as many slots again were asked for.
  private var isDoubleExpected = false
  /// How often slots went elsewhere: as long as it is the same, an empty slot that ended a search
  /// is in use or ends it again.
  private(set) var moves: UInt32 = 0

  /// An index of so many empty slots, a power of two, that will not have more than `most`.
  init(slots count: Int, most: Int) {
    precondition(count >= 2 * Self.lineSlots && count & (count - 1) == 0, "lines cannot be halved")
    slots = ReservedArray(capacity: most)
    slots.open(zeros: count)
  }

  /// Number of slots, a power of two.
  @inline(__always)
  var count: Int { slots.count }

  /// Whether some lines are still to be split.
  var isGrowing: Bool { leftCount > 0 }

  /// Bytes in use.
  var liveBytes: Int { slots.liveBytes }

  /// The slot where the search for a tag begins, the first of its line.
  @inline(__always)
  func home(_ tag: UInt32) -> Int {
    let place = Int(tag) &* Self.lineSlots
    let narrow = place & (slots.count &>> 1 &- 1)
    let isLeft = UInt(bitPattern: narrow &- swept) < UInt(bitPattern: leftCount)
    return isLeft ? narrow : place & (slots.count &- 1)
  }

  /// The slot behind one, of the last the first.
  @inline(__always)
  func next(_ place: Int) -> Int { (place &+ 1) & (slots.count &- 1) }

  /// A slot.
  ///
  /// *Traps* when there are fewer.
  subscript(_ place: Int) -> UInt64 {
    @inline(__always) get { slots[place] }
    @inline(__always) set { slots[place] = newValue }
  }

  /// A slot, for a caller that has seen to it that there are as many.
  @unsafe subscript(unchecked place: Int) -> UInt64 {
    @inline(__always) get {
      // SAFETY: as the caller promises.
      unsafe slots[unchecked: place]
    }
  }

  /// Where the first slot lies, for what borrows this index, or changes it, as long as it uses the
  /// address, and stays among the slots.
  @unsafe var start: UnsafeMutablePointer<UInt64> {
    // SAFETY: as of the array.
    @inline(__always) get { unsafe slots.start }
  }

  /// The address of a slot, of which only the number is to be used.
  @inline(__always)
  func address(_ place: Int) -> UInt { slots.address(place) }

  /// Brings nearer the line of a slot.
  @inline(__always)
  func prefetch(_ place: Int) { slots.prefetch(place) }

  /// As above, with others.
  @inline(__always)
  func prefetch(_ place: Int, _ list: inout PrefetchList) { slots.prefetch(place, &list) }

  /// The first slot from a place on that has a tag or is empty. How far it goes cannot be told
  /// ahead, so a line is looked at at once.
  @inline(__always)
  func first(_ tag: UInt32, from start: Int) -> Int {
    let mask = slots.count &- 1
    var line = start & mask & ~(Self.lineSlots &- 1)
    var from = start & (Self.lineSlots &- 1)
    while true {
      // SAFETY: a whole line, as the number of slots is a power of two, and not less than a line.
      let place = unsafe Int(columns_first_slot(slots.start + line, tag, from))
      if place < Self.lineSlots { return line &+ place }
      line = (line &+ Self.lineSlots) & mask
      from = 0
    }
  }

  /// Puts a slot where the first one is empty from a place on.
  @inline(__always)
  mutating func put(_ slot: UInt64, from start: Int) {
    let tag = Self.tag(slot)
    var place = first(tag, from: start)
    // Others may have the same tag.
    while slots[place] != 0 { place = first(tag, from: place &+ 1) }
    slots[place] = slot
  }

  /// Puts a slot where its tag has its home, or behind that.
  @inline(__always)
  mutating func put(_ slot: UInt64) { put(slot, from: home(Self.tag(slot))) }

  /// The tag of a slot.
  @inline(__always)
  static func tag(_ slot: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: slot &>> 32) }

  // MARK: Growth

  /// Has pages brought in for as many slots again, before `double`; once.
  @inline(__always)
  mutating func expectDouble() {
    if isDoubleExpected { return }
    isDoubleExpected = true
    slots.expectDouble()
  }

  /// Doubles, and begins to split lines.
  ///
  /// *Traps* when it still grows, or all slots are in use.
  mutating func double() {
    precondition(!isGrowing, "an index doubled before its lines were split")
    let half = slots.count
    slots.double()
    isDoubleExpected = false
    // What passes the last line goes on in the first, which will be another place: those lines are
    // split at once.
    var end = half
    while end > 0 && slots[end - 1] != 0 { end -= Self.lineSlots }
    var first = 0
    if end < half { first = lineEnd(0) }
    precondition(first <= end, "an index without an empty slot")
    (swept, leftCount) = (first, end - first)
    split(end..<half)
    split(0..<first)
    finishStep()
  }

  /// Splits some more lines, then on to the end of the run: what is in a line has its home in one
  /// that goes with it.
  ///
  /// *Requires* that it grows.
  mutating func grow() {
    let (start, end) = (swept, swept + leftCount)
    let stop = lineEnd(min(start + Self.step(slots.count / 2), end) - Self.lineSlots)
    swept = min(stop, end)
    leftCount = end - swept
    split(start..<swept)
    // What was put into the last of them since may have passed into some that were split.
    for line in stride(from: end, to: stop, by: Self.lineSlots) { putAgain(line) }
    finishStep()
  }

  /// The end of the first line that has an empty slot, from a line on.
  private func lineEnd(_ line: Int) -> Int {
    var end = line + Self.lineSlots
    while slots[end - 1] != 0 { end += Self.lineSlots }
    return end
  }

  private mutating func finishStep() {
    moves &+= 1
    if leftCount == 0 {
      swept = 0
      return
    }
    for line in 0..<Self.linesAhead {
      let place = swept &+ Self.lineSlots &* line
      slots.prefetch(place)
      slots.prefetch(place &+ slots.count / 2)
    }
  }

  /// Splits lines of the first half, which are told by one bit more by now. One after the other:
  /// each slot then finds room in its own line at the latest.
  private mutating func split(_ lines: Range<Int>) {
    var left = InlineArray<72, UInt64>(repeating: 0)
    var line = lines.lowerBound
    while line < lines.upperBound {
      let count = min(lines.upperBound - line, Self.slotsTogether) / Self.lineSlots
      var leftSlots = left.mutableSpan
      // SAFETY: whole lines of the first half, eight at most, and as many of the second. There is
      // room for all that is in eight lines, and for another line behind that.
      let leftover = unsafe leftSlots.withUnsafeMutableBufferPointer { buffer in
        guard let room = buffer.baseAddress else { return 0 }
        return unsafe columns_split_lines(
          slots.start, line / Self.lineSlots, count, slots.count / 2 / Self.lineSlots, room)
      }
      for index in 0..<leftover { put(left[index]) }
      line += count * Self.lineSlots
    }
  }

  /// Empties a line, and puts what was in it where it belongs.
  private mutating func putAgain(_ line: Int) {
    for place in line..<line + Self.lineSlots {
      let slot = slots[place]
      slots[place] = 0
      // Those behind it are still there, so none is put past them; what is left of a line moves up.
      if slot != 0 { put(slot) }
    }
  }

  /// How many slots are swept at a time: whole words of bits.
  ///
  /// While it grows, each slot that comes costs more. So a large index goes over in some five
  /// hundred steps, one of which no call would notice: that there are few is worth more than that
  /// each is short. A small one goes over line by line.
  static func step(_ count: Int) -> Int {
    min(max((count / steps) & ~63, range.lowerBound), range.upperBound)
  }

  private static let steps = 512
  /// As many as a word has bits, and as take some 7 µs.
  private static let range = 64...2048

  /// Slots of a line of cache.
  static let lineSlots = Int(columns_line_slots)
  private static let slotsTogether = 64
  private static let linesAhead = 4
}

extension LineIndex {
  /// The state as a snapshot carries it.
  mutating func transfer(_ archive: inout StateArchive) throws(SnapshotError) {
    try slots.transfer(&archive)
    try archive.transfer(&swept)
    try archive.transfer(&leftCount)
    if archive.isReading {
      isDoubleExpected = false
      // Whoever looks at a line, or splits one, trusts that all are whole.
      let half = slots.count / 2
      guard slots.count >= 2 * Self.lineSlots, slots.count & (slots.count - 1) == 0,
        slots.liveBytes == slots.count * MemoryLayout<UInt64>.stride,
        (0...half).contains(swept), (0...half - swept).contains(leftCount),
        (swept | leftCount) % Self.lineSlots == 0
      else { throw .damaged }
    }
  }
}
