import Glibc
import Synchronization

/// The wish of the user, or of whoever started the process, to end a long run early.
enum Interruption {
  private static let asked = Atomic<Bool>(false)

  /// Makes Ctrl-C and SIGTERM a wish that `isAsked` tells of, once: the second one ends the process.
  static func watch() {
    asked.store(false, ordering: .relaxed)
    // A handler may only do what is safe at any moment: store to an atomic, which was made above, and
    // set a signal.
    for number in [SIGINT, SIGTERM] {
      signal(number) { number in
        Interruption.asked.store(true, ordering: .relaxed)
        signal(number, SIG_DFL)
      }
    }
  }

  /// Whether it was wished.
  static var isAsked: Bool { asked.load(ordering: .relaxed) }
}
