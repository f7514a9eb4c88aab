import Foundation
import Testing

/// Packages written before the product was, by others: their own tests, on the product.
@Suite(.enabled(if: ReferencePackages.folder != nil, "needs shared/reference/rules"))
struct `The reference packages` {
  /// Velocity, device reuse, rings, budgets and caps, with lists from files.
  @Test func `check and pass the tests beside them`() throws {
    let folder = try #require(ReferencePackages.folder)
    let check = try Tool.run(Tool.sabueso, ["check", folder.path])
    #expect(check.status == 0, "\(check.notes)")
    let tests = try Tool.run(Tool.sabueso, ["test", folder.path])
    #expect(tests.status == 0, "\(tests.output)")
    #expect(tests.output.contains("5 passed, 0 failed"), "\(tests.output)")
  }
}

private enum ReferencePackages {
  static let folder: URL? = {
    let beside = SharedData.repository.deletingLastPathComponent()
      .appending(path: "shared/reference/rules")
    return FileManager.default.fileExists(atPath: beside.path) ? beside : nil
  }()
}
