import CHTTPParser

/// What the callbacks of the C parser gather of the request being read.
///
/// The C parser finds the structure; this adds what its Debian build leaves unchecked: white space
/// in header names, control and non-ASCII bytes in the target, repeated headers, the bytes of chunk
/// framing.
@safe
struct MessageInProgress {
  /// Where the C parser stopped of its own will.
  enum Stop {
    case headComplete
    case messageComplete
  }

  let bodyLimit: Int
  var request = HTTPRequest()
  var stop: Stop?
  /// The first fault found here; it goes before any the C parser found later in the same bytes.
  var fault: HTTPRequestError?
  var inBody = false
  var isChunked = false
  var framing = ChunkFraming()
  // SAFETY, for every `unsafe` here: bytes come from the C parser as a slice of the buffer its
  // caller holds for the whole call, and are read inside that call only.
  /// The first byte handed to the C parser of which it is not yet known whether it is data.
  private var unexamined: UnsafePointer<UInt8>?

  private var nameBytes = InlineArray<17, UInt8>(repeating: 0)
  private var nameCount = 0
  private var readsName = false
  private var current: HTTPHeaderName?

  init(bodyLimit: Int) {
    self.bodyLimit = bodyLimit
    unsafe unexamined = nil
  }

  /// Forgets the request, which has been handed out.
  mutating func reset() {
    self = MessageInProgress(bodyLimit: bodyLimit)
  }

  mutating func appendTarget(_ bytes: UnsafeBufferPointer<UInt8>) {
    // SAFETY: the C parser gives a slice of the buffer the caller holds for the whole call; its
    // elements are read inside that call only.
    for index in bytes.indices where unsafe bytes[index] <= 32 || bytes[index] >= 127 {
      fault = fault ?? .malformed
    }
    if request.head.isEmpty { request.head.reserveCapacity(192) }
    unsafe request.head.append(contentsOf: bytes)
    request.targetCount += bytes.count
  }

  mutating func appendName(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard !inBody else { return }
    if !readsName {
      readsName = true
      nameCount = 0
    }
    // SAFETY: as in appendTarget.
    for index in bytes.indices {
      let byte = unsafe bytes[index]
      if byte == 32 { fault = fault ?? .malformed }
      if nameCount < HTTPHeaderName.longestName { nameBytes[nameCount] = asciiLowerCased(byte) }
      nameCount += 1
    }
  }

  mutating func appendValue(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard !inBody else { return }
    if readsName {
      readsName = false
      current =
        nameCount <= HTTPHeaderName.longestName
        ? HTTPHeaderName.matching(nameBytes.span.extracting(first: nameCount)) : nil
      if let current { beginValue(of: current) }
    }
    guard let current else { return }
    // SAFETY: as in appendTarget.
    unsafe request.head.append(contentsOf: bytes)
    request.headerPlaces[current.rawValue].count += Int32(bytes.count)
  }

  private mutating func beginValue(of header: HTTPHeaderName) {
    let place = request.headerPlaces[header.rawValue]
    if place.count < 0 {
      request.headerPlaces[header.rawValue] =
        HTTPRequest.Place(offset: Int32(request.head.count), count: 0)
    } else if header == .accept {
      // More of the same list; the first line is enough to choose a form of answer.
      current = nil
    } else {
      fault = fault ?? (header == .contentLength ? .conflictingLength : .malformed)
    }
  }

  // MARK: Body

  /// Whether the bytes about to be read hold chunk framing.
  var owesFraming: Bool { inBody && isChunked }

  /// Notes the first byte of the buffer the C parser is about to read.
  mutating func beginFeed(_ bytes: UnsafePointer<UInt8>?) {
    unsafe unexamined = bytes
  }

  /// Appends data; false stops the C parser.
  mutating func appendBody(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    // SAFETY: as in appendTarget.
    if isChunked, let start = bytes.baseAddress {
      unsafe examineFraming(upTo: start)
      unsafe unexamined = start + bytes.count
    }
    guard fault == nil else { return false }
    guard request.body.count + bytes.count <= bodyLimit else {
      fault = .bodyTooLarge
      return false
    }
    unsafe request.body.append(contentsOf: bytes)
    return true
  }

  /// Examines the bytes between the last data and `end`, none of which are data.
  mutating func examineFraming(upTo end: UnsafePointer<UInt8>) {
    guard isChunked, var next = unsafe unexamined else { return }
    // SAFETY: both pointers are in the buffer of the current call, `unexamined` never past `end`,
    // since the C parser reports data in order.
    while unsafe next < end {
      unsafe framing.take(next.pointee)
      unsafe next += 1
    }
    unsafe unexamined = end
    if framing.isBroken { fault = fault ?? .malformed }
  }
}
