/// Looks for texts on which a backtracking match takes more than linear time.
///
/// An expression in which some text can be read in more and more ways as it grows has a loop that
/// can go two ways over the same characters. Such loops are found in the graph of its places; the text
/// that goes round them is then given to the pattern itself, and only when that runs into its limit
/// is the expression refused: the proof is a text that anyone can try.
///
/// *Source*: A. Weber and H. Seidl, "On the degree of ambiguity of finite automata", 1991: the
/// criteria EDA and IDA.
public enum RegexGrowth {
  /// Bytes of the text a pattern is tried on: longer than any field that is matched.
  private static let trialBytes = 4_096

  /// A text on which the pattern exhausts its limit; nil when none was found.
  ///
  /// *Shape*: a beginning, what is repeated, and an end.
  public static func witness(
    of pattern: String
  ) -> (start: String, repeated: String, end: String)? {
    let places = RegexPositions(RegexTreeReader.tree(of: pattern))
    if places.isTooLarge { return nil }
    guard var compiled = try? CompiledPattern(Array(pattern.utf8).span) else { return nil }
    for loop in RegexLoops(places).ambiguous {
      for end in ["!", "\u{1}", "\n", "ñ", "a", "0", ""] {
        let times = trialBytes / max(1, loop.word.utf8.count)
        let text = loop.start + String(repeating: loop.word, count: times) + end
        if compiled.matches(Array(text.utf8).span) == .limit {
          return (loop.start, loop.word, end)
        }
      }
    }
    return nil
  }
}

/// Loops of an expression that can be gone round in two ways.
struct RegexLoops {
  private let places: RegexPositions
  /// Places on some loop.
  private let looping: [Int]

  struct Loop: Hashable {
    var start: String
    var word: String
  }

  init(_ places: RegexPositions) {
    self.places = places
    var looping: [Int] = []
    for place in places.characters.indices
    where RegexLoops.word(from: [place], to: { $0 == [place] }, within: nil, places) != nil {
      looping.append(place)
    }
    self.looping = looping
  }

  /// Words with two ways round one loop, then words that move from one loop to another and may stay
  /// in either.
  var ambiguous: [Loop] {
    var loops: [Loop] = []
    let within = Set(looping)
    for place in looping {
      guard let start = start(of: place) else { continue }
      if let word = doubled(place, within) { loops.append(Loop(start: start, word: word)) }
    }
    guard looping.count <= 24 else { return loops }
    for from in looping {
      guard let start = start(of: from) else { continue }
      for to in looping where to != from {
        let found = Self.word(
          from: [from, from, to], to: { $0 == [from, to, to] }, within: nil, places)
        if let found { loops.append(Loop(start: start, word: found)) }
      }
    }
    return loops
  }

  /// A word that leads from a place to itself in two ways.
  private func doubled(_ place: Int, _ within: Set<Int>) -> String? {
    var parting: [Int] = []
    let away = Self.word(
      from: [place, place],
      to: { pair in
        guard pair[0] != pair[1] else { return false }
        let back = Self.word(from: pair, to: { $0 == [place, place] }, within: within, places)
        if back != nil { parting = pair }
        return back != nil
      }, within: within, places)
    guard let away, !parting.isEmpty,
      let back = Self.word(from: parting, to: { $0 == [place, place] }, within: within, places)
    else { return nil }
    return away + back
  }

  /// A word that leads to a place from the beginning.
  private func start(of place: Int) -> String? {
    var queue = places.first.map { ($0, String(places.characters[$0].example ?? "a")) }
    var seen = Set(places.first)
    var index = 0
    while index < queue.count {
      let (here, word) = queue[index]
      index += 1
      if here == place { return word }
      for next in places.following[here] where seen.insert(next).inserted {
        queue.append((next, word + String(places.characters[next].example ?? "a")))
      }
    }
    return nil
  }

  /// The shortest word that leads several places, step by step on the same characters, to where
  /// `isEnd` says; nil when none does. At least one step is taken.
  private static func word(
    from start: [Int], to isEnd: ([Int]) -> Bool, within: Set<Int>?, _ places: RegexPositions
  ) -> String? {
    var queue: [(tuple: [Int], word: String)] = [(start, "")]
    var seen: Set<[Int]> = []
    var index = 0
    while index < queue.count, seen.count < 20_000 {
      let (tuple, word) = queue[index]
      index += 1
      for next in steps(tuple, within, places) where seen.insert(next.tuple).inserted {
        let longer = word + String(next.character)
        if isEnd(next.tuple) { return longer }
        queue.append((next.tuple, longer))
      }
    }
    return nil
  }

  /// All ways in which several places take one character.
  private static func steps(
    _ tuple: [Int], _ within: Set<Int>?, _ places: RegexPositions
  ) -> [(tuple: [Int], character: Character)] {
    var all: [(tuple: [Int], set: RegexCharacters)] = [([], .all)]
    for place in tuple {
      all = all.flatMap { partial in
        places.following[place].compactMap { next in
          if let within, !within.contains(next) { return nil }
          let set = partial.set.intersection(places.characters[next])
          return set.isEmpty ? nil : (partial.tuple + [next], set)
        }
      }
    }
    return all.compactMap { step in step.set.example.map { (step.tuple, $0) } }
  }
}
