/// What the server hands complete requests to.
protocol RequestHandler: Sendable {
  /// Answers one request, now or later, through its responder.
  ///
  /// Called on the loop's thread, which serves every connection: it must not wait for anything.
  func handle(_ request: HTTPRequest, responder: Responder)
}

/// The place a reply belongs to: one request of one connection.
///
/// May be kept, sent to another thread and completed there. The first reply counts; later ones, and
/// those for a connection that has gone, are dropped. A request never completed is answered 503
/// when its answer deadline passes.
struct Responder: Sendable {
  let mailbox: Mailbox
  let connection: UInt64
  let ordinal: UInt64

  /// Gives the reply.
  func complete(_ response: HTTPResponse) {
    mailbox.put(Mailbox.Completion(connection: connection, ordinal: ordinal, response: response))
  }
}
