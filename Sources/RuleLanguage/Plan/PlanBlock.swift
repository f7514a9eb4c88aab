internal import Expressions

/// A block as its clauses and parts, each as its words with one space between: what two packages
/// are compared by. White space and comments play no part.
struct PlanBlock {
  struct Part {
    /// The word the part starts with: `when`, `over`, `=`; empty for what stands before all others.
    var word: String
    var tokens: [String]
    /// Which tokens are literals.
    var literals: [Bool]
    /// The part on one line.
    var text: String
  }

  let kind: String
  let name: String
  let parts: [Part]
  /// Every word of the block, texts included.
  let words: Set<Substring>

  /// The blocks of a file that decide or tell something; tests, imports and the module line do not.
  static func all(in tree: RuleTree) -> [PlanBlock] {
    let texts = tree.tokens.map { tree.source.text($0.start..<$0.end) }
    let spacing = TokenSpacing(tree, texts: texts)
    return tree.items.filter { !["test", "import", "module"].contains($0.word) }
      .map { PlanBlock($0, in: tree, texts, spacing) }
  }

  private init(
    _ node: RuleTreeNode, in tree: RuleTree, _ texts: [String], _ spacing: TokenSpacing
  ) {
    func text(_ position: Int) -> String { texts[position] }
    let first = node.tokens.lowerBound
    kind = node.word
    name = text(first + 1)
    words = Set(
      node.tokens.flatMap { text($0).split { !($0.isLetter || $0.isNumber || $0 == "_") } }
        .map { Substring($0) })
    func part(_ word: String, _ range: Range<Int>) -> Part {
      Part(
        word: word, tokens: range.map(text),
        literals: range.map { tree.tokens[$0].kind.isLiteral },
        text: range.reduce("") { line, position in
          line + (line.isEmpty || !spacing.spaceBefore[position] ? "" : " ") + texts[position]
        })
    }
    var parts: [Part] = []
    let header = first + 2..<(node.opener ?? node.tokens.upperBound)
    for range in PlanBlock.cut(header, kind: node.word, text) {
      let isWord = PlanBlock.partWords.contains(text(range.lowerBound))
      parts.append(
        part(isWord ? text(range.lowerBound) : "", isWord ? range.dropFirst() : range))
    }
    for child in node.children {
      switch child.kind {
      case .field: parts.append(part(text(child.tokens.lowerBound), child.tokens.dropFirst()))
      case .item(let word), .clause(let word): parts.append(part(word, child.tokens.dropFirst()))
      }
    }
    self.parts = PlanBlock.joined(parts)
  }

  /// Clauses that may stand more than once, such as `decide`, are one part.
  private static func joined(_ parts: [Part]) -> [Part] {
    var joined: [Part] = []
    for part in parts {
      if let position = joined.firstIndex(where: { $0.word == part.word }) {
        joined[position].tokens += ["·"] + part.tokens
        joined[position].literals += [false] + part.literals
        joined[position].text += " · " + part.text
      } else {
        joined.append(part)
      }
    }
    return joined
  }

  private static let partWords: Set<String> = [
    "=", "from", "where", "by", "over", "excluding", "ending", "otherwise", "title", "min", "max",
    "unit", "via", "links", "normalize", "max_degree", "retention", "late", "version",
  ]

  /// Cuts a declaration before each of its part words that is not inside brackets.
  private static func cut(
    _ range: Range<Int>, kind: String, _ text: (Int) -> String
  ) -> [Range<Int>] {
    // A let is one expression, in which these words are names.
    if kind == "let" { return range.isEmpty ? [] : [range] }
    var cuts: [Int] = []
    var depth = 0
    for position in range {
      let word = text(position)
      if ["(", "[", "{"].contains(word) { depth += 1 }
      if [")", "]", "}"].contains(word) { depth -= 1 }
      if depth == 0, position > range.lowerBound, partWords.contains(word) {
        cuts.append(position)
      }
    }
    return zip([range.lowerBound] + cuts, cuts + [range.upperBound])
      .filter { $0 < $1 }.map { $0..<$1 }
  }
}

extension TokenKind {
  fileprivate var isLiteral: Bool {
    switch self {
    case .int, .uint, .double, .duration, .string, .bytes: true
    default: false
    }
  }
}
