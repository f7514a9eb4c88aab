/// One response header beyond those the server writes itself.
struct HTTPHeader: Equatable, Sendable {
  var name: String
  var value: String
}

/// An answer; the server adds Content-Length, Connection and Date.
struct HTTPResponse: Sendable {
  /// The media types the service answers with.
  enum ContentType: String, Sendable {
    case json = "application/json"
    case ndjson = "application/x-ndjson"
    case problem = "application/problem+json"
    case text = "text/plain; charset=utf-8"
    case html = "text/html; charset=utf-8"
    case prometheus = "text/plain; version=0.0.4; charset=utf-8"
  }

  var status: Int
  var contentType: ContentType
  var headers: [HTTPHeader] = []
  var body: [UInt8]

  init(status: Int = 200, contentType: ContentType = .json, body: [UInt8]) {
    self.status = status
    self.contentType = contentType
    self.body = body
  }
}
