/// The places of a regular expression at which a character is taken, what may follow what, and in
/// how many ways: the automaton of Glushkov with multiplicities, for `(a+)+` goes from its `a` to
/// its `a` in two ways, which is all the trouble it makes.
///
/// *Source*: V. M. Glushkov, "The abstract theory of automata", 1961. Repetitions with large
/// numbers are taken for repetitions without end: that can only make a pattern look worse.
struct RegexPositions {
  /// What may come next, and whether in more than one way.
  struct Step {
    var place: Int
    var isDoubled: Bool
  }

  private(set) var characters: [RegexCharacters] = []
  private(set) var following: [[Step]] = []
  private(set) var first: [Int] = []
  private(set) var last: [Int] = []
  private(set) var isTooLarge = false

  /// Places above which a pattern is not looked into; patterns that people write have some dozens.
  static let limit = 300
  /// Copies a repetition with numbers is written out to.
  private static let copies = 6

  /// Where a part begins and ends, each place with the ways to it, and in how many ways the part
  /// takes nothing. Two stands for two and more.
  private struct Ends {
    var first: [(place: Int, ways: Int)] = []
    var last: [(place: Int, ways: Int)] = []
    var empties = 1
  }

  init(_ tree: RegexTree) {
    let ends = add(tree)
    first = Array(Set(ends.first.map(\.place))).sorted()
    last = Array(Set(ends.last.map(\.place))).sorted()
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
      return Ends(first: [(place, 1)], last: [(place, 1)], empties: 0)
    case .sequence(let parts): return parts.reduce(Ends()) { joined($0, add($1)) }
    case .choice(let branches):
      var all = Ends(empties: 0)
      for branch in branches {
        let ends = add(branch)
        all.first += ends.first
        all.last += ends.last
        all.empties = min(2, all.empties + ends.empties)
      }
      return all
    case .repetition(let inside, let least, let greatest):
      return repeated(inside, least: least, greatest: greatest)
    }
  }

  private mutating func joined(_ left: Ends, _ right: Ends) -> Ends {
    link(left.last, right.first)
    return Ends(
      first: left.first + times(right.first, left.empties),
      last: times(left.last, right.empties) + right.last,
      empties: min(2, left.empties * right.empties))
  }

  private func times(
    _ ends: [(place: Int, ways: Int)], _ ways: Int
  ) -> [(place: Int, ways: Int)] {
    ways == 0 ? [] : ends.map { ($0.place, min(2, $0.ways * ways)) }
  }

  private mutating func repeated(_ inside: RegexTree, least: Int, greatest: Int?) -> Ends {
    var all = Ends()
    if let greatest, greatest <= Self.copies {
      for _ in 0..<least { all = joined(all, add(inside)) }
      return greatest > least ? joined(all, optional(inside, greatest - least)) : all
    }
    let copies = max(1, min(least, Self.copies))
    for copy in 1...copies {
      var ends = add(inside)
      if copy == copies { link(ends.last, ends.first) }
      if least == 0 { ends.empties = min(2, ends.empties + 1) }
      all = joined(all, ends)
    }
    return all
  }

  /// `(x(x(x)?)?)?`, as the matcher reads `x{0,3}`: in one way, where `x?x?x?` has three.
  private mutating func optional(_ inside: RegexTree, _ copies: Int) -> Ends {
    var ends = add(inside)
    if copies > 1 { ends = joined(ends, optional(inside, copies - 1)) }
    ends.empties = min(2, ends.empties + 1)
    return ends
  }

  private mutating func link(
    _ from: [(place: Int, ways: Int)], _ to: [(place: Int, ways: Int)]
  ) {
    for end in from {
      for start in to {
        let isDoubled = end.ways * start.ways > 1
        if let known = following[end.place].firstIndex(where: { $0.place == start.place }) {
          following[end.place][known].isDoubled = true
        } else {
          following[end.place].append(Step(place: start.place, isDoubled: isDoubled))
        }
      }
    }
  }
}
