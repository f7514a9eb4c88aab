/// What all stores keep of the keys of one space, side by side.
///
/// Most of what is known of a key is a few bytes in each of several stores, and an event asks for
/// all of it: in one record it takes one cache line or two to get, where each store by itself would
/// take one. Stores claim their part of the record as they are made; then the records are opened,
/// and their length stays as it is. A record that nobody has written to is zero.
@safe final class KeyRecords {
  /// What a store must know to find its part. It is looked up here at each access, for the length
  /// is known only once all stores are made.
  @unsafe struct Shape {
    /// Where the record of number 0 begins, which no key has.
    var base: UnsafeMutableRawPointer
    /// Bytes of a record.
    var stride: Int
    /// Records in use, with that of number 0.
    var count: Int
    /// Records that may be in use before more memory must be.
    var room = 0
  }

  /// Lies where it is as long as these records do.
  let shape: UnsafeMutablePointer<Shape>
  /// Only methods of this class reach it, none of them while another does: to have that looked at
  /// each time takes longer than to bring a record into use. Its bytes in use may be fewer than
  /// those of the records, see `makeRoom`.
  @exclusivity(unchecked) private var memory = ReservedMemory(reservedBytes: 0)
  private let capacity: Int
  private var isOpen = false
  /// Bytes of each record that some part has.
  private var claimedBytes = 0

  /// Makes records without parts for keys up to `capacity`.
  init(capacity: Int = Reservation.keys) {
    self.capacity = capacity
    // SAFETY: owned by this object alone, initialised here and released once in deinit. The base is
    // not dereferenced while there are no records.
    unsafe shape = .allocate(capacity: 1)
    unsafe shape.initialize(
      to: Shape(base: UnsafeMutableRawPointer(shape), stride: 0, count: 0))
  }

  deinit {
    // SAFETY: as above; every part holds this object.
    unsafe shape.deinitialize(count: 1)
    unsafe shape.deallocate()
  }

  /// Takes so many bytes of every record; gives where they begin.
  ///
  /// *Traps* once the records are open.
  func claim(bytes: Int) -> Int {
    precondition(!isOpen && bytes >= 0, "these records are laid out")
    claimedBytes += bytes
    // SAFETY: initialised, and nobody else changes it.
    let start = unsafe shape.pointee.stride
    unsafe shape.pointee.stride = start + (bytes + 3) & ~3
    return start
  }

  /// Lays the records out, once all parts are claimed.
  func open() {
    precondition(!isOpen, "these records are laid out")
    isOpen = true
    // SAFETY: as in `claim`.
    let stride = unsafe Self.padded(shape.pointee.stride)
    unsafe shape.pointee.stride = stride
    unsafe memory = ReservedMemory(reservedBytes: (capacity + 1) * stride)
    locate()
    use(count: 1)
  }

  /// Brings the records of numbers below `count` into use.
  ///
  /// *Traps* before the records are open, and when the capacity is exceeded.
  @inline(__always)
  func use(count: Int) {
    // SAFETY: as in `claim`.
    guard unsafe count > shape.pointee.count else { return }
    if unsafe count > shape.pointee.room { makeRoom(for: count) }
    unsafe shape.pointee.count = count
  }

  /// Brings the next record into use and gives its number.
  ///
  /// *Traps* as `use` does.
  @inline(__always)
  func useNext() -> Int {
    // SAFETY: as in `claim`.
    let number = unsafe shape.pointee.count
    if unsafe number >= shape.pointee.room { makeRoom(for: number &+ 1) }
    unsafe shape.pointee.count = number &+ 1
    return number
  }

  /// Brings the memory of so many records into use. Those after them for which no page need be
  /// asked are counted here alone until then: to tell it of each takes longer than to begin one.
  @inline(never)
  private func makeRoom(for count: Int) {
    precondition(isOpen, "these records are not laid out yet")
    // SAFETY: as in `claim`.
    let stride = unsafe shape.pointee.stride
    unsafe memory.use(bytes: count * stride)
    unsafe shape.pointee.room = max(count, memory.calmBytes / max(stride, 1))
  }

  /// Bytes of records in use that no part has.
  var paddingBytes: Int {
    // SAFETY: as in `claim`.
    unsafe shape.pointee.count * (shape.pointee.stride - claimedBytes)
  }

  /// A record may begin anywhere in a line, and then lie in one more than it must; whole halves of
  /// lines never do. They are taken where that costs little.
  private static func padded(_ bytes: Int) -> Int {
    let halves = (bytes + 31) & ~31
    return 7 * (halves - bytes) <= bytes ? halves : bytes
  }

  /// Notes where the records lie now.
  private func locate() {
    // SAFETY: the memory is replaced only here and in `transfer`, which calls this.
    if let base = unsafe UnsafeMutableRawPointer(bitPattern: memory.address) {
      unsafe shape.pointee.base = base
    }
  }

  /// The records as a snapshot carries them, of all stores at once.
  func transfer(_ archive: inout StateArchive) throws(SnapshotError) {
    // SAFETY: as in `claim`.
    let stride = unsafe shape.pointee.stride
    var count = unsafe shape.pointee.count
    try archive.expect(stride)
    try archive.transfer(&count)
    // The memory hears of all records there are, to carry them out; read, it is another one.
    if !archive.isReading { unsafe memory.use(bytes: count * stride) }
    unsafe shape.pointee.room = 0
    // Whatever goes wrong, nobody may look where the memory was.
    if archive.isReading { unsafe shape.pointee.count = 0 }
    defer { locate() }
    unsafe try archive.transfer(&memory)
    let (bytes, isTooMuch) = count.multipliedReportingOverflow(by: stride)
    guard count > 0, !isTooMuch, unsafe memory.usedBytes == bytes else { throw .damaged }
    unsafe shape.pointee.count = count
  }
}

// SAFETY: that it changes, and a pointer, keep a class from being Sendable by itself. Only the
// engine, or the store, that it was made for has it and its parts, and that has one owner at a
// time: they go from thread to thread together, and no two threads are ever in any of them.
extension KeyRecords: @unchecked Sendable {}
