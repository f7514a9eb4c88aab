import Foundation
import Glibc
import Ledger
import Testing

@testable import Service

@Suite(.timeLimit(.minutes(20))) struct `The serve command` {
  /// What clients were told, by event.
  private typealias Answers = [Int: String]

  /// Clients that each send events of their own, without a pause, until nobody answers any more.
  private static func load(port: Int, clients: Int, first: Int) -> Clients {
    let load = Clients(running: clients)
    for index in 0..<clients {
      Thread {
        defer { load.running.withLock { $0 -= 1 } }
        guard let client = try? SocketClient(port: port) else { return }
        for number in stride(from: first + index, to: first + 1_000_000, by: clients) {
          load.sent.withLock { $0 = max($0, number) }
          guard client.send(post("/v1/score", TestEvent.referral(number))),
            let reply = client.readReplies(1).first
          else { return }
          if reply.status == 200 {
            load.answers.withLock { $0[number] = reply.replyBody }
          } else if !reply.replyBody.contains("stopping") {
            load.surprises.withLock { $0.append(reply) }
          }
        }
      }.start()
    }
    return load
  }

  private final class Clients: Sendable {
    let running: Locked<Int>
    let answers = Locked<Answers>([:])
    let surprises = Locked<[String]>([])
    let sent = Locked(0)

    init(running: Int) {
      self.running = Locked(running)
    }

    func waitForEnd() -> Answers {
      while running.withLock({ $0 }) > 0 { usleep(1_000) }
      return answers.withLock { $0 }
    }
  }

  private func entries(_ data: String) throws -> [StoredEntry] {
    var entries: [StoredEntry] = []
    try DecisionLedger(directory: data, access: .reader).replay(from: 1) {
      entries.append(StoredEntry($0))
    }
    return entries
  }

  /// Every answer given is in the ledger as it was given, and no event is there twice.
  private func check(_ answers: Answers, _ data: String) throws {
    let entries = try entries(data)
    #expect(entries.map(\.sequence) == Array(1...UInt64(entries.count)))
    #expect(Set(entries.map(\.event)).count == entries.count)
    let decisions = Set(entries.map { String(decoding: $0.decision, as: UTF8.self) })
    for (number, answer) in answers {
      #expect(decisions.contains(answer), "the answer to r\(number) is lost")
    }
  }

  /// The digest of what was answered and the one of the replay, by the rescore command.
  private func proveReplay(_ data: String) throws {
    let result = try Binary.run(["rescore", "--data", data])
    #expect(result.code == 0, "\(result.output)\(result.notes)")
    #expect(result.output.contains("bit for bit"))
  }

  @Test func `keeps every answer when it is killed under load`() throws {
    let folder = try TemporaryFolder()
    let data = folder.path + "/data"
    var answers: Answers = [:]
    for round in 0..<3 {
      let serve = try ServeProcess(data: data)
      let load = Self.load(port: serve.port, clients: 16, first: round * 1_000_000)
      #expect(soon { load.answers.withLock { $0.count } >= 150 + 100 * round })
      serve.signal(SIGKILL)
      #expect(serve.end() == -SIGKILL)
      let given = load.waitForEnd()
      #expect(load.surprises.withLock { $0 }.isEmpty)
      answers.merge(given) { first, _ in first }
      try check(answers, data)
    }
    let serve = try ServeProcess(data: data)
    let client = try SocketClient(port: serve.port)
    for (number, answer) in answers.prefix(300) {
      client.send(post("/v1/score", TestEvent.referral(number)))
      let reply = try #require(client.readReplies(1).first)
      #expect(reply.isReplay && reply.replyBody == answer)
    }
    serve.signal(SIGTERM)
    #expect(serve.end() == 0)
    try proveReplay(data)
  }

  @Test func `loses no answer when it is told to end under load, and exits 0`() throws {
    let folder = try TemporaryFolder()
    let data = folder.path + "/data"
    let serve = try ServeProcess(data: data)
    let load = Self.load(port: serve.port, clients: 16, first: 0)
    #expect(soon { load.answers.withLock { $0.count } >= 200 })
    serve.signal(SIGTERM)
    #expect(serve.end() == 0)
    #expect(try serve.said().hasSuffix("stopped; every answer given is in \(data)\n"))
    let answers = load.waitForEnd()
    #expect(load.surprises.withLock { $0 }.isEmpty)
    try check(answers, data)
    // Nothing was decided whose answer was not sent.
    #expect(try entries(data).count == answers.count)
    try proveReplay(data)
  }

  @Test func `says whose the port is not, and how to go on`() throws {
    let folder = try TemporaryFolder()
    let serve = try ServeProcess(data: folder.path + "/data")
    let second = try Binary.run([
      "serve", "-r", ShippedRules.path, "--data", folder.path + "/other", "--listen",
      "127.0.0.1:\(serve.port)",
    ])
    #expect(second.code == 69 && second.output.isEmpty)
    #expect(
      second.notes.contains("cannot listen on 127.0.0.1:\(serve.port): address already in use"))
    #expect(second.notes.contains("try another port, like --listen 127.0.0.1:8081"))
  }

  @Test func `leaves a data folder to the one that writes it`() throws {
    let folder = try TemporaryFolder()
    let data = folder.path + "/data"
    let serve = try ServeProcess(data: data)
    let second = try Binary.run([
      "serve", "-r", ShippedRules.path, "--data", data, "--listen", "127.0.0.1:0",
    ])
    #expect(second.code == 69)
    #expect(second.notes.contains("\(data) is in use by another sabueso (process "))
    let client = try SocketClient(port: serve.port)
    client.send(post("/v1/score", TestEvent.referral(1)))
    #expect(client.readReplies(1).first?.status == 200)
  }

  @Test func `names the block that is damaged`() throws {
    let folder = try TemporaryFolder()
    let data = folder.path + "/data"
    let serve = try ServeProcess(data: data)
    let client = try SocketClient(port: serve.port)
    for number in 0..<5 {
      client.send(post("/v1/score", TestEvent.referral(number)))
      #expect(client.readReplies(1).first?.status == 200)
    }
    serve.signal(SIGTERM)
    #expect(serve.end() == 0)
    // One batch per request: flip a byte of the third event.
    let log = data + "/log.sqlite"
    var bytes = try Data(contentsOf: URL(filePath: log))
    let place = try #require(bytes.range(of: Data(#""referral_id":"r2""#.utf8)))
    bytes[place.upperBound - 2] ^= 1
    try bytes.write(to: URL(filePath: log))
    for arguments in [
      ["serve", "-r", ShippedRules.path, "--data", data, "--listen", "127.0.0.1:0"],
      ["rescore", "--data", data],
    ] {
      let result = try Binary.run(arguments)
      #expect(result.code == 74, "\(result.notes)")
      #expect(result.notes.contains("the block of event 3 is damaged (checksum)"))
    }
  }

  @Test func `records a package only when it reads the whole log`() throws {
    let folder = try TemporaryFolder()
    let data = folder.path + "/data"
    let serve = try ServeProcess(data: data)
    let client = try SocketClient(port: serve.port)
    client.send(post("/v1/score", TestEvent.referral(1)))
    #expect(client.readReplies(1).first?.status == 200)
    serve.signal(SIGTERM)
    #expect(serve.end() == 0)
    let narrow = folder.path + "/narrow"
    try FileManager.default.copyItem(atPath: ShippedRules.path, toPath: narrow)
    let schema = try String(contentsOfFile: narrow + "/schema.rules", encoding: .utf8)
    let changed = schema.replacing("decimal(2)", with: "decimal(1)")
    try #require(changed != schema)
    try changed.write(toFile: narrow + "/schema.rules", atomically: false, encoding: .utf8)
    let refused = try Binary.run([
      "serve", "-r", narrow, "--data", data, "--listen", "127.0.0.1:0",
    ])
    #expect(refused.code == 3)
    #expect(refused.notes.contains("event 1 of the log does not fit the rules' schema"))
    #expect(try DecisionLedger(directory: data, access: .reader).releases().count == 1)
    try proveReplay(data)
  }

  @Test func `proves a log of two releases, however their folders were named`() throws {
    let folder = try TemporaryFolder()
    let data = folder.path + "/data"
    let other = folder.path + "/other"
    try FileManager.default.copyItem(atPath: ShippedRules.path, toPath: other)
    let rule = try String(contentsOfFile: other + "/device_reuse.rules", encoding: .utf8)
    let changed = rule.replacing("int = 3 min", with: "int = 2 min")
    try #require(changed != rule)
    try changed.write(toFile: other + "/device_reuse.rules", atomically: false, encoding: .utf8)
    for (round, arguments) in [[], ["-r", other + "/"], ["-r", ShippedRules.path + "//"]]
      .enumerated()
    {
      let serve = try ServeProcess(data: data, arguments: arguments)
      let client = try SocketClient(port: serve.port)
      for number in round * 40..<round * 40 + 40 {
        client.send(post("/v1/score", TestEvent.referral(number)))
        #expect(client.readReplies(1).first?.status == 200)
      }
      serve.signal(SIGTERM)
      #expect(serve.end() == 0)
    }
    #expect(
      try DecisionLedger(directory: data, access: .reader).releases().map(\.firstSequence)
        == [1, 41, 81])
    try proveReplay(data)
    let differs = try Binary.run(["rescore", "--data", data, "-r", other, "--exit-code"])
    #expect(differs.code == 2)
    #expect(try Binary.run(["rescore", "--data", data, "-r", other]).code == 0)
    // Told by the rules that decided it, the second release.
    let told = try Binary.run(["explain", "decision", "r50", "--data", data, "--format", "json"])
    #expect(told.code == 0 && told.output.contains(#""id" : "r50""#), "\(told.notes)")
    let second = try DecisionLedger(directory: data, access: .reader).releases()[1]
    #expect(told.output.contains(#""rules_hash" : "\#(second.hash)""#))
  }
}
