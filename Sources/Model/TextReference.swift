/// Where the bytes of a text value lie: an arena, an offset and a length in one 64-bit payload.
///
/// *Shape*: arena in bits 63…56, length in bytes in bits 55…32, offset in bits 31…0.
public struct TextReference: Hashable, Sendable {
  /// The packed form that travels in registers and event slots.
  public var bits: UInt64

  /// Wraps a packed payload.
  @inlinable
  public init(bits: UInt64) {
    self.bits = bits
  }

  /// Packs a place.
  ///
  /// *Traps* when the length needs more than 24 bits or the offset more than 32.
  @inlinable
  public init(arena: TextArena, offset: Int, length: Int) {
    precondition(length < 1 << 24 && offset < 1 << 32 && length >= 0 && offset >= 0)
    bits = UInt64(arena.rawValue) << 56 | UInt64(length) << 32 | UInt64(offset)
  }

  /// The arena the offset counts in.
  ///
  /// *Traps* on bits that were never packed from an arena.
  @inlinable
  public var arena: TextArena {
    guard let arena = TextArena(rawValue: UInt8(bits >> 56)) else {
      preconditionFailure("text reference without an arena")
    }
    return arena
  }

  /// Bytes from the start of the arena.
  @inlinable
  public var offset: Int { Int(bits & 0xFFFF_FFFF) }

  /// Length in bytes of UTF-8.
  @inlinable
  public var length: Int { Int(bits >> 32 & 0xFF_FFFF) }
}

/// The stores of text a reference may point into.
public enum TextArena: UInt8, Sendable {
  /// The event being scored.
  case event = 0
  /// Constants of the package.
  case constant = 1
  /// Attributes the engine remembers of entities.
  case attribute = 2
  /// Text computed while one event is scored.
  case scratch = 3
}
