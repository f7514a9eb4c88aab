import Model

/// The four stores a text reference may point into while one event is scored.
struct TextArenas: ~Escapable {
  let event: Span<UInt8>
  let constant: Span<UInt8>
  let attribute: Span<UInt8>
  let scratch: Span<UInt8>

  @_lifetime(copy event, copy constant, copy attribute, copy scratch)
  init(
    event: Span<UInt8>, constant: Span<UInt8>, attribute: Span<UInt8>, scratch: Span<UInt8>
  ) {
    self.event = event
    self.constant = constant
    self.attribute = attribute
    self.scratch = scratch
  }

  /// The UTF-8 a payload refers to.
  ///
  /// *Traps* when it lies outside its arena.
  @_lifetime(copy self)
  func bytes(_ payload: UInt64) -> Span<UInt8> {
    let reference = TextReference(bits: payload)
    let range = reference.offset..<reference.offset + reference.length
    switch reference.arena {
    case .event: return event.extracting(range)
    case .constant: return constant.extracting(range)
    case .attribute: return attribute.extracting(range)
    case .scratch: return scratch.extracting(range)
    }
  }
}
