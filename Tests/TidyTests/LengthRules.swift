/// How long files, functions and lines may be.
enum LengthRules {
  static let fileLines = 600
  static let functionLines = 70
  static let columns = 100

  static func findings(_ source: SwiftText, file: String) -> [Finding] {
    fileFindings(source.text, file: file) + columnFindings(source, file: file)
      + functionFindings(source, file: file)
  }

  /// For every kind of source.
  static func fileFindings(_ text: String, file: String) -> [Finding] {
    let count = text.split(separator: "\n", omittingEmptySubsequences: false).count - 1
    guard count > fileLines else { return [] }
    return [
      Finding(
        file: file, line: fileLines, problem: "\(count) lines, more than \(fileLines)",
        remedy: "move a topic into a file of its own, `Type+Topic.swift`")
    ]
  }

  /// A string may stick out, for it cannot be broken without changing it; nothing else may.
  private static func columnFindings(_ source: SwiftText, file: String) -> [Finding] {
    let lines = source.text.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.indices.compactMap { index in
      guard lines[index].count > columns, !source.hasString[index] else { return nil }
      return Finding(
        file: file, line: index + 1,
        problem: "\(lines[index].count) columns, more than \(columns)", remedy: "break the line")
    }
  }

  private static func functionFindings(_ source: SwiftText, file: String) -> [Finding] {
    FunctionFinder.functions(in: source).compactMap { function in
      let count = function.last - function.first + 1
      guard count > functionLines else { return nil }
      return Finding(
        file: file, line: function.first,
        problem: "a function of \(count) lines, more than \(functionLines)",
        remedy: "give a step of it a name and a function of its own")
    }
  }
}

/// Finds the functions of a source by their keywords and braces.
struct FunctionFinder {
  struct Function: Hashable {
    var first: Int
    var last: Int
  }

  private struct Token {
    var text: String
    var line: Int
  }

  private let tokens: [Token]

  static func functions(in source: SwiftText) -> [Function] {
    let finder = FunctionFinder(source)
    return finder.tokens.indices.compactMap(finder.function)
  }

  private init(_ source: SwiftText) {
    var tokens: [Token] = []
    for (line, code) in source.numberedCode {
      var word = ""
      for character in code + " " {
        if character.isLetter || character.isNumber || character == "_" {
          word.append(character)
          continue
        }
        if !word.isEmpty { tokens.append(Token(text: word, line: line)) }
        word = ""
        if !character.isWhitespace { tokens.append(Token(text: String(character), line: line)) }
      }
    }
    self.tokens = tokens
  }

  /// The function declared at a token, from its keyword to its closing brace.
  private func function(_ index: Int) -> Function? {
    guard ["func", "init", "deinit", "subscript"].contains(tokens[index].text),
      index == 0 || tokens[index - 1].text != ".", let opener = body(after: index)
    else { return nil }
    var depth = 0
    for token in tokens[opener...] {
      if token.text == "{" { depth += 1 }
      if token.text == "}" { depth -= 1 }
      if depth == 0 { return Function(first: tokens[index].line, last: token.line) }
    }
    return nil
  }

  /// The brace that opens the body; nil for a requirement of a protocol.
  private func body(after index: Int) -> Int? {
    var depth = 0
    for position in tokens.indices[(index + 1)...] {
      switch tokens[position].text {
      case "(", "[": depth += 1
      case ")", "]": depth -= 1
      case "{" where depth == 0: return position
      case "}" where depth == 0, "func" where depth == 0, "let" where depth == 0,
        "var" where depth == 0, "case" where depth == 0:
        return nil
      default: break
      }
      if depth < 0 { return nil }
    }
    return nil
  }
}
