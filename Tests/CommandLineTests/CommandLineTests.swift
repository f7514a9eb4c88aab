import Foundation
import Testing

@Suite(.timeLimit(.minutes(20))) struct `The command line` {
  private static let commands = [
    "check", "fmt", "test", "plan", "score", "serve", "rescore", "sweep",
  ]

  @Test(arguments: commands) func `shows options and examples of a command`(name: String) throws {
    for ending in [
      try sabueso(name, "--help"), try sabueso(name, "-h"), try sabueso("help", name),
      try sabueso(name, "some", "--lang", "es", "--help"),
    ] {
      #expect(ending.code == 0 && ending.notes.isEmpty)
      #expect(ending.output.contains("Usage: sabueso \(name) "))
      let examples = try #require(ending.output.split(separator: "\nExamples:\n").last)
      let lines = examples.split(separator: "\n")
      #expect(lines.count >= 4 && lines.count.isMultiple(of: 2))
      for (index, line) in lines.enumerated() {
        #expect(index.isMultiple(of: 2) ? line.hasPrefix("  # ") : line.contains(" "))
      }
      #expect(examples.contains("sabueso \(name) "))
    }
  }

  @Test func `lists its commands and exit codes`() throws {
    let help = try sabueso("--help")
    #expect(help.code == 0 && help.notes.isEmpty)
    for name in Self.commands { #expect(help.output.contains("\n  \(name) ")) }
    #expect(help.output.contains("0 ok, 1 findings"))
    #expect(try sabueso("help").output == help.output)
    let nothing = try sabueso()
    #expect(nothing.code == 64 && nothing.output.isEmpty && nothing.notes == help.output)
    #expect(try sabueso("--version").output.hasPrefix("sabueso "))
  }

  @Test(arguments: [
    (["scor"], "there is no command `scor`", "did you mean `sabueso score`?"),
    (["help", "chek"], "there is no command `chek`", "did you mean `sabueso check`?"),
    (["xyzzy"], "there is no command `xyzzy`", "see `sabueso --help`"),
    (["score", "--rejets", "x"], "has no option --rejets", "did you mean --rejects?"),
    (["score", "-z"], "has no option -z", "see `sabueso score --help`"),
    (["score", "-r"], "--rules needs a value: --rules PATH", "see `sabueso score --help`"),
    (["score", "--rules=", "x"], "--rules needs a value", ""),
    (["score", "-o", "--explain", "x"], "--output needs a value", ""),
    (["score", "--explain=yes", "x"], "--explain takes no value", ""),
    (["score"], "say which events", ""),
    (["score", "/dev/null"], "say which rules: -r PATH", ""),
    (["score", "--batch", "0", "x"], "--batch takes a whole number from 1 to 65536, not `0`", ""),
    (["score", "--batch", "99999999999", "x"], "from 1 to 65536", ""),
    (["score", "--batch", "many", "x"], "not `many`", ""),
    (["score", "--graph-budget", "0", "x"], "of at least 1, not `0`", ""),
    (["score", "--max-skew", "soon", "x"], "takes a duration like 5m, not `soon`", ""),
    (["score", "--max-skew", "99999999d", "x"], "not `99999999d`", "at most ten years"),
    (["score", "--max-skew", "9999999999999999999d", "x"], "takes a duration", ""),
    (["check", "--lang", "fr"], "--lang takes en or es, not `fr`", ""),
    (["serve", "-r", "x"], "say where decisions are kept: --data DIR", ""),
    (
      ["serve", "-r", Shipped.rules, "-d", "/tmp/x", "--listen", "here"], "not `here`", "write 127"
    ),
    (["serve", "-r", Shipped.rules, "-d", "/tmp/x", "--queue", "0"], "--queue takes", ""),
    (["rescore"], "say which data folder: --data DIR", ""),
  ])
  func `says what is wrong with a line and what was meant`(
    words: [String], message: String, remedy: String
  ) throws {
    let ending = try RunningCommand(words).end()
    #expect(ending.code == 64 && ending.output.isEmpty)
    #expect(ending.notes.contains(message), "\(ending.notes)")
    #expect(remedy.isEmpty || ending.notes.contains(remedy), "\(ending.notes)")
  }

  @Test func `takes a word behind -- as it is, and a value behind =`() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("--help", Shipped.referral(1) + "\n")
    let ending = try shell(
      "cd \(folder.path) && $SABUESO score --rules=$RULES -o=out -- --help")
    #expect(ending.code == 0, "\(ending.notes)")
    #expect(try folder.read("out").contains(#""id":"r1""#))
  }

  @Test func `checks and tests the shipped rules`() throws {
    let check = try sabueso("check", Shipped.rules)
    #expect(check.code == 0 && check.output.hasPrefix("\(Shipped.rules): "))
    let test = try sabueso("test", Shipped.rules)
    #expect(test.code == 0 && test.output.hasSuffix(" passed, 0 failed\n"))
  }

  @Test func `ends 1 when a test fails and 3 when rules have errors`() throws {
    let folder = try TemporaryFolder()
    let stricter = try folder.rules("device_reuse.rules", "int = 3 min", "int = 4 min")
    let failed = try sabueso("test", stricter)
    #expect(failed.code == 1 && failed.output.contains("FAILED the fourth account on one phone"))
    let other = try TemporaryFolder()
    let broken = try other.rules(
      "device_reuse.rules", "accounts_on_device > max", "acounts_on_device > max")
    for command in ["check", "test"] {
      let ending = try sabueso(command, broken)
      #expect(ending.code == 3 && ending.notes.contains("error[E"))
    }
    let scored = try sabueso("score", "-r", broken, "-")
    #expect(scored.code == 3 && scored.output.isEmpty)
    #expect(scored.notes.contains("has 1 error"))
  }

  @Test func `colours only where it is wanted`() throws {
    let folder = try TemporaryFolder()
    let broken = try folder.rules(
      "device_reuse.rules", "accounts_on_device > max", "acounts_on_device > max")
    func isColoured(_ environment: [String: String]) throws -> Bool {
      try sabueso("check", broken, environment: environment).notes.contains("\u{1B}[")
    }
    #expect(try !isColoured([:]))
    #expect(try isColoured(["CLICOLOR_FORCE": "1"]))
    #expect(try !isColoured(["CLICOLOR_FORCE": "0"]))
    #expect(try !isColoured(["CLICOLOR_FORCE": "1", "NO_COLOR": "1"]))
  }

  @Test func `says which file or folder it cannot use`() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("file", "")
    let nowhere = folder.path + "/nowhere"
    let cases = [
      (["score", "-r", Shipped.rules, nowhere], 74, "cannot open \(nowhere): No such file"),
      (["score", "-r", Shipped.rules, folder.path], 74, "cannot read \(folder.path): Is a dir"),
      (
        ["score", "-r", Shipped.rules, "-o", nowhere + "/x", "-"], 74, "cannot create \(nowhere)/x"
      ),
      (["score", "-r", Shipped.rules, "--rejects", nowhere + "/x", "-"], 74, "cannot create"),
      (["score", "-r", nowhere, "-"], 74, "cannot read rules from \(nowhere)"),
      (["check", folder.path], 74, "no .rules file in the folder"),
      (["serve", "-r", Shipped.rules, "-d", file, "--listen", "127.0.0.1:0"], 74, "Not a dir"),
      (["rescore", "-d", nowhere], 74, "there is no log in \(nowhere)"),
      (["rescore", "-d", file], 74, "there is no log in \(file)"),
    ]
    for (words, code, message) in cases {
      let ending = try RunningCommand(words).end()
      #expect(ending.code == Int32(code) && ending.output.isEmpty, "\(words)")
      #expect(ending.notes.contains(message), "\(ending.notes)")
    }
  }

  @Test func `does not score with a package that decides nothing`() throws {
    let folder = try TemporaryFolder()
    let schema = try String(contentsOfFile: Shipped.rules + "/schema.rules", encoding: .utf8)
    let file = try folder.write("only.rules", schema)
    for words in [
      ["score", "-r", file, "-"], ["serve", "-r", file, "-d", folder.path + "/data"],
    ] {
      let ending = try RunningCommand(words).end()
      #expect(ending.code == 3)
      #expect(ending.notes.contains("has no policy, so nothing would be decided"))
    }
  }
}
