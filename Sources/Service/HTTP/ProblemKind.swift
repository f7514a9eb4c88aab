/// The kinds of problem; the raw value is the last part of the stable `type`, never reused.
enum ProblemKind: String, Sendable, CaseIterable {
  case malformedRequest = "malformed-request"
  case invalidEvent = "invalid-event"
  case notFound = "not-found"
  case methodNotAllowed = "method-not-allowed"
  case requestTimeout = "request-timeout"
  case conflict = "conflict"
  case bodyTooLarge = "body-too-large"
  case unsupportedMediaType = "unsupported-media-type"
  case expectationFailed = "expectation-failed"
  case unprocessable = "unprocessable"
  case headerTooLarge = "header-too-large"
  case internalError = "internal-error"
  case notImplemented = "not-implemented"
  case overloaded = "overloaded"
  case unavailable = "unavailable"
  case unsupportedVersion = "unsupported-version"

  /// The HTTP status.
  var status: Int {
    switch self {
    case .malformedRequest, .invalidEvent: 400
    case .notFound: 404
    case .methodNotAllowed: 405
    case .requestTimeout: 408
    case .conflict: 409
    case .bodyTooLarge: 413
    case .unsupportedMediaType: 415
    case .expectationFailed: 417
    case .unprocessable: 422
    case .headerTooLarge: 431
    case .internalError: 500
    case .notImplemented: 501
    case .overloaded, .unavailable: 503
    case .unsupportedVersion: 505
    }
  }

  /// The title, the same for every occurrence.
  var title: String {
    switch self {
    case .malformedRequest: "The request is not well-formed HTTP"
    case .invalidEvent: "The event is not valid"
    case .notFound: "There is nothing at this path"
    case .methodNotAllowed: "This path does not answer this method"
    case .requestTimeout: "The request did not arrive in time"
    case .conflict: "The request contradicts what is stored"
    case .bodyTooLarge: "The body is too large"
    case .unsupportedMediaType: "The body has a media type this path does not read"
    case .expectationFailed: "Only 100-continue can be expected"
    case .unprocessable: "The request is understood and cannot be carried out"
    case .headerTooLarge: "The request headers are too large"
    case .internalError: "The service failed"
    case .notImplemented: "The request asks for something this server does not do"
    case .overloaded: "The service has more work than it can take"
    case .unavailable: "The service cannot answer now"
    case .unsupportedVersion: "Only HTTP/1.0 and HTTP/1.1 are spoken here"
    }
  }
}
