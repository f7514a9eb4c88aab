import Model

/// What the service answers, by route.
enum ScoringRoute: Sendable {
  case score
  case decision
  case neighbourhood
  case rings
  case health
  case readiness
  case metrics

  static let table = RouteTable<ScoringRoute>([
    .init(method: .post, template: "/v1/score", action: .score),
    .init(method: .get, template: "/v1/decisions/{id}", action: .decision),
    .init(
      method: .get, template: "/v1/accounts/{id}/neighbourhood", action: .neighbourhood),
    .init(method: .get, template: "/v1/rings", action: .rings),
    .init(method: .get, template: "/healthz", action: .health),
    .init(method: .get, template: "/readyz", action: .readiness),
    .init(method: .get, template: "/metrics", action: .metrics),
  ])
}

/// Answers what needs no engine on the loop's thread, and hands the rest to the engine's.
struct ScoringHandler: RequestHandler {
  let desk: ScoringDesk
  let state: ServiceState
  let registry: MetricsRegistry
  /// Names of event types that a policy governs.
  let decidedEvents: [String]
  /// Names of entities, as the schema has them.
  let entities: [String]

  func handle(_ request: HTTPRequest, responder: Responder) {
    switch ScoringRoute.table.route(request) {
    case .refused(let problem): responder.complete(problem.response)
    case .options(let allow):
      var response = HTTPResponse(status: 204, body: [])
      response.headers = [allow]
      responder.complete(response)
    case .found(let route, let parameter): answer(route, parameter ?? "", request, responder)
    }
  }

  private func answer(
    _ route: ScoringRoute, _ parameter: String, _ request: HTTPRequest, _ responder: Responder
  ) {
    switch route {
    case .health: responder.complete(HTTPResponse(body: Array(#"{"status":"ok"}"#.utf8)))
    case .readiness:
      let reading = state.reading
      let body = Array(reading.json.utf8)
      responder.complete(HTTPResponse(status: reading.isReady ? 200 : 503, body: body))
    case .metrics:
      let text = Array(registry.text().utf8)
      responder.complete(HTTPResponse(contentType: .prometheus, body: text))
    case .score: score(request, responder)
    case .decision: show(parameter, request, responder)
    case .neighbourhood: neighbourhood(parameter, request, responder)
    case .rings:
      guard let least = number("least", from: 2...1_000, else: 3, request, responder),
        let most = number("limit", from: 1...100, else: 20, request, responder)
      else { return }
      put(.rings(least: least, most: most, responder))
    }
  }

  private func neighbourhood(_ key: String, _ request: HTTPRequest, _ responder: Responder) {
    guard let hops = number("hops", from: 1...3, else: 1, request, responder) else { return }
    let asked = QueryText.value(of: "entity", in: request.query)
    guard let name = asked ?? entities.first, let entity = entities.firstIndex(of: name) else {
      let names = entities.joined(separator: ", ")
      return responder.complete(
        Problem(.unprocessable, detail: "Say which entity: ?entity=NAME, one of \(names).")
          .response)
    }
    put(.neighbourhood(entity: entity, key: key, hops: hops, responder))
  }

  /// A number of the query; nil when it was refused.
  private func number(
    _ name: String, from range: ClosedRange<Int>, else standard: Int, _ request: HTTPRequest,
    _ responder: Responder
  ) -> Int? {
    guard let text = QueryText.value(of: name, in: request.query) else { return standard }
    if let number = Int(text), range.contains(number) { return number }
    let detail = "\(name) takes a whole number from \(range.lowerBound) to \(range.upperBound)."
    responder.complete(Problem(.unprocessable, detail: detail).response)
    return nil
  }

  private func score(_ request: HTTPRequest, _ responder: Responder) {
    if let type = request.mediaType, type != "application/json" {
      let problem = Problem(
        .unsupportedMediaType,
        detail: "An event is sent with the header Content-Type: application/json.")
      return responder.complete(problem.response)
    }
    put(.score(body: request.body, responder))
  }

  private func show(_ id: String, _ request: HTTPRequest, _ responder: Responder) {
    let asked = QueryText.value(of: "event", in: request.query)
    put(.show(events: asked.map { [$0] } ?? decidedEvents, id: id, responder))
  }

  private func put(_ job: DeskJob) {
    guard state.reading.isReady else {
      return job.responder.complete(
        Problem(
          .unavailable, detail: "The service is not ready: \(state.reading.words).",
          retryAfterSeconds: 1
        ).response)
    }
    if !desk.put(job) {
      job.responder.complete(Problem(.overloaded, retryAfterSeconds: 1).response)
    }
  }
}

/// Values of a query string.
enum QueryText {
  /// The decoded value of a name; nil when it is absent or badly encoded.
  static func value(of name: String, in query: String?) -> String? {
    guard let query else { return nil }
    for pair in query.split(separator: "&") {
      let parts = pair.split(separator: "=", maxSplits: 1)
      if parts.count == 2, parts[0] == name { return percentDecoded(Array(parts[1].utf8)[...]) }
    }
    return nil
  }
}
