import Foundation

/// The repository these tests were compiled from.
enum Repository {
  /// The folder that holds Package.swift.
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  static func path(_ path: String) -> String { root.appending(path: path).path }

  static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  static func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: self.path(path))
  }

  /// The pages people read, relative to the root.
  static let pages: [String] = {
    let top = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "Examples/README.md"]
    let walker = FileManager.default.enumerator(atPath: path("docs"))
    var found: [String] = []
    while let next = walker?.nextObject() as? String {
      if next.hasSuffix(".md") { found.append("docs/\(next)") }
    }
    return top + found.sorted()
  }()
}
