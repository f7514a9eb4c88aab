/// A place in the source: a file and a half-open range of UTF-8 offsets.
public struct SourceSpan: Hashable, Sendable {
  /// Position of the file in its `SourceMap`.
  public var file: Int
  /// First byte.
  public var start: Int
  /// One past the last byte.
  public var end: Int

  /// Creates a span.
  public init(file: Int, start: Int, end: Int) {
    self.file = file
    self.start = start
    self.end = end
  }

  /// From the start of this span to the end of `other`, in this span's file.
  public func joined(with other: SourceSpan) -> SourceSpan {
    SourceSpan(file: file, start: min(start, other.start), end: max(end, other.end))
  }
}

/// The text of one file and where its lines begin.
public struct SourceFile: Sendable {
  /// The path people know it by.
  public let path: String
  /// Its bytes, UTF-8.
  public let bytes: [UInt8]
  private let lineStarts: [Int]

  /// Indexes the lines of a text.
  public init(path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
    var starts = [0]
    for (offset, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") {
      starts.append(offset + 1)
    }
    lineStarts = starts
  }

  /// Line and column, both from 1; columns count code points.
  public func position(of offset: Int) -> (line: Int, column: Int) {
    let line = lineIndex(of: offset)
    let before = bytes[lineStarts[line]..<min(offset, bytes.count)]
    return (line + 1, SourceFile.codePoints(before) + 1)
  }

  /// Position from 0 of the line an offset lies in.
  public func lineIndex(of offset: Int) -> Int {
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    return low
  }

  /// Byte range of a line (from 0), without its line end.
  public func lineRange(_ line: Int) -> Range<Int> {
    let start = lineStarts[line]
    var end = line + 1 < lineStarts.count ? lineStarts[line + 1] - 1 : bytes.count
    if end > start && bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    return start..<end
  }

  /// The text of a range, repaired where it is not UTF-8.
  public func text(_ range: Range<Int>) -> String {
    String(decoding: bytes[range.clamped(to: 0..<bytes.count)], as: UTF8.self)
  }

  /// Number of code points of UTF-8.
  public static func codePoints(_ bytes: some Sequence<UInt8>) -> Int {
    bytes.reduce(0) { $1 & 0xC0 == 0x80 ? $0 : $0 + 1 }
  }
}

/// The files a run looks at; spans name them by position.
public struct SourceMap: Sendable {
  /// The files in the order they were added.
  public private(set) var files: [SourceFile] = []

  /// Creates an empty map.
  public init() {}

  /// Adds a file and gives its position.
  public mutating func add(_ file: SourceFile) -> Int {
    files.append(file)
    return files.count - 1
  }

  /// The text a span covers.
  public func text(_ span: SourceSpan) -> String {
    files[span.file].text(span.start..<span.end)
  }
}
