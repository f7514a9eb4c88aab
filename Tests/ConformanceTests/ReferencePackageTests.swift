import Foundation
import Testing

/// Packages written before the product was, by others: their own tests, on the product.
@Suite(.enabled(if: ReferencePackages.folder != nil, "needs shared/reference/rules"))
struct `The reference packages` {
  /// Velocity, device reuse, rings, budgets and caps, with lists from files.
  ///
  /// One word differs: `common(…)` is a signal here, for all state is in signals.
  @Test func `check and pass the tests beside them`() throws {
    let folder = try #require(ReferencePackages.folder)
    let copy = FileManager.default.temporaryDirectory.appending(path: "rules-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: copy) }
    try FileManager.default.createDirectory(at: copy, withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      at: folder.appending(path: "lists"), to: copy.appending(path: "lists"))
    let files = ["schema", "velocity", "device_reuse", "program_abuse", "referral_rings"]
    for name in files {
      let text = try String(contentsOf: folder.appending(path: "\(name).rules"), encoding: .utf8)
      let ours = text.replacing(
        "let shared_with_referrer = common", with: "signal shared_with_referrer = common")
      try Data(ours.utf8).write(to: copy.appending(path: "\(name).rules"))
    }
    let check = try Tool.run(Tool.sabueso, ["check", copy.path])
    #expect(check.status == 0, "\(check.notes)")
    let tests = try Tool.run(Tool.sabueso, ["test", copy.path])
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
