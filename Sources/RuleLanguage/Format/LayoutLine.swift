internal import Expressions

/// Where a value that does not fit on its line is broken.
enum BreakStyle {
  /// Before each `and` and `or`.
  case conditions
  /// Before `es` after `en`.
  case translations
  /// Before `from`, `where`, `by` and the like, as late as possible.
  case parts
}

/// What starts a line: a block, clause or field, cut into what stands in the first column and the
/// rest.
struct LayoutLine {
  /// The first token.
  let first: Int
  /// What stands first; the heads of neighbours that align are made equally wide.
  let head: String
  /// The tokens after the head, on the line.
  let rest: Range<Int>
  /// Parts that go on lines of their own below, such as the title of a signal.
  let parts: [Range<Int>]
  /// The node whose children follow in braces.
  let body: RuleTreeNode?
  let style: BreakStyle
  private let alignment: String?
  private let hangsAtValue: Bool

  var hasBody: Bool { body != nil }
  var isAligned: Bool { alignment != nil }

  /// Whether two neighbours go into one column; a name much longer than its neighbour would push
  /// that one's value out of sight.
  func aligns(with other: LayoutLine) -> Bool {
    alignment != nil && alignment == other.alignment
      && abs(head.unicodeScalars.count - other.head.unicodeScalars.count) <= 16
  }

  /// Column at which lines go on.
  func hangs(at column: Int, indent: Int) -> Int { hangsAtValue ? column : indent + 4 }

  init(_ node: RuleTreeNode, block: String, in formatter: RuleFormatter) {
    let tokens = node.tokens
    first = tokens.lowerBound
    body = node.children.isEmpty ? nil : node
    let end = node.opener ?? tokens.upperBound
    var headCount = 1
    switch node.kind {
    case .field:
      headCount = 2
      alignment = "field"
      style = .conditions
      hangsAtValue = true
      parts = []
    case .clause(let word):
      let second = tokens.count > 1 ? formatter.texts[first + 1] : ""
      let isPair =
        (word == "exempt" && second == "when") || (word == "active" && second == "from")
        || (block == "test" && word == "at") || (block == "policy" && word == "decide")
      headCount = isPair ? 2 : 1
      alignment = isPair && word != "exempt" && word != "active" ? word : nil
      style = ["title", "analyst", "customer"].contains(word) ? .translations : .conditions
      hangsAtValue = block != "test"
      parts = []
    case .item(let word):
      headCount = word == "identifier" ? 3 : word == "signal" || word == "let" ? 2 : 1
      alignment = ["identifier", "signal", "let"].contains(word) ? word : nil
      let isDeclaration = ["signal", "link", "param", "list", "identifier"].contains(word)
      style = isDeclaration ? .parts : .conditions
      hangsAtValue = false
      let title = isDeclaration ? formatter.title(in: first + headCount..<end) : nil
      parts = title.map { [$0] } ?? []
    }
    headCount = min(headCount, end - first)
    let hasInnerComment = (first + 1..<first + headCount).contains {
      !formatter.comments[$0].isEmpty
    }
    if hasInnerComment { headCount = 1 }
    let wide = LayoutLine.headWidth[block] ?? 0
    var text = formatter.texts[first]
    if case .clause = node.kind, !hasInnerComment, headCount == 1 || alignment == "decide" {
      text = text.padded(to: end - first > 1 ? wide : 0)
    }
    for position in first + 1..<first + headCount {
      text += (formatter.spacing.spaceBefore[position] ? " " : "") + formatter.texts[position]
    }
    head = text
    rest = first + headCount..<(parts.first?.lowerBound ?? end)
  }

  /// How wide the words of clauses are made.
  private static let headWidth = ["rule": 6, "reason": 8, "policy": 9]
}

extension RuleFormatter {
  /// The `title en "…" es "…"` that ends a declaration.
  func title(in range: Range<Int>) -> Range<Int>? {
    let start = range.dropLast(2).last { position in
      texts[position] == "title" && tree.tokens[position].kind == .identifier
        && ["en", "es"].contains(texts[position + 1])
        && tree.tokens[position + 2].kind == .string
    }
    return start.map { $0..<range.upperBound }
  }
}

extension String {
  /// Filled with spaces up to a width.
  func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - unicodeScalars.count))
  }
}
