import Expressions
import Model
import Testing
import Values

/// The logic of missing and error, against tables written out: rows are the left side, columns the
/// right; t, f, m, e for true, false, missing, error.
@Suite struct `Three-valued logic` {
  private static let letters: [Character] = ["t", "f", "m", "e"]
  private static let and = ["tfme", "ffff", "mfme", "efee"].map(Array.init)
  private static let or = ["tttt", "tfme", "tmme", "teee"].map(Array.init)
  private static let not: [Character: Character] = ["t": "f", "f": "t", "m": "m", "e": "e"]

  private static func look(_ table: [[Character]], _ left: Character, _ right: Character)
    -> Character
  {
    table[letters.firstIndex(of: left) ?? 0][letters.firstIndex(of: right) ?? 0]
  }

  /// A random expression, and what the tables say of it.
  private static func expression(_ random: inout SplitMix64, levels: Int) -> (String, Character) {
    if levels == 0 || random.next() % 5 == 0 {
      let leaves: [(String, Character)] = [
        ("true", "t"), ("false", "f"), ("j > 1", "m"), ("1 / 0 > 1", "e"), ("b", "t"),
        ("j in [1]", "m"), ("j is missing", "t"), ("j is not missing", "f"),
        ("default(j, 3) > 2", "t"), ("(1 / 0 > 1) is missing", "e"),
      ]
      let leaf = leaves[Int(random.next() % UInt64(leaves.count))]
      return ("(\(leaf.0))", leaf.1)
    }
    let (left, a) = expression(&random, levels: levels - 1)
    switch random.next() % 4 {
    case 0: return ("(not \(left))", not[a] ?? "?")
    case 1:
      let (then, b) = expression(&random, levels: levels - 1)
      let (otherwise, c) = expression(&random, levels: levels - 1)
      return ("(\(left) ? \(then) : \(otherwise))", a == "t" ? b : a == "f" ? c : a)
    case 2:
      let (right, b) = expression(&random, levels: levels - 1)
      return ("(\(left) and \(right))", look(and, a, b))
    default:
      let (right, b) = expression(&random, levels: levels - 1)
      return ("(\(left) || \(right))", look(or, a, b))
    }
  }

  private static func letter(_ value: Value) -> Character {
    switch value {
    case .bool(true): "t"
    case .bool(false): "f"
    case .missing: "m"
    case .error: "e"
    default: "?"
    }
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func `follows its tables however deep`(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    var met: [Character: Int] = [:]
    for _ in 0..<3_000 {
      let (text, wanted) = Self.expression(&random, levels: 1 + Int(random.next() % 6))
      let found = Self.letter(try Bench.value(text, ["b": .bool(true)]))
      met[wanted, default: 0] += 1
      #expect(found == wanted, "seed \(seed): \(text)")
    }
    for letter in Self.letters { #expect(met[letter, default: 0] > 150, "\(met)") }
  }

  /// What `ThreeValued` gives is what the tables say, on every pair.
  @Test func `is the same in the function both evaluators share`() {
    let sides: [Character: (Bool, ValueState)] = [
      "t": (true, .present), "f": (false, .present), "m": (false, .missing), "e": (false, .error),
    ]
    func letter(_ result: (value: Bool, state: ValueState)) -> Character {
      switch result.state {
      case .present: result.value ? "t" : "f"
      case .missing, .cleared: "m"
      case .error: "e"
      }
    }
    for left in Self.letters {
      for right in Self.letters {
        guard let a = sides[left], let b = sides[right] else { continue }
        #expect(letter(ThreeValued.and(a.0, a.1, b.0, b.1)) == Self.look(Self.and, left, right))
        #expect(letter(ThreeValued.or(a.0, a.1, b.0, b.1)) == Self.look(Self.or, left, right))
      }
    }
  }
}
