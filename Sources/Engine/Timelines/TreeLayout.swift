/// Where things lie in the nodes of a `TreePool`.
///
/// *Shape*: a count in 16 bytes, then array after array, so that a search reads few lines.
enum TreeLayout {
  static let count = 0
  private static let header = 16

  static let leafEntries = 32
  static let smallEntries = 4
  private static let entryBytes = 24
  static let leafBytes = roundedUp(header + leafEntries * entryBytes)
  static let smallBytes = roundedUp(header + smallEntries * entryBytes)

  @inline(__always)
  static func entry(_ index: Int) -> Int { header &+ entryBytes &* index }

  static let children = 32
  private static let keys = header
  private static let counts = keys + 16 * children
  private static let blocks = counts + 4 * children
  private static let summaries = blocks + 4 * children
  static let innerBytes = summaries + 64 * children

  @inline(__always)
  static func key(_ index: Int) -> Int { keys &+ 16 &* index }
  @inline(__always)
  static func childCount(_ index: Int) -> Int { counts &+ 4 &* index }
  @inline(__always)
  static func child(_ index: Int) -> Int { blocks &+ 4 &* index }
  @inline(__always)
  static func summary(_ index: Int) -> Int { summaries &+ 64 &* index }

  private static func roundedUp(_ bytes: Int) -> Int { (bytes + 15) / 16 * 16 }
}
