/// The routes of a server: what is answered at which path.
struct RouteTable<Action: Sendable>: Sendable {
  /// One route.
  struct Route: Sendable {
    var method: HTTPMethod
    /// A path with at most one parameter, such as `/v1/decisions/{id}/explanation`. The parameter
    /// stands for one segment, not empty.
    var template: String
    var action: Action
  }

  /// What a request comes to.
  enum Outcome: Sendable {
    /// The action of the route and the decoded value of its parameter, if it has one.
    case found(Action, parameter: String?)
    /// There is no such route; this is the answer.
    case refused(Problem)
    /// OPTIONS on a path that exists; the header says what it answers.
    case options(allow: HTTPHeader)
  }

  private struct Pattern: Sendable {
    var route: Route
    var before: [UInt8]
    var after: [UInt8]
    var hasParameter: Bool
  }

  /// All routes as given, for documents made from them.
  let routes: [Route]
  private let patterns: [Pattern]

  /// *Traps* on a template with more than one parameter or with a parameter beside other text of
  /// its segment.
  init(_ routes: [Route]) {
    self.routes = routes
    let all = routes.map(Self.pattern)
    // A path written out goes before one with a parameter, whatever the order of the table.
    patterns = all.filter { !$0.hasParameter } + all.filter(\.hasParameter)
  }

  /// Finds the route of a request. GET routes answer HEAD too.
  func route(_ request: HTTPRequest) -> Outcome {
    let path = request.pathBytes
    var allowed: [HTTPMethod] = []
    for pattern in patterns {
      guard let encoded = Self.match(pattern, path) else { continue }
      let method = pattern.route.method
      guard method == request.method || (method == .get && request.method == .head) else {
        allowed += method == .get ? [.get, .head] : [method]
        continue
      }
      guard pattern.hasParameter else { return .found(pattern.route.action, parameter: nil) }
      guard let parameter = percentDecoded(encoded) else {
        return .refused(
          Problem(.malformedRequest, detail: "The path is not well percent-encoded UTF-8."))
      }
      return .found(pattern.route.action, parameter: parameter)
    }
    guard !allowed.isEmpty else { return .refused(Problem(.notFound)) }
    let allow = HTTPHeader(name: "Allow", value: Self.list(allowed + [.options]))
    if request.method == .options { return .options(allow: allow) }
    return .refused(Problem(.methodNotAllowed, headers: [allow]))
  }

  private static func list(_ methods: [HTTPMethod]) -> String {
    HTTPMethod.allCases.filter(methods.contains).map(\.token).joined(separator: ", ")
  }

  private static func pattern(_ route: Route) -> Pattern {
    let bytes = Array(route.template.utf8)
    guard let open = bytes.firstIndex(of: UInt8(ascii: "{")) else {
      return Pattern(route: route, before: bytes, after: [], hasParameter: false)
    }
    guard let close = bytes.firstIndex(of: UInt8(ascii: "}")), open > 0, close > open,
      bytes[open - 1] == UInt8(ascii: "/"),
      close + 1 == bytes.count || bytes[close + 1] == UInt8(ascii: "/"),
      !bytes[(close + 1)...].contains(UInt8(ascii: "{"))
    else { preconditionFailure("\(route.template) is no route template") }
    return Pattern(
      route: route, before: Array(bytes[..<open]), after: Array(bytes[(close + 1)...]),
      hasParameter: true)
  }

  /// The parameter in a path that matches; empty for a pattern without one.
  private static func match(
    _ pattern: Pattern, _ path: ArraySlice<UInt8>
  ) -> ArraySlice<UInt8>? {
    guard pattern.hasParameter else {
      return path.elementsEqual(pattern.before) ? path.prefix(0) : nil
    }
    guard path.count > pattern.before.count + pattern.after.count,
      path.starts(with: pattern.before),
      path.suffix(pattern.after.count).elementsEqual(pattern.after)
    else { return nil }
    let parameter = path.dropFirst(pattern.before.count).dropLast(pattern.after.count)
    return parameter.contains(UInt8(ascii: "/")) ? nil : parameter
  }
}
