/// A decision as its line says it.
struct DecisionLine: Decodable {
  var event: String
  var id: String
  var at: String
  var policy: String
  var decision: String
  var score: Int
  var holdUntil: String?
  var queue: String?
  var exempt: Bool?
  var reasons: [String]
  var rules: [Rule]
  var signals: [String: Value]?
  var evidence: [String: Evidence]?

  /// A rule that was not silent.
  struct Rule: Decodable {
    var name: String
    var outcome: String
    var status: String
    var score: Int
    var reason: String?
    var analyst: Text?
    var customer: Text?
  }

  /// What makes a graph signal true.
  struct Evidence: Decodable {
    var ties: [Tie]
    var complete: Bool
  }

  /// A tie between accounts, or what is known of one account or value.
  struct Tie: Decodable {
    var from: Name?
    var to: Name?
    var link: String?
    var between: [Name]?
    var identifier: String?
    var value: Name?
    var hub: Bool?
    var account: Name?
    var label: String?
  }

  /// An account or value by its text, or by its token where the event did not hold it.
  struct Name: Decodable {
    var text: String

    private enum Key: CodingKey {
      case token
    }

    init(from decoder: any Decoder) throws {
      if let named = try? decoder.singleValueContainer().decode(String.self) {
        text = named
      } else {
        let token = try decoder.container(keyedBy: Key.self).decode(String.self, forKey: .token)
        text = "#" + token.prefix(8)
      }
    }
  }

  /// A text in both languages.
  struct Text: Decodable {
    var en: String
    var es: String
  }

  /// A signal's value, as text.
  struct Value: Decodable {
    var text: String?

    private enum Key: CodingKey {
      case value
      case truncated
    }

    init(from decoder: any Decoder) throws {
      if let bounded = try? decoder.container(keyedBy: Key.self) {
        let value = try bounded.decode(Value.self, forKey: .value)
        text = value.text.map { "≥ \($0)" }
        return
      }
      let single = try decoder.singleValueContainer()
      if single.decodeNil() {
        text = nil
      } else if let flag = try? single.decode(Bool.self) {
        text = String(flag)
      } else if let whole = try? single.decode(Int64.self) {
        text = String(whole)
      } else if let number = try? single.decode(Double.self) {
        text = String(number)
      } else {
        text = try single.decode(String.self)
      }
    }
  }
}
