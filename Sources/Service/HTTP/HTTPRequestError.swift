/// Why a connection's bytes are not a request; each ends the connection, since where the next
/// request would begin is no longer known.
enum HTTPRequestError: Error, Equatable, Sendable {
  /// The bytes break the grammar of RFC 9112.
  case malformed
  /// Two lengths for one body: Content-Length twice, or beside Transfer-Encoding.
  case conflictingLength
  /// The header block passes its limit.
  case headerTooLarge
  /// The body is, or says it is, longer than its limit.
  case bodyTooLarge
  /// A transfer coding other than chunked.
  case unsupportedTransferCoding
  /// Not HTTP/1.0 or HTTP/1.1.
  case unsupportedVersion
  /// A method no route of any kind here answers.
  case unsupportedMethod
  /// An Expect other than 100-continue.
  case unsupportedExpectation

  /// The problem that is answered before the connection closes.
  var problem: Problem {
    switch self {
    case .malformed: Problem(.malformedRequest)
    case .conflictingLength:
      Problem(.malformedRequest, detail: "The request gives the length of its body twice.")
    case .headerTooLarge: Problem(.headerTooLarge)
    case .bodyTooLarge: Problem(.bodyTooLarge)
    case .unsupportedTransferCoding:
      Problem(.notImplemented, detail: "Only the chunked transfer coding is known.")
    case .unsupportedVersion: Problem(.unsupportedVersion)
    case .unsupportedMethod:
      Problem(.notImplemented, detail: "The request method is not known.")
    case .unsupportedExpectation: Problem(.expectationFailed)
    }
  }
}
