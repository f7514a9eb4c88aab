import Testing

@testable import Service

@Suite struct `A request parser` {
  @Test func `reads a request with a body`() throws {
    let request = try request(
      "POST /v1/score?dry=1 HTTP/1.1\r\nHost: x\r\ncontent-TYPE:  application/json; charset=utf-8 \r\n"
        + "Idempotency-Key: k1\r\nX-Other: y\r\nContent-Length: 5\r\n\r\nabcde")
    #expect(request.method == .post)
    #expect(request.path == "/v1/score")
    #expect(request.query == "dry=1")
    #expect(request.header(.idempotencyKey) == "k1")
    #expect(request.header(.contentType) == "application/json; charset=utf-8")
    #expect(request.mediaType == "application/json")
    #expect(request.header(.traceparent) == nil)
    #expect(request.body == Array("abcde".utf8))
    #expect(request.keepAlive)
  }

  @Test func `joins the chunks of a body and reads past extensions and trailers`() throws {
    let request = try request(
      "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: CHUNKED\r\n\r\n"
        + "5;a=b\r\nabcde\r\nA\r\n0123456789\r\n0\r\nHost: y\r\nX: 1\r\n\r\n")
    #expect(request.body == Array("abcde0123456789".utf8))
    #expect(request.header(.host) == "x")
  }

  @Test func `keeps one request from the next`() {
    let one = "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nA"
    let reading = read(one + "\r\n" + one + "GET /b HTTP/1.1\r\nHost: x\r\n\r\nGET ")
    #expect(reading.requests.count == 3)
    #expect(reading.error == nil)
    #expect(reading.isInside)
  }

  @Test(arguments: [
    ("GET / HTTP/1.1\r\nHost: x\r\n\r\n", true),
    ("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", false),
    ("GET / HTTP/1.0\r\n\r\n", false),
    ("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", true),
  ])
  func `knows whether the connection lives on`(text: String, keepAlive: Bool) throws {
    #expect(try request(text).keepAlive == keepAlive)
  }

  @Test func `takes the absolute form of a target`() throws {
    let request = try request("GET http://h:80/p/q?r HTTP/1.1\r\nHost: x\r\n\r\n")
    #expect(request.path == "/p/q")
    #expect(request.query == "r")
  }

  @Test func `stops at a head that waits to continue`() {
    let head = "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-Continue\r\nContent-Length: 2\r\n\r\n"
    #expect(read(head).continues == 1)
    #expect(read(head + "ab").requests.count == 1)
    #expect(
      read("GET / HTTP/1.1\r\nHost: x\r\nExpect: tea\r\n\r\n").error == .unsupportedExpectation)
  }

  static let refused: [(String, HTTPRequestError)] = [
    ("Content-Length: 5\r\nContent-Length: 5\r\n\r\nabcde", .conflictingLength),
    ("Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcde", .conflictingLength),
    ("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", .conflictingLength),
    ("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", .conflictingLength),
    ("Content-Length: +5\r\n\r\nabcde", .malformed),
    ("Content-Length: -5\r\n\r\nabcde", .malformed),
    ("Content-Length: 5, 5\r\n\r\nabcde", .malformed),
    ("Content-Length: 0x5\r\n\r\nabcde", .malformed),
    ("Content-Length:\r\n\r\n", .malformed),
    ("Content-Length: 99999999999999999999999\r\n\r\n", .malformed),
    ("Content-Length : 5\r\n\r\nabcde", .malformed),
    ("Content-Length: 9999999\r\n\r\n", .bodyTooLarge),
    ("Transfer-Encoding: gzip\r\n\r\n", .unsupportedTransferCoding),
    ("Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", .unsupportedTransferCoding),
    ("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", .malformed),
    ("Transfer-Encoding: chunked\r\n\r\n5\r\nabcdeXX0\r\n\r\n", .malformed),
    ("Transfer-Encoding: chunked\r\n\r\n5\rXabcde\r\n0\r\n\r\n", .malformed),
    ("Transfer-Encoding: chunked\r\n\r\n5\nabcde\r\n0\r\n\r\n", .malformed),
    ("Transfer-Encoding: chunked\r\n\r\n5;a\nb\r\nabcde\r\n0\r\n\r\n", .malformed),
    ("Transfer-Encoding: chunked\r\n\r\n 5\r\nabcde\r\n0\r\n\r\n", .malformed),
    ("Transfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\n\rX", .malformed),
    ("Transfer-Encoding: chunked\r\n\r\n0\r\nX: 1\r\n Y\r\n\r\n", .malformed),
    ("Host: y\r\n\r\n", .malformed),
    ("X: a\r\n folded\r\n\r\n", .malformed),
    ("X: a\n\r\n", .malformed),
    ("X: a\r\n\n", .malformed),
    ("X: a\r\n\rX", .malformed),
    ("X: a\rb\r\n\r\n", .malformed),
    ("X: a\u{1}\r\n\r\n", .malformed),
    (": a\r\n\r\n", .malformed),
  ]

  @Test(arguments: refused)
  func `refuses what two readers could read differently`(rest: String, error: HTTPRequestError) {
    let text = "POST / HTTP/1.1\r\nHost: x\r\n" + rest
    let reading = read(text)
    #expect(reading.error == error)
    #expect(reading.requests.isEmpty)
    #expect(read(text, pieces: Array(repeating: 1, count: text.utf8.count)).error == error)
  }

  @Test(arguments: [
    ("GET / HTTP/1.1\r\n\r\n", HTTPRequestError.malformed),
    ("GET / HTTP/2.0\r\nHost: x\r\n\r\n", .unsupportedVersion),
    ("GET / HTTP/0.9\r\nHost: x\r\n\r\n", .unsupportedVersion),
    ("GET /\r\n\r\n", .malformed),
    ("GET /  HTTP/1.1\r\nHost: x\r\n\r\n", .malformed),
    ("GET / HTTP/1.1 \r\nHost: x\r\n\r\n", .malformed),
    ("GET /\u{e9} HTTP/1.1\r\nHost: x\r\n\r\n", .malformed),
    ("GET  / HTTP/1.1\r\nHost: x\r\n\r\n", .malformed),
    ("GET /a#b HTTP/1.1\r\nHost: x\r\n\r\n", .malformed),
    ("CONNECT a:1 HTTP/1.1\r\nHost: x\r\n\r\n", .unsupportedMethod),
    ("TRACE / HTTP/1.1\r\nHost: x\r\n\r\n", .unsupportedMethod),
    ("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", .malformed),
    ("\u{16}\u{3}\u{1}", .malformed),
  ])
  func `refuses a bad request line or head`(text: String, error: HTTPRequestError) {
    #expect(read(text).error == error)
  }

  @Test func `measures the head to the byte`() {
    var limits = HTTPLimits()
    limits.headerBytes = 200
    let frame = "GET / HTTP/1.1\r\nHost: x\r\nX: \r\n\r\n"
    func text(_ count: Int) -> String {
      frame.replacing("X: ", with: "X: " + String(repeating: "a", count: count - frame.utf8.count))
    }
    #expect(read(text(200), limits: limits).requests.count == 1)
    #expect(read(text(201), limits: limits).error == .headerTooLarge)
    #expect(read(text(201), pieces: [7, 150], limits: limits).error == .headerTooLarge)
  }

  @Test func `measures a chunked body as it grows`() {
    var limits = HTTPLimits()
    limits.bodyBytes = 10
    let head = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    #expect(read(head + "A\r\n0123456789\r\n0\r\n\r\n", limits: limits).requests.count == 1)
    #expect(
      read(head + "A\r\n0123456789\r\n1\r\n0\r\n0\r\n\r\n", limits: limits).error == .bodyTooLarge)
  }

  @Test func `bounds chunk extensions and trailers`() {
    let head = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    let long = String(repeating: "e", count: ChunkFraming.sizeLineBytes)
    #expect(read(head + "1;\(long)\r\na\r\n0\r\n\r\n").error == .malformed)
    let trailer = "X: " + String(repeating: "t", count: ChunkFraming.trailerBytes)
    #expect(read(head + "0\r\n\(trailer)\r\n\r\n").error == .malformed)
  }
}
