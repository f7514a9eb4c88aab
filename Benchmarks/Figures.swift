/// What a benchmark found, in the order it is shown.
struct Figures {
  /// The version of the JSON form; grows when a name or a meaning changes.
  static let version = 2

  enum Value: Hashable {
    case text(String)
    case number(Int)
    /// Shown with this many decimals.
    case measure(Double, decimals: Int)
    /// Not measured in this run.
    case none
  }

  private(set) var entries: [(group: String?, name: String, value: Value)] = []
  /// What a reader must know beside the figures.
  var notes: [String] = []

  mutating func add(_ name: String, _ value: Value, in group: String? = nil) {
    entries.append((group, name, value))
  }

  /// Adds a measure, or that there is none.
  mutating func add(
    _ name: String, _ value: Double?, decimals: Int = 1, in group: String? = nil
  ) {
    add(name, value.map { .measure($0, decimals: decimals) } ?? .none, in: group)
  }

  /// For people: one figure per line, then the notes.
  var text: String {
    var lines: [String] = []
    let width = entries.map { $0.name.count + ($0.group.map { $0.count + 1 } ?? 0) }.max() ?? 0
    for entry in entries where entry.value != .none {
      let name = (entry.group.map { $0 + "." } ?? "") + entry.name
      let padding = String(repeating: " ", count: width - name.count)
      lines.append("\(name)\(padding)  \(entry.value.plain)")
    }
    lines += notes.map { "note: \($0)" }
    return lines.joined(separator: "\n") + "\n"
  }

  /// For programs: one object, with an object per group.
  var json: String {
    var members = ["\"version\": \(Self.version)"]
    var groups: [String] = []
    for entry in entries {
      guard let group = entry.group else {
        members.append(Self.member(entry.name, entry.value))
        continue
      }
      guard !groups.contains(group) else { continue }
      groups.append(group)
      let inner = entries.filter { $0.group == group }.map { Self.member($0.name, $0.value) }
      members.append("\"\(group)\": {\(inner.joined(separator: ", "))}")
    }
    let notes = notes.map { Self.quoted($0) }.joined(separator: ", ")
    members.append("\"notes\": [\(notes)]")
    return "{\n  \(members.joined(separator: ",\n  "))\n}\n"
  }

  private static func member(_ name: String, _ value: Value) -> String {
    switch value {
    case .text(let text): "\"\(name)\": \(quoted(text))"
    case .none: "\"\(name)\": null"
    default: "\"\(name)\": \(value.plain)"
    }
  }

  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}

extension Figures.Value {
  /// The value without quotes.
  fileprivate var plain: String {
    switch self {
    case .text(let text): text
    case .number(let number): "\(number)"
    case .measure(let value, let decimals): Self.fixed(value, decimals)
    case .none: "null"
    }
  }

  /// Rounded half away from zero.
  private static func fixed(_ value: Double, _ decimals: Int) -> String {
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    let units = Int64((value * scale).rounded())
    guard decimals > 0 else { return "\(units)" }
    let digits = "\(units.magnitude)"
    let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
    return (units < 0 ? "-" : "") + padded.dropLast(decimals) + "." + padded.suffix(decimals)
  }
}
