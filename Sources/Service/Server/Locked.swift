import Glibc

/// A value behind a lock.
///
/// `Synchronization.Mutex` would do, but the thread sanitizer of Swift 6.3 does not see it being
/// taken when two threads contend for it and reports races in correct programs. Silencing those
/// reports would silence real ones; of `pthread_mutex_t` the sanitizer knows every edge.
// SAFETY: `value` is reached only between lock and unlock, and is itself Sendable.
@safe
final class Locked<Value: Sendable>: @unchecked Sendable {
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private var value: Value

  init(_ value: Value) {
    self.value = value
    // SAFETY: a mutex must not move, so it lives in memory of its own, which C initialises, until
    // deinit.
    unsafe mutex = .allocate(capacity: 1)
    let status = unsafe pthread_mutex_init(mutex, nil)
    precondition(status == 0, "a plain mutex can always be made")
  }

  deinit {
    // SAFETY: nobody holds the lock of an object nobody refers to.
    unsafe pthread_mutex_destroy(mutex)
    unsafe mutex.deallocate()
  }

  /// Calls with the value while no other thread has it. Not to be nested.
  func withLock<Result, Failure: Error>(
    _ body: (inout Value) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    // SAFETY: the mutex is initialised as long as self.
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    return try body(&value)
  }
}
