import CKernels
import Model
import Values

/// Turns a fault into a sentence, a pointer and a remedy. Runs only when something is wrong.
struct FaultWords {
  let fault: EventFault
  let plan: EventPlan

  /// The most bytes of a name or value an error repeats.
  private static let longestEcho = 48

  private var planned: MemberPlan? { fault.plan.map { plan.members[$0] } }

  private var type: String { fault.plan.map { plan.memberTypes[$0].description } ?? "" }

  func error(_ members: Span<json_member>, _ text: Span<UInt8>) -> WireError {
    let pointer = self.pointer(members, text)
    let name = fault.member.map { string(members[$0].key(text)) } ?? ""
    let found = fault.member.map { self.found(members[$0], text) } ?? "nothing"
    switch fault.code {
    case .unknownEvent:
      return unknown(
        pointer, spelled(members, text), plan.types.filter(\.isRead).map { plan.text($0.name) },
        "The package declares no event", "Its events are")
    case .unknownField, .unknownAttribute:
      let group = fault.group.map { plan.groups[$0] }
      let groupName = fault.group.map { plan.groupNames[$0] } ?? "The event"
      let names = group.map { $0.members.map { plan.text(plan.members[$0].name) } } ?? []
      return unknown(
        pointer, name, names, "\(groupName) has no", "It has", isName: true)
    case .unknownCase:
      return unknownCase(pointer, spelled(members, text))
    case .duplicateKey:
      return WireError(
        code: .duplicateKey, pointer: pointer, detail: "`\(name)` stands twice in one object.",
        remedy: "Send each name once.")
    case .missingField:
      return missing(pointer)
    default:
      return WireError(
        code: fault.code, pointer: pointer,
        detail: "Expected \(expected), found \(found).", remedy: remedy)
    }
  }

  // MARK: Sentences

  private func unknown(
    _ pointer: String, _ name: String?, _ candidates: [String], _ lead: String, _ list: String,
    isName: Bool = false
  ) -> WireError {
    let suggestion = name.flatMap { Spelling.suggestion(for: $0, among: candidates) }
    let shown = candidates.prefix(12).map { "`\($0)`" }.joined(separator: ", ")
    let more = candidates.count > 12 ? ", …" : ""
    return WireError(
      code: fault.code, pointer: pointer,
      detail: name.map { "\(lead) `\(Self.shortened($0))`." } ?? "\(lead) of this name.",
      remedy: suggestion.map { "Did you mean `\($0)`?" } ?? "\(list) \(shown)\(more).",
      suggestion: suggestion)
  }

  private func unknownCase(_ pointer: String, _ name: String?) -> WireError {
    guard let planned else { preconditionFailure("an unknown case of no field") }
    let cases = plan.enumerations[Int(planned.detail)].map { plan.text($0) }
    return unknown(
      pointer, planned.isSecret ? nil : name, cases, "\(type) has no case",
      "Its cases are")
  }

  private func missing(_ pointer: String) -> WireError {
    guard let planned else {
      return WireError(
        code: .missingField, pointer: "/event", detail: "The event does not say what it is.",
        remedy: "Add \"event\": \"…\" with the name of an event of the package.")
    }
    let name = plan.text(planned.name)
    return WireError(
      code: .missingField, pointer: pointer,
      detail: "`\(name)` is required and \(fault.isAbsent ? "absent" : "null").",
      remedy: "Send \(expected)"
        + (planned.isAttribute ? ", leave it out or declare it `\(type)?`." : "."))
  }

  private var expected: String {
    guard let planned else { return "a text" }
    switch planned.reader {
    case .bool: return "true or false"
    case .int: return "a whole number within 64 bits, without fraction or exponent"
    case .uint: return "a whole number from 0 within 64 bits, without fraction or exponent"
    case .double: return "a number a double can hold"
    case .text: return "a text without NUL"
    case .bytes: return "a text in Base64"
    case .timestamp: return "a time of RFC 3339 or whole microseconds since 1970"
    case .duration: return "a duration like \"90s\" or \"1h30m\", or whole microseconds"
    case .decimal:
      return "a number with at most \(planned.scale) fraction digits (\(type))"
    case .enumeration: return "a case of \(type) as a text"
    case .key: return "a text of at least one character, without NUL"
    case .entity: return "a key as a text, or an object with \(entityKey(planned))"
    }
  }

  private func entityKey(_ planned: MemberPlan) -> String {
    let group = plan.groups[Int(planned.detail)]
    return "`\(plan.text(plan.members[group.members.lowerBound].name))` and attributes"
  }

  private var remedy: String {
    switch fault.code {
    case .invalidTime: timeRemedy
    case .tooManyDigits: "Round it before sending; no digit is dropped here."
    case .numberOutOfRange: "Check the unit of the number."
    case .emptyKey:
      "Leave it out or send null if there is none; an empty text would join strangers."
    case .invalidText: "Take the \\u0000 out."
    case .wrongType where planned?.reader == .key: "Put quotes around it; keys are texts."
    default: "Send it in this form."
    }
  }

  private var timeRemedy: String {
    switch fault.time {
    case .range: "Check the calendar: month, day, hour and offset must exist; no leap seconds."
    case .precision: "Send at most six fraction digits; time is counted in microseconds."
    case .year: "Years 1 to 9999 are read; microseconds are counted from 1970, not milliseconds."
    case .shape, nil: "Write it like 2026-01-31T18:00:00Z or 2026-01-31T12:00:00.250-06:00."
    }
  }

  // MARK: What was there

  /// The text value a name was looked up by.
  private func spelled(_ members: Span<json_member>, _ text: Span<UInt8>) -> String? {
    fault.member.map { string(members[$0].value(text)) }
  }

  private func found(_ member: json_member, _ text: Span<UInt8>) -> String {
    let isSecret = planned?.isSecret ?? true
    switch member.kind {
    case JSON_NULL: return "null"
    case JSON_TRUE: return "true"
    case JSON_FALSE: return "false"
    case JSON_INTEGER, JSON_FRACTION:
      return isSecret ? "a number" : Self.shortened(string(member.value(text)))
    case JSON_STRING:
      if member.length == 0 { return "an empty text" }
      if member.has_nul { return "a text with NUL" }
      return isSecret ? "a text" : "\"\(Self.shortened(string(member.value(text))))\""
    case JSON_OBJECT: return "an object"
    default: return "an array or object"
    }
  }

  private func string(_ bytes: Span<UInt8>) -> String {
    var copy: [UInt8] = []
    copy.append(bytes)
    return String(decoding: copy, as: UTF8.self)
  }

  private static func shortened(_ text: String) -> String {
    text.utf8.count <= longestEcho ? text : String(text.prefix(longestEcho)) + "…"
  }

  // MARK: Where it is

  private func pointer(_ members: Span<json_member>, _ text: Span<UInt8>) -> String {
    var pointer = ""
    if let member = fault.member {
      if let parent = parent(of: member, members) {
        pointer += "/" + Self.escaped(string(members[parent].key(text)))
      }
      pointer += "/" + Self.escaped(string(members[member].key(text)))
    }
    if fault.isAbsent, let planned { pointer += "/" + Self.escaped(plan.text(planned.name)) }
    return pointer
  }

  /// The object a member lies in, when that is not the event itself.
  private func parent(of member: Int, _ members: Span<json_member>) -> Int? {
    var position = 0
    while position < member {
      let next = position + members[position].width
      if member < next { return position }
      position = next
    }
    return nil
  }

  /// *Source*: RFC 6901, section 3.
  private static func escaped(_ token: String) -> String {
    var escaped = ""
    for character in shortened(token).unicodeScalars {
      switch character {
      case "~": escaped += "~0"
      case "/": escaped += "~1"
      default: escaped.unicodeScalars.append(character)
      }
    }
    return escaped
  }
}
