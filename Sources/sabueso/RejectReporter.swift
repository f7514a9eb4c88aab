import Replay
import Synchronization

/// Tells people about refused lines: the first ones in full, the rest by number.
struct RejectReporter {
  private static let shownInFull = 20
  private var counts: [String: Int] = [:]
  private var shown = 0
  private var total = 0
  private static let anyRefused = Atomic<Bool>(false)

  /// Whether a line was refused, in any file: the process then ends with `ExitCode.badInput`.
  static var hasRefused: Bool { anyRefused.load(ordering: .relaxed) }

  mutating func report(_ line: RejectedLine, in path: String) {
    Self.anyRefused.store(true, ordering: .relaxed)
    total += 1
    counts[line.error.code, default: 0] += 1
    guard shown < RejectReporter.shownInFull else { return }
    shown += 1
    let place = line.error.pointer.isEmpty ? "" : " at \(line.error.pointer)"
    Terminal.note(
      "\(path):\(line.number): \(line.error.code)\(place): \(line.error.detail) \(line.error.remedy)\n"
    )
  }

  /// Says how many there were of each kind and, of a command that can keep them, where they are.
  func finish(keptIn path: String?, canKeep: Bool = true) {
    guard total > 0 else { return }
    if total > shown {
      Terminal.note("… and \(NumberText.grouped(total - shown)) more refused lines\n")
    }
    let kinds = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .map { "\($0.key) \(NumberText.grouped($0.value))" }
    let kept = path.map { "; kept in \($0)" } ?? (canKeep ? "; --rejects FILE keeps them" : "")
    Terminal.note(
      "\(NumberText.grouped(total)) line\(total == 1 ? "" : "s") refused (\(kinds.joined(separator: ", ")))\(kept)\n"
    )
  }
}
