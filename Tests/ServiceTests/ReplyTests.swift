import Testing

@testable import Service

@Suite struct `A reply queue` {
  private func flush(_ queue: inout ReplyQueue, closing: Bool = false) -> (String, Bool) {
    var output: [UInt8] = []
    let ends = queue.flush(into: &output, closing: closing, dateLine: [])
    let bodies = String(decoding: output, as: UTF8.self).split(separator: "\r\n\r\n")
      .compactMap { $0.split(separator: "HTTP/1.1").first }.filter { !$0.contains(":") }
    return (bodies.joined(separator: ","), ends)
  }

  private func fill(_ queue: inout ReplyQueue, _ ordinal: UInt64, _ text: String) -> Bool {
    queue.fill(ordinal, with: reply(text))
  }

  private func reply(_ text: String) -> HTTPResponse {
    HTTPResponse(contentType: .text, body: Array(text.utf8))
  }

  @Test func `lets replies leave in the order asked`() {
    var queue = ReplyQueue()
    let ordinals = (0..<3).map { _ in queue.admit(keepAlive: true, now: 0) }
    #expect(fill(&queue, ordinals[2], "c"))
    #expect(fill(&queue, ordinals[1], "b"))
    #expect(flush(&queue).0 == "")
    #expect(queue.count == 3)
    #expect(fill(&queue, ordinals[0], "a"))
    #expect(flush(&queue).0 == "a,b,c")
    #expect(queue.count == 0)
  }

  @Test func `takes the first reply and drops any other`() {
    var queue = ReplyQueue()
    let first = queue.admit(keepAlive: true, now: 0)
    #expect(fill(&queue, first, "a"))
    #expect(!fill(&queue, first, "b"))
    #expect(!fill(&queue, first + 1, "c"))
    #expect(flush(&queue).0 == "a")
    #expect(!fill(&queue, first, "d"))
  }

  @Test func `ends at the reply of a request that closes`() {
    var queue = ReplyQueue()
    let first = queue.admit(keepAlive: false, now: 0)
    let second = queue.admit(keepAlive: true, now: 0)
    #expect(fill(&queue, second, "b"))
    #expect(fill(&queue, first, "a"))
    let (text, ends) = flush(&queue)
    #expect(text == "a")
    #expect(ends)
  }

  @Test func `answers for a handler that never does`() {
    var queue = ReplyQueue()
    let first = queue.admit(keepAlive: true, now: 10)
    _ = queue.admit(keepAlive: true, now: 20)
    #expect(queue.oldestUnanswered == 10)
    let expired = queue.expire(since: 15, with: reply("late"))
    #expect(expired == 1)
    #expect(queue.oldestUnanswered == 20)
    #expect(!fill(&queue, first, "a"))
  }

  @Test func `does not grow with a client that always waits for one more`() {
    var queue = ReplyQueue()
    var last = queue.admit(keepAlive: true, now: 0)
    for _ in 0..<1_000 {
      let next = queue.admit(keepAlive: true, now: 0)
      #expect(fill(&queue, last, "x"))
      #expect(flush(&queue).0 == "x")
      last = next
    }
    #expect(queue.count == 1)
    #expect(queue.slotCount <= 66)
  }
}

@Suite struct `A response` {
  private func text(_ response: HTTPResponse, omitsBody: Bool = false) -> String {
    var output: [UInt8] = []
    response.append(to: &output, persistence: .implied, omitsBody: omitsBody, dateLine: [])
    return String(decoding: output, as: UTF8.self)
  }

  @Test func `says how long its body is, even when it is left out`() {
    let response = HTTPResponse(body: Array("1234567890ab".utf8))
    #expect(
      text(response)
        == "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 12\r\n\r\n1234567890ab"
    )
    #expect(text(response, omitsBody: true).hasSuffix("Content-Length: 12\r\n\r\n"))
  }

  @Test func `has no length when it can have no body`() {
    #expect(text(HTTPResponse(status: 204, body: [])) == "HTTP/1.1 204 No Content\r\n\r\n")
  }

  @Test func `lets no header value begin a line`() {
    var response = HTTPResponse(status: 204, body: [])
    response.headers = [HTTPHeader(name: "Location", value: "/a\r\nSet-Cookie: b")]
    #expect(text(response).contains("Location: /aSet-Cookie: b\r\n"))
  }

  @Test(arguments: [
    (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
    (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
    (1_709_164_799, "Wed, 28 Feb 2024 23:59:59 GMT"),
    (1_709_164_800, "Thu, 29 Feb 2024 00:00:00 GMT"),
    (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"),
    (-1, "Wed, 31 Dec 1969 23:59:59 GMT"),
  ])
  func `writes its date as HTTP does`(second: Int, date: String) {
    #expect(httpDate(second) == date)
  }
}
