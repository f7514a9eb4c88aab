public import Expressions

/// Writes a rule file in the one style of the house. Only white space changes: tokens and comments
/// stay as they are and in their order, so the package hash stays too.
///
/// *Shape*: one clause a line, the values of a block's clauses in one column, 100 columns, at most
/// one empty line, one before and after every block with clauses. The layout depends on tokens,
/// comments and empty lines alone, which is why laying out twice changes nothing.
public struct RuleFormatter {
  let tree: RuleTree
  let texts: [String]
  let spacing: TokenSpacing
  let comments: [TokenComments]

  static let width = 100

  /// The file in one style; nil when it has mistakes, which are the findings.
  public static func format(
    _ source: SourceFile, file: Int = 0
  ) -> (text: String?, findings: [Diagnostic]) {
    let (tree, findings) = RuleTree.parse(source, file: file)
    guard let tree else { return (nil, findings) }
    let text = RuleFormatter(tree).text()
    precondition(
      RuleFormatter(tree).isSame(as: text), "laying out \(source.path) would change its meaning")
    return (text, [])
  }

  private init(_ tree: RuleTree) {
    self.tree = tree
    texts = tree.tokens.map { tree.source.text($0.start..<$0.end) }
    spacing = TokenSpacing(tree, texts: texts)
    comments = tree.tokens.map { TokenComments(before: $0, in: tree.source) }
  }

  /// Whether a text has the same tokens and no mistake.
  private func isSame(as text: String) -> Bool {
    let source = SourceFile(path: tree.source.path, bytes: Array(text.utf8))
    guard let other = RuleTree.parse(source).tree else { return false }
    return other.tokens.map { source.text($0.start..<$0.end) } == texts
  }

  private func text() -> String {
    var output = FormattedLines()
    let lines = tree.items.map { LayoutLine($0, block: $0.word, in: self) }
    write(lines, indent: 0, to: &output)
    writeComments(before: tree.tokens.count - 1, indent: 0, isFirst: lines.isEmpty, to: &output)
    return output.text
  }

  // MARK: Lines

  /// Writes neighbours, with their heads in one column where they are of one kind.
  private func write(_ lines: [LayoutLine], indent: Int, to output: inout FormattedLines) {
    var start = 0
    while start < lines.count {
      var end = start + 1
      while end < lines.count, lines[end].aligns(with: lines[end - 1]),
        comments[lines[end].first].own.isEmpty, !comments[lines[end].first].startsParagraph
      {
        end += 1
      }
      let head = lines[start..<end].map(\.head.unicodeScalars.count).max() ?? 0
      for position in start..<end {
        let before = position > 0 ? lines[position - 1] : nil
        write(lines[position], after: before, indent: indent, head: head, to: &output)
      }
      start = end
    }
  }

  private func write(
    _ line: LayoutLine, after previous: LayoutLine?, indent: Int, head: Int,
    to output: inout FormattedLines
  ) {
    let isApart = indent == 0 && (line.hasBody || previous?.hasBody == true)
    writeComments(
      before: line.first, indent: indent, isFirst: previous == nil, isApart: isApart, to: &output)
    let pad = String(repeating: " ", count: indent)
    var text = pad + line.head
    if !line.rest.isEmpty || line.hasBody {
      let fill = line.isAligned ? head - line.head.unicodeScalars.count : 0
      text += String(repeating: " ", count: fill)
    }
    let column = text.unicodeScalars.count + 1
    let values = lay(
      line.rest, column: column, hang: line.hangs(at: column, indent: indent), base: indent,
      style: line.style)
    output.add(RuleFormatter.joined(text, values))
    for part in line.parts {
      let start = indent + 2 + texts[part.lowerBound].unicodeScalars.count + 1
      let value = lay(
        part.dropFirst(), column: start, hang: start, base: indent + 2, style: .translations)
      let breaks = comments[part.lowerBound]
      if let trailing = breaks.trailing { output.append("  " + trailing) }
      for comment in breaks.own { output.add(pad + "  " + comment.text) }
      output.add(RuleFormatter.joined(pad + "  " + texts[part.lowerBound], value))
    }
    if let node = line.body { writeBody(of: node, indent: indent, to: &output) }
  }

  /// A head and its value with a space between, unless the value starts a line.
  private static func joined(_ head: String, _ value: String) -> String {
    if value.isEmpty { return head }
    guard value.hasPrefix("\n") else { return head + " " + value }
    return String(head.reversed().drop { $0 == " " }.reversed()) + value
  }

  private func writeBody(of node: RuleTreeNode, indent: Int, to output: inout FormattedLines) {
    guard let opener = node.opener, let closer = node.closer else { return }
    let block = node.word
    let pad = String(repeating: " ", count: indent)
    if comments[opener].isEmpty {
      output.append(" {")
    } else {
      if let trailing = comments[opener].trailing { output.append("  " + trailing) }
      for comment in comments[opener].own { output.add(pad + comment.text) }
      output.add(pad + "{")
    }
    write(
      node.children.map { LayoutLine($0, block: block, in: self) }, indent: indent + 2, to: &output)
    writeComments(before: closer, indent: indent + 2, isFirst: false, endsBody: true, to: &output)
    output.add(pad + "}")
  }

  /// Writes the comments before a token and the empty line the text has there.
  private func writeComments(
    before token: Int, indent: Int, isFirst: Bool, isApart: Bool = false, endsBody: Bool = false,
    to output: inout FormattedLines
  ) {
    let found = comments[token]
    if let trailing = found.trailing { output.append("  " + trailing) }
    let pad = String(repeating: " ", count: indent)
    for (position, comment) in found.own.enumerated() {
      let isBlank = comment.followsBlank || (position == 0 && isApart)
      if isBlank, !(isFirst && position == 0) { output.addBlank() }
      output.add(pad + comment.text)
    }
    let isEnd = endsBody || token == tree.tokens.count - 1
    if isEnd || (isFirst && found.own.isEmpty) { return }
    if found.followsBlank || (isApart && found.own.isEmpty) { output.addBlank() }
  }
}

/// The lines written so far.
struct FormattedLines {
  private var lines: [String] = []

  mutating func add(_ line: String) { lines.append(line) }

  /// An empty line, unless the last one is.
  mutating func addBlank() {
    if let last = lines.last, !last.isEmpty { lines.append("") }
  }

  /// Adds to the last line.
  mutating func append(_ text: String) {
    if lines.isEmpty { lines.append("") }
    lines[lines.count - 1] += text
  }

  var text: String { lines.isEmpty ? "" : lines.joined(separator: "\n") + "\n" }
}
