/// What the transport counts.
struct ServerMetrics: Sendable {
  let connectionsAccepted: Counter
  let connectionsRefused: Counter
  let connectionsOpen: Gauge
  let requests: Counter
  let requestsRefused: Counter
  let deadlinesPassed: Counter

  init(registry: MetricsRegistry) {
    connectionsAccepted = registry.counter(
      "sabueso_http_connections_total", help: "Connections accepted.")
    connectionsRefused = registry.counter(
      "sabueso_http_connections_refused_total", help: "Connections above the limits.")
    connectionsOpen = registry.gauge("sabueso_http_connections_open", help: "Connections open now.")
    requests = registry.counter("sabueso_http_requests_total", help: "Complete requests read.")
    requestsRefused = registry.counter(
      "sabueso_http_requests_refused_total", help: "Requests refused before a handler saw them.")
    deadlinesPassed = registry.counter(
      "sabueso_http_deadlines_passed_total",
      help: "Connections or requests ended by a deadline.")
  }
}
