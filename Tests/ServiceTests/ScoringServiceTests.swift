import Glibc
import Ledger
import Testing

@testable import Service

@Suite struct `A scoring service` {
  @Test func `decides, and answers a retry as the first time`() throws {
    let folder = try TemporaryFolder()
    let service = try RunningService(data: folder.path + "/data")
    let first = try service.ask(post("/v1/score", TestEvent.referral(1)))
    #expect(first.status == 200 && !first.isReplay)
    #expect(first.contains("\r\nContent-Type: application/json\r\n"))
    #expect(first.replyBody.hasPrefix(#"{"sequence":1,"event":"referral","id":"r1","at":"#))
    #expect(first.replyBody.contains(#""decision":"grant""#))
    let again = try service.ask(post("/v1/score", TestEvent.referral(1)))
    #expect(again.status == 200 && again.isReplay)
    #expect(again.replyBody == first.replyBody)
    let shown = try service.ask(get("/v1/decisions/r1?event=referral"))
    #expect(shown.status == 200 && shown.replyBody == first.replyBody)
    let receipt = try service.ask(post("/v1/score", TestEvent.login))
    #expect(receipt.replyBody.hasSuffix(#""decision":null}"#))
    #expect(try service.ask(post("/v1/score", TestEvent.login)).replyBody == receipt.replyBody)
  }

  @Test func `goes on when what it has of an old decision is damaged`() throws {
    let folder = try TemporaryFolder()
    let service = try RunningService(data: folder.path + "/data")
    for number in 0..<3 {
      #expect(try service.ask(post("/v1/score", TestEvent.referral(number))).status == 200)
    }
    try service.damageFirstBlock()
    let lost = try service.ask(get("/v1/decisions/r0?event=referral"))
    #expect(lost.status == 500 && lost.replyBody.contains("begins with event 1"))
    #expect(try service.ask(get("/readyz")).status == 200)
    #expect(try service.ask(get("/v1/decisions/r2?event=referral")).status == 200)
    #expect(try service.ask(post("/v1/score", TestEvent.referral(3))).status == 200)
  }

  @Test func `answers a retry after a restart as before it`() throws {
    let folder = try TemporaryFolder()
    let bodies = (0..<30).map { TestEvent.referral($0) }
    let before = try RunningService(data: folder.path + "/data")
    let answers = try bodies.map { try before.ask(post("/v1/score", $0)).replyBody }
    before.stop()
    let after = try RunningService(data: folder.path + "/data")
    for (body, answer) in zip(bodies, answers) {
      let reply = try after.ask(post("/v1/score", body))
      #expect(reply.isReplay && reply.replyBody == answer)
    }
  }

  @Test func `shows the rings of its log and who is around whom, by name`() throws {
    let folder = try TemporaryFolder()
    let service = try RunningService(data: folder.path + "/data")
    for number in [0, 31, 62] {
      _ = try service.ask(post("/v1/score", TestEvent.referral(number)))
    }
    // Three accounts that came on one phone lead back to each other; those who brought them do not.
    let rings = try service.ask(get("/v1/rings"))
    #expect(rings.status == 200)
    let ring = #"{"version":1,"rings":[{"entity":"account","name":"N0","decided":[{"policy":"#
    #expect(rings.replyBody.hasPrefix(ring), "\(rings.replyBody)")
    #expect(rings.replyBody.contains(#""enrolment","decisions":3,"asked":"#))
    #expect(rings.replyBody.contains(#""accounts":[{"id":"N0"},{"id":"N31"},{"id":"N62"}]"#))
    #expect(rings.replyBody.contains(#"{"identifier":"device","value":"D0","accounts":["#))
    #expect(try service.ask(get("/v1/rings?least=4")).replyBody.contains(#""rings":[]"#))
    let near = try service.ask(get("/v1/accounts/N31/neighbourhood"))
    #expect(near.status == 200)
    for name in ["N0", "N31", "N62", "A31"] {
      #expect(near.replyBody.contains(#"{"id":"\#(name)"}"#), "\(near.replyBody)")
    }
    #expect(!near.replyBody.contains(#""A62""#))
    let far = try service.ask(get("/v1/accounts/N31/neighbourhood?hops=2"))
    #expect(far.replyBody.contains(#"{"id":"A62"}"#))
    #expect(try service.ask(get("/v1/accounts/NOBODY/neighbourhood")).status == 404)
    #expect(try service.ask(get("/v1/accounts/N0/neighbourhood?hops=9")).status == 422)
    #expect(try service.ask(get("/v1/accounts/N0/neighbourhood?entity=shop")).status == 422)
    #expect(try service.ask(get("/v1/rings?limit=x")).status == 422)
    #expect(try service.ask(post("/v1/rings", "{}")).status == 405)
  }

  @Test func `refuses with a problem that says where`() throws {
    let folder = try TemporaryFolder()
    let service = try RunningService(data: folder.path + "/data")
    func refusal(_ body: String) throws -> String {
      let reply = try service.ask(post("/v1/score", body))
      #expect(reply.contains("\r\nContent-Type: application/problem+json\r\n"))
      return "\(reply.status) " + reply.replyBody
    }
    let good = TestEvent.referral(1)
    let type = try refusal(good.replacing("250.00", with: "[250]"))
    #expect(type.hasPrefix(#"400 {"type":"/problems/invalid-event","title":"#))
    #expect(type.contains(##"{"pointer":"#/reward","code":"wrong_type","##))
    #expect(try refusal("").contains(##"{"pointer":"#","code":"invalid_json""##))
    #expect(try refusal(good.replacing("referee", with: "refree")).contains("/refree"))
    #expect(try refusal(good.replacing("2026", with: "2999")).contains("future_event"))
    _ = try service.ask(post("/v1/score", good))
    let conflict = try refusal(TestEvent.referral(1, reward: "251.00"))
    #expect(conflict.hasPrefix(#"409 {"type":"/problems/conflict","#))
    #expect(conflict.contains("conflicting_body"))
    #expect(try service.ledger().count == 1)
  }

  @Test func `does not repeat personal values`() throws {
    let folder = try TemporaryFolder()
    let service = try RunningService(data: folder.path + "/data")
    let secret = TestEvent.referral(1).replacing(
      #""N1""#, with: #"{"account_id":"S3CRET","x":"S3CRET"}"#)
    let reply = try service.ask(post("/v1/score", secret))
    #expect(reply.status == 400 && !reply.contains("S3CRET"))
  }

  @Test func `knows its paths, methods and media types`() throws {
    let folder = try TemporaryFolder()
    let service = try RunningService(data: folder.path + "/data")
    #expect(try service.ask(get("/v1/nothing")).status == 404)
    #expect(try service.ask(get("/v1/decisions/unknown?event=referral")).status == 404)
    let wrong = try service.ask(get("/v1/score"))
    #expect(wrong.status == 405 && wrong.contains("\r\nAllow: "))
    #expect(try service.ask(post("/healthz", "")).status == 405)
    let options = try service.ask("OPTIONS /v1/score HTTP/1.1\r\nHost: x\r\n\r\n")
    #expect(options.status == 204 && options.contains("\r\nAllow: POST, OPTIONS\r\n"))
    let form = post("/v1/score", "a=b").replacing(
      "Host: x", with: "Host: x\r\nContent-Type: application/x-www-form-urlencoded")
    #expect(try service.ask(form).status == 415)
    let json = post("/v1/score", TestEvent.referral(1)).replacing(
      "Host: x", with: "Host: x\r\nContent-Type: Application/JSON; charset=utf-8")
    #expect(try service.ask(json).status == 200)
    let client = try service.connect()
    client.send(
      "HEAD /v1/decisions/r1?event=referral HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    let head = try #require(client.readToEnd())
    #expect(head.status == 200 && head.replyBody.isEmpty)
    #expect(head.contains("\r\nContent-Length: ") && !head.contains("\r\nContent-Length: 0\r\n"))
  }

  @Test func `finds a decision by an id of any characters`() throws {
    let folder = try TemporaryFolder()
    let service = try RunningService(data: folder.path + "/data")
    let body = TestEvent.referral(1).replacing(#""r1""#, with: #""ñ/ %é?""#)
    let answer = try service.ask(post("/v1/score", body))
    let shown = try service.ask(get("/v1/decisions/%C3%B1%2F%20%25%C3%A9%3F?event=referral"))
    #expect(shown.status == 200 && shown.replyBody == answer.replyBody)
    #expect(
      try service.ask(get("/v1/decisions/%C3%B1%2F%20%25%C3%A9%3F?event=login")).status == 404)
    #expect(try service.ask(get("/v1/decisions/%FF")).status == 400)
  }

  @Test func `is healthy but not ready while it replays`() throws {
    let folder = try TemporaryFolder()
    let gate = Gate(isOpen: false)
    let service = try RunningService(data: folder.path + "/data", gate: gate)
    #expect(try service.ask(get("/healthz")).status == 200)
    #expect(
      soon { (try? service.ask(get("/readyz")))?.contains(#""replayed":1,"events":2"#) == true })
    let reading = try service.ask(get("/readyz"))
    #expect(reading.status == 503)
    let early = try service.ask(post("/v1/score", TestEvent.referral(1)))
    #expect(early.status == 503 && early.contains("\r\nRetry-After: 1\r\n"))
    #expect(early.replyBody.contains("replaying the log, 1 of 2 events"))
    gate.open()
    #expect(service.waitUntilReady())
    #expect(try service.ask(get("/readyz")).replyBody == #"{"status":"ready","last_sequence":0}"#)
    #expect(try service.ask(post("/v1/score", TestEvent.referral(1))).status == 200)
  }

  @Test func `ends while it replays when it is told to`() throws {
    let folder = try TemporaryFolder()
    let service = try RunningService(data: folder.path + "/data", gate: Gate(isOpen: false))
    #expect(soon { (try? service.ask(get("/readyz")))?.contains("opening") == true })
    service.stop()
    #expect((try? service.connect()) == nil)
  }

  @Test func `counts what it does`() throws {
    let folder = try TemporaryFolder()
    let service = try RunningService(data: folder.path + "/data")
    _ = try service.ask(post("/v1/score", TestEvent.referral(1)))
    _ = try service.ask(post("/v1/score", TestEvent.referral(1)))
    _ = try service.ask(post("/v1/score", "{}"))
    let metrics = try service.ask(get("/metrics")).replyBody
    for line in [
      "sabueso_last_sequence 1", "sabueso_repeats_total 1", "sabueso_batches_total 3",
      #"sabueso_refused_total{code="missing_field"} 1"#,
      #"sabueso_decisions{policy="enrolment",outcome="grant"} 1"#,
    ] { #expect(metrics.contains("\n\(line)\n"), "\(line)") }
  }
}

@Suite struct `A scoring service under pressure` {
  @Test func `tells who does not fit into the queue to come back`() throws {
    let folder = try TemporaryFolder()
    var options = ScoringServiceOptions()
    options.queueLimit = 1
    let service = try RunningService(data: folder.path + "/data", options: options)
    _ = try service.ask(post("/v1/score", TestEvent.referral(0)))
    let busy = try service.connect()
    let waiting = try service.connect()
    do {
      let lock = try WriteLock(data: service.data)
      busy.send(post("/v1/score", TestEvent.referral(1)))
      // The engine's thread has taken the first when the second can be put beside it.
      usleep(200_000)
      waiting.send(post("/v1/score", TestEvent.referral(2)))
      usleep(100_000)
      let refused = try service.ask(post("/v1/score", TestEvent.referral(3)))
      #expect(refused.status == 503 && refused.contains("\r\nRetry-After: 1\r\n"))
      #expect(refused.replyBody.contains("/problems/overloaded"))
      #expect(try service.ask(get("/healthz")).status == 200)
      withExtendedLifetime(lock) {}
    }
    #expect(busy.readReplies(1).first?.status == 200)
    #expect(waiting.readReplies(1).first?.status == 200)
    #expect(try service.ledger().count == 3)
  }

  @Test func `answers nothing while the ledger fails and goes on when it works again`() throws {
    let folder = try TemporaryFolder()
    let service = try RunningService(data: folder.path + "/data")
    let first = try service.ask(post("/v1/score", TestEvent.referral(0)))
    do {
      let lock = try WriteLock(data: service.data)
      // SQLite waits two seconds for a lock before it gives up.
      let reply = try service.ask(post("/v1/score", TestEvent.referral(1)))
      #expect(reply.status == 503 && reply.contains("\r\nRetry-After: 1\r\n"))
      #expect(reply.replyBody.contains("/problems/unavailable"))
      withExtendedLifetime(lock) {}
    }
    #expect(service.waitUntilReady())
    let again = try service.ask(post("/v1/score", TestEvent.referral(1)))
    #expect(again.status == 200 && again.replyBody.hasPrefix(#"{"sequence":2,"#))
    #expect(try service.ask(post("/v1/score", TestEvent.referral(0))).replyBody == first.replyBody)
    #expect(try service.ledger().count == 2)
    #expect(try service.ask(get("/metrics")).contains("\nsabueso_ledger_failures_total 1\n"))
  }

  @Test func `decides every event once for 64 clients that retry`() throws {
    let folder = try TemporaryFolder()
    let service = try RunningService(data: folder.path + "/data")
    let eventCount = 2_000
    let answers = Locked([[String]](repeating: [], count: eventCount))
    let failures = Locked<[String]>([])
    let port = try #require(Int(service.service.address.split(separator: ":").last ?? ""))
    let seed: UInt64 = 11
    onThreads(64) { thread in
      var random = SplitMix64(seed: seed &+ UInt64(thread))
      guard let client = try? SocketClient(port: port) else {
        return failures.withLock { $0.append("no connection") }
      }
      // Some events come by two or three clients at about the same time.
      var numbers = Array(stride(from: thread, to: eventCount, by: 64))
      numbers += numbers.filter { _ in random.next() % 3 == 0 }.map { ($0 + 1) % eventCount }
      for number in numbers {
        let tries = 1 + Int(random.next() % 3)
        // A retry may be sent before the first answer is there.
        let request = String(repeating: post("/v1/score", TestEvent.referral(number)), count: tries)
        client.send(request)
        let replies = client.readReplies(tries, milliseconds: 20_000)
        for reply in replies where reply.status != 200 {
          failures.withLock { $0.append(reply) }
        }
        if replies.count < tries { failures.withLock { $0.append("no reply to \(number)") } }
        let kept = replies.map { ($0.isReplay ? "again " : "new ") + $0.replyBody }
        answers.withLock { $0[number] += kept }
      }
    }
    #expect(failures.withLock { $0 }.isEmpty)
    let entries = try service.ledger()
    try #require(entries.count == eventCount)
    #expect(entries.map(\.sequence) == Array(1...UInt64(eventCount)))
    var stored: [String: String] = [:]
    for entry in entries {
      stored[String(decoding: entry.event, as: UTF8.self)] =
        String(decoding: entry.decision, as: UTF8.self)
    }
    #expect(stored.count == eventCount)
    for (number, given) in answers.withLock({ $0 }).enumerated() {
      let decision = try #require(stored[TestEvent.referral(number)])
      #expect(given.count { $0 == "new " + decision } == 1)
      #expect(given.count { $0 == "again " + decision } == given.count - 1)
    }
  }
}
