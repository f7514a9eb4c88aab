import Glibc
import Testing

@testable import Service

@Suite struct `A server among bad clients` {
  /// Deadlines short enough for a test.
  private func impatient() -> HTTPLimits {
    var limits = HTTPLimits()
    limits.headerDeadline = .milliseconds(150)
    limits.bodyDeadline = .milliseconds(150)
    limits.idleDeadline = .milliseconds(300)
    limits.answerDeadline = .milliseconds(150)
    limits.lingerDeadline = .milliseconds(100)
    return limits
  }

  @Test(arguments: [
    ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nabcde", 400),
    ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
    ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +5\r\n\r\nabcde", 400),
    ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n\r\n", 413),
    ("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n", 501),
    ("GET / HTTP/2.0\r\nHost: x\r\n\r\n", 505),
    ("BREW / HTTP/1.1\r\nHost: x\r\n\r\n", 400),
  ])
  func `refuses and closes`(text: String, status: Int) throws {
    let server = try TestServer()
    let client = try server.connect()
    client.send(get("/first") + text)
    let replies = try #require(client.readToEnd())
    #expect(replies.hasPrefix("HTTP/1.1 200 "))
    let refusal = String(
      replies[(replies.range(of: "GET /first ")?.upperBound ?? replies.endIndex)...])
    #expect(refusal.hasPrefix("HTTP/1.1 \(status) "))
    #expect(refusal.contains("Content-Type: application/problem+json\r\n"))
    #expect(refusal.contains("Connection: close\r\n"))
    #expect(refusal.replyBody.contains("\"status\":\(status)"))
    #expect(server.handler.seenCount == 1)
    #expect(server.counted("sabueso_http_requests_refused_total") == 1)
  }

  @Test func `refuses a head that does not end, while it is sent`() throws {
    let server = try TestServer()
    let client = try server.connect()
    client.send("GET / HTTP/1.1\r\nHost: x\r\n")
    for index in 0..<200
    where client.send("X-\(index): \(String(repeating: "a", count: 1_000))\r\n") {}
    let reply = try #require(client.readToEnd())
    #expect(reply.hasPrefix("HTTP/1.1 431 "))
  }

  @Test func `cuts off a client that dribbles its head`() throws {
    let server = try TestServer(limits: impatient())
    let client = try server.connect()
    var sent = 0
    for byte in "GET / HTTP/1.1\r\nHost: \(String(repeating: "x", count: 200))" {
      guard client.send(String(byte)) else { break }
      sent += 1
      usleep(10_000)
      if server.counted("sabueso_http_deadlines_passed_total") > 0 { break }
    }
    #expect(sent < 100)
    #expect(client.readToEnd()?.hasPrefix("HTTP/1.1 408 ") == true)
  }

  @Test func `cuts off a client that dribbles its body`() throws {
    let server = try TestServer(limits: impatient())
    let client = try server.connect()
    client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc")
    #expect(client.readToEnd()?.hasPrefix("HTTP/1.1 408 ") == true)
    #expect(server.handler.seenCount == 0)
  }

  @Test func `closes a connection that is not used`() throws {
    let server = try TestServer(limits: impatient())
    let silent = try server.connect()
    let once = try server.connect()
    once.send(get("/a"))
    #expect(once.readReplies(1).count == 1)
    #expect(silent.readToEnd() == "")
    #expect(once.readToEnd() == "")
    #expect(server.until { server.openConnections == 0 })
  }

  @Test func `answers for a handler that does not`() throws {
    let server = try TestServer(limits: impatient())
    let client = try server.connect()
    client.send(get("/never"))
    let reply = try #require(client.readToEnd())
    #expect(reply.hasPrefix("HTTP/1.1 503 "))
    #expect(reply.contains("Retry-After: 1\r\n"))
  }

  @Test func `closes on a client that does not read`() throws {
    let server = try TestServer(limits: impatient())
    let client = try server.connect()
    client.send(get("/big"))
    #expect(server.until { server.openConnections == 1 })
    #expect(server.until { server.openConnections == 0 })
  }

  @Test func `drops the reply of a client that has gone`() throws {
    let server = try TestServer()
    for _ in 0..<50 {
      let client = try server.connect()
      client.send(get("/later"))
      #expect(server.until { server.handler.waitingCount > 0 })
      _ = consume client
      server.handler.answerWaiting()
    }
    #expect(server.until { server.openConnections == 0 })
    let client = try server.connect()
    client.send(get("/still"))
    #expect(client.readReplies(1).first?.replyBody == "GET /still ")
  }

  @Test func `gives no reply to the next user of a place`() throws {
    let server = try TestServer()
    do {
      let gone = try server.connect()
      gone.send(get("/later"))
      #expect(server.until { server.handler.waitingCount == 1 })
      // A reset is seen at once, whatever is owed.
      var linger = Glibc.linger(l_onoff: 1, l_linger: 0)
      // SAFETY: the option is as long as said.
      unsafe setsockopt(
        gone.descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<linger>.size))
    }
    #expect(server.until { server.openConnections == 0 })
    let next = try server.connect()
    next.send(get("/later"))
    #expect(server.until { server.handler.waitingCount == 2 })
    server.handler.answerWaiting()
    #expect(next.readReplies(2, milliseconds: 200).count == 1)
  }

  @Test func `tells one connection too many that there is no room`() throws {
    var limits = HTTPLimits()
    limits.connectionsPerPeer = 2
    let server = try TestServer(limits: limits)
    let first = try server.connect()
    let second = try server.connect()
    #expect(server.until { server.openConnections == 2 })
    let third = try server.connect()
    #expect(third.readToEnd()?.hasPrefix("HTTP/1.1 503 ") == true)
    #expect(server.counted("sabueso_http_connections_refused_total") == 1)
    first.send(get("/a"))
    second.send(get("/b"))
    #expect(first.readReplies(1).count == 1)
    #expect(second.readReplies(1).count == 1)
  }
}

@Suite struct `A server that drains` {
  @Test func `finishes what it has and takes no more`() throws {
    let server = try TestServer()
    let idle = try server.connect()
    idle.send(get("/a"))
    #expect(idle.readReplies(1).count == 1)
    let busy = try server.connect()
    busy.send(get("/later"))
    let half = try server.connect()
    half.send("POST /half HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\na")
    #expect(server.until { server.handler.waitingCount == 1 && server.openConnections == 3 })
    // The half request has to have been read, or its connection counts as idle.
    usleep(50_000)
    server.server.drain()
    #expect(idle.readToEnd() == "")
    #expect(throws: SocketClient.Failure.self) { try server.connect() }
    half.send("b")
    #expect(half.readToEnd()?.replyBody == "POST /half ab")
    server.handler.answerWaiting()
    let reply = try #require(busy.readToEnd())
    #expect(reply.contains("Connection: close\r\n"))
    #expect(reply.replyBody == "GET /later ")
    server.server.wait()
    #expect(server.openConnections == 0)
  }

  @Test func `ends in time although a handler does not answer`() throws {
    var limits = HTTPLimits()
    limits.drainDeadline = .milliseconds(100)
    let server = try TestServer(limits: limits)
    let client = try server.connect()
    client.send(get("/later"))
    #expect(server.until { server.handler.waitingCount == 1 })
    server.server.drain()
    server.server.wait()
    #expect(client.readToEnd() == "")
    // A reply for a server that has ended goes nowhere, safely.
    server.handler.answerWaiting()
  }

  @Test func `ends on a signal it was told to take`() throws {
    var configuration = ServerConfiguration(address: .tcp(host: "127.0.0.1", port: 0))
    configuration.drainSignals = [SIGUSR1]
    let told = MetricsRegistry().gauge("told", help: "Signal.")
    configuration.onSignal = { told.set(Int64($0)) }
    let server = try HTTPServer(configuration: configuration, handler: TestHandler())
    guard case .tcp(_, let port) = server.address else { return }
    let client = try SocketClient(port: port)
    client.send(get("/a"))
    // The loop serves, so it has taken the signal over.
    #expect(client.readReplies(1).count == 1)
    kill(getpid(), SIGUSR1)
    server.wait()
    #expect(told.value == Int64(SIGUSR1))
  }

  @Test func `can be drained the moment it starts`() throws {
    for _ in 0..<50 {
      let server = try TestServer()
      server.server.drain()
      server.server.wait()
    }
  }
}
