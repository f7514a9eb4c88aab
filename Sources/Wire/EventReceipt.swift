public import Model
internal import Values

/// What is answered to an event that no policy governs: that it is recorded, and where.
public enum EventReceipt {
  /// `{"sequence":7,"event":"login","id":"l1","at":"…","decision":null}`
  public static func text(
    sequence: UInt64, event: String, id: [UInt8], at time: Timestamp
  ) -> [UInt8] {
    var output: [UInt8] = []
    ValueText.append("{\"sequence\":", to: &output)
    ValueText.append(sequence, to: &output)
    ValueText.append(",\"event\":", to: &output)
    JSONText.append(event, to: &output)
    ValueText.append(",\"id\":", to: &output)
    JSONText.append(id.span, to: &output)
    ValueText.append(",\"at\":\"", to: &output)
    TimestampText.append(time, to: &output)
    ValueText.append("\",\"decision\":null}", to: &output)
    return output
  }
}
