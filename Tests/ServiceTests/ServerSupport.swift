import Glibc
import Synchronization

@testable import Service

/// Answers at once, later, from another thread, or never, by the path asked.
final class TestHandler: RequestHandler {
  private struct Waiting {
    var requests: [(HTTPRequest, Responder)] = []
  }

  private let waiting = Locked(Waiting())
  private let seen = Atomic<Int>(0)

  func handle(_ request: HTTPRequest, responder: Responder) {
    seen.wrappingAdd(1, ordering: .relaxed)
    switch request.path {
    case "/later": waiting.withLock { $0.requests.append((request, responder)) }
    case "/never": break
    case "/big":
      responder.complete(
        HTTPResponse(contentType: .text, body: [UInt8](repeating: 65, count: 8 << 20)))
    default: responder.complete(Self.echo(request))
    }
  }

  static func echo(_ request: HTTPRequest) -> HTTPResponse {
    HTTPResponse(
      contentType: .text,
      body: Array("\(request.method.token) \(request.path) ".utf8) + request.body)
  }

  /// Requests handed over so far.
  var seenCount: Int { seen.load(ordering: .relaxed) }

  var waitingCount: Int { waiting.withLock { $0.requests.count } }

  /// Answers what waits, newest first, on the calling thread.
  func answerWaiting() {
    let taken = waiting.withLock { waiting in
      defer { waiting.requests = [] }
      return waiting.requests
    }
    for (request, responder) in taken.reversed() { responder.complete(Self.echo(request)) }
  }
}

/// A server on a port of its own with a handler that tests can steer.
struct TestServer {
  let server: HTTPServer
  let handler = TestHandler()
  let metrics = MetricsRegistry()

  init(address: ListenAddress = .tcp(host: "127.0.0.1", port: 0), limits: HTTPLimits = HTTPLimits())
    throws
  {
    var configuration = ServerConfiguration(address: address)
    configuration.limits = limits
    server = try HTTPServer(configuration: configuration, handler: handler, metrics: metrics)
  }

  func connect() throws -> SocketClient {
    guard case .tcp(_, let port) = server.address else { throw SocketClient.Failure() }
    return try SocketClient(port: port)
  }

  /// Waits until something holds, at most half a minute.
  func until(_ condition: () -> Bool) -> Bool {
    for _ in 0..<6_000 {
      if condition() { return true }
      usleep(5_000)
    }
    return false
  }

  func counted(_ name: String) -> UInt64 {
    metrics.counter(name, help: "").value
  }

  var openConnections: Int64 {
    metrics.gauge("sabueso_http_connections_open", help: "").value
  }
}

func get(_ path: String) -> String { "GET \(path) HTTP/1.1\r\nHost: x\r\n\r\n" }

func post(_ path: String, _ body: String) -> String {
  "POST \(path) HTTP/1.1\r\nHost: x\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
}
