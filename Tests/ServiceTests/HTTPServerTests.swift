import Glibc
import Testing

@testable import Service

@Suite struct `A server` {
  @Test func `answers many requests on one connection`() throws {
    let server = try TestServer()
    let client = try server.connect()
    for index in 0..<20 {
      client.send(post("/echo", "body \(index)"))
      #expect(client.readReplies(1).first?.replyBody == "POST /echo body \(index)")
    }
    #expect(server.counted("sabueso_http_connections_total") == 1)
    #expect(server.counted("sabueso_http_requests_total") == 20)
  }

  @Test func `writes length, type and date`() throws {
    let server = try TestServer()
    let client = try server.connect()
    client.send(get("/a"))
    let reply = try #require(client.readReplies(1).first)
    #expect(reply.hasPrefix("HTTP/1.1 200 OK\r\nDate: "))
    #expect(
      reply.contains(" GMT\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 7\r\n"))
  }

  @Test func `answers pipelined requests in order`() throws {
    let server = try TestServer()
    let client = try server.connect()
    client.send(get("/later") + post("/echo", "b") + get("/later") + get("/d"))
    #expect(server.until { server.handler.waitingCount == 2 })
    server.handler.answerWaiting()
    #expect(
      client.readReplies(4).map(\.replyBody) == [
        "GET /later ", "POST /echo b", "GET /later ", "GET /d ",
      ])
  }

  @Test func `reads no more of a pipeline than its bound`() throws {
    var limits = HTTPLimits()
    limits.pipelinedRequests = 4
    let server = try TestServer(limits: limits)
    let client = try server.connect()
    client.send(String(repeating: get("/later"), count: 10))
    #expect(server.until { server.handler.waitingCount == 4 })
    usleep(50_000)
    #expect(server.handler.waitingCount == 4)
    var replies = 0
    while replies < 10 {
      server.handler.answerWaiting()
      let read = client.readReplies(1)
      guard !read.isEmpty else { break }
      replies += read.count
      #expect(server.until { server.handler.waitingCount > 0 || server.handler.seenCount == 10 })
    }
    #expect(server.handler.seenCount == 10)
  }

  @Test func `joins chunks that arrive one byte at a time`() throws {
    let server = try TestServer()
    let client = try server.connect()
    for byte
      in "POST /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\n\r\n"
    {
      client.send(String(byte))
    }
    #expect(client.readReplies(1).first?.replyBody == "POST /c abcde")
  }

  @Test func `asks for the body that waits for it`() throws {
    let server = try TestServer()
    let client = try server.connect()
    client.send("POST /e HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
    #expect(client.readReplies(1) == ["HTTP/1.1 100 Continue\r\n\r\n"])
    client.send("ab")
    #expect(client.readReplies(1).first?.replyBody == "POST /e ab")
  }

  @Test func `answers HEAD with a length and no body`() throws {
    let server = try TestServer()
    let client = try server.connect()
    client.send("HEAD /h HTTP/1.0\r\n\r\n")
    let reply = try #require(client.readToEnd())
    #expect(reply.contains("Content-Length: 8\r\n"))
    #expect(reply.replyBody == "")
  }

  @Test(arguments: [
    ("GET /a HTTP/1.0\r\n\r\n", true),
    ("GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", true),
    ("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", false),
  ])
  func `closes when the client wants it`(text: String, closes: Bool) throws {
    var limits = HTTPLimits()
    limits.idleDeadline = .seconds(20)
    let server = try TestServer(limits: limits)
    let client = try server.connect()
    client.send(text)
    let reply = try #require(client.readReplies(1).first)
    #expect(reply.contains("Connection: \(closes ? "close" : "keep-alive")\r\n"))
    #expect((client.readToEnd(milliseconds: 200) != nil) == closes)
  }

  @Test func `answers a client that has closed its side`() throws {
    let server = try TestServer()
    let client = try server.connect()
    client.send(get("/later") + get("/b"))
    client.endSending()
    #expect(server.until { server.handler.waitingCount == 1 })
    server.handler.answerWaiting()
    let text = try #require(client.readToEnd())
    #expect(text.contains("GET /later "))
    #expect(text.contains("GET /b "))
    #expect(server.until { server.openConnections == 0 })
  }

  @Test func `sends a reply larger than the socket takes at once`() throws {
    let server = try TestServer()
    let client = try server.connect()
    client.send(get("/big") + get("/after"))
    usleep(50_000)
    let replies = client.readReplies(2)
    #expect(replies.count == 2)
    #expect(replies.first?.replyBody.utf8.count == 8 << 20)
    #expect(replies.last?.replyBody == "GET /after ")
  }

  @Test func `serves many connections at once`() throws {
    let server = try TestServer()
    let clients = try (0..<64).map { _ in try server.connect() }
    for round in 0..<5 {
      for (index, client) in clients.enumerated() {
        client.send(post(index % 2 == 0 ? "/echo" : "/later", "\(round) \(index)"))
      }
      #expect(server.until { server.handler.waitingCount == 32 })
      server.handler.answerWaiting()
      for (index, client) in clients.enumerated() {
        let path = index % 2 == 0 ? "/echo" : "/later"
        #expect(client.readReplies(1).first?.replyBody == "POST \(path) \(round) \(index)")
      }
    }
    // The optimiser lets go of what is not used any more, and each closes its connection then.
    withExtendedLifetime(clients) { #expect(server.openConnections == 64) }
  }

  @Test func `listens at a Unix socket and takes over one left behind`() throws {
    let path = "/tmp/sabueso-test-\(getpid())-\(UInt32.random(in: 0...UInt32.max)).sock"
    for _ in 0..<2 {
      let server = try TestServer(address: ListenAddress("unix:\(path)"))
      let client = try SocketClient(path: path)
      client.send(get("/u"))
      #expect(client.readReplies(1).first?.replyBody == "GET /u ")
      #expect(throws: ServiceError.self) { try TestServer(address: ListenAddress("unix:\(path)")) }
      server.server.drain()
      server.server.wait()
    }
  }

  @Test func `says why it cannot listen`() throws {
    let server = try TestServer()
    #expect {
      try TestServer(address: server.server.address)
    } throws: { error in
      guard case .cannotListen(_, let reason) = error as? ServiceError else { return false }
      return reason == "address already in use"
    }
  }

  @Test(arguments: ["", "8080", "host:", ":80", "a:99999", "unix:", "a:-1"])
  func `refuses what is no address`(text: String) {
    #expect(throws: ServiceError.invalidAddress(text)) { try ListenAddress(text) }
  }
}
