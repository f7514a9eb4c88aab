internal import Expressions

/// Which tokens have a space before them when they stand on one line.
///
/// White space carries no meaning, so this is taste alone, with two exceptions the parser makes:
/// the signs of `->` and `--` stand together, and a `[` that takes an element stands on the line
/// of what it is taken from, which is why it never has a space.
struct TokenSpacing {
  private(set) var spaceBefore: [Bool]
  private let tree: RuleTree
  private let texts: [String]

  init(_ tree: RuleTree, texts: [String]) {
    self.tree = tree
    self.texts = texts
    spaceBefore = Array(repeating: true, count: tree.tokens.count)
    for item in tree.items { visit(item, block: item.word) }
  }

  private mutating func visit(_ node: RuleTreeNode, block: String) {
    guard let opener = node.opener, let closer = node.closer else {
      return space(node.tokens, node: node, block: block)
    }
    space(node.tokens.lowerBound..<opener, node: node, block: block)
    for child in node.children { visit(child, block: block) }
    space(closer + 1..<node.tokens.upperBound, node: node, block: block)
  }

  /// An open bracket.
  private struct Frame {
    var isTight: Bool
    /// `?` that wait for their `:`.
    var conditionals = 0
  }

  private mutating func space(_ range: Range<Int>, node: RuleTreeNode, block: String) {
    var frames = [Frame(isTight: false)]
    // Types end in `?` before the first `=`; expressions have it between two values.
    var isType = ["", "identifier", "list", "param"].contains(node.word)
    var endsOperand = false
    var isTightAfter = true
    for position in range {
      let token = tree.tokens[position]
      var isTight = isTightAfter
      isTightAfter = false
      let isOperandBefore = endsOperand
      endsOperand = true
      if case .punctuation(let sign) = token.kind {
        endsOperand = false
        switch sign {
        case .comma, .semicolon: isTight = true
        case .dot:
          isTight = true
          isTightAfter = true
        case .leftParenthesis, .leftBracket:
          isTight = isTight || (isOperandBefore && block != "link")
          isTightAfter = true
          frames.append(Frame(isTight: true))
        case .leftBrace:
          let isRecord = isOperandBefore && block == "test"
          let isBody = isOperandBefore && !isRecord
          isTight = isTight || isRecord
          frames.append(Frame(isTight: !isRecord && !isBody))
          isTightAfter = !isRecord && !isBody
        case .rightParenthesis, .rightBracket, .rightBrace:
          isTight = isTight || frames[frames.count - 1].isTight || isOpener(position - 1)
          if frames.count > 1 { frames.removeLast() }
          endsOperand = true
        case .question:
          isTight = isTight || isType
          endsOperand = isType
          if !isType { frames[frames.count - 1].conditionals += 1 }
        case .colon:
          if frames[frames.count - 1].conditionals > 0 {
            frames[frames.count - 1].conditionals -= 1
          } else {
            isTight = true
          }
        case .minus where block == "link":
          isTightAfter = ["-", ">"].contains(texts[position + 1])
          isTight = isTight || texts[position - 1] == "-"
        case .greater where block == "link": isTight = true
        case .minus, .not: isTightAfter = !isOperandBefore
        case .assign: isType = false
        default: break
        }
      } else if token.kind == .identifier {
        endsOperand = position > range.lowerBound || node.word.isEmpty
        if TokenSpacing.connectives.contains(texts[position]) { endsOperand = false }
        if block == "param", ["min", "max"].contains(texts[position]) { endsOperand = false }
      }
      spaceBefore[position] = !isTight
    }
  }

  private func isOpener(_ position: Int) -> Bool {
    ["(", "[", "{"].contains(texts[position])
  }

  /// Words after which a value begins.
  private static let connectives: Set<String> = [
    "and", "or", "not", "in", "when", "where", "by", "over", "of", "via", "every", "ending",
    "otherwise", "then", "within", "reasons",
  ]
}
