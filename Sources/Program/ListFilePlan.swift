public import Values

/// A list whose members come from a file, as of a version that is set while the engine runs.
public struct ListFilePlan: Hashable, Sendable {
  /// The name in rule files.
  public var name: String
  /// Where the file lies: relative to the folder the program is run in, or absolute.
  public var path: String
  /// How it is read.
  public var file: ListFile
  /// Microseconds after which it is looked at again; nil for when a run starts.
  public var refreshMicroseconds: Int64?
  /// Position in `Constants.textSets`, where it has no members.
  public var textSet: Int

  /// Creates a plan.
  public init(
    name: String, path: String, file: ListFile, refreshMicroseconds: Int64?, textSet: Int
  ) {
    self.name = name
    self.path = path
    self.file = file
    self.refreshMicroseconds = refreshMicroseconds
    self.textSet = textSet
  }
}
