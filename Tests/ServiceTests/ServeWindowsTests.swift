import Foundation
import Glibc
import Testing

@testable import Service

/// What windows and lists ask of `serve` and `rescore`, through the processes themselves.
@Suite(.timeLimit(.minutes(20))) struct `Serving windows and lists` {
  private static let rules = """
    module shops version "1.0.0"
    entity account { account_id: string key }
    identifier device: string links account normalize trim
    event visit retention 400d late 1h {
      visit_id: string id
      at:       timestamp time
      who:      account
      device:   device
      amount:   decimal(2) unit "MXN"
    }
    list stands: device { source "stands.csv" column "device_id" refresh 1s owner "stores" }
    signal visits  = count() from visit by who over 1h
    signal spent   = sum(amount) from visit where device not in stands by who over 6h
    signal latest  = collect(amount, 3) from visit by who over 1h excluding current
    signal middle  = percentile(amount, 50) from visit by who over 2h
    reason STAND {
      severity low
      analyst  en "at a stand" es "en un puesto"
      customer en "at a stand" es "en un puesto"
    }
    rule at_a_stand version 1 {
      on visit when device in stands score 90 reason STAND status live owner "stores"
    }
    policy every_visit { on visit decide hold at 50 otherwise grant if_unavailable hold }
    """

  private static func visit(_ number: Int, second: Int, device: String = "D") -> String {
    #"{"event":"visit","visit_id":"v\#(number)","at":\#(1_767_600_000 + second)000000,"#
      + #""who":"A\#(number % 3)","device":"\#(device)","amount":\#(number % 7).25}"#
  }

  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try write("shops.rules", Self.rules)
    try write("stands.csv", "device_id\nK1\n")
  }

  private func write(_ name: String, _ text: String) throws {
    try text.write(toFile: folder.path + "/" + name, atomically: true, encoding: .utf8)
  }

  private func serve(_ data: String) throws -> ServeProcess {
    try ServeProcess(data: folder.path + "/" + data, arguments: ["-r", folder.path])
  }

  @Test func `a list file that changes while serving decides from then on`() throws {
    let serve = try serve("data")
    let client = try SocketClient(port: serve.port)
    var number = 0
    /// Asks for a visit at a device; whether it is held.
    func isHeld(_ device: String) -> Bool {
      number += 1
      client.send(post("/v1/score", Self.visit(number, second: number, device: device)))
      let reply = client.readReplies(1).first
      #expect(reply?.status == 200)
      return reply?.contains(#""decision":"hold""#) ?? false
    }
    #expect(isHeld("K1") && !isHeld("K2"))
    try write("stands.csv", "device_id\nK2\n")
    #expect(soon { isHeld("K2") })
    #expect(!isHeld("K1"))
    #expect(try serve.said().contains("list stands: a new version decides from event "))
    // What is no list leaves the one before in use, and says so.
    try write("stands.csv", "phone\n55\n")
    // A list changes between two events, so it is told with the next one.
    #expect(
      soon {
        isHeld("K2") && (try? serve.said())?.contains("the version before stays in use") ?? false
      })
    #expect(isHeld("K2") && !isHeld("K1"))
    serve.signal(SIGTERM)
    #expect(serve.end() == 0)
    let proof = try Binary.run(["rescore", "--data", folder.path + "/data"])
    #expect(proof.code == 0 && proof.output.contains("bit for bit"), "\(proof.output)")
  }

  @Test func `events that came late are rescored as if they had come in time`() throws {
    let ordered = (0..<240).map { (at: $0 * 20, line: Self.visit($0, second: $0 * 20)) }
    // Late by up to 50 minutes, each by an amount of its own.
    let shuffled = ordered.sorted {
      ($0.at + $0.at * 7_919 % 3_000, $0.at) < ($1.at + $1.at * 7_919 % 3_000, $1.at)
    }
    for (data, events) in [("ordered", ordered), ("shuffled", shuffled)] {
      let serve = try serve(data)
      let client = try SocketClient(port: serve.port)
      for event in events {
        client.send(post("/v1/score", event.line))
        #expect(client.readReplies(1).first?.status == 200)
      }
      serve.signal(SIGTERM)
      #expect(serve.end() == 0)
    }
    let straight = try rescore("ordered")
    #expect(try rescore("shuffled") != straight, "nothing came late")
    #expect(try rescore("shuffled", "--as-of") == straight)
    #expect(try rescore("ordered", "--as-of") == straight)
    let bare = try Binary.run(["rescore", "--data", folder.path + "/ordered", "--as-of"])
    #expect(bare.code == 64 && bare.notes.contains("--as-of needs the rules"))
  }

  /// The digest of what is decided anew.
  private func rescore(_ data: String, _ more: String...) throws -> String {
    let run = try Binary.run(
      ["rescore", "--data", folder.path + "/" + data, "-r", folder.path] + more)
    try #require(run.code == 0, "\(run.output)\(run.notes)")
    return try #require(run.notes.split(separator: "\n").last { $0.hasPrefix("digest: ") })
      .description
  }
}
