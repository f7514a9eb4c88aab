import CPrefetch
import Glibc

/// Address space reserved once and touched as it is needed: what lies in it never moves, and
/// growing it costs nothing.
///
/// Memory starts as zero. Only bytes below `usedBytes` may be read or written, so a wrong index
/// traps instead of reading a neighbour. The first megabytes use small pages, so that a small store
/// stays small; the rest asks for huge pages, which are worth 1.6 × on random access. What is large
/// from the start, as a table that takes the place of a smaller one, has no small pages. Both are
/// brought in ahead of their use: a page that is read first and written then faults twice.
@safe struct ReservedMemory: ~Copyable {
  /// The address space, and how much of it there is.
  private let mapping: UnsafeMutableRawPointer
  private let mappedBytes: Int
  /// Where the first byte lies: where the mapping begins, or its first huge page.
  private var base: UnsafeMutableRawPointer
  /// Bytes that can be in use.
  let reservedBytes: Int
  /// Bytes in use from the start: what a memory report counts.
  private(set) var usedBytes: Int
  /// Bytes from the start whose pages were asked for ahead of their first use.
  private var suppliedBytes: Int
  /// Past this many bytes in use, more pages are asked for.
  private var supplyMark: Int
  /// Bytes from the start that went back to the system, and how far the next piece of them goes.
  private var releasedBytes = 0
  private var releaseMark = Int.max
  /// Whether some may still be on their way.
  private var isReleasing = false
  /// Whether anything was ever asked of `PageSupply`, which must forget it before the end.
  private var hasRequests = false
  /// Where huge pages begin in the mapping.
  private let mappedHugeStart: Int

  /// Reserves address space, none of it in use.
  ///
  /// *Traps* when the system refuses the address space: an engine without its state cannot start.
  init(reservedBytes requested: Int) {
    precondition(requested >= 0, "negative reservation")
    let bytes = Self.roundedUp(requested, to: Self.pageBytes)
    reservedBytes = bytes
    usedBytes = 0
    suppliedBytes = 0
    supplyMark = Self.firstSupply
    guard bytes > 0 else {
      (mappedHugeStart, mappedBytes) = (0, 0)
      // SAFETY: a reservation of no bytes admits no offset, so this address is never dereferenced.
      unsafe mapping = UnsafeMutableRawPointer(bitPattern: Self.pageBytes).unsafelyUnwrapped
      unsafe base = mapping
      return
    }
    // As much can lie behind the small pages as before.
    mappedBytes = bytes < Self.wholeBytes ? bytes : bytes + Self.smallBytes + Self.hugePageBytes
    // SAFETY: a fresh anonymous mapping owned by this value alone; unmapped once, in deinit.
    let mapped = unsafe mmap(
      nil, mappedBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
    guard let mapped = unsafe mapped, unsafe mapped != MAP_FAILED else {
      preconditionFailure("the system refused to reserve \(mappedBytes) bytes of address space")
    }
    unsafe mapping = mapped
    unsafe base = mapped
    mappedHugeStart = unsafe Self.hugeStart(of: mapped, mappedBytes)
    unsafe Self.adviseHugePages(mapped, mappedBytes, from: mappedHugeStart)
    releaseMark = pieceEnd(after: 0)
  }

  deinit {
    guard reservedBytes > 0 else { return }
    // SAFETY: the mapping made in init with this length; nothing refers to it after deinit, not
    // even a request for pages.
    if hasRequests { unsafe PageSupply.forget(mapping, bytes: mappedBytes) }
    unsafe munmap(mapping, mappedBytes)
  }

  /// Brings the bytes below `bytes` into use.
  ///
  /// *Traps* when the reservation is exceeded.
  @inline(__always)
  mutating func use(bytes: Int) {
    if bytes > usedBytes {
      precondition(bytes <= reservedBytes, "reserved memory exhausted")
      usedBytes = bytes
      if bytes > supplyMark { supplyPages() }
    }
  }

  /// Brings the bytes below `bytes` into use, for what will use no more than those: no page after
  /// them is asked for.
  ///
  /// *Traps* when the reservation is exceeded.
  mutating func useWhole(bytes: Int) {
    precondition(bytes <= reservedBytes, "reserved memory exhausted")
    if usedBytes == 0 { place(whole: bytes) }
    usedBytes = max(usedBytes, bytes)
    if bytes > supplyMark { supplyPages(ahead: 0) }
  }

  /// Chooses where so many bytes begin, while none are in use.
  private mutating func place(whole bytes: Int) {
    let start = bytes < Self.wholeBytes ? 0 : mappedHugeStart
    // SAFETY: our own mapping, in which as many bytes as are reserved lie from either place on.
    unsafe base = mapping + start
    releaseMark = pieceEnd(after: 0)
  }

  /// Has pages brought in for as many bytes again, before `double`.
  mutating func expectDouble() {
    let bytes = 2 * usedBytes
    if bytes <= Self.firstSupply { return }
    guard movesToHugePages(bytes) else { return supplyPages(ahead: usedBytes) }
    hasRequests = true
    // SAFETY: a range inside the mapping, which is drained of requests before it is unmapped; it
    // is not in use, see `movesToHugePages`.
    unsafe PageSupply.request(
      .bringIn, mapping + mappedHugeStart, bytes: Self.roundedUp(bytes, to: Self.hugePageBytes))
  }

  /// Brings as many bytes again into use, for what doubles where it lies. The one time that it has
  /// become large, what is there is copied to where huge pages begin.
  ///
  /// *Traps* when the reservation is exceeded.
  mutating func double() {
    let bytes = 2 * usedBytes
    precondition(bytes <= reservedBytes, "reserved memory exhausted")
    if movesToHugePages(bytes) {
      // SAFETY: small pages of our own mapping, and behind these as many huge ones as any store
      // asks for; what was copied is not looked at again.
      unsafe memcpy(mapping + mappedHugeStart, base, usedBytes)
      giveBack(0..<Self.roundedUp(usedBytes, to: Self.pageBytes))
      unsafe base = mapping + mappedHugeStart
      suppliedBytes = Self.roundedUp(bytes, to: Self.hugePageBytes)
      releaseMark = pieceEnd(after: 0)
    }
    usedBytes = bytes
  }

  /// Whether what doubles to so many bytes leaves small pages: once, before it is large.
  private func movesToHugePages(_ bytes: Int) -> Bool {
    hugeStart > 0 && bytes == Self.doubledBytes && reservedBytes >= Self.wholeBytes
  }

  /// Where huge pages begin, from the first byte on.
  private var hugeStart: Int {
    // SAFETY: both lie in our own mapping, and nothing is read.
    unsafe mappedHugeStart - (base - mapping)
  }

  /// Takes all bytes out of use; their pages go back to the system, and they read as zero again.
  mutating func reset() {
    // SAFETY: our own mapping.
    if suppliedBytes > 0 { unsafe PageSupply.cancel(mapping, bytes: mappedBytes) }
    let end = min(max(suppliedBytes, Self.roundedUp(usedBytes, to: Self.pageBytes)), reservedBytes)
    if releasedBytes < end { giveBack(releasedBytes..<end) }
    usedBytes = 0
    suppliedBytes = 0
    // The first use waits for what is on its way back.
    supplyMark = isReleasing ? 0 : Self.firstSupply
    releasedBytes = 0
    releaseMark = pieceEnd(after: 0)
  }

  /// Has pages brought in that will be used soon: the first touch of a huge page takes a quarter of
  /// a millisecond, which no event should pay.
  @inline(never)
  private mutating func supplyPages() {
    // As much again while it is small, so that no store has more than twice the pages it uses.
    supplyPages(
      ahead: usedBytes < Self.hugeMark
        ? usedBytes : min(max(usedBytes / 8, Self.leastSupply), Self.greatestSupply))
  }

  private mutating func supplyPages(ahead: Int) {
    settle()
    let end = usedBytes + ahead
    // Whole pages of their kind: small ones that nobody needs take as long to give back as others.
    let whole =
      end <= hugeStart
      ? Self.roundedUp(end, to: Self.pageBytes)
      : hugeStart + Self.roundedUp(end - hugeStart, to: Self.hugePageBytes)
    let wanted = min(whole, reservedBytes)
    supplyMark = usedBytes + ahead / 2
    guard wanted > suppliedBytes else { return }
    hasRequests = true
    // SAFETY: a range inside the mapping, which is drained of requests before it is unmapped.
    unsafe PageSupply.request(.bringIn, base + suppliedBytes, bytes: wanted - suppliedBytes)
    suppliedBytes = wanted
  }

  /// The value at a byte offset.
  ///
  /// *Traps* when it lies outside the bytes in use.
  @inline(__always)
  func load<Value: BitwiseCopyable>(_ offset: Int, as type: Value.Type) -> Value {
    check(offset, MemoryLayout<Value>.size)
    // SAFETY: checked above.
    return unsafe loadUnchecked(offset, as: type)
  }

  /// Writes a value at a byte offset.
  ///
  /// *Traps* when it lies outside the bytes in use.
  @inline(__always)
  mutating func store<Value: BitwiseCopyable>(_ value: Value, at offset: Int) {
    check(offset, MemoryLayout<Value>.size)
    // SAFETY: checked above.
    unsafe storeUnchecked(value, at: offset)
  }

  /// As `load`, for a caller that has seen to it that the bytes are in use: a second look costs
  /// more than the value.
  @inline(__always)
  @unsafe func loadUnchecked<Value: BitwiseCopyable>(_ offset: Int, as type: Value.Type) -> Value {
    assert(
      offset >= 0 && offset &+ MemoryLayout<Value>.size <= usedBytes, "outside the bytes in use")
    // SAFETY: in bounds, as the caller promises; any bits are a value of such a type, because
    // callers store only integers and structs of integers.
    return unsafe base.loadUnaligned(fromByteOffset: offset, as: type)
  }

  /// As `store`, for a caller that has seen to it that the bytes are in use.
  @inline(__always)
  @unsafe mutating func storeUnchecked<Value: BitwiseCopyable>(_ value: Value, at offset: Int) {
    assert(
      offset >= 0 && offset &+ MemoryLayout<Value>.size <= usedBytes, "outside the bytes in use")
    // SAFETY: in bounds, as the caller promises; `mutating` makes the write exclusive.
    unsafe base.storeBytes(of: value, toByteOffset: offset, as: Value.self)
  }

  /// Adds the cache line of a byte to what is brought nearer; does nothing for a byte that is not
  /// in use.
  @inline(__always)
  func prefetch(_ offset: Int, _ list: inout PrefetchList) {
    guard UInt(bitPattern: offset) < UInt(bitPattern: usedBytes) else { return }
    // SAFETY: an address inside the mapping, of which only the number is taken.
    list.add(UInt(bitPattern: unsafe base + offset))
  }

  /// Brings the cache line of a byte nearer that somebody after this event will want; also one that
  /// is not in use yet.
  @inline(__always)
  func prefetch(_ offset: Int) {
    // SAFETY: a prefetch reads nothing a program could see, whatever the address.
    unsafe prefetch_line(base + offset)
  }

  /// Bytes that may be in use before more pages are asked for.
  var calmBytes: Int { min(supplyMark, reservedBytes) }

  /// Where the first byte lies, for what borrows this memory, or changes it, as long as it uses the
  /// address, and stays among the bytes in use.
  @unsafe var start: UnsafeMutableRawPointer {
    @inline(__always) get { unsafe base }
  }

  /// Where the first byte lies, of which only the number is to be used; 0 without a reservation.
  var address: UInt {
    // SAFETY: nothing is read.
    reservedBytes == 0 ? 0 : unsafe UInt(bitPattern: base)
  }

  /// The bytes in use, to read in place.
  var bytes: Span<UInt8> {
    @_lifetime(borrow self)
    borrowing get {
      // SAFETY: initialised bytes of our own mapping, which outlives the borrow; writing needs
      // exclusive access to self, which the borrow excludes.
      let start = unsafe UnsafePointer(base.assumingMemoryBound(to: UInt8.self))
      let span = unsafe Span(_unsafeStart: start, count: usedBytes)
      return unsafe _overrideLifetime(span, borrowing: self)
    }
  }

  /// Copies bytes inside this memory; the ranges may overlap.
  ///
  /// *Traps* when a range lies outside the bytes in use.
  mutating func move(from source: Int, to destination: Int, bytes: Int) {
    check(source, bytes)
    check(destination, bytes)
    // SAFETY: both ranges are in bounds and memmove allows them to overlap.
    unsafe memmove(base + destination, base + source, bytes)
  }

  /// Appends bytes in use to an array.
  ///
  /// *Traps* when the range lies outside the bytes in use.
  func append(_ range: Range<Int>, to output: inout [UInt8]) {
    check(range.lowerBound, range.count)
    // SAFETY: in bounds, and read only for the length of the call.
    unsafe output.append(
      contentsOf: UnsafeRawBufferPointer(start: base + range.lowerBound, count: range.count))
  }

  /// Overwrites bytes in use with a part of an array.
  ///
  /// *Traps* when either range is out of bounds.
  mutating func fill(_ offset: Int, from input: [UInt8], _ range: Range<Int>) {
    check(offset, range.count)
    precondition(range.upperBound <= input.count, "outside the array")
    guard !range.isEmpty else { return }
    // SAFETY: both ranges are in bounds; the array is no part of this mapping.
    unsafe input.withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress else { return }
      unsafe memcpy(base + offset, start + range.lowerBound, range.count)
    }
  }

  /// Sets bytes to zero.
  ///
  /// *Traps* when the range lies outside the bytes in use.
  mutating func clear(_ offset: Int, bytes: Int) {
    check(offset, bytes)
    // SAFETY: the range is in bounds.
    unsafe memset(base + offset, 0, bytes)
  }

  /// Gives what lies below an offset back to the system, a piece as soon as there is one, some time
  /// later: bytes below may be written no more, and read as what they were or as zero.
  ///
  /// Who sweeps over a table says after each step how far it is.
  ///
  /// *Traps* when the offset lies outside the bytes in use.
  @inline(__always)
  mutating func release(below offset: Int) {
    if offset >= releaseMark { releasePieces(below: offset) }
  }

  @inline(never)
  private mutating func releasePieces(below offset: Int) {
    check(0, offset)
    let start = releasedBytes
    while releaseMark <= offset {
      releasedBytes = releaseMark
      releaseMark = pieceEnd(after: releasedBytes)
    }
    giveBack(start..<releasedBytes)
  }

  private mutating func giveBack(_ bytes: Range<Int>) {
    // SAFETY: whole pages of our own mapping whose content the caller gave up; it stays mapped
    // until requests are forgotten, and is not used again before they are settled.
    if bytes.count <= Self.fewBytes {
      unsafe madvise(base + bytes.lowerBound, bytes.count, MADV_DONTNEED)
    } else {
      (isReleasing, hasRequests) = (true, true)
      unsafe PageSupply.request(.giveBack, base + bytes.lowerBound, bytes: bytes.count)
    }
  }

  /// Waits until all that was released has gone back: from then on it reads as zero.
  mutating func settle() {
    guard isReleasing else { return }
    // SAFETY: our own mapping.
    unsafe PageSupply.settle(mapping, bytes: mappedBytes)
    isReleasing = false
  }

  /// Where the piece ends that begins where another ended.
  private func pieceEnd(after start: Int) -> Int {
    start < hugeStart ? hugeStart : start + Self.hugePageBytes
  }

  @inline(__always)
  private func check(_ offset: Int, _ bytes: Int) {
    precondition(
      offset >= 0 && bytes >= 0 && bytes <= usedBytes &- offset, "offset outside reserved memory")
  }

  private static let pageBytes = 4096
  private static let hugePageBytes = 2 << 20
  /// Below this a store uses small pages: a test or a small tenant should not pay 2 MiB per array.
  private static let smallBytes = 2 << 20
  /// From so many bytes on, what is used as a whole lies in huge pages alone.
  private static let wholeBytes = 4 << 20
  /// What doubles to so many bytes lies in huge pages from then on: to copy half of them takes some
  /// 40 µs.
  private static let doubledBytes = 1 << 20
  /// Past this many bytes in use the first small pages are asked for: below it there is little to
  /// gain, and stores are many.
  private static let firstSupply = 32 << 10
  /// Past this many the first huge pages are asked for: in time.
  private static let hugeMark = 3 << 19

  /// So few go back at once, which takes some 40 µs: a small table that soon grows again need not
  /// wait for them.
  private static let fewBytes = 256 << 10

  /// How far ahead huge pages are brought in: an eighth of what is in use, within these.
  private static let leastSupply = 4 << 20
  private static let greatestSupply = 64 << 20

  private static func roundedUp(_ bytes: Int, to multiple: Int) -> Int {
    (bytes + multiple - 1) & ~(multiple - 1)
  }

  /// Where huge pages begin, `bytes` when there are none.
  private static func hugeStart(of base: UnsafeMutableRawPointer, _ bytes: Int) -> Int {
    let address = Int(bitPattern: base)
    return min(roundedUp(address + smallBytes, to: hugePageBytes) - address, bytes)
  }

  private static func adviseHugePages(
    _ base: UnsafeMutableRawPointer, _ bytes: Int, from start: Int
  ) {
    // SAFETY: only addresses inside the mapping are named, and advice changes no content. A refusal
    // costs speed alone, so its result is not looked at.
    unsafe madvise(base, start, MADV_NOHUGEPAGE)
    if start < bytes { unsafe madvise(base + start, bytes - start, MADV_HUGEPAGE) }
  }
}

// SAFETY: a pointer is what keeps this from being Sendable by itself. The mapping has exactly one
// owner, which cannot be copied; moving it to another thread moves the whole right to touch the
// bytes. What `PageSupply` does beside the owner is to bring pages in, which changes no byte, and
// to give back those whose bytes the owner gave up and does not write before that is settled.
extension ReservedMemory: @unchecked Sendable {}
