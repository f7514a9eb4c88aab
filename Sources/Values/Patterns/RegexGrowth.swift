internal import Model

/// Looks for a short text on which a pattern gives up, before an event brings one.
///
/// The shape of the pattern says over which words its ways grow; texts made of them are then given
/// to the pattern itself. It is refused only when it runs into its own limit, so that the proof is
/// a text that anyone can try, and what the matcher does well enough stays allowed.
///
/// What is not looked for: the search for a place to begin, which tries each character of a text
/// once and makes any unanchored pattern at worst as slow as the square of the text; and growth
/// that a text of `Limits.regexTrialBytes` does not show, which the limit stops when it comes.
public enum RegexGrowth {
  /// A text on which a pattern gives up.
  public struct Witness: Hashable, Sendable {
    /// What the text begins with.
    public var start: String
    /// What is repeated.
    public var repeated: String
    /// How many times.
    public var count: Int
    /// What makes the match fail.
    public var end: String

    /// The whole text.
    public var text: String { start + String(repeating: repeated, count: count) + end }
  }

  /// Loops that are tried.
  private static let loops = 16
  /// What may make a match fail that has gone round a loop.
  private static let ends = ["!", "\u{1}", "\n", "ñ", "a", "0", " "]

  /// A text of at most `Limits.regexTrialBytes` on which the pattern exhausts its steps; nil when
  /// none was found. *Complexity*: bounded; a pattern without loops costs one walk over it.
  public static func witness(
    of pattern: String, _ compiled: inout CompiledPattern
  ) -> Witness? {
    let places = RegexPositions(RegexTreeReader.tree(of: pattern))
    for loop in RegexAmbiguity.loops(places, atMost: loops) {
      for end in ends.flatMap({ [$0 + loop.rest, $0] }) + [""] {
        let spare = Limits.regexTrialBytes - loop.start.utf8.count - end.utf8.count
        let most = spare / loop.word.utf8.count
        var witness = Witness(start: loop.start, repeated: loop.word, count: most, end: end)
        guard most > 0, givesUp(&compiled, witness) else { continue }
        // The shorter the text, the plainer.
        for count in [4, 8, 16, 32, 64, 128] where count < most {
          var shorter = witness
          shorter.count = count
          if givesUp(&compiled, shorter) {
            witness = shorter
            break
          }
        }
        return witness
      }
    }
    return nil
  }

  private static func givesUp(_ compiled: inout CompiledPattern, _ witness: Witness) -> Bool {
    compiled.matches(Array(witness.text.utf8).span) == .limit
  }
}
