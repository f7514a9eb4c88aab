import FraudWorld
import Foundation
import Testing

@Suite struct `The sample events` {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Examples")

  @Test func `are what the simulator writes, on this machine as on the one that wrote them`() throws
  {
    var generator = WorldGenerator(WorldSettings(seed: 20_250_901, accounts: 600))
    #expect(generator.run { _ in true })
    var events: [UInt8] = []
    generator.writeEvents { events += $0 }
    let command = "sabueso simulate --seed 20250901 --accounts 600 --out Examples"
    let shipped = try Data(contentsOf: Self.folder.appending(path: "events.ndjson"))
    #expect(Data(events) == shipped, "run `\(command)` and commit both files")
    let truth = try Data(contentsOf: Self.folder.appending(path: "truth.ndjson"))
    #expect(Data(generator.truth) == truth, "run `\(command)` and commit both files")
    let page = try String(contentsOf: Self.folder.appending(path: "README.md"), encoding: .utf8)
    #expect(page.contains(command))
  }
}
