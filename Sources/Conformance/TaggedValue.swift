import Expressions
import Values

/// Values as conformance files write them: `{"int":"-1"}`, one key that names the type.
enum TaggedValue {
  /// The value; nil for what is none.
  static func value(_ json: DynamicValue) -> DynamicValue? {
    guard let entries = json.entries, entries.count == 1, let tag = entries[0].key.text else {
      return nil
    }
    let content = entries[0].value
    switch tag {
    case "null": return .null
    case "bool": return content.flag.map(DynamicValue.bool)
    case "int": return content.text.flatMap { Int64($0) }.map(DynamicValue.int)
    case "uint": return content.text.flatMap { UInt64($0) }.map(DynamicValue.uint)
    case "double": return content.text.flatMap { Double($0) }.map(DynamicValue.double)
    case "string": return content.text.map(DynamicValue.string)
    case "bytes": return content.text.flatMap(Base64.decode).map(DynamicValue.bytes)
    case "type": return content.text.map(DynamicValue.type)
    case "list": return content.elements.flatMap(list)
    case "map": return content.elements.flatMap(map)
    case "timestamp": return nanoseconds(content).map(DynamicValue.timestamp)
    case "duration": return nanoseconds(content).map(DynamicValue.duration)
    default: return nil
    }
  }

  private static func list(_ elements: [DynamicValue]) -> DynamicValue? {
    let values = elements.compactMap(value)
    return values.count == elements.count ? .list(values) : nil
  }

  private static func map(_ entries: [DynamicValue]) -> DynamicValue? {
    var map = DynamicMap()
    for entry in entries {
      guard let pair = entry.elements, pair.count == 2, let key = value(pair[0]),
        let value = value(pair[1]), (try? map.insert(key, value)) != nil
      else { return nil }
    }
    return .map(map)
  }

  private static func nanoseconds(_ json: DynamicValue) -> Int128? {
    guard let parts = json.elements, parts.count == 2,
      let seconds = parts[0].text.flatMap({ Int64($0) }), case .int(let rest) = parts[1]
    else { return nil }
    return Int128(seconds) * 1_000_000_000 + Int128(rest)
  }

  /// The value as such JSON.
  static func json(_ value: DynamicValue) -> String {
    switch value {
    case .null: #"{"null":null}"#
    case .bool(let value): #"{"bool":\#(value)}"#
    case .int(let value): #"{"int":"\#(value)"}"#
    case .uint(let value): #"{"uint":"\#(value)"}"#
    case .double(let value): #"{"double":"\#(DoubleText.shortest(value))"}"#
    case .string(let value): #"{"string":\#(JSONString.quoted(value))}"#
    case .bytes(let value): #"{"bytes":"\#(Base64.encode(value))"}"#
    case .type(let name): #"{"type":\#(JSONString.quoted(name))}"#
    case .list(let elements): #"{"list":[\#(elements.map(json).joined(separator: ","))]}"#
    case .map(let map):
      #"{"map":[\#(map.entries.map { "[\(json($0.key)),\(json($0.value))]" }.joined(separator: ","))]}"#
    case .timestamp(let nanoseconds): #"{"timestamp":\#(parts(nanoseconds))}"#
    case .duration(let nanoseconds):
      #"{"duration":["\#(nanoseconds / 1_000_000_000)",\#(nanoseconds % 1_000_000_000)]}"#
    case .optional(let inner): #"{"optional":\#(inner.map(json) ?? "null")}"#
    case .address(let address): #"{"ip":"\#(address.text)"}"#
    case .subnet(let subnet): #"{"cidr":"\#(subnet.text)"}"#
    }
  }

  private static func parts(_ nanoseconds: Int128) -> String {
    let (seconds, rest) = DynamicTime.parts(nanoseconds)
    return #"["\#(seconds)",\#(rest)]"#
  }

  /// Whether two values are the same, types included; unlike `==`, NaN is itself and 1 is not 1u.
  static func isSame(_ a: DynamicValue, _ b: DynamicValue) -> Bool {
    guard a.typeName == b.typeName else { return false }
    switch (a, b) {
    case (.double(let x), .double(let y)):
      return x.isNaN && y.isNaN || x == y && x.sign == y.sign
    case (.list(let x), .list(let y)):
      return x.count == y.count && zip(x, y).allSatisfy { isSame($0, $1) }
    case (.map(let x), .map(let y)):
      guard x.count == y.count else { return false }
      return x.entries.allSatisfy { entry in
        y.entries.contains { isSame($0.key, entry.key) && isSame($0.value, entry.value) }
      }
    default: return a.equals(b)
    }
  }
}

/// Types as conformance files write them: `{"t":"list","of":{"t":"int"}}`.
enum TaggedType {
  private static let simple: [String: StandardType] = [
    "dyn": .dyn, "null": .null, "bool": .bool, "int": .int, "uint": .uint, "double": .double,
    "string": .string, "bytes": .bytes, "timestamp": .timestamp, "duration": .duration,
  ]

  static func type(_ json: DynamicValue) -> StandardType? {
    guard let tag = json["t"]?.text else { return nil }
    if let simple = simple[tag] { return simple }
    switch tag {
    case "list": return json["of"].flatMap(type).map(StandardType.list)
    case "map":
      guard let key = json["key"].flatMap(type), let value = json["value"].flatMap(type) else {
        return nil
      }
      return .map(key, value)
    case "type": return .type(json["of"].flatMap(type) ?? .dyn)
    case "wrapper": return json["of"].flatMap(type).map(StandardType.wrapper)
    case "param": return json["name"]?.text.map(StandardType.parameter)
    case "abstract":
      guard let name = json["name"]?.text else { return nil }
      return .abstract(name, (json["params"]?.elements ?? []).compactMap(type))
    default: return nil
    }
  }
}

/// Strings of JSON.
enum JSONString {
  static func quoted(_ text: String) -> String {
    var output = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": output += "\\\""
      case "\\": output += "\\\\"
      case "\n": output += "\\n"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        output += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: output.unicodeScalars.append(scalar)
      }
    }
    return output + "\""
  }
}
