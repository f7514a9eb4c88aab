internal import Glibc

/// A thread that does one piece of work and can be waited for.
public struct OwnThread: Sendable {
  private final class Work: Sendable {
    let run: @Sendable () -> Void

    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  private let thread: pthread_t

  /// Begins the work; what it refers to lives at least until it is done.
  ///
  /// *Throws* when the system gives no thread.
  public init(_ work: @escaping @Sendable () -> Void) throws(OwnThreadError) {
    // SAFETY: the new thread takes the one reference to the work; when there is none, it is given
    // back here.
    let context = unsafe Unmanaged.passRetained(Work(work)).toOpaque()
    var started = pthread_t()
    let status = unsafe pthread_create(
      &started, nil,
      { context in
        guard let context = unsafe context else { return nil }
        unsafe Unmanaged<Work>.fromOpaque(context).takeRetainedValue().run()
        return nil
      }, context)
    guard status == 0 else {
      unsafe Unmanaged<Work>.fromOpaque(context).release()
      throw OwnThreadError(reason: unsafe String(cString: strerror(status)))
    }
    thread = started
  }

  /// Waits until the work is done. To be called once.
  public func join() {
    pthread_join(thread, nil)
  }
}

/// Why a thread could not be started.
public struct OwnThreadError: Error {
  /// What the system says.
  public let reason: String
}
