import Foundation

/// The repository these tests were compiled from.
enum Repository {
  /// The folder that holds Package.swift.
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// Folders that hold no source: what tools make, and the history.
  private static let skipped: Set<String> = [".build", ".git", ".swiftpm", "demo-output"]

  /// Paths of all files, relative to the root, sorted.
  static let files: [String] = {
    var found: [String] = []
    collect("", into: &found)
    return found.sorted()
  }()

  private static func collect(_ folder: String, into found: inout [String]) {
    let url = root.appending(path: folder)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
    for name in names where !skipped.contains(name) {
      let path = folder.isEmpty ? name : "\(folder)/\(name)"
      let values = try? root.appending(path: path).resourceValues(forKeys: [.isDirectoryKey])
      if values?.isDirectory == true { collect(path, into: &found) } else { found.append(path) }
    }
  }

  /// The text of a file; nil when it is no text.
  static func text(_ path: String) -> String? {
    try? String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  /// Files under a folder with one of these endings.
  static func files(under folder: String, endingIn endings: String...) -> [String] {
    files.filter { file in file.hasPrefix(folder) && endings.contains { file.hasSuffix($0) } }
  }

  /// Swift files of rooms, tests, benchmarks and the manifest.
  static let swiftFiles =
    files(under: "Sources/", endingIn: ".swift") + files(under: "Tests/", endingIn: ".swift")
    + files(under: "Benchmarks/", endingIn: ".swift") + ["Package.swift"]

  /// Each Swift file once cut into code and comments, because several checks look at it.
  static let swiftTexts: [(file: String, source: SwiftText)] = swiftFiles.compactMap { file in
    text(file).map { (file, SwiftText($0)) }
  }
}

/// Something that is not as the house wants it.
struct Finding: Hashable, CustomStringConvertible {
  var file: String
  var line: Int
  var problem: String
  var remedy: String

  var description: String { "\(file):\(line): \(problem); \(remedy)" }
}
