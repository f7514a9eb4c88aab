import Model
import Values

/// Events of the stream W1 as lines of JSON, as a sender would write them.
enum PipelineText {
  /// 2026-01-01T00:00:00Z, where the seconds of the stream begin.
  private static let start: Int64 = 1_767_225_600_000_000
  private static let identifiers = ["device", "ip", "card", "phone", "email", "address"]

  static func append(_ event: HotpathEvent, to output: inout [UInt8]) {
    let id = event.isLabel ? "label_id" : "referral_id"
    append("{\"event\":\"\(event.isLabel ? "label" : "referral")\",\"\(id)\":", &output)
    append(key: UInt64(event.sequence), &output)
    append(",\"at\":\"", &output)
    let time = Timestamp(microseconds: start + Int64(event.seconds) * 1_000_000)
    TimestampText.append(time, to: &output)
    append("\"", &output)
    if event.isLabel {
      append(",\"entity\":\"account\",\"key\":", &output)
      append(key: event.referee, &output)
      append(",\"label\":\"confirmed_fraud\"}\n", &output)
      return
    }
    append(",\"referrer\":", &output)
    append(key: event.referrer, &output)
    append(",\"referee\":", &output)
    append(key: event.referee, &output)
    for kind in event.identifiers.indices where event.identifiers[kind] != 0 {
      append(",\"\(identifiers[kind])\":", &output)
      append(key: event.identifiers[kind], &output)
    }
    append(",\"amount\":\(event.amount / 100).", &output)
    append("\(event.amount % 100 / 10)\(event.amount % 10)}\n", &output)
  }

  private static func append(_ text: String, _ output: inout [UInt8]) {
    output.append(contentsOf: text.utf8)
  }

  /// A key as 16 hexadecimal digits.
  private static func append(key: UInt64, _ output: inout [UInt8]) {
    append("\"", &output)
    for index in 0..<16 {
      let digit = UInt8(truncatingIfNeeded: key >> UInt64(60 - 4 * index)) & 15
      output.append(digit < 10 ? 48 + digit : 87 + digit)
    }
    append("\"", &output)
  }
}
