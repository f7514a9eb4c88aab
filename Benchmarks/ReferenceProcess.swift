import Foundation

/// The C++ reference, built on the spot and run beside us, block by block.
final class ReferenceProcess {
  private let process = Process()
  private let requests = Pipe()
  private let answers = Pipe()
  private var buffer: [UInt8] = []
  /// Events it took to reach the wanted number of accounts.
  private(set) var loadedEvents = 0
  /// Nanoseconds of that.
  private(set) var loadNanoseconds = 0
  /// The compiler that built it.
  let compiler: String

  /// The driver that is built against the reference's sources, beside the package it mirrors.
  private static let driver = "Benchmarks/reference_driver.cpp"

  /// Builds and loads the reference. Nil when its folder, the driver or a compiler is not there.
  init?(folder: String, accounts: Int, seed: UInt64) throws(BenchmarkError) {
    let files = FileManager.default
    guard files.fileExists(atPath: folder + "/hot.cpp"), files.fileExists(atPath: Self.driver),
      let compiler = Self.find(["g++", "clang++"])
    else { return nil }
    self.compiler = compiler
    let program = files.temporaryDirectory.appendingPathComponent(
      "sabueso-reference-\(ProcessInfo.processInfo.processIdentifier)")
    defer { try? files.removeItem(at: program) }
    try Self.build(compiler, folder: folder, to: program)
    process.executableURL = program
    process.arguments = ["\(accounts)", "\(seed)"]
    process.standardInput = requests
    process.standardOutput = answers
    process.standardError = FileHandle.nullDevice
    do {
      try process.run()
    } catch {
      throw .reference("does not start: \(error)")
    }
    let loaded = try line()
    guard loaded.count == 2 else { throw .reference("says something else than what it loaded") }
    (loadedEvents, loadNanoseconds) = (loaded[0], loaded[1])
  }

  deinit {
    // At the end of its input it ends by itself.
    try? requests.fileHandleForWriting.close()
    process.waitUntilExit()
  }

  /// Scores the next block in one go; nanoseconds per referral.
  func batch() throws(BenchmarkError) -> BlockTime {
    let answer = try ask("batch")
    guard answer.count == 3, answer[2] > 0 else { throw .reference("gives no time of a block") }
    let events = Double(answer[2])
    return BlockTime(elapsed: Double(answer[0]) / events, busy: Double(answer[1]) / events)
  }

  /// Scores the next block call by call; nanoseconds of each referral.
  func single() throws(BenchmarkError) -> [UInt32] {
    try ask("single").map { UInt32(truncatingIfNeeded: $0) }
  }

  private func ask(_ request: String) throws(BenchmarkError) -> [Int] {
    do {
      try requests.fileHandleForWriting.write(contentsOf: Data((request + "\n").utf8))
    } catch {
      throw .reference("takes no requests: \(error)")
    }
    return try line()
  }

  /// The numbers on the next line of its answers.
  private func line() throws(BenchmarkError) -> [Int] {
    while true {
      if let end = buffer.firstIndex(of: UInt8(ascii: "\n")) {
        let text = String(decoding: buffer[..<end], as: UTF8.self)
        buffer.removeSubrange(...end)
        return text.split(separator: " ").compactMap { Int($0) }
      }
      let data = answers.fileHandleForReading.availableData
      guard !data.isEmpty else { throw .reference("ended early") }
      buffer += data
    }
  }

  private static func build(
    _ compiler: String, folder: String, to program: URL
  ) throws(BenchmarkError) {
    let build = Process()
    build.executableURL = URL(fileURLWithPath: compiler)
    build.arguments = ["-O3", "-w", "-I", folder, "-o", program.path, driver]
    do {
      try build.run()
    } catch {
      throw .reference("\(compiler) does not start: \(error)")
    }
    build.waitUntilExit()
    guard build.terminationStatus == 0 else { throw .reference("does not build") }
  }

  private static func find(_ names: [String]) -> String? {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    for name in names {
      for folder in folders where FileManager.default.isExecutableFile(atPath: "\(folder)/\(name)")
      {
        return "\(folder)/\(name)"
      }
    }
    return nil
  }
}
