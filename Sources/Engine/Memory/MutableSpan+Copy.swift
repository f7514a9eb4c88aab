extension MutableSpan where Element: BitwiseCopyable {
  /// Takes the elements of another, all at once.
  ///
  /// *Traps* when it has not as many.
  @inline(__always)
  mutating func copy(_ other: Span<Element>) {
    precondition(count == other.count, "another number of elements")
    unsafe withUnsafeMutableBufferPointer { target in
      unsafe other.withUnsafeBufferPointer { source in
        // SAFETY: both have as many elements, which are plain; nothing can be read that is being
        // changed, so they do not overlap.
        guard let to = target.baseAddress, let from = source.baseAddress else { return }
        unsafe to.update(from: from, count: source.count)
      }
    }
  }
}
