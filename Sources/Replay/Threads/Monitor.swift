internal import Glibc

// SAFETY: `value` is reached only between lock and unlock, and is itself Sendable.
/// A value behind a lock whose change other threads can wait for.
@safe
public final class Monitor<Value: Sendable>: @unchecked Sendable {
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let changed: UnsafeMutablePointer<pthread_cond_t>
  private var value: Value

  /// Wraps a value.
  public init(_ value: Value) {
    self.value = value
    // SAFETY: neither may move, so both live in memory of their own, which C initialises, until
    // deinit.
    unsafe mutex = .allocate(capacity: 1)
    unsafe changed = .allocate(capacity: 1)
    let locks = unsafe pthread_mutex_init(mutex, nil)
    let waits = unsafe pthread_cond_init(changed, nil)
    precondition(locks == 0 && waits == 0, "a plain mutex and condition can always be made")
  }

  deinit {
    // SAFETY: nobody waits on or holds the lock of an object nobody refers to.
    unsafe pthread_cond_destroy(changed)
    unsafe pthread_mutex_destroy(mutex)
    unsafe changed.deallocate()
    unsafe mutex.deallocate()
  }

  /// Changes the value and wakes one waiter, or all of them. Not to be nested.
  public func change<Result>(wakingAll: Bool = false, _ body: (inout Value) -> Result) -> Result {
    // SAFETY: mutex and condition are initialised as long as self.
    unsafe pthread_mutex_lock(mutex)
    defer {
      if wakingAll {
        unsafe pthread_cond_broadcast(changed)
      } else {
        unsafe pthread_cond_signal(changed)
      }
      unsafe pthread_mutex_unlock(mutex)
    }
    return body(&value)
  }

  /// Waits until a condition holds and changes the value in the same breath.
  public func wait<Result>(
    until holds: (borrowing Value) -> Bool, _ body: (inout Value) -> Result
  ) -> Result {
    // SAFETY: mutex and condition are initialised as long as self; the wait gives the lock back.
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    while !holds(value) { unsafe pthread_cond_wait(changed, mutex) }
    return body(&value)
  }
}
