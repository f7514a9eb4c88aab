import CUV
import Glibc

/// Where any thread leaves replies and requests for the loop's thread.
final class Mailbox: Sendable {
  /// A reply and where it belongs.
  struct Completion: Sendable {
    var connection: UInt64
    var ordinal: UInt64
    var response: HTTPResponse
  }

  /// The wake-up handle of a loop.
  // SAFETY: uv_async_send is the one call of libuv that any thread may make, and the loop takes the
  // handle out of the box (`close`) before it closes it.
  @safe
  struct WakeUp: @unchecked Sendable {
    private let handle: UnsafeMutablePointer<uv_async_t>

    @unsafe
    init(_ handle: UnsafeMutablePointer<uv_async_t>) {
      unsafe self.handle = handle
    }

    func send() {
      unsafe uv_async_send(handle)
    }
  }

  private struct State: Sendable {
    var completions: [Completion] = []
    var wantsDrain = false
    /// The loop's wake-up; nil before the loop runs and once it has ended.
    var wakeUp: WakeUp?
    var loopThread: pthread_t?
  }

  private let state = Locked<State>(State())

  /// Leaves a reply, and wakes the loop unless it is awake or has been woken already.
  func put(_ completion: Completion) {
    state.withLock { state in
      state.completions.append(completion)
      if state.completions.count == 1 { Self.wake(state) }
    }
  }

  /// Asks the loop to finish what it has and end.
  func requestDrain() {
    state.withLock { state in
      state.wantsDrain = true
      Self.wake(state)
    }
  }

  /// Exchanges the replies left so far for an empty array; true if a drain is wanted.
  func take(_ completions: inout [Completion]) -> Bool {
    precondition(completions.isEmpty, "replies taken earlier are lost")
    return state.withLock { state in
      swap(&state.completions, &completions)
      return state.wantsDrain
    }
  }

  /// Makes the calling thread the loop's, which empties the box by itself before it sleeps.
  func adoptThread() {
    state.withLock { $0.loopThread = pthread_self() }
  }

  /// Begins waking a loop.
  func open(_ wakeUp: WakeUp) {
    state.withLock { $0.wakeUp = wakeUp }
  }

  /// Ends waking: once this returns no thread touches the handle any more.
  func close() {
    state.withLock { state in
      state.wakeUp = nil
      state.completions.removeAll()
    }
  }

  private static func wake(_ state: borrowing State) {
    if let thread = state.loopThread, pthread_equal(thread, pthread_self()) != 0 { return }
    state.wakeUp?.send()
  }
}
