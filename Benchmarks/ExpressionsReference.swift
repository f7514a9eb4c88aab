import Foundation

/// What a peer takes per evaluation, and what of that is the way into and out of it.
struct PeerTime {
  var name: String
  /// Nanoseconds of a constant, with the same variables given.
  var overhead: Double
  /// Nanoseconds per predicate, in the order of `ExpressionsPackage.Predicate`.
  var nanoseconds: [Double]
}

/// The predicates in the engines that Python can call.
enum ExpressionsReference {
  private static let peerScript = "Benchmarks/expressions_peers.py"

  /// The peers that the Python has.
  static func peers(_ options: ExpressionsOptions) throws(BenchmarkError) -> [PeerTime] {
    guard let python = options.python else { return [] }
    let arguments = [python, peerScript] + ExpressionsPackage.standard
    guard let output = ProgramOutput.of(arguments) else { return [] }
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
}
