/// A fixed number of values that cannot be copied, such as the stores of an engine.
@safe struct FixedArray<Element: ~Copyable>: ~Copyable {
  private let base: UnsafeMutablePointer<Element>
  /// Number of elements.
  let count: Int

  /// Makes `count` elements in order of their index.
  ///
  /// *Throws* what `make` throws, after destroying what was made.
  init<Failure: Error>(
    count: Int, _ make: (Int) throws(Failure) -> Element
  ) throws(Failure) {
    precondition(count >= 0, "negative count")
    // SAFETY: one allocation owned by this value alone, released here on failure or once in deinit.
    // Exactly the elements below `made` are initialised.
    let base = UnsafeMutablePointer<Element>.allocate(capacity: count)
    var made = 0
    do throws(Failure) {
      while made < count {
        unsafe (base + made).initialize(to: try make(made))
        made += 1
      }
    } catch {
      unsafe base.deinitialize(count: made)
      unsafe base.deallocate()
      throw error
    }
    unsafe self.base = unsafe base
    self.count = count
  }

  deinit {
    // SAFETY: all `count` elements were initialised by init and none was moved out since.
    unsafe base.deinitialize(count: count)
    unsafe base.deallocate()
  }

  /// The positions of the elements.
  var indices: Range<Int> { 0..<count }

  /// Where an element and those after it lie, for what borrows this array, or changes it, as long
  /// as it uses the address.
  ///
  /// *Traps* when the index is out of range.
  @inline(__always)
  @unsafe func address(_ index: Int) -> UnsafeMutablePointer<Element> {
    // The count is not negative, so one comparison tells both ends.
    precondition(
      UInt(bitPattern: index) < UInt(bitPattern: count), "index outside fixed array")
    // SAFETY: an initialised element.
    return unsafe base + index
  }

  /// An element, to borrow or to change in place.
  ///
  /// *Traps* when the index is out of range.
  subscript(_ index: Int) -> Element {
    @inline(__always) unsafeAddress {
      // SAFETY: the address lives only as long as the access to self.
      unsafe UnsafePointer(address(index))
    }
    @inline(__always) unsafeMutableAddress {
      // SAFETY: as above, and `mutating` access makes it exclusive.
      unsafe address(index)
    }
  }
}

extension FixedArray where Element: BitwiseCopyable {
  /// Makes `count` equal elements.
  init(repeating element: Element, count: Int) {
    self.init(count: count) { _ in element }
  }
}

extension FixedArray where Element: Copyable {
  /// Copies elements.
  init(_ elements: [Element]) {
    self.init(count: elements.count) { elements[$0] }
  }

  /// The elements, to read in place.
  var span: Span<Element> {
    @inline(__always) @_lifetime(borrow self)
    borrowing get {
      // SAFETY: `count` initialised elements that live as long as the borrow; writing them needs
      // exclusive access to self, which the borrow excludes.
      let span = unsafe Span(_unsafeStart: base, count: count)
      return unsafe _overrideLifetime(span, borrowing: self)
    }
  }

  /// The elements, to change in place.
  var mutableSpan: MutableSpan<Element> {
    @inline(__always) @_lifetime(&self)
    mutating get {
      // SAFETY: as above; the mutable borrow makes the access exclusive.
      let span = unsafe MutableSpan(_unsafeStart: base, count: count)
      return unsafe _overrideLifetime(span, mutating: &self)
    }
  }
}

// SAFETY: a pointer is what keeps this from being Sendable by itself. The elements it leads to are
// Sendable and have exactly one owner, which cannot be copied, so who sends it sends them.
extension FixedArray: @unchecked Sendable where Element: Sendable & ~Copyable {}
