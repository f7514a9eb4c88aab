internal import Foundation

/// Why a rule file cannot be had.
public enum RuleFileFailure: Error, Hashable, Sendable {
  case notFound
  case unreadable(String)
  case tooLarge(Int)
}

/// Where rule files come from: a disk, or memory in tests and editors.
public protocol RuleFileStore {
  /// The bytes of a file.
  func bytes(of path: String) throws(RuleFileFailure) -> [UInt8]
  /// Paths of all `.rules` files under a folder, sorted; nil when the path is no folder.
  func ruleFiles(under path: String) -> [String]?
}

/// Rule files on disk.
public struct DiskRuleFiles: RuleFileStore {
  /// Creates the store.
  public init() {}

  /// The bytes of a file.
  public func bytes(of path: String) throws(RuleFileFailure) -> [UInt8] {
    let manager = FileManager.default
    guard manager.fileExists(atPath: path) else { throw .notFound }
    guard let data = manager.contents(atPath: path) else {
      throw .unreadable("permission denied, or not a regular file")
    }
    return Array(data)
  }

  /// Paths of all `.rules` files under a folder, sorted; nil when the path is no folder.
  public func ruleFiles(under path: String) -> [String]? {
    let manager = FileManager.default
    // Asking for the contents follows a link to a folder; asking for the type would not.
    guard (try? manager.contentsOfDirectory(atPath: path)) != nil else { return nil }
    guard let walker = manager.enumerator(atPath: path) else { return [] }
    let root = path.hasSuffix("/") ? String(path.dropLast()) : path
    var found: [String] = []
    while let next = walker.nextObject() {
      if let name = next as? String, name.hasSuffix(".rules") { found.append("\(root)/\(name)") }
    }
    return found.sorted()
  }
}

/// Rule files in memory, by path.
public struct MemoryRuleFiles: RuleFileStore, Sendable {
  private let files: [String: [UInt8]]

  /// Creates a store of texts by path.
  public init(_ files: [String: String]) {
    self.files = files.mapValues { Array($0.utf8) }
  }

  /// The bytes of a file.
  public func bytes(of path: String) throws(RuleFileFailure) -> [UInt8] {
    guard let bytes = files[path] else { throw .notFound }
    return bytes
  }

  /// Paths of all `.rules` files under a folder, sorted; nil when the path is no folder.
  public func ruleFiles(under path: String) -> [String]? {
    let prefix = path.isEmpty ? "" : path + "/"
    let inside = files.keys.filter { $0.hasPrefix(prefix) && $0.hasSuffix(".rules") }
    return files[path] != nil ? nil : inside.sorted()
  }
}
