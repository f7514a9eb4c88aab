import Foundation
import Testing

@Suite(.timeLimit(.minutes(20))) struct `The sweep command` {
  private struct Page: Decodable {
    struct Param: Decodable {
      var name: String
      var way: String
      var reason: String?
      var points: [Point]
    }
    struct Point: Decodable {
      var value: String
      var present: Bool
      var policies: [Part]
    }
    struct Part: Decodable {
      var policy: String
      var outcomes: [Outcome]
      var changed: Int
      var changedAccounts: Int
      var changedAmounts: [Amount]
    }
    struct Outcome: Decodable {
      var outcome: String
      var decisions: Int
      var amounts: [Amount]
    }
    struct Amount: Decodable, Equatable {
      var unit: String
      var amount: String
    }
    var version: String
    var events: Int
    var decisions: Int
    var params: [Param]
  }

  private static func page(_ text: String) throws -> Page {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(Page.self, from: Data(text.utf8))
  }

  /// Ten people on each of ten phones within an hour.
  private static func events(_ folder: TemporaryFolder) throws -> String {
    try folder.write(
      "events",
      (0..<60).map { number in
        #"{"event":"referral","referral_id":"r\#(number)","at":"2026-01-05T18:00:\#(number % 50 + 10)Z","#
          + #""referrer":"A\#(number)","referee":"N\#(number)","device":"D\#(number % 10)","#
          + #""reward":100.50}"#
      }.joined(separator: "\n") + "\n")
  }

  @Test func `tells what other values decide, for people`() throws {
    let folder = try TemporaryFolder()
    let events = try Self.events(folder)
    let ending = try sabueso(
      "sweep", "-p", "max_accounts_per_device=2,3,6", "-p", "quickest_form=2s..30s:14s", "-r",
      Shipped.rules, events)
    #expect(ending.code == 0, "\(ending.notes)")
    let text = ending.output
    #expect(text.hasPrefix("60 events, 60 decisions\n\nmax_accounts_per_device = 3  "))
    #expect(text.contains("\n  told by one replay of all values\n  enrolment\n"))
    #expect(text.contains("\n  →  3 "))
    #expect(
      text.contains(
        "quickest_form = 10s  The least time a person takes to fill in the application")
        || text.contains("\nquickest_form = 10s"))
    #expect(
      text.contains(
        "told by a replay of each value: it shapes what signals count on referral"), "\(text)")
    let spanish = try sabueso(
      "sweep", "-p", "max_accounts_per_device=2,3,6", "-r", Shipped.rules, events, "--lang", "es")
    #expect(spanish.output.hasPrefix("60 eventos, 60 decisiones\n"))
    #expect(spanish.output.contains("\n  un solo recorrido para todos los valores\n"))
  }

  @Test func `tells it for programs, and the same as other rules decide`() throws {
    let folder = try TemporaryFolder()
    let events = try Self.events(folder)
    let ending = try sabueso(
      "sweep", "-p", "max_accounts_per_device=2,6", "-r", Shipped.rules, events, "--format", "json")
    #expect(ending.code == 0 && ending.output.hasPrefix(#"{"version":"sabueso.sweep/1","#))
    let page = try Self.page(ending.output)
    #expect(page.events == 60 && page.decisions == 60 && page.params.count == 1)
    let param = page.params[0]
    #expect(param.name == "max_accounts_per_device" && param.way == "one_replay")
    #expect(param.reason == nil)
    #expect(param.points.map(\.value) == ["2", "3", "6"])
    #expect(param.points.map(\.present) == [false, true, false])
    // No signal counts what is decided of these, so other rules decide them alone.
    for point in param.points where !point.present {
      let other = try TemporaryFolder()
      let rules = try other.rules(
        "device_reuse.rules", "int = 3 min 2 max 10", "int = \(point.value) min 2 max 10")
      let scored = try sabueso("score", "-q", "-r", rules, events)
      let lines = scored.output.split(separator: "\n")
      let present = try sabueso("score", "-q", "-r", Shipped.rules, events)
        .output.split(separator: "\n")
      for outcome in point.policies[0].outcomes {
        let wanted = lines.count { $0.contains(#""decision":"\#(outcome.outcome)""#) }
        #expect(outcome.decisions == wanted, "\(point.value) \(outcome.outcome)")
      }
      func decision(_ line: Substring) -> Substring? {
        line.split(separator: #""decision":""#).last?.split(separator: "\"").first
      }
      let changed = zip(lines, present).count { decision($0) != decision($1) }
      #expect(changed > 0 && point.policies[0].changed == changed)
      let cents = changed * 10_050
      #expect(
        point.policies[0].changedAmounts
          == [
            .init(
              unit: "MXN", amount: "\(cents / 100).\(cents % 100 < 10 ? "0" : "")\(cents % 100)")
          ])
      #expect(point.policies[0].changedAccounts > changed)
    }
    let lines = try sabueso(
      "sweep", "-p", "max_accounts_per_device=2,6", "-r", Shipped.rules, events, "--format",
      "ndjson"
    ).output.split(separator: "\n")
    #expect(lines[0] == #"{"version":"sabueso.sweep/1","decisions":60,"events":60,"unreadable":0}"#)
    #expect(lines.count == 1 + 3 * param.points[0].policies.count)
    #expect(lines[1].contains(#""param":"max_accounts_per_device""#))
  }

  @Test func `takes every param with bounds, and goes on behind bad lines`() throws {
    let folder = try TemporaryFolder()
    let rules = try folder.write(
      "small.rules",
      """
      entity account { account_id: string key }
      event gift { gift_id: string id  at: timestamp time  who: account  size: int }
      param most: int = 5 min 1 max 9
      param ratio: double = 0.5 min 0.0 max 1.0
      param loose: int = 3
      param is_on: bool = true
      reason R { severity low  analyst en "." es "."  customer en "." es "." }
      rule big { on gift when size > most and is_on score 60 reason R status live owner "x" }
      rule odd { on gift when double(size) * ratio > 3.0 or size == loose score 10 reason R
        status live owner "x" }
      policy gifts { on gift decide hold at 50 otherwise grant if_unavailable hold }
      """)
    let events = try folder.write(
      "events",
      "{\n"
        + (1...9).map {
          #"{"event":"gift","gift_id":"g\#($0)","at":"2026-01-05T18:0\#($0):00Z","who":"A","size":\#($0)}"#
        }.joined(separator: "\n"))
    let all = try sabueso("sweep", "-r", rules, events, "--format", "json")
    #expect(all.code == 65 && all.notes.contains("\(events):1: invalid_json"))
    let page = try Self.page(all.output)
    #expect(page.params.map(\.name) == ["most", "ratio"])
    #expect(page.params[0].points.map(\.value) == (1...9).map { "\($0)" })
    #expect(page.params[0].points.map { $0.policies[0].changed } == [4, 3, 2, 1, 0, 1, 2, 3, 4])
    #expect(
      page.params[0].points.map { $0.policies[0].changedAccounts } == [1, 1, 1, 1, 0, 1, 1, 1, 1])
    #expect(page.params[1].points.count == 12)
    let named = try sabueso(
      "sweep", "-p", "is_on", "-p", "loose=1,2", "-r", rules, events, "--format", "json")
    let more = try Self.page(named.output)
    #expect(more.params.map { $0.points.map(\.value) } == [["1", "2", "3"], ["false", "true"]])
    #expect(more.params[1].points.map { $0.policies[0].changed } == [4, 0])
  }

  @Test(arguments: [
    (["-r", "R"], "say which events", "", 64),
    (["hourly_limit", "-r", "R"], "cannot open hourly_limit", "behind --param", 74),
    (["-r", "R", "-"], "not from a pipe", "put them into a file", 64),
    (["-r", "R", "-d", "/tmp", "E"], "give event files or --data, not both", "", 64),
    (["-r", "R", "-d", "/nowhere"], "there is no log in /nowhere", "", 74),
    (["E"], "say which rules: -r PATH", "", 64),
    (["-p", "hourly_limt", "-r", "R", "E"], "have no param `hourly_limt`", "`hourly_limit`?", 64),
    (["-p", "xyzzy", "-r", "R", "E"], "have no param `xyzzy`", "there are ", 64),
    (["-p", "hourly_limit=1..9", "-r", "R", "E"], "1 is less than 2, the least", "widen", 64),
    (["-p", "hourly_limit=2,60", "-r", "R", "E"], "60 is more than 50, the greatest", "", 64),
    (["-p", "hourly_limit=9..3", "-r", "R", "E"], "from 9 down to 3", "lesser one first", 64),
    (["-p", "hourly_limit=2..9:0", "-r", "R", "E"], "steps of 0 lead nowhere", "", 64),
    (["-p", "hourly_limit=", "-r", "R", "E"], "`` is no value", "like 5", 64),
    (
      ["-p", "hourly_limit=soon", "-r", "R", "E"], "`soon` is no value", "int is written like 5", 64
    ),
    (["-p", "hourly_limit=2s", "-r", "R", "E"], "`2s` is no value of `hourly_limit`", "", 64),
    (["-p", "quickest_form=5", "-r", "R", "E"], "`5` is no value", "is written like 10s", 64),
    (["-p", "monthly_amount=600.001", "-r", "R", "E"], "is no value", "like 4000.00", 64),
    (["-p", "program_budget=10000..90000:1", "-r", "R", "E"], "more than 200 values", "", 64),
    (
      ["-p", "hourly_limit", "-p", "hourly_limit=3", "-r", "R", "E"], "asked for twice", "at once",
      64
    ),
    (
      ["--format", "xml", "-r", "R", "E"], "--format takes text, json or ndjson, not `xml`", "", 64
    ),
  ])
  func `says what is wrong and what to do`(
    words: [String], message: String, remedy: String, code: Int32
  ) throws {
    let folder = try TemporaryFolder()
    let events = try folder.write("events", Shipped.referrals(2))
    let words = words.map { $0 == "R" ? Shipped.rules : $0 == "E" ? events : $0 }
    let ending = try RunningCommand(["sweep"] + words).end()
    #expect(ending.code == code && ending.output.isEmpty, "\(ending.notes)")
    #expect(ending.notes.contains(message), "\(ending.notes)")
    #expect(remedy.isEmpty || ending.notes.contains(remedy), "\(ending.notes)")
  }

  @Test func `says when another value breaks the rules`() throws {
    let folder = try TemporaryFolder()
    let rules = try folder.write(
      "small.rules",
      """
      entity account { account_id: string key }
      event gift { gift_id: string id  at: timestamp time  who: account  size: int }
      param base: int = 2
      param twice: int = base * 2 min 0 max 10
      reason R { severity low  analyst en "." es "."  customer en "." es "." }
      rule big { on gift when size > twice score 60 reason R status live owner "x" }
      policy gifts { on gift decide hold at 50 otherwise grant if_unavailable hold }
      """)
    let events = try folder.write(
      "events",
      (1...9).map {
        #"{"event":"gift","gift_id":"g\#($0)","at":"2026-01-05T18:0\#($0):00Z","who":"A","size":\#($0)}"#
      }.joined(separator: "\n"))
    let fine = try sabueso("sweep", "-p", "base=1,3", "-r", rules, events, "--format", "json")
    let points = try Self.page(fine.output).params[0]
    #expect(points.way == "replay_per_value")
    #expect(points.reason == "it is part of a list, a set or another param")
    let spanish = try sabueso(
      "sweep", "-p", "base=1,3", "-r", rules, events, "--format", "ndjson", "--lang", "es")
    let reason = #""reason":"forma parte de una lista, un conjunto u otro parámetro""#
    #expect(spanish.output.split(separator: "\n").dropFirst().allSatisfy { $0.contains(reason) })
    // Held are those above 2, 4 and 6.
    #expect(points.points.map { $0.policies[0].changed } == [2, 0, 2])
    let broken = try sabueso("sweep", "-p", "base=1,6", "-r", rules, events)
    #expect(broken.code == 3 && broken.notes.contains("with base = 6 the rules have an error"))
  }
}
