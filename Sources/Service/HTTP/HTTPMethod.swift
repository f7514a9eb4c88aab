/// The request methods this server answers; any other is refused with 501 before it reaches a
/// route.
enum HTTPMethod: UInt8, Sendable, CaseIterable {
  case get
  case head
  case post
  case put
  case patch
  case delete
  case options

  /// The token on the wire.
  var token: String {
    switch self {
    case .get: "GET"
    case .head: "HEAD"
    case .post: "POST"
    case .put: "PUT"
    case .patch: "PATCH"
    case .delete: "DELETE"
    case .options: "OPTIONS"
    }
  }
}
