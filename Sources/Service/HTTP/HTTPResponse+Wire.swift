extension HTTPResponse {
  /// What the Connection header has to say.
  enum Persistence {
    case implied
    case keepAlive
    case close
  }

  /// Appends the bytes of this answer.
  ///
  /// A HEAD request gets the length of the body it did not ask for. Control characters in a header
  /// value are dropped, so that no value can begin a line of its own.
  func append(
    to output: inout [UInt8], persistence: Persistence, omitsBody: Bool, dateLine: [UInt8]
  ) {
    output += Self.statusLine(status).utf8
    output += dateLine
    // 204 and 304 have no body and must not claim one.
    let hasBody = status != 204 && status != 304
    if hasBody {
      output += "Content-Type: ".utf8
      output += contentType.rawValue.utf8
      output += "\r\nContent-Length: ".utf8
      appendDecimal(body.count, to: &output)
      output += "\r\n".utf8
    }
    for header in headers {
      output += header.name.utf8
      output += ": ".utf8
      output += header.value.utf8.lazy.filter { ($0 >= 32 && $0 != 127) || $0 == 9 }
      output += "\r\n".utf8
    }
    switch persistence {
    case .implied: output += "\r\n".utf8
    case .keepAlive: output += "Connection: keep-alive\r\n\r\n".utf8
    case .close: output += "Connection: close\r\n\r\n".utf8
    }
    if hasBody, !omitsBody { output += body }
  }

  private static func statusLine(_ status: Int) -> String {
    switch status {
    case 200: "HTTP/1.1 200 OK\r\n"
    case 201: "HTTP/1.1 201 Created\r\n"
    case 202: "HTTP/1.1 202 Accepted\r\n"
    case 204: "HTTP/1.1 204 No Content\r\n"
    case 304: "HTTP/1.1 304 Not Modified\r\n"
    case 400: "HTTP/1.1 400 Bad Request\r\n"
    case 401: "HTTP/1.1 401 Unauthorized\r\n"
    case 403: "HTTP/1.1 403 Forbidden\r\n"
    case 404: "HTTP/1.1 404 Not Found\r\n"
    case 405: "HTTP/1.1 405 Method Not Allowed\r\n"
    case 408: "HTTP/1.1 408 Request Timeout\r\n"
    case 409: "HTTP/1.1 409 Conflict\r\n"
    case 412: "HTTP/1.1 412 Precondition Failed\r\n"
    case 413: "HTTP/1.1 413 Content Too Large\r\n"
    case 415: "HTTP/1.1 415 Unsupported Media Type\r\n"
    case 417: "HTTP/1.1 417 Expectation Failed\r\n"
    case 422: "HTTP/1.1 422 Unprocessable Content\r\n"
    case 429: "HTTP/1.1 429 Too Many Requests\r\n"
    case 431: "HTTP/1.1 431 Request Header Fields Too Large\r\n"
    case 500: "HTTP/1.1 500 Internal Server Error\r\n"
    case 501: "HTTP/1.1 501 Not Implemented\r\n"
    case 503: "HTTP/1.1 503 Service Unavailable\r\n"
    case 505: "HTTP/1.1 505 HTTP Version Not Supported\r\n"
    // The phrase is optional, the space before it is not (RFC 9112 section 4).
    default: "HTTP/1.1 \(status) \r\n"
    }
  }
}

/// Appends a count in decimal digits without making a string.
func appendDecimal(_ value: Int, to output: inout [UInt8]) {
  precondition(value >= 0, "a count is not negative")
  let start = output.count
  var rest = value
  repeat {
    output.append(UInt8(48 + rest % 10))
    rest /= 10
  } while rest > 0
  output[start...].reverse()
}
