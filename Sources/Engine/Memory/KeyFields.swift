import CPrefetch

/// The part of one store in the records of a key space.
///
/// *Shape*: `bytes` of each record, in which the store lays out its fields as it likes. What it
/// has not written is zero.
@safe struct KeyFields: ~Copyable {
  /// Holds what `shape` points to.
  private let records: KeyRecords
  private let shape: UnsafeMutablePointer<KeyRecords.Shape>
  private let offset: Int
  /// Bytes of a record that are this store's.
  let bytes: Int

  /// Claims so many bytes of each record; without records it has none, and no key is in use.
  init(bytes: Int, in records: KeyRecords?) {
    let bytes = records == nil ? 0 : bytes
    let records = records ?? KeyRecords(capacity: 0)
    self.records = records
    // SAFETY: it lies there as long as the records, which this value holds.
    unsafe shape = records.shape
    offset = records.claim(bytes: bytes)
    self.bytes = bytes
  }

  /// Records in use, with that of number 0.
  var count: Int {
    // SAFETY: initialised as long as `records` is there.
    @inline(__always) get { unsafe shape.pointee.count }
  }

  /// Bytes of this part in all records in use.
  var liveBytes: Int { count * bytes }

  /// Brings the records of numbers below `count` into use.
  ///
  /// *Traps* when the capacity is exceeded.
  @inline(__always)
  mutating func use(count: Int) { records.use(count: count) }

  /// Brings the next record into use, writes a field of it, and gives its number.
  ///
  /// *Traps* when the capacity is exceeded.
  @inline(__always)
  mutating func append<Value: BitwiseCopyable>(_ value: Value, _ field: Int) -> Int {
    let number = records.useNext()
    // SAFETY: in use since just now, and no other part has these bytes, as in `store`.
    unsafe placeInUse(number, field, MemoryLayout<Value>.size)
      .storeBytes(of: value, as: Value.self)
    return number
  }

  /// A field of a key.
  ///
  /// *Traps* when there is no such record.
  @inline(__always)
  func load<Value: BitwiseCopyable>(_ key: Int, _ field: Int, as type: Value.Type) -> Value {
    // SAFETY: in bounds; any bits are a value of such a type, because callers store only integers
    // and structs of integers.
    unsafe place(key, field, MemoryLayout<Value>.size).loadUnaligned(as: type)
  }

  /// A field of a key whose record is brought into use when it is not.
  ///
  /// *Traps* when the capacity is exceeded.
  @inline(__always)
  mutating func reach<Value: BitwiseCopyable>(
    _ key: Int, _ field: Int, as type: Value.Type
  ) -> Value {
    precondition(key >= 0, "number of no record")
    records.use(count: key &+ 1)
    // SAFETY: in use since just now, and any bits are a value, as in `load`.
    return unsafe placeInUse(key, field, MemoryLayout<Value>.size).loadUnaligned(as: type)
  }

  /// Writes a field of a key.
  ///
  /// *Traps* when there is no such record.
  @inline(__always)
  mutating func store<Value: BitwiseCopyable>(_ value: Value, _ key: Int, _ field: Int) {
    // SAFETY: in bounds, and no other part has these bytes; `mutating` keeps spans of them away,
    // and of `Fields` each load and store is by itself.
    unsafe place(key, field, MemoryLayout<Value>.size).storeBytes(of: value, as: Value.self)
  }

  /// This part of the record of a key, where it lies.
  ///
  /// *Traps* when there is no such record.
  @inline(__always) @_lifetime(borrow self)
  borrowing func record(_ key: Int) -> Fields {
    // SAFETY: in use, and no other part has these bytes.
    unsafe Fields(place(key, 0, bytes), bytes: bytes, of: self)
  }

  /// This part of all records that are in use by now, for a look at many.
  var rows: KeyRows {
    @inline(__always) @_lifetime(borrow self)
    borrowing get {
      // SAFETY: those in use stay so, and where they are.
      unsafe KeyRows(
        shape.pointee.base + offset, stride: shape.pointee.stride, count: shape.pointee.count,
        bytes: bytes, of: self)
    }
  }

  /// Brings the cache line nearer in which this part of a key begins; does nothing for a key that
  /// is not in use.
  @inline(__always)
  func prefetch(_ key: Int, _ list: inout PrefetchList) {
    guard UInt(bitPattern: key) < UInt(bitPattern: count) else { return }
    // SAFETY: an address inside the records, of which only the number is taken.
    list.add(
      UInt(
        bitPattern: unsafe shape.pointee.base + (key &* shape.pointee.stride &+ offset)))
  }

  /// The address of this part of a key, in use or not, of which only the number is to be used.
  @inline(__always)
  func address(_ key: Int) -> UInt {
    // SAFETY: the shape lies there as long as the records; nothing is read.
    UInt(bitPattern: unsafe shape.pointee.base)
      &+ UInt(bitPattern: unsafe key &* shape.pointee.stride &+ offset)
  }

  /// As with a list, asked for at once; also for keys that are not in use yet.
  @inline(__always)
  func prefetch(_ keys: Range<Int>) {
    // SAFETY: the shape lies there as long as the records; a prefetch reads nothing a program could
    // see, whatever the address.
    let stride = unsafe shape.pointee.stride
    var place = unsafe shape.pointee.base + (keys.lowerBound &* stride &+ offset)
    for _ in keys {
      unsafe prefetch_line(place)
      unsafe place += stride
    }
  }

  /// Where this part lies, once the records are open.
  var column: RecordColumn {
    guard bytes > 0 else { return .none }
    // SAFETY: as in `count`; nothing is read.
    return unsafe RecordColumn(
      start: UInt(bitPattern: shape.pointee.base), stride: shape.pointee.stride,
      bytes: offset..<offset + bytes)
  }

  @inline(__always)
  private func place(_ key: Int, _ field: Int, _ size: Int) -> UnsafeMutableRawPointer {
    precondition(
      UInt(bitPattern: key) < UInt(bitPattern: count), "number of no record")
    // SAFETY: it is in use.
    return unsafe placeInUse(key, field, size)
  }

  /// *Requires* a record in use.
  @inline(__always)
  private func placeInUse(_ key: Int, _ field: Int, _ size: Int) -> UnsafeMutableRawPointer {
    assert(field >= 0 && size >= 0 && field &+ size <= bytes, "outside the part of a store")
    // SAFETY: a record in use lies within the memory in use.
    return unsafe shape.pointee.base + (key &* shape.pointee.stride &+ offset &+ field)
  }
}

// SAFETY: a pointer is what keeps this from being Sendable by itself. It is that of the records,
// which this value holds; who has the value has its bytes of each record, and all parts of the
// records go from thread to thread together, with the engine or the store they were made for.
extension KeyFields: @unchecked Sendable {}

/// One value, or a few side by side, of every key of a space.
struct KeyColumn<Element: BitwiseCopyable>: ~Copyable {
  private var fields: KeyFields

  /// Claims room for `width` values in each record; without records there will be none.
  init(width: Int = 1, in records: KeyRecords?) {
    fields = KeyFields(bytes: width * MemoryLayout<Element>.stride, in: records)
  }

  /// Keys in use, with number 0.
  var count: Int {
    @inline(__always) get { fields.count }
  }

  /// Bytes of the values in use.
  var liveBytes: Int { fields.liveBytes }

  /// Brings the values of keys below `count` into use.
  ///
  /// *Traps* when the capacity is exceeded.
  @inline(__always)
  mutating func use(count: Int) { fields.use(count: count) }

  /// Brings the values of the next key into use, writes the first, and gives the number of the key.
  ///
  /// *Traps* when the capacity is exceeded.
  @inline(__always)
  mutating func append(_ value: Element) -> Int { fields.append(value, 0) }

  /// The value of a key.
  ///
  /// *Traps* when the key is not in use.
  subscript(_ key: Int) -> Element {
    @inline(__always) get { fields.load(key, 0, as: Element.self) }
    @inline(__always) set { fields.store(newValue, key, 0) }
  }

  /// One of several values of a key.
  ///
  /// *Traps* when the key is not in use.
  subscript(_ key: Int, _ index: Int) -> Element {
    @inline(__always) get {
      fields.load(key, index &* MemoryLayout<Element>.stride, as: Element.self)
    }
    @inline(__always) set {
      fields.store(newValue, key, index &* MemoryLayout<Element>.stride)
    }
  }

  /// All values of a key, to read and write in place.
  ///
  /// *Traps* when the key is not in use.
  @inline(__always) @_lifetime(borrow self)
  borrowing func record(_ key: Int) -> Fields { fields.record(key) }

  /// Where the values lie.
  var column: RecordColumn { fields.column }

  /// The address of the values of a key, in use or not, of which only the number is to be used.
  @inline(__always)
  func address(_ key: Int) -> UInt { fields.address(key) }

  /// Brings the cache line nearer in which the value of a key begins; does nothing for one that is
  /// not in use.
  @inline(__always)
  func prefetch(_ key: Int, _ list: inout PrefetchList) { fields.prefetch(key, &list) }
}
