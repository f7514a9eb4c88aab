import CKernels
import Model
import Values

/// A mistake as the hot path reports it: positions only. Words are made when it leaves the decoder.
struct EventFault: Error {
  var code: WireError.Code
  /// Position among the scanned members; the object that lacks something when `isAbsent`.
  var member: Int?
  /// Position in `EventPlan.members`.
  var plan: Int?
  /// Position in `EventPlan.groups`, for names that are not there.
  var group: Int?
  var time: TimestampFault?
  var isAbsent: Bool

  init(
    _ code: WireError.Code, member: Int? = nil, plan: Int? = nil, group: Int? = nil,
    time: TimestampFault? = nil, isAbsent: Bool = false
  ) {
    self.code = code
    self.member = member
    self.plan = plan
    self.group = group
    self.time = time
    self.isAbsent = isAbsent
  }

  static func tooLarge(byteCount: Int) -> WireError {
    WireError(
      code: .tooLarge, pointer: "",
      detail: "The event has \(byteCount) bytes; at most \(Limits.eventBytes) are read.",
      remedy: "Send less text, or split the event.")
  }

  static func unreadable(_ status: json_status, byteCount: Int) -> WireError {
    switch status {
    case JSON_INVALID_UTF8:
      WireError(
        code: .invalidUTF8, pointer: "", detail: "The event is not valid UTF-8.",
        remedy: "Write the text in UTF-8; Latin-1 and Windows-1252 are not read.")
    case JSON_NOT_AN_OBJECT:
      WireError(
        code: .notAnObject, pointer: "", detail: "The line is not a JSON object.",
        remedy: "Send one object per event: {\"event\": \"…\", …}.")
    case JSON_OUT_OF_MEMORY:
      preconditionFailure("no memory for an event of \(byteCount) bytes")
    default:
      WireError(
        code: .invalidJSON, pointer: "",
        detail: byteCount == 0
          ? "There is no text where an event should be."
          : "The event is not valid JSON, or something follows it.",
        remedy: "Check quotes, commas and brackets; send exactly one object per line.")
    }
  }

  /// The mistake in words.
  func described(
    by plan: EventPlan, _ members: Span<json_member>, text: Span<UInt8>
  ) -> WireError {
    let words = FaultWords(fault: self, plan: plan)
    return words.error(members, text)
  }
}
