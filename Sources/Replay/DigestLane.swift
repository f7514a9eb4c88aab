import Model
import Wire

/// A digest of lines, on a thread of its own or on the caller's: the same digest either way.
// SAFETY: that it changes is what keeps a class from being Sendable by itself. `digest` is reached
// by the lane's thread from when lines are handed in until nothing is under way, which the monitor
// tells, and by the owner then; `thread` by the owner alone.
@safe
final class DigestLane: @unchecked Sendable {
  private struct Line: Sendable {
    /// To be digested, the next first.
    var waiting: [[UInt8]] = []
    /// What nobody uses.
    var free: [[UInt8]] = []
    /// Handed in and not digested yet.
    var underWay = 0
    var isClosed = false
  }

  private var digest = DecisionDigest()
  private let line = Monitor(Line())
  private var thread: OwnThread?

  /// Gives the lane a thread of its own; without one it goes on as it is. Whoever does this must
  /// `close` the lane, or it lives for ever.
  func start() {
    // Where there is no thread to be had the lane digests on the caller's.
    thread = try? OwnThread { self.run() }
  }

  /// Hands lines in, a newline after each, and leaves a buffer without any. Waits while too many
  /// are under way.
  func add(_ lines: inout [UInt8]) {
    guard thread != nil else {
      digest.add(lines: lines.span)
      lines.removeAll(keepingCapacity: true)
      return
    }
    var next = line.wait(until: { $0.underWay < Limits.batchesAhead }) { $0.free.popLast() ?? [] }
    swap(&next, &lines)
    line.change { line in
      line.waiting.append(next)
      line.underWay += 1
    }
  }

  /// The digest of all lines since the last `finish`, see `DecisionDigest`.
  func finish() -> String {
    line.wait(until: { $0.underWay == 0 }) { _ in }
    return digest.finish()
  }

  /// Ends the lane's thread when it has digested what is under way.
  func close() {
    guard let running = thread else { return }
    line.change { $0.isClosed = true }
    // Joined once, since the thread is forgotten below.
    running.join()
    thread = nil
  }

  // MARK: The lane's own thread

  private func run() {
    while var lines = next() {
      digest.add(lines: lines.span)
      lines.removeAll(keepingCapacity: true)
      line.change { line in
        line.free.append(lines)
        line.underWay -= 1
      }
    }
  }

  /// The next lines to digest; nil when there will be none.
  private func next() -> [UInt8]? {
    line.wait(until: { !$0.waiting.isEmpty || $0.isClosed }) { line in
      line.waiting.isEmpty ? nil : line.waiting.removeFirst()
    }
  }
}
