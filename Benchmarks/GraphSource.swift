import Foundation

/// Events of one of the streams, in order.
struct GraphSource {
  private var stream: HotpathStream
  private var messages: [HotpathEvent] = []
  private var next = 0
  private let isMessages: Bool

  init(_ options: GraphOptions) throws(BenchmarkError) {
    stream = HotpathStream(seed: options.seed)
    isMessages = options.stream == .messages
    guard isMessages else { return }
    guard let text = try? String(contentsOfFile: options.messages, encoding: .utf8) else {
      throw .reference("there is no file \(options.messages)")
    }
    // Every fiftieth person is marked before anybody writes.
    for person in stride(from: 50, through: 2_000, by: 50) {
      var event = HotpathEvent()
      event.referee = UInt64(person)
      event.isLabel = true
      event.sequence = UInt32(messages.count)
      messages.append(event)
    }
    for line in text.split(separator: "\n") {
      let numbers = line.split(separator: " ").compactMap { UInt64($0) }
      guard numbers.count == 3 else { throw .reference("a line of messages is `\(line)`") }
      var event = HotpathEvent()
      event.referrer = numbers[0]
      event.referee = numbers[1]
      event.seconds = UInt32(numbers[2])
      event.sequence = UInt32(messages.count)
      messages.append(event)
    }
  }

  /// Whether enough was loaded before measuring; `left` events must be left.
  func isLoaded(accounts: Int, left: Int) -> Bool {
    isMessages ? messages.count - next <= left : stream.accounts >= UInt64(accounts)
  }

  /// The next event; nil at the end of the messages.
  mutating func take() -> HotpathEvent? {
    guard isMessages else { return stream.next() }
    guard next < messages.count else { return nil }
    next += 1
    return messages[next - 1]
  }
}
