public import Expressions

/// A file as a tree that loses nothing: every token, with the white space and comments before it,
/// lies in exactly one place, so that the text can be written again from the tree.
public struct RuleTree: Sendable {
  /// The text the tokens lie in.
  public let source: SourceFile
  /// All tokens, the last one `endOfFile`.
  public let tokens: [Token]
  /// Module line, imports and blocks in source order.
  public let items: [RuleTreeNode]

  /// Parses a file; nil in place of the tree when it has mistakes, which are the findings.
  public static func parse(
    _ source: SourceFile, file: Int = 0
  ) -> (tree: RuleTree?, findings: [Diagnostic]) {
    RuleFileParser.parseTree(source, file: file)
  }
}

/// A block, a clause of a block or a field.
public struct RuleTreeNode: Sendable {
  /// What kind of thing it is.
  public enum Kind: Sendable {
    /// A module line, an import or a block, with the word it starts with.
    case item(String)
    /// A clause, with its word.
    case clause(String)
    /// A field of an entity or event.
    case field
  }

  /// What it is.
  public let kind: Kind
  /// Its tokens, by position in `RuleTree.tokens`.
  public let tokens: Range<Int>
  /// What stands between its braces: clauses or fields.
  public let children: [RuleTreeNode]

  /// The word it starts with; empty for a field.
  var word: String {
    switch kind {
    case .item(let word), .clause(let word): word
    case .field: ""
    }
  }

  /// Position of the brace before the children; nil when there are none.
  var opener: Int? { children.first.map { $0.tokens.lowerBound - 1 } }

  /// Position of the brace after the children; nil when there are none.
  var closer: Int? { children.last?.tokens.upperBound }
}
