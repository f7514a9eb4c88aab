/// Why a benchmark cannot be run.
enum BenchmarkError: Error, CustomStringConvertible {
  /// The package has errors; the findings as shown to people.
  case rules(String)
  /// The package is not the one this benchmark feeds.
  case schema(String)
  /// The engine refused the compiled package.
  case engine(String)
  /// The reference is there but did not build or answer.
  case reference(String)
  /// Two runs cannot be compared.
  case comparison(String)
  /// A file cannot be written or read.
  case file(String)

  var description: String {
    switch self {
    case .rules(let findings): "the package has errors\n\(findings)"
    case .schema(let detail): "the package does not fit the stream: \(detail)"
    case .engine(let detail): "the engine refused the package: \(detail)"
    case .reference(let detail): "the C++ reference: \(detail)"
    case .comparison(let detail): "the runs cannot be compared: \(detail)"
    case .file(let detail): detail
    }
  }
}
