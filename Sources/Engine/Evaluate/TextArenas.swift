import Model

/// The four stores a text reference may point into while one event is scored, and what signals
/// have collected.
struct TextArenas: ~Escapable, BitwiseCopyable {
  let event: Span<UInt8>
  let constant: Span<UInt8>
  let attribute: Span<UInt8>
  let scratch: Span<UInt8>
  /// Payloads, as a `CollectedReference` names them.
  let collected: Span<UInt64>

  @_lifetime(copy event, copy constant, copy attribute, copy scratch, copy collected)
  init(
    event: Span<UInt8>, constant: Span<UInt8>, attribute: Span<UInt8>, scratch: Span<UInt8>,
    collected: Span<UInt64> = Span()
  ) {
    self.event = event
    self.constant = constant
    self.attribute = attribute
    self.scratch = scratch
    self.collected = collected
  }

  /// Those of an event for which no text is computed yet.
  @_lifetime(borrow event, borrow plan, borrow attributes, copy collected)
  init(
    of event: borrowing Event, _ plan: borrowing EnginePlan,
    _ attributes: borrowing AttributeStore, collected: Span<UInt64>
  ) {
    self.init(
      event: event.text.span, constant: plan.constantText.span, attribute: attributes.bytes,
      scratch: Span(), collected: collected)
  }

  /// The UTF-8 a payload refers to.
  ///
  /// *Traps* when it lies outside its arena.
  @_lifetime(copy self)
  func bytes(_ payload: UInt64) -> Span<UInt8> {
    let reference = TextReference(bits: payload)
    return arena(of: reference)
      .extracting(reference.offset..<reference.offset + reference.length)
  }

  /// The store a reference points into.
  @inline(__always)
  @_lifetime(copy self)
  func arena(of reference: TextReference) -> Span<UInt8> {
    arena(of: reference, scratch)
  }

  /// The same stores with the text computed so far.
  @_lifetime(copy self, borrow scratch)
  func with(_ scratch: borrowing ScratchText) -> TextArenas {
    TextArenas(
      event: event, constant: constant, attribute: attribute, scratch: scratch.bytes.span,
      collected: collected)
  }

  /// The same stores with what signals have collected.
  @_lifetime(copy self, copy collected)
  func with(collected: Span<UInt64>) -> TextArenas {
    TextArenas(
      event: event, constant: constant, attribute: attribute, scratch: scratch,
      collected: collected)
  }

  /// The store a reference points into while text is still being computed; `scratch` is the newer
  /// one.
  @inline(__always)
  @_lifetime(copy self, copy scratch)
  func arena(of reference: TextReference, _ scratch: Span<UInt8>) -> Span<UInt8> {
    // By far the most texts are the event's own.
    if reference.bits >> 56 == UInt64(TextArena.event.rawValue) { return event }
    return switch reference.arena {
    case .event: event
    case .constant: constant
    case .attribute: attribute
    case .scratch: scratch
    }
  }

  /// The UTF-8 a payload refers to while text is still being computed.
  ///
  /// *Traps* when it lies outside its arena.
  @inline(__always)
  @_lifetime(copy self, borrow scratch)
  func bytes(_ payload: UInt64, _ scratch: borrowing ScratchText) -> Span<UInt8> {
    let reference = TextReference(bits: payload)
    return arena(of: reference, scratch.bytes.span)
      .extracting(reference.offset..<reference.offset + reference.length)
  }
}

/// Text made while one event is scored.
struct ScratchText: ~Copyable {
  /// Normalised identifiers, then what library functions gave: the arena `.scratch`.
  var bytes: [UInt8] = []
  /// What a library function is writing, before it is known to have a value.
  var work: [UInt8] = []
}
