internal import Model
internal import Values

/// One JSON object, written member by member.
struct EventText {
  private(set) var bytes: [UInt8] = []

  /// Begins an event.
  init(_ event: String, _ idName: String, _ id: String, at time: Int64) {
    bytes.reserveCapacity(320)
    bytes.append(contentsOf: "{\"event\":\"\(event)\"".utf8)
    add(idName, id)
    bytes.append(contentsOf: ",\"at\":\"".utf8)
    // Local time, as a system in Mexico City writes it.
    TimestampText.append(Timestamp(microseconds: time - WorldTime.offset), to: &bytes)
    bytes.removeLast()
    bytes.append(contentsOf: "-06:00\"".utf8)
  }

  /// Adds a text; nothing for nil. What this world writes needs no escapes.
  mutating func add(_ name: String, _ text: String?) {
    guard let text else { return }
    precondition(
      !text.utf8.contains { $0 < 0x20 || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") },
      "this text would need escapes: \(text)")
    bytes.append(contentsOf: ",\"\(name)\":\"\(text)\"".utf8)
  }

  mutating func add(_ name: String, _ number: Int?) {
    guard let number else { return }
    bytes.append(contentsOf: ",\"\(name)\":\(number)".utf8)
  }

  mutating func add(_ name: String, _ flag: Bool?) {
    guard let flag else { return }
    bytes.append(contentsOf: ",\"\(name)\":\(flag)".utf8)
  }

  /// Adds an amount given in cents.
  mutating func add(_ name: String, cents: Int?) {
    guard let cents else { return }
    let amount = Decimal(units: Int64(cents), scale: 2)
    bytes.append(contentsOf: ",\"\(name)\":\(amount)".utf8)
  }

  /// Adds a time.
  mutating func add(_ name: String, at time: Int64?) {
    guard let time else { return }
    bytes.append(contentsOf: ",\"\(name)\":\"".utf8)
    TimestampText.append(Timestamp(microseconds: time - WorldTime.offset), to: &bytes)
    bytes.removeLast()
    bytes.append(contentsOf: "-06:00\"".utf8)
  }

  /// Adds an account with what else the lender tells of it.
  mutating func addAccount(_ name: String, _ person: Person, at time: Int64) {
    bytes.append(
      contentsOf: ",\"\(name)\":{\"account_id\":\"\(person.account)\",\"country\":\"MX\"".utf8)
    add("opened_at", at: time)
    if person.isEmployee { add("is_employee", true) }
    add("tier", person.tier)
    bytes.append(UInt8(ascii: "}"))
  }

  /// The whole line.
  consuming func line() -> [UInt8] {
    bytes.append(contentsOf: "}\n".utf8)
    return bytes
  }
}
