import Glibc

/// An HTTP/1.1 server: one loop on a thread of its own.
///
/// Requests are handed to the handler on that thread; replies may come from any. The server ends by
/// `drain`, or by one of the configured signals: it takes no more connections, finishes the
/// requests it has, and closes.
final class HTTPServer: Sendable {
  /// Where it listens, with the port the system chose.
  let address: ListenAddress
  private let mailbox: Mailbox
  private let thread: Locked<pthread_t?>

  /// Listens and begins to serve.
  ///
  /// *Throws* when the address cannot be listened at.
  init(
    configuration: ServerConfiguration, handler: any RequestHandler,
    metrics: MetricsRegistry = MetricsRegistry()
  ) throws(ServiceError) {
    let mailbox = Mailbox()
    let loop = try ServerLoop(
      configuration: configuration, handler: handler, mailbox: mailbox,
      metrics: ServerMetrics(registry: metrics))
    mailbox.open(loop.handles.wakeUpCall)
    address = loop.address
    self.mailbox = mailbox
    // SAFETY: the new thread takes the one reference to the loop; this thread uses it no more.
    let context = unsafe Unmanaged.passRetained(loop).toOpaque()
    var started = pthread_t()
    let status = unsafe pthread_create(
      &started, nil,
      { context in
        guard let context = unsafe context else { return nil }
        unsafe Unmanaged<ServerLoop>.fromOpaque(context).takeRetainedValue().run()
        return nil
      }, context)
    guard status == 0 else {
      mailbox.close()
      unsafe Unmanaged<ServerLoop>.fromOpaque(context).release()
      throw .cannotStart(reason: unsafe String(cString: strerror(status)))
    }
    thread = Locked(started)
  }

  deinit {
    drain()
    wait()
  }

  /// Begins to end; returns at once.
  func drain() {
    mailbox.requestDrain()
  }

  /// Waits until the server has ended. Not to be called from a handler.
  func wait() {
    // The lock is held while joining, so that a second caller waits as well.
    thread.withLock { thread in
      guard let running = thread else { return }
      // Joined once, since the thread is forgotten below.
      pthread_join(running, nil)
      thread = nil
    }
  }
}
