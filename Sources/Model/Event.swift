/// Whether an event slot or a register holds a value.
///
/// *Shape*: one byte beside each 64-bit payload.
public enum ValueState: UInt8, Sendable, BitwiseCopyable {
  /// The payload is a value.
  case present = 0
  /// There is no value; the payload is 0.
  case missing = 1
  /// Computing the value failed; the payload is an `EvaluationFault` raw value.
  case error = 2
  /// Only in an event's attribute slots: the event sets this attribute to nothing.
  case cleared = 3
}

/// Why an expression has no value although its operands had.
public enum EvaluationFault: UInt64, Sendable {
  /// A result outside 64 bits.
  case overflow = 1
  /// Division or remainder by zero.
  case divisionByZero = 2
  /// A regular expression ran out of its match, depth or heap limit.
  case regexLimit = 3
  /// A text that does not read as the wanted type.
  case conversion = 4
  /// An argument that a function does not take: an index outside the text, a negative shift.
  case argument = 5
}

/// One typed event, flat: payload and state per slot of its type, text in one arena.
///
/// *Shape*: slots as laid out by `EventType.fields[…].slot`; text payloads refer to `text` (arena
/// `.event`), which may hold other bytes as well. Reuse one value for many events: clearing keeps
/// capacity, so nothing is allocated.
public struct Event: Sendable {
  /// Position in `Schema.events`.
  public var type: Int
  /// Order of arrival, from 1.
  public var sequence: UInt64
  /// Time of the event: the payload of its time field.
  public var time: Timestamp {
    didSet { printedTime = 0 }
  }
  /// The natural key: the payload of its id field.
  public var id: TextReference {
    didSet { isIdPlain = false }
  }
  /// Whether the id is known to be written in JSON as it is, without an escape: to be said after
  /// the id is set.
  public var isIdPlain: Bool
  /// Where in `text` the time is known to stand as it is printed, in twenty bytes; 0 for nowhere.
  /// To be said after the time is set.
  public var printedTime: UInt32
  /// One payload per slot.
  public var payloads: [UInt64]
  /// One `ValueState` raw value per slot.
  public var states: [UInt8]
  /// Bytes that text payloads lie in, each UTF-8.
  public var text: [UInt8]

  /// Creates an empty event to decode into.
  public init() {
    type = 0
    sequence = 0
    time = Timestamp(microseconds: 0)
    id = TextReference(arena: .event, offset: 0, length: 0)
    isIdPlain = false
    printedTime = 0
    payloads = []
    states = []
    text = []
  }

  /// Makes this an event of `type` with every slot missing, keeping capacity.
  public mutating func reset(type: Int, slotCount: Int) {
    text.removeAll(keepingCapacity: true)
    resetSlots(type: type, slotCount: slotCount)
  }

  /// Makes this an event of `type` with every slot missing, its text as it is.
  public mutating func resetSlots(type: Int, slotCount: Int) {
    self.type = type
    time = Timestamp(microseconds: 0)
    id = TextReference(arena: .event, offset: 0, length: 0)
    guard payloads.count == slotCount, states.count == slotCount else {
      payloads.removeAll(keepingCapacity: true)
      states.removeAll(keepingCapacity: true)
      payloads.append(contentsOf: repeatElement(0, count: slotCount))
      states.append(contentsOf: repeatElement(ValueState.missing.rawValue, count: slotCount))
      return
    }
    // Mostly an event of the same type was here before.
    Self.fill(&payloads, with: 0)
    Self.fill(&states, with: ValueState.missing.rawValue)
  }

  /// Sets all slots. Not inlined: where one function takes mutable spans of two parts of a value,
  /// Swift 6.3 optimises away the look at whether a copy shares the second, and would change it.
  @inline(never)
  private static func fill<Slot: BitwiseCopyable>(_ slots: inout [Slot], with slot: Slot) {
    var slots = slots.mutableSpan
    for place in slots.indices { slots[place] = slot }
  }

  /// Sets a slot that holds no text.
  ///
  /// *Traps* when `slot` is out of range.
  public mutating func set(_ slot: Int, payload: UInt64) {
    payloads[slot] = payload
    states[slot] = ValueState.present.rawValue
  }

  /// Sets a slot to text, appending its UTF-8 to the arena.
  ///
  /// *Traps* when `slot` is out of range.
  public mutating func set(_ slot: Int, utf8 bytes: some Collection<UInt8>) {
    let offset = text.count
    text.append(contentsOf: bytes)
    set(slot, textFrom: offset)
  }

  /// As above, of bytes that lie in a row.
  ///
  /// *Traps* when `slot` is out of range.
  public mutating func set(_ slot: Int, utf8 bytes: Span<UInt8>) {
    let offset = text.count
    for index in bytes.indices { text.append(bytes[index]) }
    set(slot, textFrom: offset)
  }

  /// Sets a slot to what was appended to the arena last.
  private mutating func set(_ slot: Int, textFrom offset: Int) {
    let reference = TextReference(arena: .event, offset: offset, length: text.count - offset)
    set(slot, payload: reference.bits)
  }

  /// Marks an attribute slot as set to nothing.
  ///
  /// *Traps* when `slot` is out of range.
  public mutating func clear(_ slot: Int) {
    payloads[slot] = 0
    states[slot] = ValueState.cleared.rawValue
  }

  /// The natural key as text.
  public var idText: String {
    String(decoding: text[id.offset..<id.offset + id.length], as: UTF8.self)
  }
}
