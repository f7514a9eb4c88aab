/// Where a pattern can read a text in more and more ways as the text grows, which a backtracking
/// match tries one after the other.
///
/// Ways grow without end where one loop can be gone round in two ways over the same word (they
/// double each time), or where a word leads round one loop, from it to another, and round that one.
/// Both are looked for by following two or three places at once over the same characters.
///
/// *Source*: A. Weber and H. Seidl, "On the degree of ambiguity of finite automata", 1991, whose
/// criteria are called EDA and IDA.
struct RegexAmbiguity {
  /// A word after which the ways have grown: what leads to it, and what would end the match after.
  struct Loop: Hashable {
    var start: String
    var word: String
    var rest: String
  }

  private let places: RegexPositions
  /// By place, which can be reached in one step or more.
  private let reach: [[Bool]]
  /// Groups of places that may still be looked at.
  private var budget = RegexAmbiguity.budget

  /// Enough for the patterns that people write, some hundredths of a second for any other.
  private static let budget = 100_000

  /// The loops of a pattern, at most so many; those that double come first.
  static func loops(_ places: RegexPositions, atMost limit: Int) -> [Loop] {
    // Places are numbered from left to right: without a step back there is no loop.
    let hasLoop = places.following.indices.contains { place in
      places.following[place].contains { $0.place <= place }
    }
    guard hasLoop, !places.isTooLarge else { return [] }
    var ambiguity = RegexAmbiguity(places)
    return ambiguity.loops(atMost: limit)
  }

  private init(_ places: RegexPositions) {
    self.places = places
    reach = places.characters.indices.map { start in
      var seen = [Bool](repeating: false, count: places.characters.count)
      var open = [start]
      while let place = open.popLast() {
        for step in places.following[place] where !seen[step.place] {
          seen[step.place] = true
          open.append(step.place)
        }
      }
      return seen
    }
  }

  private mutating func loops(atMost limit: Int) -> [Loop] {
    let looping = places.characters.indices.filter { reach[$0][$0] }
    var found: [Loop] = []
    var doubling: Set<Int> = []
    for place in looping where !doubling.contains(where: { reach[$0][place] && reach[place][$0] }) {
      guard let word = word(from: [place, place], to: [place, place], parting: true) else {
        continue
      }
      doubling.insert(place)
      found += loop(place, word)
    }
    for from in looping {
      for to in looping where reach[from][to] && !reach[to][from] && found.count < limit {
        guard let word = word(from: [from, from, to], to: [from, to, to], parting: false) else {
          continue
        }
        found += loop(from, word)
      }
    }
    return Array(found.prefix(limit))
  }

  private func loop(_ place: Int, _ word: String) -> [Loop] {
    guard let start = path(from: nil, to: { $0 == place }),
      let rest = places.last.contains(place) ? "" : path(from: place, to: places.last.contains)
    else { return [] }
    return [Loop(start: start, word: word, rest: rest)]
  }

  // MARK: Words

  /// Some places at once, and whether they have parted on the way.
  private struct Group: Hashable {
    var places: [Int]
    var hasParted = false
  }

  /// The shortest word over which each place can be led where it shall go; nil when there is none,
  /// or it was not found in time. With `parting` the ways of the first two must not be the same.
  private mutating func word(from start: [Int], to end: [Int], parting: Bool) -> String? {
    var queue = [(group: Group(places: start), before: 0, character: Unicode.Scalar(UInt8(0)))]
    var seen: Set<Group> = []
    var index = 0
    let wanted = Group(places: end, hasParted: parting)
    while index < queue.count, budget > 0 {
      for (next, character) in steps(queue[index].group, to: end, parting: parting)
      where seen.insert(next).inserted {
        budget -= 1
        queue.append((next, index, character))
        guard next == wanted else { continue }
        var scalars: [Unicode.Scalar] = []
        var here = queue.count - 1
        while here > 0 {
          scalars.append(queue[here].character)
          here = queue[here].before
        }
        return String(String.UnicodeScalarView(scalars.reversed()))
      }
      index += 1
    }
    return nil
  }

  /// The groups that one character leads to, from which all can still go where they shall.
  private func steps(
    _ group: Group, to end: [Int], parting: Bool
  ) -> [(group: Group, character: Unicode.Scalar)] {
    var all = [(group: Group(places: [], hasParted: group.hasParted), set: RegexCharacters.all)]
    for (index, place) in group.places.enumerated() {
      all = all.flatMap { partial in
        places.following[place].compactMap { step in
          guard step.place == end[index] || reach[step.place][end[index]] else { return nil }
          let set = partial.set.intersection(places.characters[step.place])
          guard !set.isEmpty else { return nil }
          var next = partial.group
          next.places.append(step.place)
          if parting && index == 1 {
            let isSame = next.places[0] == step.place && group.places[0] == place
            next.hasParted = next.hasParted || !isSame || step.isDoubled
          }
          return (next, set)
        }
      }
    }
    return all.compactMap { step in step.set.example.map { (step.group, $0) } }
  }

  /// A word that leads from a place, or from the start, to one that is wanted.
  private func path(from place: Int?, to isWanted: (Int) -> Bool) -> String? {
    var queue: [(place: Int, word: String)] = []
    var seen: Set<Int> = []
    func open(_ next: [Int], _ word: String) {
      for place in next where seen.insert(place).inserted {
        let example = places.characters[place].example.map(String.init) ?? ""
        queue.append((place, word + example))
      }
    }
    open(place.map { places.following[$0].map(\.place) } ?? places.first, "")
    var index = 0
    while index < queue.count {
      let (here, word) = queue[index]
      if isWanted(here) { return word }
      open(places.following[here].map(\.place), word)
      index += 1
    }
    return nil
  }
}
