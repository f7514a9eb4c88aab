import Foundation
import Testing

@Suite struct `The sample events` {
  private static let python = ["/usr/bin", "/usr/local/bin", "/bin"].map { "\($0)/python3" }
    .first { FileManager.default.isExecutableFile(atPath: $0) }

  @Test(.enabled(if: python != nil, "needs python3"))
  func `are what their generator writes`() throws {
    let process = Process()
    process.executableURL = URL(filePath: try #require(Self.python))
    process.arguments = [Repository.root.appending(path: "Examples/generate.py").path, "-"]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let generated = try pipe.fileHandleForReading.readToEnd()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    let shipped = try Data(
      contentsOf: Repository.root.appending(path: "Examples/referrals.ndjson"))
    #expect(generated == shipped, "run Examples/generate.py and commit both files")
  }
}
