@testable import Service

/// What a parser made of some bytes, in a form that can be compared.
struct Reading: Equatable, CustomStringConvertible {
  var requests: [String] = []
  var continues = 0
  var error: HTTPRequestError?
  var isInside = false

  var description: String {
    "requests \(requests), continues \(continues), error \(String(describing: error)), inside \(isInside)"
  }
}

/// Feeds the bytes in pieces of the given sizes, then what is left as one.
func read(
  _ bytes: [UInt8], pieces: [Int] = [], limits: HTTPLimits = HTTPLimits()
) -> Reading {
  var parser = HTTPRequestParser(limits: limits)
  var reading = Reading()
  var start = 0
  var sizes = pieces.makeIterator()
  do throws(HTTPRequestError) {
    while start < bytes.count {
      let end = min(bytes.count, start + max(1, sizes.next() ?? bytes.count))
      let piece = Array(bytes[start..<end])
      var offset = 0
      while offset < piece.count {
        switch try parser.advance(over: piece.span, from: &offset) {
        case .needsBytes: break
        case .expectsContinue: reading.continues += 1
        case .request(let request): reading.requests.append(describe(request))
        }
      }
      start = end
    }
  } catch {
    reading.error = error
    return reading
  }
  reading.isInside = parser.isInsideRequest
  return reading
}

func read(_ text: String, pieces: [Int] = [], limits: HTTPLimits = HTTPLimits()) -> Reading {
  read(Array(text.utf8), pieces: pieces, limits: limits)
}

func describe(_ request: HTTPRequest) -> String {
  let headers = HTTPHeaderName.allCases.compactMap { name in
    request.header(name).map { "\(name)=\($0)" }
  }
  let body = String(decoding: request.body, as: UTF8.self)
  return "\(request.method) \(request.path) ?\(request.query ?? "-") 1.\(request.minorVersion) "
    + "\(request.keepAlive ? "keep" : "close") \(headers) [\(body)]"
}

/// The one request in a text.
func request(_ text: String) throws -> HTTPRequest {
  var parser = HTTPRequestParser(limits: HTTPLimits())
  let bytes = Array(text.utf8)
  var offset = 0
  while offset < bytes.count {
    if case .request(let request) = try parser.advance(over: bytes.span, from: &offset) {
      return request
    }
  }
  throw HTTPRequestError.malformed
}
