import Foundation
import Glibc
import Ledger
import Model
import Testing

@Suite struct `A ledger without room` {
  /// Lets no file grow beyond so many bytes: a write then ends short, as on a full disk.
  static func limitFiles(to bytes: UInt) {
    signal(SIGXFSZ, SIG_IGN)
    var limit = rlimit(rlim_cur: bytes, rlim_max: .max)
    // SAFETY: the structure lives through the call.
    unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
  }

  @Test func `refuses a batch whole and goes on when there is room again`() async throws {
    let directory = try TemporaryDirectory()
    await #expect(processExitsWith: .success) { [path = directory.path as String] in
      let ledger = try DecisionLedger(directory: path)
      try ledger.append(Fixture.batch(1, 2))
      `A ledger without room`.limitFiles(to: 100_000)
      for _ in 0..<3 {
        let error = Fixture.error { try ledger.append(Fixture.batch(3, 2, bytes: 200_000)) }
        switch error {
        case .database(let path, let code, _):
          try #require(path == ledger.path && code & 0xFF == 10)
        case .diskFull: break
        default: Issue.record("\(String(describing: error))")
        }
        try #require(ledger.lastSequence == 2)
        try #require(try Fixture.entries(ledger).map(\.sequence) == [1, 2])
      }
      `A ledger without room`.limitFiles(to: .max)
      try ledger.append(Fixture.batch(3, 2, bytes: 200_000))
    }
    let ledger = try DecisionLedger(directory: directory.path)
    #expect(try Fixture.entries(ledger).map(\.sequence) == [1, 2, 3, 4])
  }
}
