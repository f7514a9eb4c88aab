import Foundation

/// networkx, SQLite and Kùzu, asked the same questions in the same run by a Python program.
struct GraphPeers {
  /// What one of them answered.
  struct Answer: Decodable {
    var peer: String
    var loadSeconds: Double
    var nanoseconds: [UInt64]
    var answers: [Int]

    private enum CodingKeys: String, CodingKey {
      case peer, nanoseconds, answers
      case loadSeconds = "load_seconds"
    }
  }

  private static let program = "Benchmarks/graph/peers.py"
  private let folder: URL
  private var accounts: [UInt64: Int] = [:]
  private var values: [UInt64: Int] = [:]
  private var text = ""
  private var file: FileHandle?
  private let options: GraphOptions

  init(_ options: GraphOptions) throws(BenchmarkError) {
    self.options = options
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("sabueso-peers-\(ProcessInfo.processInfo.processIdentifier)")
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw .reference("cannot make \(folder.path)")
    }
    file = try open("loaded")
  }

  private func open(_ name: String) throws(BenchmarkError) -> FileHandle {
    let url = folder.appendingPathComponent(name)
    guard FileManager.default.createFile(atPath: url.path, contents: nil),
      let file = FileHandle(forWritingAtPath: url.path)
    else { throw .reference("cannot write \(url.path)") }
    return file
  }

  /// What follows is asked, not loaded.
  mutating func beginAsking() throws(BenchmarkError) {
    flush()
    file = try open("asked")
  }

  /// Notes an event, and its question when it is one that is asked.
  mutating func note(_ event: HotpathEvent, isAsked: Bool) {
    let referee = Self.number(event.referee, &accounts)
    if event.isLabel {
      text += "l \(referee)\n"
    } else {
      let referrer = Self.number(event.referrer, &accounts)
      // Device, card, phone and email.
      if options.stream == .w1 && options.question != .rings {
        for kind in [0, 2, 3, 4] where event.identifiers[kind] != 0 {
          let key = event.identifiers[kind] ^ UInt64(kind + 1) << 58
          text += "u \(referee) \(Self.number(key, &values))\n"
        }
      } else {
        text += "e \(referrer) \(referee) \(event.seconds)\n"
      }
      if isAsked { text += "? \(referrer) \(referee) \(event.seconds)\n" }
    }
    if text.utf8.count > 1 << 20 { flush() }
  }

  private static func number(_ key: UInt64, _ numbers: inout [UInt64: Int]) -> Int {
    if let known = numbers[key] { return known }
    numbers[key] = numbers.count + 1
    return numbers.count
  }

  private mutating func flush() {
    file?.write(Data(text.utf8))
    text = ""
  }

  /// Asks them all and tidies up.
  mutating func answers() throws(BenchmarkError) -> [Answer] {
    flush()
    defer { try? FileManager.default.removeItem(at: folder) }
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "python3", "-W", "ignore", Self.program, options.question.rawValue, "\(options.hops)",
      "\(options.windowSeconds)", folder.path + "/loaded", folder.path + "/asked",
    ]
    process.standardOutput = output
    do {
      try process.run()
    } catch {
      throw .reference("python3 does not start: \(error)")
    }
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw .reference("\(Self.program) failed") }
    return data.split(separator: UInt8(ascii: "\n")).compactMap {
      try? JSONDecoder().decode(Answer.self, from: Data($0))
    }
  }
}
