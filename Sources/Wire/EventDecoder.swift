import CKernels
public import Model
import Values

/// Reads events from lines of JSON, each checked against the schema to the last byte.
///
/// `{"event":"referral","referral_id":"r1","at":"2026-01-01T10:00:00Z","referrer":"A",`
/// `"referee":{"account_id":"B","country":"MX"},"reward":250.00}`, with `event` at any place.
///
/// *Shape* of the values: `int` and `uint` are whole numbers without fraction or exponent; `double`
/// any number; `decimal` a number or a text of one, read digit by digit, with no more fraction
/// digits than its scale; `timestamp` RFC 3339 or whole microseconds since 1970; `duration` a text
/// like `"1h30m"` or whole microseconds; `bytes` Base64; an enumeration the name of its case; an
/// entity its key as a text, or an object with key and attributes; an identifier a text. Null and
/// absence are the same on `T?`; null on an optional attribute sets it to nothing.
///
/// One decoder serves one thread; its memory is reused from line to line.
public struct EventDecoder: ~Copyable {
  private var scanner = JSONScanner()
  private var reader: EventReader
  private var scratch: EventScratch

  /// Prepares a decoder.
  ///
  /// *Traps* when an event's time is no required timestamp or its id no required text.
  public init(_ schema: Schema) {
    let plan = EventPlan(schema)
    reader = EventReader(plan)
    scratch = EventScratch(memberCount: plan.members.count)
  }

  /// Reads one line into `event`, all of which is replaced but `sequence`.
  ///
  /// *Throws* a `WireError`; `event` then holds nothing of use.
  ///
  /// *Complexity*: O(bytes), about 1 µs for 19 fields; allocates nothing once `event` has room.
  public mutating func decode(
    _ line: Span<UInt8>, into event: inout Event
  ) throws(WireError) {
    guard line.count <= Limits.eventBytes else { throw EventFault.tooLarge(byteCount: line.count) }
    // The line is the text of the event, so that it is read there and its values are places in it:
    // one copy, not many.
    JSONScanner.lay(line, in: &event.text)
    let status = scanner.scan(event.text.span, length: line.count)
    guard status == JSON_OK else { throw EventFault.unreadable(status, byteCount: line.count) }
    let hasEscapes = scanner.hasEscapes
    if hasEscapes { keepUnescaped(behind: line.count, in: &event.text) }
    try reader.read(scanner, into: &event, &scratch)
    // In the line itself nothing stands in a text that JSON would escape; texts that had escapes
    // lie behind it.
    event.isIdPlain = !hasEscapes
  }

  /// Puts the texts that had escapes where their offsets say they are.
  @inline(never)
  private func keepUnescaped(behind length: Int, in text: inout [UInt8]) {
    text.removeLast(text.count - length - JSONScanner.padding)
    text.append(scanner.unescaped)
  }
}
