import Glibc

/// A client that sends bytes and reads bytes, and knows no more of HTTP than a test needs.
final class SocketClient {
  let descriptor: Int32

  struct Failure: Error {}

  init(port: Int) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    // SAFETY: the address outlives the call and is as long as said.
    let status = unsafe withUnsafePointer(to: &address) { address in
      unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        unsafe connect(descriptor, address, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard status == 0 else { throw Failure() }
  }

  init(path: String) throws {
    descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    // SAFETY: test paths are shorter than sun_path; the address is as long as said.
    let status = unsafe withUnsafeMutableBytes(of: &address.sun_path) { bytes in
      unsafe bytes.copyBytes(from: path.utf8)
      return 0
    }
    let connected = unsafe withUnsafePointer(to: &address) { address in
      unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        unsafe connect(descriptor, address, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard status == 0, connected == 0 else { throw Failure() }
  }

  deinit {
    close(descriptor)
  }

  /// False once the peer has closed.
  @discardableResult
  func send(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    var sent = 0
    while sent < bytes.count {
      // SAFETY: the pointer covers bytes.count - sent bytes from sent on.
      let count = unsafe bytes.withUnsafeBytes { buffer in
        unsafe Glibc.send(
          descriptor, buffer.baseAddress?.advanced(by: sent), bytes.count - sent,
          Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }

  func endSending() {
    shutdown(descriptor, Int32(SHUT_WR))
  }

  /// What arrives within the time; nil when nothing does, empty at the end of the stream.
  private func receive(milliseconds: Int32) -> [UInt8]? {
    var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    // SAFETY: one pollfd is given as one; the buffer is as long as said.
    guard unsafe Glibc.poll(&poll, 1, milliseconds) > 0 else { return nil }
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = unsafe buffer.withUnsafeMutableBytes { buffer in
      unsafe recv(descriptor, buffer.baseAddress, buffer.count, 0)
    }
    return count <= 0 ? [] : Array(buffer[..<count])
  }

  /// Reads until the peer closes; nil if it does not within the time.
  func readToEnd(milliseconds: Int32 = 5_000) -> String? {
    var all: [UInt8] = []
    while let bytes = receive(milliseconds: milliseconds) {
      if bytes.isEmpty { return String(decoding: all, as: UTF8.self) }
      all += bytes
    }
    return nil
  }

  /// Reads as many replies with bodies as wanted; fewer if the peer closes or is silent.
  func readReplies(_ wanted: Int, milliseconds: Int32 = 5_000) -> [String] {
    var all: [UInt8] = []
    var replies: [String] = []
    while replies.count < wanted {
      while let (reply, count) = Self.firstReply(all), replies.count < wanted {
        replies.append(reply)
        all.removeFirst(count)
      }
      guard replies.count < wanted else { break }
      guard let bytes = receive(milliseconds: milliseconds), !bytes.isEmpty else { break }
      all += bytes
    }
    return replies
  }

  private static func firstReply(_ bytes: [UInt8]) -> (String, Int)? {
    // Only the head is looked for each time more bytes arrive; bodies may be megabytes.
    let head = String(decoding: bytes.prefix(1_024), as: UTF8.self)
    guard let end = head.range(of: "\r\n\r\n") else { return nil }
    var count = head[..<end.upperBound].utf8.count
    for line in head[..<end.lowerBound].split(separator: "\r\n")
    where line.hasPrefix("Content-Length: ") {
      count += Int(line.dropFirst(16)) ?? 0
    }
    guard bytes.count >= count else { return nil }
    return (String(decoding: bytes[..<count], as: UTF8.self), count)
  }
}

extension String {
  /// The place of the first occurrence.
  func range(of text: String) -> Range<String.Index>? {
    firstRange(of: text)
  }

  /// What follows the empty line.
  var replyBody: String {
    guard let end = range(of: "\r\n\r\n") else { return "" }
    return String(self[end.upperBound...])
  }
}
