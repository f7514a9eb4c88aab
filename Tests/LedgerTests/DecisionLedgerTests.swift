import Foundation
import Ledger
import Model
import Testing

@Suite struct `A decision ledger` {
  let directory: TemporaryDirectory

  init() throws {
    directory = try TemporaryDirectory()
  }

  @Test func `gives back what was appended, before and after reopening`() throws {
    do {
      let ledger = try DecisionLedger(directory: directory.path)
      #expect(ledger.lastSequence == 0)
      #expect(try Fixture.entries(ledger).isEmpty)
      try ledger.append(Fixture.batch(1, 1))
      try ledger.append(Fixture.batch(2, 5))
      try ledger.append(Fixture.batch(7, 0))
      #expect(try Fixture.entries(ledger).count == 6)
    }
    let ledger = try DecisionLedger(directory: directory.path)
    #expect(ledger.lastSequence == 6)
    try ledger.append(Fixture.batch(7, 600))
    let entries = try Fixture.entries(ledger)
    #expect(entries.map(\.sequence) == Array(1...606))
    #expect(entries.allSatisfy { Fixture.isIntact($0) })
  }

  @Test(arguments: [UInt64(0), 1, 2, 4, 5, 9, 10, 11]) func `replays from any sequence`(
    first: UInt64
  ) throws {
    let ledger = try DecisionLedger(directory: directory.path)
    try ledger.append(Fixture.batch(1, 4))
    try ledger.append(Fixture.batch(5, 5))
    let entries = try Fixture.entries(ledger, from: first)
    #expect(entries.map(\.sequence) == (UInt64(1)...9).filter { $0 >= first })
    #expect(try ledger.replay(from: first) { _ in } == max(10, first))
  }

  @Test func `replays more blocks than one look reads`() throws {
    let ledger = try DecisionLedger(directory: directory.path)
    for sequence in UInt64(1)...600 { try ledger.append(Fixture.batch(sequence, 1)) }
    let entries = try Fixture.entries(ledger)
    #expect(entries.map(\.sequence) == Array(1...600))
    #expect(entries.allSatisfy { Fixture.isIntact($0) })
  }

  @Test func `stops replaying where the reader stops`() throws {
    struct Stop: Error {}
    let ledger = try DecisionLedger(directory: directory.path)
    try ledger.append(Fixture.batch(1, 9))
    var seen: [UInt64] = []
    #expect(throws: Stop.self) {
      try ledger.replay(from: 2) { entry in
        seen.append(entry.sequence)
        if entry.sequence == 4 { throw Stop() }
      }
    }
    #expect(seen == [2, 3, 4])
  }

  @Test func `can be appended to while it is replayed`() throws {
    let ledger = try DecisionLedger(directory: directory.path)
    for first in [UInt64(1), 3, 5] { try ledger.append(Fixture.batch(first, 2)) }
    var seen: [UInt64] = []
    try ledger.replay(from: 1) { entry in
      seen.append(entry.sequence)
      try ledger.append(Fixture.batch(ledger.lastSequence + 1, 2))
    }
    #expect(seen == Array(1...6))
    #expect(ledger.lastSequence == 18)
    #expect(try Fixture.entries(ledger).count == 18)
  }

  @Test func `finds one entry`() throws {
    let ledger = try DecisionLedger(directory: directory.path)
    try ledger.append(Fixture.batch(1, 3))
    try ledger.append(Fixture.batch(4, 3))
    for sequence in UInt64(1)...6 {
      let entry = try #require(try ledger.entry(sequence: sequence))
      #expect(entry.sequence == sequence)
      #expect(Fixture.isIntact(entry))
    }
    #expect(try ledger.entry(sequence: 0) == nil)
    #expect(try ledger.entry(sequence: 7) == nil)
  }

  @Test func `refuses a batch that leaves a gap or overlaps`() throws {
    let ledger = try DecisionLedger(directory: directory.path)
    try ledger.append(Fixture.batch(1, 3))
    for first in [UInt64(1), 3, 5] {
      #expect(throws: LedgerError.outOfOrder(expected: 4, found: first)) {
        try ledger.append(Fixture.batch(first, 2))
      }
    }
    try ledger.append(Fixture.batch(4, 1))
    #expect(try Fixture.entries(ledger).map(\.sequence) == [1, 2, 3, 4])
  }

  @Test func `has one writer and any readers`() throws {
    var writer: DecisionLedger? = try DecisionLedger(directory: directory.path)
    try writer?.append(Fixture.batch(1, 2))
    let processId = Int(ProcessInfo.processInfo.processIdentifier)
    #expect(throws: LedgerError.alreadyOpen(path: directory.path, processId: processId)) {
      _ = try DecisionLedger(directory: directory.path)
    }
    let reader = try DecisionLedger(directory: directory.path, access: .reader)
    #expect(try Fixture.entries(reader).count == 2)
    try writer?.append(Fixture.batch(3, 2))
    try writer?.recordRelease(hash: "h", sequence: 3, source: "s")
    #expect(reader.lastSequence == 2)
    #expect(try Fixture.entries(reader).count == 4)
    #expect(reader.lastSequence == 4)
    #expect(try reader.releases().count == 1)
    let refused = Fixture.error { try reader.append(Fixture.batch(5, 1)) }
    guard case .readOnly = refused else {
      Issue.record("a reader appended")
      return
    }
    writer = nil
    #expect(try DecisionLedger(directory: directory.path).lastSequence == 4)
  }

  @Test func `keeps the packages that were active`() throws {
    let releases = [
      LedgerRelease(hash: Fixture.hash, firstSequence: 1, source: "module a\n\u{0}é"),
      LedgerRelease(hash: "b", firstSequence: 1, source: ""),
      LedgerRelease(hash: Fixture.hash, firstSequence: 90, source: "again"),
    ]
    do {
      let ledger = try DecisionLedger(directory: directory.path)
      #expect(try ledger.releases().isEmpty)
      for release in releases {
        try ledger.recordRelease(
          hash: release.hash, sequence: release.firstSequence, source: release.source)
      }
      #expect(try ledger.releases() == releases)
    }
    #expect(try DecisionLedger(directory: directory.path).releases() == releases)
  }

  @Test func `takes entries of every size`() throws {
    let ledger = try DecisionLedger(directory: directory.path)
    var next: UInt64 = 1
    for bytes in [0, 1, 4_000, 4_096, 70_000, Limits.eventBytes] {
      try ledger.append(Fixture.batch(next, 2, bytes: bytes))
      #expect(
        try Fixture.entries(ledger, from: next).allSatisfy { Fixture.isIntact($0, bytes: bytes) })
      next += 2
    }
  }

  @Test func `is the same whatever the size of its batches`() throws {
    let other = try TemporaryDirectory()
    let first = try DecisionLedger(directory: directory.path)
    let second = try DecisionLedger(directory: other.path)
    try first.append(Fixture.batch(1, 50))
    for sequence in UInt64(1)...50 { try second.append(Fixture.batch(sequence, 1)) }
    #expect(try Fixture.entries(first) == Fixture.entries(second))
  }

  @Test func `starts a batch afresh when it is reset`() throws {
    var batch = Fixture.batch(1, 7)
    batch.reset(firstSequence: 3)
    #expect(batch.count == 0)
    let ledger = try DecisionLedger(directory: directory.path)
    try ledger.append(Fixture.batch(1, 2))
    batch.append(
      event: Fixture.event(3).span, decision: Fixture.decision(3).span,
      digest: Fixture.digest(3).span, receivedAt: Timestamp(microseconds: -2_000),
      packageHash: Fixture.packageHash(3))
    try ledger.append(batch)
    let entry = try #require(try ledger.entry(sequence: 3))
    #expect(Fixture.isIntact(entry))
  }
}
