/// The request headers the service reads; all others are checked for form and then forgotten.
enum HTTPHeaderName: Int, Sendable, CaseIterable {
  case host
  case contentLength
  case transferEncoding
  case contentType
  case expect
  case accept
  case idempotencyKey
  case traceparent
  case authorization
  case ifMatch
  case ifNoneMatch

  /// Lower-case name, as header names compare without case.
  var name: StaticString {
    switch self {
    case .host: "host"
    case .contentLength: "content-length"
    case .transferEncoding: "transfer-encoding"
    case .contentType: "content-type"
    case .expect: "expect"
    case .accept: "accept"
    case .idempotencyKey: "idempotency-key"
    case .traceparent: "traceparent"
    case .authorization: "authorization"
    case .ifMatch: "if-match"
    case .ifNoneMatch: "if-none-match"
    }
  }

  /// The longest name above; a longer header name needs no comparing.
  static let longestName = 17

  /// The header of this lower-cased name.
  static func matching(_ lowerCased: Span<UInt8>) -> HTTPHeaderName? {
    let candidate: HTTPHeaderName? =
      switch lowerCased.count {
      case 4: .host
      case 6: lowerCased[0] == UInt8(ascii: "a") ? .accept : .expect
      case 8: .ifMatch
      case 11: .traceparent
      case 12: .contentType
      case 13: lowerCased[0] == UInt8(ascii: "a") ? .authorization : .ifNoneMatch
      case 14: .contentLength
      case 15: .idempotencyKey
      case 17: .transferEncoding
      default: nil
      }
    guard let candidate, candidate.name.matches(lowerCased) else { return nil }
    return candidate
  }
}

extension StaticString {
  /// Whether these are exactly the bytes of this text.
  func matches(_ bytes: Span<UInt8>) -> Bool {
    guard utf8CodeUnitCount == bytes.count else { return false }
    for index in bytes.indices {
      // SAFETY: index is below utf8CodeUnitCount, checked equal to the span's count above.
      guard unsafe utf8Start[index] == bytes[index] else { return false }
    }
    return true
  }
}
