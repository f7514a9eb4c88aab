import Engine

/// Lines read ahead, in the order in which they are answered: new events to be decided, and
/// repeats. An object, so that no list of it is ever held twice, and copied, on its way.
// SAFETY: that it changes is what keeps a class from being Sendable by itself. One thread holds a
// batch at a time; it changes hands under the lock of an `EngineLane`.
final class ScoreBatch: @unchecked Sendable {
  enum Entry {
    case new(event: Int)
    case repeated(number: Int)
  }

  /// One per line.
  var entries: [Entry] = []
  /// The new events, and once the batch comes back, what was decided on them.
  var events: EventBatch

  init(capacity: Int) {
    events = EventBatch(capacity: capacity)
  }

  /// Takes what it holds out for something else.
  func exchange(_ entries: inout [Entry], _ events: inout EventBatch) {
    swap(&self.entries, &entries)
    swap(&self.events, &events)
  }

  /// Makes it fit for other lines.
  func removeAll() {
    entries.removeAll(keepingCapacity: true)
    events.count = 0
  }
}
