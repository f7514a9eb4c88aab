import Compiler
import Expressions
import Foundation
import Model
import Program
import RuleLanguage
import Testing

@Suite struct `The formatter` {
  private static let shipped = RepositoryFolder.path + "/Rules"
  private static let folder = RepositoryFolder.path + "/Tests/RuleLanguageTests/Format"

  private static func format(_ text: String) throws -> String {
    let source = SourceFile(path: "x.rules", bytes: Array(text.utf8))
    let (formatted, findings) = RuleFormatter.format(source)
    return try #require(formatted, "\(findings.map(\.title.english))")
  }

  /// Files whose layout is written down: `NAME.rules` goes in, `NAME.out` comes out.
  static let names: [String] = {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return files.filter { $0.hasSuffix(".rules") }.map { String($0.dropLast(6)) }.sorted()
  }()

  @Test(arguments: `The formatter`.names)
  func `lays out as written down`(name: String) throws {
    let path = `The formatter`.folder + "/" + name
    let text = try `The formatter`.format(String(contentsOfFile: path + ".rules", encoding: .utf8))
    if ProcessInfo.processInfo.environment["SABUESO_REFRESH_GOLDEN"] == "1" {
      try Data(text.utf8).write(to: URL(fileURLWithPath: path + ".out"))
    }
    #expect(text == (try String(contentsOfFile: path + ".out", encoding: .utf8)))
  }

  @Test func `refuses a file with a mistake and says which`() {
    let source = SourceFile(path: "x.rules", bytes: Array("let a = (1".utf8))
    let (text, findings) = RuleFormatter.format(source)
    #expect(text == nil && findings.map(\.code) == [.unclosedBracket])
  }

  @Test func `changes nothing in the shipped rules`() throws {
    for (name, text) in try RulesInMemory.texts(`The formatter`.shipped) {
      #expect(try `The formatter`.format(text) == text, "sabueso fmt Rules changes \(name)")
    }
  }

  // MARK: Property

  private static let seed: UInt64 = 0xF0_2A7
  private static let rounds =
    ProcessInfo.processInfo.environment["SABUESO_ROUNDS"].flatMap(Int.init) ?? 300

  @Test func `changes neither package hash nor comments, and nothing the second time`() throws {
    var random = SplitMix64(seed: `The formatter`.seed)
    let texts = try RulesInMemory.texts(`The formatter`.shipped)
    let hash = try #require(packageHash(texts))
    let names = texts.keys.sorted()
    for round in 0..<`The formatter`.rounds {
      let place: Comment = "seed \(`The formatter`.seed), round \(round)"
      let name = names[random.below(names.count)]
      let messy = disarranged(texts[name] ?? "", &random)
      let formatted = try `The formatter`.format(messy)
      #expect(try `The formatter`.format(formatted) == formatted, place)
      #expect(comments(in: formatted) == comments(in: messy), place)
      #expect(formatted.split(separator: "\n").allSatisfy { $0.last != " " }, place)
      if round % 10 == 0 {
        var package = texts
        package[name] = formatted
        #expect(packageHash(package) == hash, place)
      }
    }
  }

  private func packageHash(_ texts: [String: String]) -> String? {
    let files = Dictionary(uniqueKeysWithValues: texts.map { ("package/" + $0, $1) })
    let check = PackageChecker.check("package", from: MemoryRuleFiles(files))
    return check.rules.map { PackageCompiler.compile($0).catalog.packageHash }
  }

  private func comments(in text: String) -> [String] {
    let source = SourceFile(path: "", bytes: Array(text.utf8))
    return Lexer.tokens(of: source, file: 0).tokens.flatMap { token in
      source.text(token.triviaStart..<token.start).split(separator: "\n")
        .compactMap { line in line.firstRange(of: "//").map { line[$0.lowerBound...] } }
        .map { $0.trimmingCharacters(in: .whitespaces) }
    }
  }

  /// The same tokens with other white space and more comments between them. Signs that the parser
  /// wants together stay together, and a block goes on starting at the left.
  private func disarranged(_ text: String, _ random: inout SplitMix64) -> String {
    let source = SourceFile(path: "", bytes: Array(text.utf8))
    let tokens = Lexer.tokens(of: source, file: 0).tokens
    var output = ""
    for (position, token) in tokens.enumerated() {
      let word = source.text(token.start..<token.end)
      let trivia = source.text(token.triviaStart..<token.start)
      let isGlued = trivia.isEmpty && [">", "-", "["].contains(word)
      let isRare = random.below(4) > 0
      if isGlued || position == 0 || isRare {
        output += trivia
      } else {
        // A comment ends with its line, so something must come after it.
        if trivia.contains("//") { output += trivia }
        let pieces = [
          " ", "  ", "\n ", "\n\n\n\t", "\t", " // a remark\n ", "\n  // on its own\n ", "\r\n ",
        ]
        output += pieces[random.below(word == "[" ? 2 : pieces.count)]
      }
      output += word
    }
    return output
  }
}
