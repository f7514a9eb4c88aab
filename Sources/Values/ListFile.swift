public import Model

/// A member of a list from a file.
public struct ListEntry: Hashable, Sendable {
  /// UTF-8, made comparable.
  public var text: [UInt8]
  /// Microseconds of event time from which on it is no member; `Int64.max` for never.
  public var expiry: Int64

  /// Creates an entry.
  public init(text: [UInt8], expiry: Int64 = .max) {
    self.text = text
    self.expiry = expiry
  }
}

/// Why a file is no list.
public enum ListFileError: Error, Hashable, Sendable {
  /// More bytes than `Limits.listFileBytes`.
  case tooLarge(bytes: Int)
  /// There is no first line with the names of columns.
  case noHeader
  /// No column has this name.
  case noColumn(String)
  /// A quotation that begins on this line does not end.
  case openQuotation(line: Int)
  /// The line has fewer columns than the names need.
  case shortLine(Int)
  /// The line's `added_at` is no RFC 3339 date or date and time.
  case badTime(line: Int)
  /// The line is not UTF-8.
  case notText(line: Int)
}

/// How the file of a list is read.
///
/// *Source*: RFC 4180, with LF or CRLF, and the names of columns in the first line.
public struct ListFile: Hashable, Sendable {
  /// The column with the members; nil for the first.
  public var column: String?
  /// How members are made comparable; nil for as they are.
  public var normalizer: Normalizer?
  /// Microseconds from `added_at` until a member expires; nil for never.
  public var expiryMicroseconds: Int64?

  /// The column that says since when a member is one.
  public static let addedColumn = "added_at"

  /// Creates a way to read.
  public init(
    column: String? = nil, normalizer: Normalizer? = nil, expiryMicroseconds: Int64? = nil
  ) {
    self.column = column
    self.normalizer = normalizer
    self.expiryMicroseconds = expiryMicroseconds
  }

  /// The members in order of their bytes, each once and as long as its longest line says; a member
  /// that comes out empty is none.
  public func entries(of bytes: [UInt8]) throws(ListFileError) -> [ListEntry] {
    guard bytes.count <= Limits.listFileBytes else { throw .tooLarge(bytes: bytes.count) }
    var reader = DelimitedText(bytes)
    guard let names = try reader.next()?.map({ String(decoding: $0, as: UTF8.self) }) else {
      throw .noHeader
    }
    let member = try position(of: column ?? names[0], in: names)
    let added = try expiryMicroseconds == nil ? nil : position(of: Self.addedColumn, in: names)
    var found: [ListEntry] = []
    while let fields = try reader.next() {
      guard fields.count > max(member, added ?? 0) else { throw .shortLine(reader.line) }
      guard String(validating: fields[member], as: UTF8.self) != nil else {
        throw .notText(line: reader.line)
      }
      let text = comparable(fields[member])
      guard !text.isEmpty else { continue }
      var entry = ListEntry(text: text)
      if let added, let lifetime = expiryMicroseconds {
        guard let time = Self.time(fields[added]) else { throw .badTime(line: reader.line) }
        entry.expiry = time.addingReportingOverflow(lifetime).partialValue
      }
      found.append(entry)
    }
    return Self.sorted(found)
  }

  /// In order of bytes, and of several that are the same the one that expires last.
  public static func sorted(_ entries: [ListEntry]) -> [ListEntry] {
    var result: [ListEntry] = []
    let sorted = entries.sorted { left, right in
      left.text == right.text
        ? left.expiry > right.expiry : left.text.lexicographicallyPrecedes(right.text)
    }
    for entry in sorted where result.last?.text != entry.text { result.append(entry) }
    return result
  }

  private func position(of name: String, in names: [String]) throws(ListFileError) -> Int {
    guard let position = names.firstIndex(of: name) else { throw .noColumn(name) }
    return position
  }

  private func comparable(_ text: [UInt8]) -> [UInt8] {
    guard let normalizer else { return text }
    var output: [UInt8] = []
    _ = TextNormalizer.append(text.span, normalizedBy: normalizer, to: &output)
    return output
  }

  /// `2026-01-05` or `2026-01-05T18:00:00Z` in microseconds.
  private static func time(_ text: [UInt8]) -> Int64? {
    let whole = text.count == 10 ? text + Array("T00:00:00Z".utf8) : text
    do throws(ValueError) {
      return try TimestampText.parse(whole.span).microseconds
    } catch {
      return nil
    }
  }
}

/// Lines of fields between commas.
struct DelimitedText {
  private let bytes: [UInt8]
  private var position = 0
  /// The line the last fields began on, from 1.
  private(set) var line = 0
  private var lineFeeds = 0

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    // What some editors put in front of UTF-8.
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
  }

  /// The fields of the next line that is not empty; nil at the end.
  mutating func next() throws(ListFileError) -> [[UInt8]]? {
    while position < bytes.count {
      line = lineFeeds + 1
      let fields = try fields()
      if fields.count > 1 || !fields[0].isEmpty { return fields }
    }
    return nil
  }

  private mutating func fields() throws(ListFileError) -> [[UInt8]] {
    var fields: [[UInt8]] = [[]]
    var isQuoted = false
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if byte == UInt8(ascii: "\n") { lineFeeds += 1 }
      if isQuoted {
        guard byte == UInt8(ascii: "\"") else {
          fields[fields.count - 1].append(byte)
          continue
        }
        if position < bytes.count, bytes[position] == UInt8(ascii: "\"") {
          fields[fields.count - 1].append(byte)
          position += 1
        } else {
          isQuoted = false
        }
        continue
      }
      switch byte {
      case UInt8(ascii: "\"") where fields[fields.count - 1].isEmpty: isQuoted = true
      case UInt8(ascii: ","): fields.append([])
      case UInt8(ascii: "\r") where position < bytes.count && bytes[position] == 10: continue
      case UInt8(ascii: "\n"): return fields
      default: fields[fields.count - 1].append(byte)
      }
    }
    if isQuoted { throw .openQuotation(line: line) }
    return fields
  }
}
