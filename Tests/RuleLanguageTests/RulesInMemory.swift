import Foundation
import RuleLanguage

enum RepositoryFolder {
  /// The folder of Package.swift, found from where this file was compiled.
  static let path: String = {
    let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    return parts.dropLast(3).joined(separator: "/")
  }()
}

/// Rule files of a folder, by paths relative to it, so that findings name no place of this machine.
enum RulesInMemory {
  static func texts(_ folder: String) throws -> [String: String] {
    var texts: [String: String] = [:]
    for path in DiskRuleFiles().ruleFiles(under: folder) ?? [] {
      let bytes = try DiskRuleFiles().bytes(of: path)
      texts[String(path.dropFirst(folder.count + 1))] = String(decoding: bytes, as: UTF8.self)
    }
    return texts
  }

  /// The files of its lists.
  static func lists(_ folder: String) throws -> [String: String] {
    var texts: [String: String] = [:]
    for name in try FileManager.default.contentsOfDirectory(atPath: folder + "/lists") {
      let path = "lists/" + name
      texts[path] = try String(contentsOfFile: folder + "/" + path, encoding: .utf8)
    }
    return texts
  }

  static func folder(_ folder: String) throws -> MemoryRuleFiles {
    MemoryRuleFiles(try texts(folder))
  }
}
