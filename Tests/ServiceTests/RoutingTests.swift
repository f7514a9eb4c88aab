import Testing

@testable import Service

@Suite struct `A route table` {
  private enum Action: Sendable, Equatable {
    case score
    case decision
    case explanation
    case mine
  }

  private let table = RouteTable<Action>([
    .init(method: .get, template: "/v1/decisions/{id}", action: .decision),
    .init(method: .post, template: "/v1/score", action: .score),
    .init(method: .get, template: "/v1/decisions/{id}/explanation", action: .explanation),
    .init(method: .get, template: "/v1/decisions/mine", action: .mine),
  ])

  private func route(_ method: String, _ path: String) throws -> String {
    switch table.route(try request("\(method) \(path) HTTP/1.1\r\nHost: x\r\n\r\n")) {
    case .found(let action, let parameter): "\(action) \(parameter ?? "-")"
    case .refused(let problem):
      "\(problem.kind.status) \(problem.headers.first?.value ?? "-")"
    case .options(let allow): "options \(allow.value)"
    }
  }

  @Test(arguments: [
    ("POST", "/v1/score", "score -"),
    ("POST", "/v1/score?x=/", "score -"),
    ("GET", "/v1/decisions/7", "decision 7"),
    ("HEAD", "/v1/decisions/7", "decision 7"),
    ("GET", "/v1/decisions/a%2Fb%20%C3%A9", "decision a/b é"),
    ("GET", "/v1/decisions/mine", "mine -"),
    ("GET", "/v1/decisions/7/explanation", "explanation 7"),
    ("GET", "/v1/decisions/", "404 -"),
    ("GET", "/v1/decisions/7/8", "404 -"),
    ("GET", "/v1/decisions//explanation", "404 -"),
    ("GET", "/v1/decisions/%2", "400 -"),
    ("GET", "/v1/decisions/%00", "400 -"),
    ("GET", "/v1/decisions/%FF", "400 -"),
    ("GET", "/v1/score", "405 POST, OPTIONS"),
    ("POST", "/v1/decisions/7", "405 GET, HEAD, OPTIONS"),
    ("OPTIONS", "/v1/score", "options POST, OPTIONS"),
    ("OPTIONS", "/nothing", "404 -"),
  ])
  func `finds what is answered`(method: String, path: String, outcome: String) throws {
    #expect(try route(method, path) == outcome)
  }
}

@Suite struct `A problem` {
  @Test func `is a problem document with pointers`() {
    let problem = Problem(
      .invalidEvent, detail: "a \"b\"\n\u{1}",
      faults: [.init(pointer: "/reward/amount", code: "out-of-range", detail: "too large")],
      retryAfterSeconds: 2)
    #expect(
      String(decoding: problem.json, as: UTF8.self)
        == ##"{"type":"/problems/invalid-event","title":"The event is not valid","status":400,"##
        + ##""detail":"a \"b\"\n\u0001","errors":[{"pointer":"#/reward/amount","##
        + ##""code":"out-of-range","detail":"too large"}]}"##)
    #expect(problem.response.headers == [HTTPHeader(name: "Retry-After", value: "2")])
    #expect(problem.response.contentType == .problem)
  }

  @Test func `has a stable type for each kind`() {
    #expect(Set(ProblemKind.allCases.map(\.rawValue)).count == ProblemKind.allCases.count)
    for kind in ProblemKind.allCases {
      #expect((400...599).contains(kind.status))
      #expect(kind.rawValue.utf8.allSatisfy { (97...122).contains($0) || $0 == 45 })
    }
  }
}
