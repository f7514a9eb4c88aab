/// Where a server listens.
enum ListenAddress: Equatable, Sendable, CustomStringConvertible {
  /// A numeric address, v4 or v6, and a port; port 0 lets the system choose.
  case tcp(host: String, port: Int)
  /// A Unix socket.
  case unix(path: String)

  /// Reads `127.0.0.1:8080`, `[::1]:8080`, `localhost:8080` or `unix:/run/sabueso.sock`.
  init(_ text: String) throws(ServiceError) {
    if text.hasPrefix("unix:") {
      let path = String(text.dropFirst("unix:".count))
      // sockaddr_un holds 108 bytes with the closing zero.
      guard !path.isEmpty, path.utf8.count < 108 else { throw .invalidAddress(text) }
      self = .unix(path: path)
      return
    }
    guard let colon = text.lastIndex(of: ":"),
      let port = Int(text[text.index(after: colon)...]), (0...65_535).contains(port)
    else { throw .invalidAddress(text) }
    var host = String(text[..<colon])
    if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
    if host == "localhost" { host = "127.0.0.1" }
    guard !host.isEmpty else { throw .invalidAddress(text) }
    self = .tcp(host: host, port: port)
  }

  var description: String {
    switch self {
    case .tcp(let host, let port):
      host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    case .unix(let path): "unix:\(path)"
    }
  }
}

/// What keeps the service from running.
enum ServiceError: Error, Equatable, Sendable {
  /// Not an address and port, or not a Unix socket path.
  case invalidAddress(String)
  /// The system refused the address; the reason is the system's.
  case cannotListen(address: String, reason: String)
  /// The system refused a thread or a loop.
  case cannotStart(reason: String)
}
