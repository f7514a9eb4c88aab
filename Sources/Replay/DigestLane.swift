internal import Glibc
import Model
import Values
import Wire

/// Lines of the digest on their way from one thread to another: an object, for a buffer with one
/// owner cannot stand in a list.
// SAFETY: that it changes is what keeps a class from being Sendable by itself. One thread holds the
// lines at a time; they change hands under the lock of a `DigestLane`.
private final class DigestLines: @unchecked Sendable {
  var text = TextBuffer()
}

/// A digest of lines, taken by whoever has nothing else to do: the owner or the engine's thread
/// while they wait for each other, and a thread of its own where there is a processor for it. The
/// same digest in every case, for lines are digested in their order by one at a time.
// SAFETY: that it changes is what keeps a class from being Sendable by itself. `digest` is reached
// by who has set `isDigesting` under the monitor, until it is cleared there, and by the owner when
// nothing is under way; `thread` and `isShared` by the owner alone.
@safe
final class DigestLane: @unchecked Sendable {
  private struct Line: Sendable {
    /// To be digested, the next first.
    var waiting: [DigestLines] = []
    /// What nobody uses.
    var free: [DigestLines] = []
    /// Whether somebody is at it.
    var isDigesting = false
    var isClosed = false

    var isFull: Bool { waiting.count > Limits.batchesAhead }

    var canBegin: Bool { !waiting.isEmpty && !isDigesting }

    /// The next lines, which whoever gets them digests; nil when there are none or somebody is at
    /// those before.
    mutating func begin() -> DigestLines? {
      guard canBegin else { return nil }
      isDigesting = true
      return waiting.removeFirst()
    }
  }

  private var digest = DecisionDigest()
  private let line = Monitor(Line())
  private var thread: OwnThread?
  /// Whether somebody helps, so that lines may wait for it.
  private var isShared = false

  /// Lets others help: who waits, and where there are processors for the owner, the engine and one
  /// more, a thread of its own; with fewer, three threads would only take turns. Whoever does this
  /// must `close` the lane, or it lives for ever.
  func start(processors: Int = sysconf(Int32(_SC_NPROCESSORS_ONLN))) {
    isShared = true
    // Where there is no thread to be had, who waits digests.
    if processors > 2 { thread = try? OwnThread { self.run() } }
  }

  /// Hands lines in, a newline after each, and leaves a buffer without any. Digests some itself
  /// while too many are waiting.
  func add(_ lines: inout TextBuffer) {
    guard isShared else {
      digest.add(lines: lines.span)
      lines.removeAll()
      return
    }
    let next = line.wait(until: { _ in true }) { $0.free.popLast() } ?? DigestLines()
    swap(&next.text, &lines)
    line.change(wakingAll: true) { $0.waiting.append(next) }
    while line.wait(until: { !$0.isFull || $0.canBegin }, { $0.isFull }) { _ = help() }
  }

  /// Digests the next lines; false when there are none or somebody is at those before.
  func help() -> Bool {
    guard let lines = line.wait(until: { _ in true }, { $0.begin() }) else { return false }
    finish(lines)
    return true
  }

  /// The digest of all lines since the last `finish`, see `DecisionDigest`.
  func finish() -> String {
    while line.wait(until: { !$0.isDigesting }, { !$0.waiting.isEmpty }) { _ = help() }
    return digest.finish()
  }

  /// Ends the lane's thread when it has digested what is under way.
  func close() {
    guard let running = thread else { return }
    line.change(wakingAll: true) { $0.isClosed = true }
    // Joined once, since the thread is forgotten below.
    running.join()
    thread = nil
  }

  private func finish(_ lines: DigestLines) {
    digest.add(lines: lines.text.span)
    lines.text.removeAll()
    line.change(wakingAll: true) { line in
      line.free.append(lines)
      line.isDigesting = false
    }
  }

  // MARK: The lane's own thread

  private func run() {
    while let lines = next() { finish(lines) }
  }

  /// The next lines to digest; nil when there will be none.
  private func next() -> DigestLines? {
    line.wait(until: { $0.canBegin || $0.isClosed && $0.waiting.isEmpty }) { $0.begin() }
  }
}
