import Testing

@testable import Service

@Suite struct `Whatever way bytes are cut` {
  private static let fragments = [
    "GET / HTTP/1.1\r\n", "POST /v1/score?a=b HTTP/1.1\r\n", "GET http://a/b HTTP/1.0\r\n",
    "HEAD /x HTTP/1.1\r\n", "Host: x\r\n", "Host: x\r\n", "Host: x\r\n", "Host: x\r\n",
    "Content-Length: 5\r\n", "Content-Length: 0\r\n", "Transfer-Encoding: chunked\r\n",
    "Expect: 100-continue\r\n", "Connection: close\r\n", "Connection: keep-alive\r\n",
    "Accept: a\r\n", "Accept: b\r\n", "X-Y: z\r\n", "Traceparent:\r\n", "\r\n", "\r\n", "\r\n",
    "\r\n", "abcde", "5\r\nabcde\r\n", "1;x=y\r\na\r\n", "0\r\n\r\n", "0\r\nT: u\r\n\r\n", "\n",
    "\r",
    " ", ":", "Content-Length: +5\r\n", "Upgrade: h2c\r\nConnection: upgrade\r\n", "\u{0}",
    "\u{e9}",
  ]

  /// A conversation that is well-formed in most places.
  private static func conversation(_ generator: inout SplitMix64) -> [UInt8] {
    var bytes: [UInt8] = []
    for _ in 0..<Int.random(in: 1...4, using: &generator) {
      if Bool.random(using: &generator) {
        bytes += wellFormed(&generator)
      } else {
        for _ in 0..<Int.random(in: 1...8, using: &generator) {
          bytes += (fragments.randomElement(using: &generator) ?? "").utf8
        }
      }
    }
    if Int.random(in: 0..<4, using: &generator) == 0, !bytes.isEmpty {
      bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8(
        truncatingIfNeeded: generator.next())
    }
    return bytes
  }

  private static func wellFormed(_ generator: inout SplitMix64) -> [UInt8] {
    let body = String(repeating: "b", count: Int.random(in: 0...40, using: &generator))
    var text = "POST /p?q HTTP/1.1\r\nHost: x\r\n"
    if Bool.random(using: &generator) {
      text += "Content-Length: \(body.utf8.count)\r\n\r\n" + body
    } else {
      text += "Transfer-Encoding: chunked\r\n\r\n"
      if !body.isEmpty { text += String(body.utf8.count, radix: 16) + "\r\n\(body)\r\n" }
      text += "0\r\n\r\n"
    }
    return Array(text.utf8)
  }

  @Test(arguments: 0..<8)
  func `the same requests and the same refusal come out`(shard: Int) {
    var limits = HTTPLimits()
    limits.headerBytes = 120
    limits.bodyBytes = 24
    var accepted = 0
    var refused = 0
    for index in 0..<2_000 {
      let seed = UInt64(shard * 1_000_000 + index)
      var generator = SplitMix64(seed: seed)
      let bytes = Self.conversation(&generator)
      let whole = read(bytes, limits: limits)
      let single = read(bytes, pieces: Array(repeating: 1, count: bytes.count), limits: limits)
      let pieces = (0..<bytes.count).map { _ in Int.random(in: 1...12, using: &generator) }
      let cut = read(bytes, pieces: pieces, limits: limits)
      #expect(single == whole, "seed \(seed): \(String(decoding: bytes, as: UTF8.self))")
      #expect(cut == whole, "seed \(seed): \(String(decoding: bytes, as: UTF8.self))")
      accepted += whole.requests.count
      refused += whole.error == nil ? 0 : 1
    }
    // The property says little unless both happen often.
    #expect(accepted > 300)
    #expect(refused > 300)
  }
}
