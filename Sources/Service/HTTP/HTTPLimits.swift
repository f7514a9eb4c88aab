import Model

/// What one connection may ask of the server.
struct HTTPLimits: Sendable {
  /// Bytes of request line and headers.
  var headerBytes = Limits.headerBytes
  /// Bytes of one body.
  var bodyBytes = Limits.eventBytes
  /// From the first byte of a request to the end of its headers; a client that dribbles is cut off.
  var headerDeadline: Duration = .seconds(10)
  /// From the end of the headers to the end of the body.
  var bodyDeadline: Duration = .seconds(30)
  /// Between requests, and for a client that does not read its replies.
  var idleDeadline: Duration = .seconds(75)
  /// From a complete request to its reply; past it the client is told 503, whoever forgot it.
  var answerDeadline: Duration = .seconds(30)
  /// How long bytes of a refused request are still swallowed, so that the refusal is read and not
  /// lost in a reset.
  var lingerDeadline: Duration = .seconds(1)
  /// How long a drain waits for requests in flight.
  var drainDeadline: Duration = .seconds(30)
  /// Requests of one connection that may wait for their replies; more stay unread in the socket.
  var pipelinedRequests = 64
  /// Reply bytes of one connection the peer has not taken; more stops reading from it.
  var unsentBytes = 1 << 20
  /// Connections open at once; one more is told 503 and closed.
  var connections = 8_192
  /// Connections open at once from one address.
  var connectionsPerPeer = 4_096
}
