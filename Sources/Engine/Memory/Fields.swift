/// A record or a block where it lies: it is looked for once, and then read and written field by
/// field.
///
/// Who borrows what it is part of may write it, as through a reference: then several can be at hand
/// at once. Nothing refers into them for longer than it takes to load or store, so no write can
/// surprise; a store that lends spans of its bytes writes none of these through fields.
///
/// *Requires* that every field named lies inside. Release builds do not look again, because offsets
/// come from the layout of a store, which keeps them inside. Debug builds, which run all tests, do.
@safe struct Fields: ~Escapable {
  private let start: UnsafeMutableRawPointer
  private let bytes: Int

  /// The bytes from an address on, for as long as `owner` is borrowed.
  ///
  /// *Requires* that they are in use until then.
  @inline(__always) @_lifetime(borrow owner)
  @unsafe init<Owner: ~Copyable & ~Escapable>(
    _ start: UnsafeMutableRawPointer, bytes: Int, of owner: borrowing Owner
  ) {
    // SAFETY: kept no longer than the borrow that the caller names.
    unsafe self.start = start
    self.bytes = bytes
  }

  @inline(__always)
  func load<Value: BitwiseCopyable>(_ offset: Int, as type: Value.Type) -> Value {
    assert(offset >= 0 && offset &+ MemoryLayout<Value>.size <= bytes, "outside the fields")
    // SAFETY: inside, as required; any bits are a value of such a type, because callers store only
    // integers and structs of integers.
    return unsafe start.loadUnaligned(fromByteOffset: offset, as: type)
  }

  @inline(__always)
  func store<Value: BitwiseCopyable>(_ value: Value, _ offset: Int) {
    assert(offset >= 0 && offset &+ MemoryLayout<Value>.size <= bytes, "outside the fields")
    // SAFETY: inside, as required. What else refers to these bytes reads or writes before or after:
    // a store keeps no span of what it writes through fields.
    unsafe start.storeBytes(of: value, toByteOffset: offset, as: Value.self)
  }

  /// Where a field lies, for as long as nothing else happens to the bytes.
  @inline(__always)
  @unsafe func address<Value: BitwiseCopyable>(
    _ offset: Int, bytes: Int, as type: Value.Type
  ) -> UnsafePointer<Value> {
    assert(offset >= 0 && offset &+ bytes <= self.bytes, "outside the fields")
    // SAFETY: inside, as required; any bits are a value of such a type, as in `load`.
    return unsafe UnsafePointer((start + offset).assumingMemoryBound(to: type))
  }
}
