/// Why a line is not an event, and where.
///
/// Never holds a value of a field that is personal, a key of an entity or an identifier.
public struct WireError: Error, Hashable, Sendable {
  /// What kind of mistake it is; the raw values are stable and never reused.
  public enum Code: String, Sendable, CaseIterable {
    /// The line is longer than `Limits.eventBytes`.
    case tooLarge = "too_large"
    /// The line is not UTF-8.
    case invalidUTF8 = "invalid_utf8"
    /// The line is not JSON of RFC 8259, or something follows it.
    case invalidJSON = "invalid_json"
    /// The line is not a JSON object.
    case notAnObject = "not_an_object"
    /// The package declares no event of this name.
    case unknownEvent = "unknown_event"
    /// The event has no field of this name.
    case unknownField = "unknown_field"
    /// The entity has no attribute of this name.
    case unknownAttribute = "unknown_attribute"
    /// A name stands twice in one object.
    case duplicateKey = "duplicate_key"
    /// A required value is absent or null.
    case missingField = "missing_field"
    /// A value of another JSON type than the field takes.
    case wrongType = "wrong_type"
    /// A number beyond what the field's type holds.
    case numberOutOfRange = "number_out_of_range"
    /// A decimal with more fraction digits than its scale.
    case tooManyDigits = "too_many_digits"
    /// A text that should be a decimal and is none.
    case invalidNumber = "invalid_number"
    /// A text or number that is no point in time.
    case invalidTime = "invalid_time"
    /// A text that is no duration.
    case invalidDuration = "invalid_duration"
    /// A text that is not Base64.
    case invalidBytes = "invalid_bytes"
    /// A text with a NUL in it.
    case invalidText = "invalid_text"
    /// The enumeration has no case of this name.
    case unknownCase = "unknown_case"
    /// A key, natural key or identifier of no characters.
    case emptyKey = "empty_key"
  }

  /// The kind of mistake.
  public var code: Code
  /// Where it is, as a JSON Pointer of RFC 6901; empty for the whole line.
  public var pointer: String
  /// What is wrong and what was expected, a sentence for people.
  public var detail: String
  /// What to do about it, a sentence for people.
  public var remedy: String
  /// The name that was probably meant.
  public var suggestion: String?

  /// Creates an error.
  public init(
    code: Code, pointer: String, detail: String, remedy: String, suggestion: String? = nil
  ) {
    self.code = code
    self.pointer = pointer
    self.detail = detail
    self.remedy = remedy
    self.suggestion = suggestion
  }
}

extension WireError: CustomStringConvertible {
  /// Everything in one line: `unknown_field at /amout: … Did you mean …?`
  public var description: String {
    code.rawValue + (pointer.isEmpty ? "" : " at \(pointer)") + ": \(detail) \(remedy)"
  }
}
