internal import Expressions

/// All files of a package as one text, so that a ledger can keep what decided and compile it again.
///
/// *Shape*: a first line with the root, then per file a line `byte-count path` and the bytes and a
/// newline.
public struct PackageBundle: Sendable {
  /// The path the package was loaded from.
  public var root: String
  /// The files.
  public var files: MemoryRuleFiles

  /// The text of a checked package.
  public static func text(of check: PackageCheck, root: String) -> String {
    var text = root + "\n"
    for file in check.sources.files {
      text += "\(file.bytes.count) \(file.path)\n"
      text += String(decoding: file.bytes, as: UTF8.self) + "\n"
    }
    return text
  }

  /// Reads a text that `text(of:root:)` made; nil when it is none.
  public init?(_ text: String) {
    var rest = Array(text.utf8)[...]
    func line() -> String? {
      guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
      let line = String(decoding: rest[..<end], as: UTF8.self)
      rest = rest[(end + 1)...]
      return line
    }
    guard let root = line() else { return nil }
    var files: [String: String] = [:]
    while !rest.isEmpty {
      guard let header = line(), let space = header.firstIndex(of: " "),
        let count = Int(header[..<space]), count <= rest.count
      else { return nil }
      files[String(header[header.index(after: space)...])] =
        String(decoding: rest.prefix(count), as: UTF8.self)
      rest = rest.dropFirst(count + 1)
    }
    self.root = root
    self.files = MemoryRuleFiles(files)
  }
}
