import Foundation

/// What a peer takes per evaluation, and what of that is the way into and out of it.
struct PeerTime {
  var name: String
  /// Nanoseconds of a constant, with the same variables given.
  var overhead: Double
  /// Nanoseconds per predicate, in the order of `ExpressionsPackage.Predicate`.
  var nanoseconds: [Double]
}

/// The predicates outside Sabueso: in plain C, and in the engines that Python can call.
enum ExpressionsReference {
  private static let plainSource = "Benchmarks/expressions_reference.c"
  private static let peerScript = "Benchmarks/expressions_peers.py"

  /// Nanoseconds per predicate in plain C; nil without a compiler or PCRE2.
  static func plain(_ options: ExpressionsOptions) throws(BenchmarkError) -> [Double]? {
    let program = FileManager.default.temporaryDirectory.appendingPathComponent(
      "sabueso-predicate-\(ProcessInfo.processInfo.processIdentifier)"
    ).path
    defer { try? FileManager.default.removeItem(atPath: program) }
    let compilers = ["cc", "clang"]
    let isBuilt = compilers.contains { compiler in
      run([compiler, "-O3", "-o", program, plainSource, "-lpcre2-8"]) != nil
    }
    guard isBuilt else { return nil }
    guard let output = run([program, "\(options.evaluations)", "\(options.blocks)"]) else {
      throw .reference("the plain predicate ended early")
    }
    let times = output.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
    guard times.count == 2 else { throw .reference("the plain predicate gives no two times") }
    return times
  }

  /// The peers that the Python has.
  static func peers(_ options: ExpressionsOptions) throws(BenchmarkError) -> [PeerTime] {
    guard let python = options.python else { return [] }
    let arguments = [python, peerScript] + ExpressionsPackage.standard
    guard let output = run(arguments) else { return [] }
    var peers: [PeerTime] = []
    for line in output.split(separator: "\n") {
      let parts = line.split(separator: " ")
      let times = parts.dropFirst().compactMap { Double($0) }
      guard parts.count == 4, times.count == 3 else {
        throw .reference("no times of a peer: \(line)")
      }
      peers.append(
        PeerTime(name: String(parts[0]), overhead: times[0], nanoseconds: Array(times[1...])))
    }
    return peers
  }

  /// What a program printed; nil when it does not run or fails.
  private static func run(_ arguments: [String]) -> String? {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = arguments
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return nil }
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return process.terminationStatus == 0 ? String(decoding: data, as: UTF8.self) : nil
  }
}
