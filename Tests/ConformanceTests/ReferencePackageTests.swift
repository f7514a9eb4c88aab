import Foundation
import Testing

/// Velocity, device reuse, rings, budgets and caps, with lists from files: the five files that the
/// language was designed on, as one package.
@Suite struct `The reference packages` {
  private static let ours =
    SharedData.repository.appending(path: "Tests/ConformanceTests/Packages/invita")

  @Test func `check and pass the tests beside them`() throws {
    let folder = `The reference packages`.ours.path
    let check = try Tool.run(Tool.sabueso, ["check", folder])
    #expect(check.status == 0, "\(check.notes)")
    #expect(check.output.contains("13 rules, 24 signals, 1 policy, 5 tests"), "\(check.output)")
    let tests = try Tool.run(Tool.sabueso, ["test", folder])
    #expect(tests.status == 0, "\(tests.output)")
    #expect(tests.output.contains("5 passed, 0 failed"), "\(tests.output)")
  }

  @Test(.enabled(if: ReferencePackages.folder != nil, "needs shared/reference/rules"))
  func `are word for word those of the design`() throws {
    let folder = try #require(ReferencePackages.folder)
    let files = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".rules") || $0.hasSuffix(".csv") }
    #expect(files.count == 8)
    for file in files {
      let theirs = try Data(contentsOf: folder.appending(path: file))
      #expect(
        try Data(contentsOf: `The reference packages`.ours.appending(path: file)) == theirs,
        "\(file)")
    }
  }
}

private enum ReferencePackages {
  static let folder: URL? = {
    let beside = SharedData.repository.deletingLastPathComponent()
      .appending(path: "shared/reference/rules")
    return FileManager.default.fileExists(atPath: beside.path) ? beside : nil
  }()
}
