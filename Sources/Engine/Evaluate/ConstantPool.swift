import Program
import Values

/// Sets and patterns of a package in the form that is searched.
struct ConstantPool: ~Copyable {
  /// Members of all integer sets, set after set.
  private let integers: [Int64]
  /// Where each integer set lies in `integers`.
  private let integerSets: [Range<Int>]
  /// Where the members of all text sets lie in `memberText`, set after set.
  private let members: [Range<Int>]
  private let memberText: [UInt8]
  /// Where each text set lies in `members`.
  private let textSets: [Range<Int>]
  /// Sets that come from files, by position among the text sets.
  private var versions: FixedArray<ListVersion>
  private var versionOfSet: [Int?]
  /// The time of the event being scored, at which members of lists may have expired.
  var time = Int64.min
  private var patterns: FixedArray<CompiledPattern>

  /// Copies the constants, sorts the sets and compiles the patterns.
  init(_ constants: Constants, lists: [ListFilePlan] = []) throws(EngineError) {
    versions = FixedArray(count: lists.count) { _ in ListVersion() }
    versionOfSet = [Int?](repeating: nil, count: constants.textSets.count)
    for (position, list) in lists.enumerated() { versionOfSet[list.textSet] = position }
    var integers: [Int64] = []
    integerSets = constants.intSets.map { set in
      let start = integers.count
      integers += set.sorted()
      return start..<integers.count
    }
    self.integers = integers
    var members: [Range<Int>] = []
    var memberText: [UInt8] = []
    textSets = constants.textSets.map { set in
      let start = members.count
      for member in set.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
        members.append(memberText.count..<memberText.count + member.count)
        memberText += member
      }
      return start..<members.count
    }
    self.members = members
    self.memberText = memberText
    let sources = constants.patterns
    patterns = try FixedArray(count: sources.count) { index throws(EngineError) in
      let source = Array(sources[index].utf8)
      do throws(ValueError) {
        return try CompiledPattern(source.span)
      } catch {
        throw .pattern(index: index, error)
      }
    }
  }

  /// Whether an integer set has the value. *Complexity*: logarithmic.
  func integerSet(_ set: Int, contains value: Int64) -> Bool {
    var range = integerSets[set]
    while !range.isEmpty {
      let middle = range.lowerBound + range.count / 2
      let member = integers[middle]
      if member == value { return true }
      range = member < value ? middle + 1..<range.upperBound : range.lowerBound..<middle
    }
    return false
  }

  /// Whether a text set has the text. *Complexity*: logarithmic in the set, linear in the text.
  func textSet(_ set: Int, contains text: Span<UInt8>) -> Bool {
    if let version = versionOfSet[set] { return versions[version].contains(text, at: time) }
    var range = textSets[set]
    while !range.isEmpty {
      let middle = range.lowerBound + range.count / 2
      let member = memberText.span.extracting(members[middle])
      if TextComparison.isEqual(member, text) { return true }
      let isBefore = TextComparison.isLess(member, text)
      range = isBefore ? middle + 1..<range.upperBound : range.lowerBound..<middle
    }
    return false
  }

  /// Gives a list from a file its members, in order of their bytes, each once.
  mutating func setList(_ list: Int, _ entries: [ListEntry]) {
    versions[list].set(entries)
  }

  /// Whether a pattern matches anywhere in the text.
  mutating func pattern(_ pattern: Int, matches text: Span<UInt8>) -> PatternMatch {
    patterns[pattern].matches(text)
  }
}
