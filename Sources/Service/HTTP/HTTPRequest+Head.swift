/// The checks of a complete head that need more than one of its lines.
extension HTTPRequest {
  /// Checks lengths and host, and finds path and query in the target.
  mutating func checkHead(isChunked: Bool) throws(HTTPRequestError) {
    trimValues()
    if has(.contentLength) {
      let digits = headerBytes(.contentLength)
      guard !digits.isEmpty, digits.count <= 19 else { throw .malformed }
      guard digits.allSatisfy({ $0 &- 48 <= 9 }) else { throw .malformed }
    }
    if has(.transferEncoding) {
      if has(.contentLength) { throw .conflictingLength }
      // In HTTP/1.0 a chunked body ends where the reader thinks it does.
      guard minorVersion == 1 else { throw .malformed }
      guard isChunked, lowerCased(.transferEncoding) == "chunked" else {
        throw .unsupportedTransferCoding
      }
    } else if isChunked {
      throw .malformed
    }
    if minorVersion == 1, !has(.host) { throw .malformed }
    try splitTarget()
  }

  /// The C parser drops white space before a value, not after it.
  private mutating func trimValues() {
    for index in headerPlaces.span.indices {
      var place = headerPlaces[index]
      while place.count > 0 {
        let last = head[Int(place.offset + place.count) - 1]
        guard last == 32 || last == 9 else { break }
        place.count -= 1
      }
      headerPlaces[index] = place
    }
  }

  /// Whether the client waits for `100 Continue`.
  func expectsContinue() throws(HTTPRequestError) -> Bool {
    guard minorVersion == 1, has(.expect) else { return false }
    guard lowerCased(.expect) == "100-continue" else { throw .unsupportedExpectation }
    return true
  }

  private func lowerCased(_ name: HTTPHeaderName) -> String {
    String(decoding: headerBytes(name).map(asciiLowerCased), as: UTF8.self)
  }

  /// The target is the first text in `head`: `/path?query`, `http://host/path?query` or `*`.
  private mutating func splitTarget() throws(HTTPRequestError) {
    let end = targetCount
    guard end > 0 else { throw .malformed }
    var start = 0
    if head[0] != UInt8(ascii: "/"), !(end == 1 && head[0] == UInt8(ascii: "*")) {
      start = try pathStart(afterSchemeIn: head[..<end])
    }
    var pathEnd = start
    while pathEnd < end, head[pathEnd] != UInt8(ascii: "?") {
      if head[pathEnd] == UInt8(ascii: "#") { throw .malformed }
      pathEnd += 1
    }
    pathPlace = Place(offset: Int32(start), count: Int32(pathEnd - start))
    if pathEnd < end {
      queryPlace = Place(offset: Int32(pathEnd + 1), count: Int32(end - pathEnd - 1))
    }
  }

  /// A server must take the absolute form too (RFC 9112 section 3.2.2); the authority in it is not
  /// used, since one server serves one authority.
  private func pathStart(afterSchemeIn target: ArraySlice<UInt8>) throws(HTTPRequestError) -> Int {
    var index = 0
    while index < target.count, target[index] != UInt8(ascii: ":") { index += 1 }
    guard index + 2 < target.count, target[index + 1] == UInt8(ascii: "/"),
      target[index + 2] == UInt8(ascii: "/")
    else { throw .malformed }
    index += 3
    while index < target.count, target[index] != UInt8(ascii: "/") { index += 1 }
    guard index < target.count else { throw .malformed }
    return index
  }
}
