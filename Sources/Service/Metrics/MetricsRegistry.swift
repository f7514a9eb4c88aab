/// The metrics of one process and their text for a scraper.
///
/// *Source*: Prometheus text exposition format 0.0.4.
final class MetricsRegistry: Sendable {
  /// One name and value that tells series of a family apart.
  typealias Label = (name: String, value: String)

  private enum Series: Sendable {
    case counter(Counter)
    case gauge(Gauge)
    case histogram(Histogram)

    var kind: String {
      switch self {
      case .counter: "counter"
      case .gauge: "gauge"
      case .histogram: "histogram"
      }
    }
  }

  private struct Family: Sendable {
    var name: String
    var help: String
    var series: [(labels: String, series: Series)]
  }

  private let families = Locked<[Family]>([])

  /// The counter of this name and these labels, made at the first call.
  func counter(_ name: String, help: String, labels: [Label] = []) -> Counter {
    let made = Counter()
    guard case .counter(let counter) = register(name, help, labels, .counter(made)) else {
      preconditionFailure("\(name) is not a counter")
    }
    return counter
  }

  /// The gauge of this name and these labels, made at the first call.
  func gauge(_ name: String, help: String, labels: [Label] = []) -> Gauge {
    let made = Gauge()
    guard case .gauge(let gauge) = register(name, help, labels, .gauge(made)) else {
      preconditionFailure("\(name) is not a gauge")
    }
    return gauge
  }

  /// The histogram of this name and these labels, made at the first call.
  func histogram(
    _ name: String, help: String, labels: [Label] = [], bounds: [Double] = Histogram.latencyBounds
  ) -> Histogram {
    let made = Histogram(bounds: bounds)
    guard case .histogram(let histogram) = register(name, help, labels, .histogram(made)) else {
      preconditionFailure("\(name) is not a histogram")
    }
    return histogram
  }

  private func register(
    _ name: String, _ help: String, _ labels: [Label], _ made: Series
  ) -> Series {
    let rendered = labels.map { "\($0.name)=\"\(Self.escaped($0.value, quotes: true))\"" }
      .joined(separator: ",")
    return families.withLock { families in
      guard let index = families.firstIndex(where: { $0.name == name }) else {
        families.append(Family(name: name, help: help, series: [(rendered, made)]))
        return made
      }
      if let known = families[index].series.first(where: { $0.labels == rendered }) {
        return known.series
      }
      precondition(
        families[index].series.allSatisfy { $0.series.kind == made.kind },
        "one name has one kind of metric")
      families[index].series.append((rendered, made))
      return made
    }
  }

  /// All metrics as text, in the order they were made.
  func text() -> String {
    families.withLock { families in
      var text = ""
      for family in families {
        text += "# HELP \(family.name) \(Self.escaped(family.help, quotes: false))\n"
        text += "# TYPE \(family.name) \(family.series[0].series.kind)\n"
        for (labels, series) in family.series {
          Self.append(series, name: family.name, labels: labels, to: &text)
        }
      }
      return text
    }
  }

  private static func append(
    _ series: Series, name: String, labels: String, to text: inout String
  ) {
    let braced = labels.isEmpty ? "" : "{\(labels)}"
    switch series {
    case .counter(let counter): text += "\(name)\(braced) \(counter.value)\n"
    case .gauge(let gauge): text += "\(name)\(braced) \(gauge.value)\n"
    case .histogram(let histogram):
      let reading = histogram.reading
      let prefix = labels.isEmpty ? "" : labels + ","
      var below: UInt64 = 0
      for (index, count) in reading.counts.enumerated() {
        below += count
        let bound = index < histogram.bounds.count ? "\(histogram.bounds[index])" : "+Inf"
        text += "\(name)_bucket{\(prefix)le=\"\(bound)\"} \(below)\n"
      }
      text += "\(name)_sum\(braced) \(reading.sum)\n"
      text += "\(name)_count\(braced) \(reading.count)\n"
    }
  }

  private static func escaped(_ text: String, quotes: Bool) -> String {
    var result = ""
    for character in text.unicodeScalars {
      switch character {
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\"" where quotes: result += "\\\""
      default: result.unicodeScalars.append(character)
      }
    }
    return result
  }
}
