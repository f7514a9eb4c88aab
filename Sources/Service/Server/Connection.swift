import CUV

/// One connection, owned by the loop's thread from accept to the callback of its close.
///
/// The handle's `data` holds one reference to this object, given back in the close callback, so
/// that no callback of libuv ever meets an object that has gone.
@safe
final class Connection {
  /// Where the connection is in its life.
  enum Phase {
    /// Requests are read and answered.
    case open
    /// What is read is thrown away; replies still leave, then the connection closes.
    case refusing
    /// All replies have left; the peer is given a moment to read a refusal before the close.
    case lingering
    /// uv_close has been called.
    case closed
  }

  /// Place in the loop's table and the use of that place this is.
  let id: UInt64
  let peer: String
  let stream: UnsafeMutablePointer<uv_stream_t>
  let loop: ServerLoop

  var phase = Phase.open
  var parser: HTTPRequestParser
  var replies = ReplyQueue()
  /// Bytes read while the parser had to wait for replies to leave.
  var backlog: [UInt8] = []
  /// The peer will send no more.
  var inputEnded = false
  var isReading = false
  /// `100 Continue` waits for the replies before it.
  var owesContinue = false
  /// A request read was the last this connection serves.
  var hasLastRequest = false
  /// The last reply has been written or handed to libuv.
  var lastReplySent = false

  /// Bytes handed to libuv and not yet taken by the peer.
  var bytesInFlight = 0
  /// Bytes that wait for those.
  var unsent: [UInt8] = []
  /// The loop's clock in milliseconds when the connection began what it is doing now.
  var inputSince: UInt64
  var outputSince: UInt64 = 0

  /// Takes over a handle already accepted.
  // SAFETY: the caller hands over an initialised handle, which the close callback frees.
  @unsafe
  init(
    id: UInt64, peer: String, stream: UnsafeMutablePointer<uv_stream_t>, loop: ServerLoop
  ) {
    self.id = id
    self.peer = peer
    unsafe self.stream = stream
    self.loop = loop
    parser = HTTPRequestParser(limits: loop.limits)
    inputSince = loop.now
  }

  /// Whether another request may be read: not while too much is owed in either direction.
  var mayParse: Bool {
    phase == .open && !hasLastRequest && replies.count < loop.limits.pipelinedRequests
      && bytesInFlight + unsent.count < loop.limits.unsentBytes
  }

  // MARK: Input

  /// Takes bytes from the socket.
  func receive(_ bytes: Span<UInt8>) {
    guard phase == .open, !hasLastRequest else { return }
    if backlog.isEmpty {
      var offset = 0
      parse(bytes, from: &offset)
      if phase == .open, !hasLastRequest {
        for index in offset..<bytes.count { backlog.append(bytes[index]) }
      }
    } else {
      for index in bytes.indices { backlog.append(bytes[index]) }
      parseBacklog()
    }
    updateReading()
  }

  /// Goes on with bytes that had to wait.
  func parseBacklog() {
    guard !backlog.isEmpty, mayParse else { return }
    let bytes = backlog
    backlog = []
    var offset = 0
    parse(bytes.span, from: &offset)
    if phase == .open, !hasLastRequest, offset < bytes.count { backlog = Array(bytes[offset...]) }
  }

  private func parse(_ bytes: Span<UInt8>, from offset: inout Int) {
    do throws(HTTPRequestError) {
      while offset < bytes.count, parser.isInsideRequest || mayParse, phase == .open {
        let wasInside = parser.isInsideRequest
        let wasInBody = parser.isInsideBody
        switch try parser.advance(over: bytes, from: &offset) {
        case .needsBytes: break
        case .expectsContinue: owesContinue = true
        case .request(let request):
          owesContinue = false
          inputSince = loop.now
          dispatch(request)
          continue
        }
        // Each part of a request has its own deadline, from its first byte.
        if !wasInside || wasInBody != parser.isInsideBody { inputSince = loop.now }
      }
      sendContinue()
    } catch {
      loop.metrics.requestsRefused.add()
      refuse(with: error.problem)
    }
  }

  private func dispatch(_ request: HTTPRequest) {
    let ordinal = replies.admit(
      keepAlive: request.keepAlive, omitsBody: request.method == .head,
      isVersion10: request.minorVersion == 0, now: loop.now)
    if !request.keepAlive { hasLastRequest = true }
    loop.metrics.requests.add()
    loop.handler.handle(
      request, responder: Responder(mailbox: loop.mailbox, connection: id, ordinal: ordinal))
  }

  /// Answers what cannot be read as a request, after the replies before it, and reads no more.
  func refuse(with problem: Problem) {
    let ordinal = replies.admit(keepAlive: false, now: loop.now)
    _ = replies.fill(ordinal, with: problem.response)
    phase = .refusing
    inputSince = loop.now
    backlog = []
    owesContinue = false
    flush()
  }

  /// The peer has sent its last byte.
  func endInput() {
    inputEnded = true
    // What was asked before is still answered: a client may close its side after its request.
    stopReading()
    if phase == .lingering { close() } else { finishIfAnswered() }
  }

  /// Whether nothing comes after the replies that wait now.
  private var isEnding: Bool {
    backlog.isEmpty && (inputEnded || loop.isDraining && !parser.isInsideRequest)
  }

  // MARK: Output

  /// Sends the replies whose turn has come.
  func flush() {
    guard phase == .open || phase == .refusing else { return }
    loop.output.removeAll(keepingCapacity: true)
    if !lastReplySent {
      lastReplySent = replies.flush(
        into: &loop.output, closing: isEnding, dateLine: loop.dateLine)
    }
    if !loop.output.isEmpty {
      if !parser.isInsideRequest { inputSince = loop.now }
      send()
    }
    guard phase == .open || phase == .refusing else { return }
    sendContinue()
    finishIfAnswered()
  }

  private func sendContinue() {
    guard owesContinue, replies.count == 0, phase == .open else { return }
    owesContinue = false
    loop.output.removeAll(keepingCapacity: true)
    loop.output += "HTTP/1.1 100 Continue\r\n\r\n".utf8
    send()
  }

  /// Closes or lingers once the last reply has left, reads on otherwise.
  func finishIfAnswered() {
    guard phase == .open || phase == .refusing else { return }
    guard lastReplySent || replies.count == 0 && isEnding else {
      parseBacklog()
      updateReading()
      return
    }
    guard bytesInFlight == 0, unsent.isEmpty else { return }
    // Closing with bytes unread resets the connection, and the reset may overtake the last reply.
    if !inputEnded {
      phase = .lingering
      inputSince = loop.now
      shutDownOutput()
      updateReading()
    } else {
      close()
    }
  }

  /// Reads from the socket exactly while what is read can be used.
  func updateReading() {
    switch phase {
    case .open:
      // A client that closes before its answer is noticed by reading on, so reading stops only when
      // the bounds are met.
      let isUsable = mayParse && backlog.isEmpty || parser.isInsideRequest
      isUsable ? startReading() : stopReading()
    case .refusing: stopReading()
    case .lingering: startReading()
    case .closed: break
    }
  }
}
