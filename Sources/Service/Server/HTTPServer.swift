import Replay

/// An HTTP/1.1 server: one loop on a thread of its own.
///
/// Requests are handed to the handler on that thread; replies may come from any. The server ends by
/// `drain`, or by one of the configured signals: it takes no more connections, finishes the
/// requests it has, and closes.
final class HTTPServer: Sendable {
  /// Where it listens, with the port the system chose.
  let address: ListenAddress
  private let mailbox: Mailbox
  private let thread: Locked<OwnThread?>

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
    // SAFETY: the new thread alone uses the loop from here on.
    nonisolated(unsafe) let served = loop
    do throws(OwnThreadError) {
      thread = Locked(try OwnThread { unsafe served.run() })
    } catch {
      mailbox.close()
      throw .cannotStart(reason: error.reason)
    }
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
      running.join()
      thread = nil
    }
  }
}
