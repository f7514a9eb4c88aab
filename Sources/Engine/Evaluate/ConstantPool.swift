import Model
import Program
import Values

/// Sets and patterns of a package in the form that is searched.
///
/// What asks it something takes it `inout`, and what is not inlined is mutating, though it changes
/// nothing: a borrowed structure of this size is copied for every call.
struct ConstantPool: ~Copyable {
  /// Members of all integer sets, set after set.
  private let integers: FixedArray<Int64>
  /// Where each integer set lies in `integers`.
  private let integerSets: FixedArray<Range<Int>>
  /// Where the members of all text sets lie in `memberText`, set after set.
  private let members: FixedArray<Range<Int>>
  private let memberText: FixedArray<UInt8>
  /// The key of each member, see `TextKey`; members of a set are in order of it.
  private let keys: FixedArray<UInt64>
  /// Where each text set lies in `members`.
  private let textSets: FixedArray<Range<Int>>
  /// The text sets whose keys tell all their texts.
  private let shortTexts: ShortTextSets
  /// Sets that come from files, by position among the text sets.
  private var versions: FixedArray<ListVersion>
  /// By text set, the position of its versions; negative for one that stands in the rules.
  private let versionOfSet: FixedArray<Int>
  /// The time of the event being scored, at which members of lists may have expired.
  var time = Int64.min
  private var patterns: FixedArray<CompiledPattern>
  private let zones: FixedArray<TimeZoneTable>

  /// Copies the constants, sorts the sets and compiles the patterns.
  init(_ constants: Constants, lists: [ListFilePlan] = []) throws(EngineError) {
    versions = FixedArray(count: lists.count) { _ in ListVersion() }
    versionOfSet = FixedArray(count: constants.textSets.count) { set in
      lists.firstIndex { $0.textSet == set } ?? -1
    }
    var integers: [Int64] = []
    integerSets = FixedArray(
      constants.intSets.map { set in
        let start = integers.count
        integers += set.sorted()
        return start..<integers.count
      })
    self.integers = FixedArray(integers)
    var members: [Range<Int>] = []
    var memberText: [UInt8] = []
    let sets = constants.textSets.map { set in
      let start = members.count
      for member in set.sorted(by: { TextKey.of($0.span) < TextKey.of($1.span) }) {
        members.append(memberText.count..<memberText.count + member.count)
        memberText += member
      }
      return start..<members.count
    }
    textSets = FixedArray(sets)
    let memberKeys = members.map { TextKey.of(memberText.span.extracting($0)) }
    keys = FixedArray(memberKeys)
    shortTexts = ShortTextSets(
      sets.indices.map { set in
        lists.contains { $0.textSet == set } ? nil : Array(memberKeys[sets[set]])
      })
    self.members = FixedArray(members)
    self.memberText = FixedArray(memberText)
    zones = FixedArray(constants.zones)
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
  mutating func integerSet(_ set: Int, contains value: Int64) -> Bool {
    var range = integerSets[set]
    while !range.isEmpty {
      let middle = range.lowerBound + range.count / 2
      let member = integers[middle]
      if member == value { return true }
      range = member < value ? middle + 1..<range.upperBound : range.lowerBound..<middle
    }
    return false
  }

  /// Whether a text set has a text. *Complexity*: constant for a set of short texts, else
  /// logarithmic in the set, linear in the text.
  @inline(__always)
  mutating func textSet(
    _ set: Int, contains reference: TextReference, in arena: Span<UInt8>
  ) -> Bool {
    let table = shortTexts.table(set)
    return table.isThere
      ? shortTexts.contains(reference, in: arena, table)
      : longTextSet(set, contains: reference, in: arena)
  }

  /// Whether a text set has the texts that a column refers to: a bit for each of 64 lanes, asked
  /// for those `lanes` says.
  mutating func textSet(
    _ set: Int, containsOf payloads: Span<UInt64>, from start: Int, lanes: UInt64,
    _ texts: borrowing TextArenas, _ scratch: borrowing ScratchText
  ) -> UInt64 {
    let table = shortTexts.table(set)
    var (found, rest) = (0 as UInt64, lanes)
    while rest != 0 {
      let bit = rest & (0 &- rest)
      let reference = TextReference(bits: payloads[start &+ rest.trailingZeroBitCount])
      rest ^= bit
      let arena = texts.arena(of: reference, scratch.bytes.span)
      let isThere =
        table.isThere
        ? shortTexts.contains(reference, in: arena, table)
        : longTextSet(set, contains: reference, in: arena)
      if isThere { found |= bit }
    }
    return found
  }

  @inline(never)
  private mutating func longTextSet(
    _ set: Int, contains reference: TextReference, in arena: Span<UInt8>
  ) -> Bool {
    let text = arena.extracting(reference.offset..<reference.offset + reference.length)
    if versionOfSet[set] >= 0 { return versions[versionOfSet[set]].contains(text, at: time) }
    let key = TextKey.of(reference, in: arena)
    let range = textSets[set]
    let first = firstMember(range, notBefore: key)
    guard first < range.upperBound && keys[first] == key else { return false }
    return TextKey.isWhole(key) || hasMember(range, from: first, text, key: key)
  }

  private mutating func firstMember(_ range: Range<Int>, notBefore key: UInt64) -> Int {
    var first = range.lowerBound
    var count = range.count
    while count > 0 {
      let half = count / 2
      if keys[first + half] < key {
        first += half + 1
        count -= half + 1
      } else {
        count = half
      }
    }
    return first
  }

  /// Looks among the members of one key, which lie together.
  private mutating func hasMember(
    _ range: Range<Int>, from first: Int, _ text: Span<UInt8>, key: UInt64
  ) -> Bool {
    for member in first..<range.upperBound {
      if keys[member] != key { return false }
      if TextComparison.isEqual(memberText.span.extracting(members[member]), text) { return true }
    }
    return false
  }

  /// Seconds a zone is east of UTC at so many seconds since 1970.
  mutating func zone(_ zone: Int, offsetAt seconds: Int64) -> Int64 {
    Int64(zones[zone].offset(at: seconds))
  }

  /// Gives a list from a file its members, in order of their bytes, each once.
  mutating func setList(_ list: Int, _ entries: [ListEntry]) {
    versions[list].set(entries)
  }

  /// Whether a pattern matches anywhere in the text.
  @inline(__always)
  mutating func pattern(_ pattern: Int, matches text: Span<UInt8>) -> PatternMatch {
    patterns[pattern].matches(text)
  }
}
