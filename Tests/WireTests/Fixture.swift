import Model
import Values
import Wire

/// The package the tests of this folder speak of.
enum Fixture {
  static let schema: Schema = {
    let account = Entity(
      name: "account", keyName: "account_id", keyIsPersonal: true,
      attributes: [
        Attribute(name: "country", type: .string, isOptional: true, isPersonal: false),
        Attribute(name: "kyc_level", type: .int, isOptional: false, isPersonal: false),
        Attribute(name: "email", type: .string, isOptional: true, isPersonal: true),
      ])
    let device = Identifier(
      name: "device", entity: 0, normalizer: .trim, maxDegree: 500, retentionMicroseconds: nil)
    let fields = [
      Field(name: "referral_id", type: .string, slot: 0),
      Field(name: "at", type: .timestamp, slot: 1),
      Field(name: "referrer", type: .reference("account"), kind: .entity(0), slot: 2),
      Field(name: "referee", type: .reference("account"), kind: .entity(0), slot: 6),
      Field(
        name: "device", type: .reference("device"), kind: .identifier(0), isOptional: true,
        owners: [3], slot: 10),
      Field(name: "reward", type: .decimal(scale: 2, unit: "MXN"), slot: 11),
      Field(name: "channel", type: .enumeration("channel_kind"), isOptional: true, slot: 12),
      Field(name: "clicks", type: .int, isOptional: true, slot: 13),
      Field(name: "views", type: .uint, isOptional: true, slot: 14),
      Field(name: "distance", type: .double, isOptional: true, slot: 15),
      Field(name: "is_new", type: .bool, isOptional: true, slot: 16),
      Field(name: "session", type: .duration, isOptional: true, slot: 17),
      Field(name: "note", type: .string, isOptional: true, isPersonal: true, slot: 18),
      Field(name: "token", type: .bytes, isOptional: true, slot: 19),
      Field(name: "cam/pa~ign", type: .string, isOptional: true, slot: 20),
    ]
    let login = [
      Field(name: "login_id", type: .string, slot: 0),
      Field(name: "at", type: .timestamp, slot: 1),
      Field(name: "who", type: .reference("account"), kind: .entity(0), slot: 2),
    ]
    return Schema(
      enumerations: [Enumeration(name: "channel_kind", cases: ["app", "web", "branch"])],
      entities: [account], identifiers: [device],
      events: [
        EventType(
          name: "referral", fields: fields, idField: 0, timeField: 1, retentionMicroseconds: nil,
          lateMicroseconds: 0, slotCount: 21),
        EventType(
          name: "login", fields: login, idField: 0, timeField: 1, retentionMicroseconds: nil,
          lateMicroseconds: 0, slotCount: 6),
      ])
  }()

  /// The shortest valid referral, with more members at its end.
  static func referral(_ more: String = "") -> String {
    #"{"event":"referral","referral_id":"r1","at":"2026-01-01T10:00:00Z","referrer":"A","#
      + #""referee":"B","reward":250.00"# + (more.isEmpty ? "" : "," + more) + "}"
  }

  /// A referral with one member replaced or taken away.
  static func referral(_ name: String, _ json: String?) -> String {
    let members = [
      ("event", #""referral""#), ("referral_id", #""r1""#), ("at", #""2026-01-01T10:00:00Z""#),
      ("referrer", #""A""#), ("referee", #""B""#), ("reward", "250.00"),
    ]
    let texts = members.compactMap { member -> String? in
      let value = member.0 == name ? json : member.1
      return value.map { "\"\(member.0)\":\($0)" }
    }
    return "{" + texts.joined(separator: ",") + "}"
  }

  static func decode(_ line: String) throws(WireError) -> Event {
    try decode(Array(line.utf8))
  }

  static func decode(_ line: [UInt8]) throws(WireError) -> Event {
    var decoder = EventDecoder(schema)
    var event = Event()
    try decoder.decode(line.span, into: &event)
    return event
  }

  static func error(_ line: String) -> WireError? {
    do {
      _ = try decode(line)
      return nil
    } catch {
      return error
    }
  }
}

extension Event {
  func text(_ slot: Int) -> String? {
    guard states[slot] == ValueState.present.rawValue else { return nil }
    let place = TextReference(bits: payloads[slot])
    return String(decoding: text[place.offset..<place.offset + place.length], as: UTF8.self)
  }

  func int(_ slot: Int) -> Int64? {
    states[slot] == ValueState.present.rawValue ? Int64(bitPattern: payloads[slot]) : nil
  }
}

/// *Source*: S. Vigna, SplitMix64.
struct SplitMix64 {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }

  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
}

extension DigestLine {
  /// The line of one decision.
  func append(_ decision: Decision, event: Event, to output: inout [UInt8]) {
    var told = ToldRules()
    var text = TextBuffer()
    told.find(in: decision)
    append(decision, event: event, telling: told, to: &text)
    output.append(text.span)
  }
}

extension DecisionEncoder {
  /// The answer with one decision.
  func encode(_ decision: Decision, event: Event, explain: Bool, into output: inout [UInt8]) {
    var told = ToldRules()
    var text = TextBuffer()
    told.find(in: decision)
    encode(decision, event: event, telling: told, explain: explain, into: &text)
    output.append(text.span)
  }
}
