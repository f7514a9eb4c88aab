import CHTTPParser
import Glibc

/// Reads HTTP/1.0 and HTTP/1.1 requests from bytes that arrive in any pieces; knows no socket.
///
/// The grammar is read by http_parser; everything around it that decides whether two readers of the
/// same bytes agree is checked here: line ends, line folding, header names, repeated headers, body
/// lengths, chunk framing. The result does not depend on how the bytes are cut.
///
/// *Source*: RFC 9112.
// SAFETY, for every `unsafe` here: `machine` and `message` are allocated in init, owned by this
// value alone and freed in deinit; `machine.data` points at `message`; bytes are read within the
// call that lends them.
@safe
struct HTTPRequestParser: ~Copyable {
  /// What `advance` came to.
  enum Step: Sendable {
    /// All bytes are read, and more are needed.
    case needsBytes
    /// The head is complete and the client waits for `100 Continue` before it sends the body.
    case expectsContinue
    /// A request is complete; the bytes after it are not read yet.
    case request(HTTPRequest)
  }

  private let limits: HTTPLimits
  private let machine: UnsafeMutablePointer<http_parser>
  /// Methods copy this pointer before they write through it: the thread sanitizer of Swift 6.3
  /// builds no valid code for a write through a field of a noncopyable value.
  private let message: UnsafeMutablePointer<MessageInProgress>
  /// Bytes of the current head read so far.
  private var headCount = 0
  private var previousByte: UInt8 = 0
  /// Spaces of the request line read so far; -1 once the line has ended.
  private var requestLineSpaces = 0
  /// Whether the line feed that ends the head is still to be read, as the first byte of the body.
  private var owesHeadEnd = false
  private var hasFailed = false

  init(limits: HTTPLimits) {
    precondition(limits.headerBytes <= 80 << 10, "http_parser itself gives up at 80 KiB")
    self.limits = limits
    // SAFETY: both allocations are owned by this value and freed in deinit; `machine.data` points
    // at `message`, which outlives it.
    unsafe machine = UnsafeMutablePointer<http_parser>.allocate(capacity: 1)
    unsafe machine.initialize(to: http_parser())
    unsafe http_parser_init(machine, HTTP_REQUEST)
    unsafe message = UnsafeMutablePointer<MessageInProgress>.allocate(capacity: 1)
    unsafe message.initialize(to: MessageInProgress(bodyLimit: limits.bodyBytes))
    unsafe machine.pointee.data = UnsafeMutableRawPointer(message)
  }

  deinit {
    // SAFETY: allocated in init, owned by nobody else.
    unsafe message.deinitialize(count: 1)
    unsafe message.deallocate()
    unsafe machine.deallocate()
  }

  /// Whether some of a request has been read but not all.
  var isInsideRequest: Bool { headCount > 0 }

  /// Whether the head is complete and the body is not.
  // SAFETY: `message` is alive as long as self.
  var isInsideBody: Bool { unsafe message.pointee.inBody }

  /// Reads on from `offset` and moves it past what was read, at most to the end of one request.
  ///
  /// *Throws* when the bytes are no request; the connection has to be closed after the refusal.
  mutating func advance(
    over input: Span<UInt8>, from offset: inout Int
  ) throws(HTTPRequestError) -> Step {
    precondition(!hasFailed, "bytes after a refused request are not read")
    do throws(HTTPRequestError) {
      while offset < input.count {
        let step = isInsideBody ? try readBody(input, &offset) : try readHead(input, &offset)
        if let step { return step }
      }
      return .needsBytes
    } catch {
      hasFailed = true
      throw error
    }
  }

  // MARK: Head

  private mutating func readHead(
    _ input: Span<UInt8>, _ offset: inout Int
  ) throws(HTTPRequestError) -> Step? {
    let message = unsafe self.message
    if headCount == 0 {
      // Empty lines before a request are read past (RFC 9112 section 2.2) and do not begin one.
      while offset < input.count, input[offset] == 13 || input[offset] == 10 { offset += 1 }
      guard offset < input.count else { return nil }
    }
    let end = min(input.count, offset + limits.headerBytes - headCount)
    let bytes = input.extracting(offset..<end)
    let consumed = execute(bytes)
    headCount += consumed
    offset += consumed
    try checkLines(bytes.extracting(first: consumed))
    // SAFETY: `message` and `machine` are alive as long as self.
    if let fault = unsafe message.pointee.fault { throw fault }
    if unsafe message.pointee.stop == .headComplete {
      unsafe message.pointee.stop = nil
      return try concludeHead()
    }
    if let error = parserError() { throw error }
    if headCount >= limits.headerBytes { throw .headerTooLarge }
    return nil
  }

  /// Every line must end in CR LF and none may continue the one before it; the C parser lets a lone
  /// line feed and folded lines pass.
  private mutating func checkLines(_ bytes: Span<UInt8>) throws(HTTPRequestError) {
    guard !bytes.isEmpty else { return }
    if previousByte == 10, bytes[0] == 32 || bytes[0] == 9 { throw .malformed }
    try countSpaces(bytes)
    let last = previousByte
    // SAFETY: memchr looks at buffer[start..<count] only, and every index below is inside it.
    let correct = unsafe bytes.withUnsafeBufferPointer { buffer -> Bool in
      var start = 0
      while start < buffer.count, let base = buffer.baseAddress,
        let found = unsafe memchr(base + start, 10, buffer.count - start)
      {
        let index = unsafe UnsafeRawPointer(found) - UnsafeRawPointer(base)
        let before = unsafe index == 0 ? last : buffer[index - 1]
        if before != 13 { return false }
        start = index + 1
        if start < buffer.count, unsafe buffer[start] == 32 || buffer[start] == 9 { return false }
      }
      return true
    }
    guard correct else { throw .malformed }
    previousByte = bytes[bytes.count - 1]
  }

  /// A request line has exactly two spaces; the C parser skips any number of them.
  private mutating func countSpaces(_ bytes: Span<UInt8>) throws(HTTPRequestError) {
    var index = 0
    while requestLineSpaces >= 0, index < bytes.count {
      if bytes[index] == 32 {
        requestLineSpaces += 1
        if requestLineSpaces > 2 { throw .malformed }
      } else if bytes[index] == 10 {
        if requestLineSpaces != 2 { throw .malformed }
        requestLineSpaces = -1
      }
      index += 1
    }
  }

  private mutating func concludeHead() throws(HTTPRequestError) -> Step? {
    // SAFETY: `message` and `machine` are alive as long as self.
    let message = unsafe self.message
    let flags = unsafe machine.pointee.flags
    let major = unsafe machine.pointee.http_major
    let minor = unsafe machine.pointee.http_minor
    guard major == 1, minor <= 1 else { throw .unsupportedVersion }
    guard let method = unsafe HTTPMethod(code: machine.pointee.method) else {
      throw .unsupportedMethod
    }
    unsafe message.pointee.request.method = method
    unsafe message.pointee.request.minorVersion = UInt8(minor)
    unsafe message.pointee.request.keepAlive = http_should_keep_alive(machine) != 0
    let isChunked = flags & UInt32(F_CHUNKED.rawValue) != 0
    try unsafe message.pointee.request.checkHead(isChunked: isChunked)

    let declared = unsafe machine.pointee.content_length
    let hasLength = flags & UInt32(F_CONTENTLENGTH.rawValue) != 0
    if hasLength {
      guard declared <= UInt64(limits.bodyBytes) else { throw .bodyTooLarge }
      unsafe message.pointee.request.body.reserveCapacity(Int(declared))
    }
    unsafe message.pointee.isChunked = isChunked
    unsafe message.pointee.inBody = true
    owesHeadEnd = true
    let expects = try unsafe message.pointee.request.expectsContinue()
    return expects && (isChunked || hasLength && declared > 0) ? .expectsContinue : nil
  }

  // MARK: Body

  private mutating func readBody(
    _ input: Span<UInt8>, _ offset: inout Int
  ) throws(HTTPRequestError) -> Step? {
    let message = unsafe self.message
    if owesHeadEnd {
      guard input[offset] == 10, previousByte == 13 else { throw .malformed }
      _ = execute(input.extracting(offset..<offset + 1))
      owesHeadEnd = false
      offset += 1
    } else {
      offset += execute(input.extracting(droppingFirst: offset))
    }
    // SAFETY: `message` is alive as long as self.
    if let fault = unsafe message.pointee.fault { throw fault }
    if unsafe message.pointee.stop == .messageComplete {
      if unsafe message.pointee.isChunked, unsafe !message.pointee.framing.isFinished {
        throw .malformed
      }
      let request = unsafe message.pointee.request
      unsafe message.pointee.reset()
      headCount = 0
      previousByte = 0
      requestLineSpaces = 0
      return .request(request)
    }
    if let error = parserError() { throw error }
    return nil
  }

  // MARK: The C parser

  /// Feeds the C parser, which stops at the end of a head and at the end of a message.
  private mutating func execute(_ bytes: Span<UInt8>) -> Int {
    // SAFETY: `machine` is alive as long as self.
    if unsafe machine.pointee.http_errno == HPE_PAUSED.rawValue {
      unsafe http_parser_pause(machine, 0)
    }
    return run(bytes)
  }

  private mutating func run(_ bytes: Span<UInt8>) -> Int {
    // SAFETY: the buffer lives until this closure ends, and the callbacks keep no pointer into it:
    // `beginFeed(nil)` drops the only one.
    let message = unsafe self.message
    return unsafe bytes.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return 0 }
      return unsafe base.withMemoryRebound(to: CChar.self, capacity: buffer.count) { characters in
        if unsafe owesHeadEnd || !message.pointee.owesFraming {
          return unsafe http_parser_execute(machine, parserSettings, characters, buffer.count)
        }
        unsafe message.pointee.beginFeed(base)
        let consumed = unsafe http_parser_execute(
          machine, parserSettings, characters, buffer.count)
        unsafe message.pointee.examineFraming(upTo: base + consumed)
        unsafe message.pointee.beginFeed(nil)
        return consumed
      }
    }
  }

  /// The C parser's complaint; a pause asked for by the callbacks is none.
  private mutating func parserError() -> HTTPRequestError? {
    // SAFETY: `machine` is alive as long as self.
    let code = unsafe http_errno(machine.pointee.http_errno)
    return switch code {
    case HPE_OK, HPE_PAUSED: nil
    case HPE_UNEXPECTED_CONTENT_LENGTH: .conflictingLength
    case HPE_HEADER_OVERFLOW: .headerTooLarge
    case HPE_INVALID_TRANSFER_ENCODING: .unsupportedTransferCoding
    default: .malformed
    }
  }
}

extension HTTPMethod {
  /// The method of a code of http_parser.
  init?(code: UInt32) {
    switch http_method(code) {
    case HTTP_GET: self = .get
    case HTTP_HEAD: self = .head
    case HTTP_POST: self = .post
    case HTTP_PUT: self = .put
    case HTTP_PATCH: self = .patch
    case HTTP_DELETE: self = .delete
    case HTTP_OPTIONS: self = .options
    default: return nil
    }
  }
}
