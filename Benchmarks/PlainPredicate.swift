import Foundation

/// The predicates in plain C with PCRE2, compiled on the spot.
struct PlainPredicate: ~Copyable {
  private static let source = "Benchmarks/expressions_reference.c"

  /// Where the program is; nil without a compiler or PCRE2.
  private let program: String?

  init() throws(BenchmarkError) {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent(
      "sabueso-predicate-\(ProcessInfo.processInfo.processIdentifier)"
    ).path
    let isBuilt = ["cc", "clang"].contains { compiler in
      ProgramOutput.of([compiler, "-O3", "-o", path, Self.source, "-lpcre2-8"]) != nil
    }
    program = isBuilt ? path : nil
  }

  deinit {
    if let program { try? FileManager.default.removeItem(atPath: program) }
  }

  /// Whether it was built.
  var isThere: Bool { program != nil }

  /// Nanoseconds per predicate, without and with the regular expression; nil when it was not built.
  func nanoseconds(_ evaluations: Int) throws(BenchmarkError) -> [Double]? {
    guard let program else { return nil }
    guard let output = ProgramOutput.of([program, "\(evaluations)", "1"]) else {
      throw .reference("the plain predicate ended early")
    }
    let times = output.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
    guard times.count == 2 else { throw .reference("the plain predicate gives no two times") }
    return times
  }
}
