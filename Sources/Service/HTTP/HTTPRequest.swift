/// One complete request, its bytes owned.
///
/// *Shape*: the target and the values of known headers lie one after another in `head`, found by
/// ranges, so that a request costs two allocations however many headers it has.
struct HTTPRequest: Sendable {
  /// Offset and count in `head`; a count below zero says that there is none.
  struct Place: Sendable {
    var offset: Int32 = 0
    var count: Int32 = -1
  }

  /// What is asked for.
  var method: HTTPMethod = .get
  /// 0 for HTTP/1.0, 1 for HTTP/1.1.
  var minorVersion: UInt8 = 1
  /// Whether the connection may serve another request after this one.
  var keepAlive = true
  /// The body, with any chunked coding removed.
  var body: [UInt8] = []

  var head: [UInt8] = []
  var targetCount = 0
  var pathPlace = Place()
  var queryPlace = Place()
  var headerPlaces = InlineArray<11, Place>(repeating: Place())

  /// The path as sent, still percent-encoded.
  var pathBytes: ArraySlice<UInt8> { bytes(at: pathPlace) }

  /// The path as sent, still percent-encoded.
  var path: String { text(at: pathPlace) ?? "" }

  /// What follows the question mark, still percent-encoded.
  var query: String? { text(at: queryPlace) }

  /// A header's value without surrounding white space.
  func header(_ name: HTTPHeaderName) -> String? {
    text(at: headerPlaces[name.rawValue])
  }

  /// Whether a header was sent, even if empty.
  func has(_ name: HTTPHeaderName) -> Bool {
    headerPlaces[name.rawValue].count >= 0
  }

  /// A header's value as bytes; empty if it was not sent.
  func headerBytes(_ name: HTTPHeaderName) -> ArraySlice<UInt8> {
    bytes(at: headerPlaces[name.rawValue])
  }

  /// The media type of the body in lower case, without parameters; nil if none was sent.
  var mediaType: String? {
    guard let value = header(.contentType) else { return nil }
    let type = value.utf8.prefix { $0 != UInt8(ascii: ";") && $0 != UInt8(ascii: " ") }
    return String(decoding: type.map(asciiLowerCased), as: UTF8.self)
  }

  private func bytes(at place: Place) -> ArraySlice<UInt8> {
    head[Int(place.offset)..<Int(place.offset) + Int(max(0, place.count))]
  }

  private func text(at place: Place) -> String? {
    place.count < 0 ? nil : String(decoding: bytes(at: place), as: UTF8.self)
  }
}

/// The byte with A…Z turned to a…z and every other left.
func asciiLowerCased(_ byte: UInt8) -> UInt8 {
  byte &- 65 < 26 ? byte | 0x20 : byte
}
