/// What tests read of a page: its fenced blocks and its links.
struct MarkdownPage {
  struct Fence: CustomStringConvertible {
    var page: String
    /// Line of the opening fence.
    var line: Int
    /// The words after the fence: a language, then whatever the page says.
    var words: [String]
    var text: String

    var description: String { "\(page):\(line)" }
  }

  private(set) var fences: [Fence] = []
  /// Targets of links outside fences, with their lines.
  private(set) var links: [(target: String, line: Int)] = []
  /// Headings as anchors.
  private(set) var anchors: Set<String> = []

  init(_ page: String, text: String) {
    var open: Fence?
    for (offset, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      if line.hasPrefix("```") {
        if let fence = open {
          fences.append(fence)
          open = nil
        } else {
          let words = line.dropFirst(3).split(separator: " ").map(String.init)
          open = Fence(page: page, line: offset + 1, words: words, text: "")
        }
      } else if open != nil {
        open?.text += line + "\n"
      } else {
        readProse(line, offset + 1)
      }
    }
  }

  private mutating func readProse(_ line: Substring, _ number: Int) {
    if line.hasPrefix("#") {
      anchors.insert(MarkdownPage.anchor(line.drop { $0 == "#" || $0 == " " }))
    }
    for part in line.split(separator: "](").dropFirst() {
      guard let end = part.firstIndex(of: ")") else { continue }
      links.append((String(part[..<end]), number))
    }
  }

  private static func anchor(_ heading: Substring) -> String {
    var anchor = ""
    for character in heading.lowercased() {
      if character == " " { anchor.append("-") }
      if character.isLetter || character.isNumber || character == "-" || character == "_" {
        anchor.append(character)
      }
    }
    return anchor
  }
}
