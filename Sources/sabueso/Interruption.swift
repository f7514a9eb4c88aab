import Glibc
import Synchronization

/// The wish of the user, or of whoever started the process, to end a long run early.
enum Interruption {
  private static let asked = Atomic<Bool>(false)

  /// Lets signals through. A process inherits those its parent's thread blocks, and would never hear that it
  /// shall end.
  static func allow() {
    var none = sigset_t()
    // SAFETY: the set is a local; the call changes the mask of this thread and those it will start.
    unsafe sigemptyset(&none)
    unsafe pthread_sigmask(SIG_SETMASK, &none, nil)
  }

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
