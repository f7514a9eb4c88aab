import Foundation
import Ledger
import Model
import Program
import Replay
import Testing

@Suite struct `A snapshot` {
  /// Every kind of store: windows, timelines, lifetimes, sequences, all of the graph, attributes.
  static let edits = [
    (
      "signal ring = cycle",
      """
      link same    = account -- account via [device] over 90d
      link forever = account -- account via [device] over lifetime
      link paired  = account -- account over 60d from referral
      signal cluster  = component_size(same, of: referee)
      signal family   = component_size(forever, of: referee)
      signal frauds   = component_count(same, of: referee, label: "fraud")
      signal grown    = component_growth(forever, of: referee, over: 24h)
      signal near     = hops_to(paired, of: referee, label: "fraud", max_hops: 3)
      signal pairs    = component_size(paired, of: referee)
      signal levels   = depth(referred, of: referee, max_hops: 4)
      signal below    = subtree_size(referred, of: referrer, max_hops: 4)
      signal shared   = common(referrer, referee, "device")
      signal crowded  = is_hub(device)
      signal people   = cycle_length(referred, of: referrer, max_hops: 4, collapse: same)
      signal middle   = percentile(reward, 50) from referral by referrer over 7d
      signal usual    = mode(channel) from referral by referrer over 30d
      signal spread   = stddev(reward) from referral by referrer over 7d
      signal ever     = distinct(referee) from referral by device over lifetime
      signal tenth    = avg(reward) from referral by referrer over last 10
      signal month    = sum(reward) from referral by referrer over calendar month in "America/Mexico_City"
      signal ring = cycle
      """
    )
  ]

  private static func lines(_ count: Int, seed: UInt64) -> [String] {
    var random = SplitMix64(seed: seed)
    return (0..<count).map { number in
      let minute = number * 7 - (random.once(in: 5) ? random.below(200) : 0)
      let account = "A\(random.below(30))"
      let at = 1_767_000_000_000_000 + Int64(minute) * 60_000_000
      switch random.below(12) {
      case 0:
        return #"{"event":"label","label_id":"b\#(number)","at":\#(at),"entity":"account","#
          + #""key":"\#(account)","label":"fraud","removed":\#(random.once(in: 3))}"#
      case 1:
        return #"{"event":"erase","erase_id":"e\#(number)","at":\#(at),"entity":"account","#
          + #""key":"\#(account)"}"#
      default:
        let channel = random.once(in: 2) ? "app" : "web"
        let device =
          random.once(in: 3) ? "null" : "\"D\(random.below(random.once(in: 2) ? 3 : 40))\""
        let country =
          random.once(in: 4)
          ? #"{"account_id":"\#(account)","country":"C\#(number)"}"# : "\"\(account)\""
        return #"{"event":"referral","referral_id":"r\#(number)","at":\#(at),"#
          + #""referrer":\#(country),"referee":"A\#(random.below(30))","device":\#(device),"#
          + #""channel":"\#(channel)","reward":\#(random.below(500)).00}"#
      }
    }
  }

  private static func answers(
    _ lines: some Sequence<String>, _ scoring: inout LiveScoring
  ) throws -> [Answer] {
    try TestLedger.score(Array(lines), &scoring)
  }

  private static func opened(
    _ ledger: TestLedger, _ snapshots: [String], _ uses: inout [String]
  ) throws -> LiveScoring {
    var heard: [String] = []
    let scoring = try LiveScoring(
      program: try TestPackage.program(edits),
      ledger: try DecisionLedger(directory: ledger.path), explains: true, snapshots: snapshots,
      onSnapshot: {
        switch $0 {
        case .used(_, let sequence): heard.append("used \(sequence)")
        case .skipped(let fault): heard.append("skipped: \(fault.detail)")
        }
      })
    uses = heard
    return scoring
  }

  @Test(arguments: 1...4)
  func `goes on as the engine it was taken of, bit for bit`(seed: UInt64) throws {
    let lines = Self.lines(1_200, seed: seed)
    let ledger = try TestLedger()
    var uses: [String] = []
    let path = ledger.folder.path + "/one"
    var expected: [Answer]
    do {
      var scoring = try Self.opened(ledger, [], &uses)
      _ = try Self.answers(lines.prefix(700), &scoring)
      try scoring.save(to: path)
      #expect(scoring.appliedSequence == 700)
    }
    let log = try TemporaryFolder.contents(ledger.path + "/log.sqlite")
    do {
      var scoring = try Self.opened(ledger, [], &uses)
      expected = try Self.answers(lines.dropFirst(700), &scoring)
    }
    // The same rest of the stream on a copy of the log, from the snapshot.
    let copy = try TestLedger()
    try FileManager.default.createDirectory(
      atPath: copy.path, withIntermediateDirectories: true)
    try Data(log).write(to: URL(filePath: copy.path + "/log.sqlite"))
    var scoring = try Self.opened(copy, [path], &uses)
    #expect(uses == ["used 700"])
    let again = copy.folder.path + "/two"
    try scoring.save(to: again)
    #expect(try TemporaryFolder.contents(again) == TemporaryFolder.contents(path))
    let found = try Self.answers(lines.dropFirst(700), &scoring)
    #expect(found == expected && found.count == 500)
    #expect(found.filter { $0.text.contains(#""evidence""#) }.count > 100)
    #expect(try copy.rescore(Self.edits).liveDigest == ledger.rescore(Self.edits).liveDigest)
  }

  @Test func `is refused when any byte of it is another`() throws {
    let ledger = try TestLedger()
    var uses: [String] = []
    let path = ledger.folder.path + "/s"
    var scoring = try Self.opened(ledger, [], &uses)
    _ = try Self.answers(Self.lines(40, seed: 9), &scoring)
    try scoring.save(to: path)
    let sound = try TemporaryFolder.contents(path)
    #expect(try SnapshotCheck.header(of: path).header.sequence == 40)
    // Magic, header, checksums, lengths and state; `SABUESO_EVERY_BYTE=1` turns each byte in turn.
    let everything = ProcessInfo.processInfo.environment["SABUESO_EVERY_BYTE"] != nil
    var places = Array(sound.indices)
    if !everything {
      places = places.filter { $0 < 600 ? $0 % 7 == 0 : $0 % 2_999 == 0 || $0 > sound.count - 37 }
    }
    var accepted: [Int] = []
    for place in places {
      var bytes = sound
      bytes[place] ^= UInt8(1 << (place % 8))
      let damaged = try ledger.folder.write("damaged", bytes)
      if (try? SnapshotCheck.header(of: damaged)) != nil { accepted.append(place) }
    }
    #expect(accepted.isEmpty)
    for length in [0, 10, 19, 100, sound.count / 2, sound.count - 36, sound.count - 1] {
      let short = try ledger.folder.write("short", Array(sound.prefix(length)))
      #expect(throws: SnapshotFault.self) { try SnapshotCheck.header(of: short) }
    }
    let long = try ledger.folder.write("long", sound + [0])
    #expect(throws: SnapshotFault.self) { try SnapshotCheck.header(of: long) }
  }

  @Test func `that is damaged or of another log or package is passed over by name`() throws {
    let ledger = try TestLedger()
    let other = try TestLedger()
    var uses: [String] = []
    let paths = ["damaged", "foreign", "sound"].map { ledger.folder.path + "/" + $0 }
    do {
      var scoring = try Self.opened(ledger, [], &uses)
      _ = try Self.answers(Self.lines(60, seed: 1), &scoring)
      try scoring.save(to: paths[2])
      _ = try Self.answers(Self.lines(90, seed: 1).dropFirst(60), &scoring)
      var stranger = try Self.opened(other, [], &uses)
      _ = try Self.answers(Self.lines(60, seed: 2), &stranger)
      try stranger.save(to: paths[1])
    }
    var bytes = try TemporaryFolder.contents(paths[2])
    bytes[bytes.count / 2] ^= 4
    _ = try ledger.folder.write("damaged", bytes)
    do {
      let scoring = try Self.opened(ledger, paths, &uses)
      #expect(scoring.lastSequence == 90 && scoring.appliedSequence == 90)
    }
    #expect(uses.count == 3 && uses[2] == "used 60", "\(uses)")
    #expect(uses[0].contains("damaged is damaged at byte "))
    #expect(uses[1].contains("foreign is of another log"))
    let plain = try LiveScoring(
      program: try TestPackage.program(), ledger: try DecisionLedger(directory: ledger.path),
      snapshots: [paths[2]],
      onSnapshot: { if case .skipped(let fault) = $0 { uses = [fault.detail] } })
    #expect(uses[0].contains("is of another package") && plain.appliedSequence == 90)
  }
}
