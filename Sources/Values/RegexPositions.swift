/// The places of a regular expression at which a character is taken, and what may follow what.
///
/// *Source*: V. Glushkov, 1961. Repetitions with numbers are written out a few times and no more:
/// that may only make an expression look worse than it is.
struct RegexPositions {
  private(set) var characters: [RegexCharacters] = []
  private(set) var following: [[Int]] = []
  private(set) var first: [Int] = []
  private(set) var isTooLarge = false

  /// Places, above which no growth is looked for.
  static let limit = 400

  private struct Ends {
    var first: [Int] = []
    var last: [Int] = []
    var isOptional = true
  }

  init(_ tree: RegexTree) {
    first = add(tree).first
  }

  private mutating func add(_ tree: RegexTree) -> Ends {
    switch tree {
    case .nothing: return Ends()
    case .characters(let set):
      guard characters.count < Self.limit else {
        isTooLarge = true
        return Ends()
      }
      characters.append(set)
      following.append([])
      let place = characters.count - 1
      return Ends(first: [place], last: [place], isOptional: false)
    case .sequence(let parts): return parts.reduce(Ends()) { joined($0, add($1)) }
    case .choice(let branches):
      var all = Ends(isOptional: false)
      for branch in branches {
        let ends = add(branch)
        all.first += ends.first
        all.last += ends.last
        all.isOptional = all.isOptional || ends.isOptional
      }
      return all
    case .repetition(let inside, let least, let greatest):
      return repeated(inside, least: least, greatest: greatest)
    }
  }

  private mutating func joined(_ left: Ends, _ right: Ends) -> Ends {
    link(left.last, right.first)
    return Ends(
      first: left.isOptional ? left.first + right.first : left.first,
      last: right.isOptional ? left.last + right.last : right.last,
      isOptional: left.isOptional && right.isOptional)
  }

  private mutating func repeated(_ inside: RegexTree, least: Int, greatest: Int?) -> Ends {
    var all = Ends()
    let copies = min(max(least, greatest == nil ? 1 : min(greatest ?? 1, 3)), 4)
    for copy in 0..<copies {
      var ends = add(inside)
      if copy >= least { ends.isOptional = true }
      let isLast = copy == copies - 1
      if isLast && (greatest == nil || (greatest ?? 0) > 8) { link(ends.last, ends.first) }
      all = joined(all, ends)
    }
    if least == 0 { all.isOptional = true }
    return all
  }

  private mutating func link(_ from: [Int], _ to: [Int]) {
    for place in from {
      for next in to where !following[place].contains(next) { following[place].append(next) }
    }
  }
}
