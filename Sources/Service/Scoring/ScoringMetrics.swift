import Engine
import Model
import Replay

/// What scoring counts.
struct ScoringMetrics: Sendable {
  private let registry: MetricsRegistry
  let batches: Counter
  let batchEvents: Histogram
  let commitSeconds: Histogram
  let repeats: Counter
  let ledgerFailures: Counter
  let listReloads: Counter
  let listFailures: Counter
  private let events: Gauge
  private let lastSequence: Gauge
  private let stateBytes: Gauge
  private let lateBeyond: Gauge
  private let unknownOutcomes: Gauge
  private let errorOutcomes: Gauge
  private let truncatedSignals: Gauge
  private let outcomes: [[Gauge]]

  init(_ registry: MetricsRegistry, _ catalog: DecisionCatalog) {
    self.registry = registry
    batches = registry.counter("sabueso_batches_total", help: "Micro-batches committed.")
    batchEvents = registry.histogram(
      "sabueso_batch_events", help: "Requests in a micro-batch.",
      bounds: [1, 2, 4, 8, 16, 32, 64, 128, 256])
    commitSeconds = registry.histogram(
      "sabueso_batch_seconds", help: "Scoring and committing one micro-batch.")
    repeats = registry.counter(
      "sabueso_repeats_total", help: "Identical repeats, answered as the first time.")
    ledgerFailures = registry.counter(
      "sabueso_ledger_failures_total", help: "Batches the ledger could not keep.")
    listReloads = registry.counter(
      "sabueso_list_reloads_total", help: "Lists whose file was read anew.")
    listFailures = registry.counter(
      "sabueso_list_failures_total", help: "Files that were no list; the version before stays.")
    events = registry.gauge("sabueso_events", help: "Events in the engine's state.")
    lastSequence = registry.gauge(
      "sabueso_last_sequence", help: "Sequence of the last durable event.")
    stateBytes = registry.gauge("sabueso_state_bytes", help: "Bytes of the engine's state.")
    lateBeyond = registry.gauge(
      "sabueso_late_beyond", help: "Events later than their windows wait.")
    unknownOutcomes = registry.gauge(
      "sabueso_unknown_outcomes", help: "Rules that lacked data, replayed events included.")
    errorOutcomes = registry.gauge(
      "sabueso_error_outcomes", help: "Rules that failed, replayed events included.")
    truncatedSignals = registry.gauge(
      "sabueso_truncated_signals", help: "Bounded signals, replayed events included.")
    outcomes = catalog.policies.map { policy in
      policy.outcomes.map { outcome in
        registry.gauge(
          "sabueso_decisions", help: "Decisions answered since the start.",
          labels: [("policy", policy.name), ("outcome", outcome)])
      }
    }
  }

  /// Counts a refused event.
  func refused(_ code: String) {
    registry.counter(
      "sabueso_refused_total", help: "Events refused.", labels: [("code", code)]
    ).add()
  }

  /// Shows where the engine stands.
  func show(
    _ statistics: EngineStatistics, _ memory: EngineMemory, _ counts: [[UInt64]],
    lastSequence sequence: UInt64
  ) {
    events.set(Int64(statistics.events))
    lastSequence.set(Int64(sequence))
    stateBytes.set(Int64(memory.total))
    lateBeyond.set(Int64(statistics.lateBeyond))
    unknownOutcomes.set(Int64(statistics.unknownOutcomes))
    errorOutcomes.set(Int64(statistics.errorOutcomes))
    truncatedSignals.set(Int64(statistics.truncatedSignals))
    for (gauges, numbers) in zip(outcomes, counts) {
      for (gauge, number) in zip(gauges, numbers) { gauge.set(Int64(number)) }
    }
  }
}
