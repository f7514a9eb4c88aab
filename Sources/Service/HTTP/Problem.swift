/// An error answer that programs can act on and people can read.
///
/// Its text never repeats a value from the request, which may be personal.
///
/// *Source*: RFC 9457; pointers are RFC 6901.
struct Problem: Error, Equatable, Sendable {
  /// One place in the body and what is wrong there.
  struct Fault: Equatable, Sendable {
    /// JSON Pointer, such as `/reward/amount`; empty for the whole body.
    var pointer: String
    /// Stable code for programs.
    var code: String
    /// Sentence for people.
    var detail: String
  }

  var kind: ProblemKind
  /// What is particular to this occurrence.
  var detail: String?
  var faults: [Fault]
  /// Seconds after which asking again may help; sent as Retry-After.
  var retryAfterSeconds: Int?
  /// Further response headers, such as Allow.
  var headers: [HTTPHeader]

  init(
    _ kind: ProblemKind, detail: String? = nil, faults: [Fault] = [],
    retryAfterSeconds: Int? = nil, headers: [HTTPHeader] = []
  ) {
    self.kind = kind
    self.detail = detail
    self.faults = faults
    self.retryAfterSeconds = retryAfterSeconds
    self.headers = headers
  }

  /// The answer that carries it.
  var response: HTTPResponse {
    var response = HTTPResponse(status: kind.status, contentType: .problem, body: json)
    response.headers = headers
    if let retryAfterSeconds {
      response.headers.append(HTTPHeader(name: "Retry-After", value: String(retryAfterSeconds)))
    }
    return response
  }

  /// The JSON object.
  var json: [UInt8] {
    var bytes: [UInt8] = []
    bytes += #"{"type":"#.utf8
    appendJSONString("/problems/\(kind.rawValue)", to: &bytes)
    bytes += #","title":"#.utf8
    appendJSONString(kind.title, to: &bytes)
    bytes += #","status":\#(kind.status)"#.utf8
    if let detail {
      bytes += #","detail":"#.utf8
      appendJSONString(detail, to: &bytes)
    }
    if !faults.isEmpty { appendFaults(to: &bytes) }
    bytes.append(UInt8(ascii: "}"))
    return bytes
  }

  private func appendFaults(to bytes: inout [UInt8]) {
    bytes += #","errors":["#.utf8
    for (index, fault) in faults.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      bytes += #"{"pointer":"#.utf8
      appendJSONString("#" + fault.pointer, to: &bytes)
      bytes += #","code":"#.utf8
      appendJSONString(fault.code, to: &bytes)
      bytes += #","detail":"#.utf8
      appendJSONString(fault.detail, to: &bytes)
      bytes.append(UInt8(ascii: "}"))
    }
    bytes.append(UInt8(ascii: "]"))
  }
}
