/// A Swift source cut into lines, each once as code alone and once as comment alone.
///
/// Code keeps its columns: what stands in comments, in strings and between backticks is blanked, so
/// that a word found there is a word of the program.
struct SwiftText {
  let text: String
  private(set) var code: [String] = []
  private(set) var comments: [String] = []
  /// Lines in which a string stands, or which a string crosses.
  private(set) var hasString: [Bool] = []

  init(_ text: String) {
    self.text = text
    var scanner = Scanner(Array(text))
    scanner.run()
    code = scanner.code.map { String($0) }
    comments = scanner.comments.map { String($0) }
    hasString = scanner.hasString
  }

  /// Numbers of lines, from 1, with their code.
  var numberedCode: [(number: Int, code: String)] {
    code.enumerated().map { ($0.offset + 1, $0.element) }
  }

  private struct Scanner {
    /// What the text at hand belongs to; interpolations put code inside strings.
    private enum Context {
      case code(parentheses: Int)
      case string(hashes: Int, isTriple: Bool)
      case comment(depth: Int)
      case lineComment
    }

    private let characters: [Character]
    private var position = 0
    private var contexts: [Context] = [.code(parentheses: 0)]
    var code: [[Character]] = [[]]
    var comments: [[Character]] = [[]]
    var hasString = [false]

    init(_ characters: [Character]) {
      self.characters = characters
    }

    mutating func run() {
      while position < characters.count {
        if characters[position].isNewline {
          newline()
          continue
        }
        switch contexts[contexts.count - 1] {
        case .code(let parentheses): stepCode(parentheses)
        case .string(let hashes, let isTriple): stepString(hashes, isTriple)
        case .comment(let depth): stepComment(depth)
        case .lineComment: take(as: .lineComment)
        }
      }
    }

    private mutating func newline() {
      position += 1
      code.append([])
      comments.append([])
      switch contexts[contexts.count - 1] {
      case .lineComment:
        contexts.removeLast()
        hasString.append(false)
      case .string: hasString.append(true)
      case .code, .comment: hasString.append(false)
      }
    }

    private mutating func take(as context: Context, _ count: Int = 1) {
      for _ in 0..<count where position < characters.count {
        let character = characters[position]
        position += 1
        switch context {
        case .code: put(character, " ")
        case .string:
          put(" ", " ")
          hasString[hasString.count - 1] = true
        case .comment, .lineComment: put(" ", character)
        }
      }
    }

    private mutating func put(_ codeCharacter: Character, _ commentCharacter: Character) {
      code[code.count - 1].append(codeCharacter)
      comments[comments.count - 1].append(commentCharacter)
    }

    private func starts(_ text: String) -> Bool {
      var index = position
      for character in text {
        guard index < characters.count, characters[index] == character else { return false }
        index += 1
      }
      return true
    }

    private mutating func stepCode(_ parentheses: Int) {
      let here = Context.code(parentheses: parentheses)
      if starts("//") {
        contexts.append(.lineComment)
        take(as: .lineComment, 2)
      } else if starts("/*") {
        contexts.append(.comment(depth: 1))
        take(as: .comment(depth: 1), 2)
      } else if let hashes = stringStart() {
        let isTriple =
          position + hashes + 2 < characters.count
          && (0..<3).allSatisfy { characters[position + hashes + $0] == "\"" }
        contexts.append(.string(hashes: hashes, isTriple: isTriple))
        take(as: .string(hashes: hashes, isTriple: isTriple), hashes + (isTriple ? 3 : 1))
      } else if starts("`") {
        take(as: .string(hashes: 0, isTriple: false))
        while position < characters.count, !starts("`"), !characters[position].isNewline {
          take(as: .string(hashes: 0, isTriple: false))
        }
        take(as: .string(hashes: 0, isTriple: false))
      } else {
        stepParenthesis(parentheses)
        take(as: here)
      }
    }

    /// The code of an interpolation ends with the parenthesis that opened it.
    private mutating func stepParenthesis(_ parentheses: Int) {
      guard contexts.count > 1 else { return }
      if starts("(") { contexts[contexts.count - 1] = .code(parentheses: parentheses + 1) }
      guard starts(")") else { return }
      if parentheses == 1 {
        contexts.removeLast()
      } else {
        contexts[contexts.count - 1] = .code(parentheses: parentheses - 1)
      }
    }

    /// How many `#` stand before the quote that starts a string here.
    private func stringStart() -> Int? {
      var end = position
      while end < characters.count, characters[end] == "#" { end += 1 }
      return end < characters.count && characters[end] == "\"" ? end - position : nil
    }

    private mutating func stepString(_ hashes: Int, _ isTriple: Bool) {
      let here = Context.string(hashes: hashes, isTriple: isTriple)
      let marks = String(repeating: "#", count: hashes)
      if starts("\\" + marks + "(") {
        take(as: here, hashes + 1)
        contexts.append(.code(parentheses: 0))
      } else if starts("\\" + marks) {
        take(as: here, hashes + 2)
      } else if starts((isTriple ? "\"\"\"" : "\"") + marks) {
        contexts.removeLast()
        take(as: here, (isTriple ? 3 : 1) + hashes)
      } else {
        take(as: here)
      }
    }

    private mutating func stepComment(_ depth: Int) {
      let here = Context.comment(depth: depth)
      if starts("/*") {
        contexts[contexts.count - 1] = .comment(depth: depth + 1)
        take(as: here, 2)
      } else if starts("*/") {
        contexts.removeLast()
        if depth > 1 { contexts.append(.comment(depth: depth - 1)) }
        take(as: here, 2)
      } else {
        take(as: here)
      }
    }
  }
}
