internal import Expressions

/// A package after all changes that findings offer.
public struct PackageRepair {
  /// New texts by path, of the files that changed.
  public private(set) var texts: [String: [UInt8]] = [:]
  /// How many findings were mended.
  public private(set) var count = 0
  /// What is left to say.
  public private(set) var check: PackageCheck

  /// A mended mistake may uncover another, such as a name in a line that could not be read; more
  /// rounds than this are two findings that undo each other.
  private static let rounds = 20

  /// Makes the changes that findings offer until none is left, so that a second run changes
  /// nothing. Where they never come to an end, none is made. Nothing is written to the store.
  public static func repair(_ path: String, from store: any RuleFileStore) -> PackageRepair {
    let unchanged = PackageRepair(check: PackageChecker.check(path, from: store))
    var repair = unchanged
    for _ in 0..<rounds {
      let edits = SourceEdits.compatible(repair.check.findings)
      if edits.isEmpty { return repair }
      for file in Set(edits.map(\.span.file)) {
        let source = repair.check.sources.files[file]
        repair.texts[source.path] = SourceEdits.apply(
          edits.filter { $0.span.file == file }, to: source.bytes)
      }
      repair.count += edits.count
      let overlay = OverlaidRuleFiles(base: store, texts: repair.texts)
      repair.check = PackageChecker.check(path, from: overlay)
    }
    return unchanged
  }
}

/// Rule files of which some have another text.
struct OverlaidRuleFiles: RuleFileStore {
  let base: any RuleFileStore
  let texts: [String: [UInt8]]

  func bytes(of path: String) throws(RuleFileFailure) -> [UInt8] {
    if let text = texts[path] { return text }
    return try base.bytes(of: path)
  }

  func ruleFiles(under path: String) -> [String]? { base.ruleFiles(under: path) }
}
