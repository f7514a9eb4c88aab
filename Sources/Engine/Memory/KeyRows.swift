/// The part of one store in many records of a key space, which are looked for once.
@safe struct KeyRows: ~Escapable {
  private let first: UnsafeMutableRawPointer
  private let stride: Int
  /// How many records are in use.
  let count: Int
  private let bytes: Int

  /// So many parts from an address on, for as long as `owner` is borrowed.
  ///
  /// *Requires* that they are in use until then.
  @inline(__always) @_lifetime(borrow owner)
  @unsafe init<Owner: ~Copyable>(
    _ first: UnsafeMutableRawPointer, stride: Int, count: Int, bytes: Int,
    of owner: borrowing Owner
  ) {
    // SAFETY: kept no longer than the borrow that the caller names.
    unsafe self.first = first
    self.stride = stride
    self.count = count
    self.bytes = bytes
  }

  /// The part in the record of a key, where it lies.
  ///
  /// *Traps* when it was not in use.
  @inline(__always) @_lifetime(copy self)
  func record(_ key: Int) -> Fields {
    precondition(UInt(bitPattern: key) < UInt(bitPattern: count), "number of no record")
    // SAFETY: in use, and the store's own, as long as the owner is borrowed.
    let fields = unsafe Fields(first + key &* stride, bytes: bytes, of: self)
    return unsafe _overrideLifetime(fields, copying: self)
  }
}
