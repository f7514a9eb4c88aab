import Glibc
import Ledger
import Model
import Program
import Replay
import Wire

/// An answer in a form that tests compare.
enum Answer: Equatable {
  case new(String)
  case again(String)
  case refused(String)

  init(_ answer: LiveAnswer) {
    switch answer {
    case .answered(let bytes, let isRepeat):
      let text = String(decoding: bytes, as: UTF8.self)
      self = isRepeat ? .again(text) : .new(text)
    case .refused(let error): self = .refused(error.code)
    }
  }

  var text: String {
    switch self {
    case .new(let text), .again(let text), .refused(let text): text
    }
  }
}

/// Live scoring over a ledger of its own, opened anew as often as a test likes.
struct TestLedger {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  var path: String { folder.path + "/data" }

  func open(_ edits: [(String, String)] = []) throws -> LiveScoring {
    let program = try TestPackage.program(edits)
    return try LiveScoring(program: program, ledger: try DecisionLedger(directory: path))
  }

  /// Scores each batch on an engine opened for it alone.
  func score(_ batches: [[String]], _ edits: [(String, String)] = []) throws -> [Answer] {
    var answers: [Answer] = []
    for batch in batches {
      var scoring = try open(edits)
      answers += try TestLedger.score(batch, &scoring)
    }
    return answers
  }

  static func score(_ lines: [String], _ scoring: inout LiveScoring) throws -> [Answer] {
    try scoring.score(
      lines.map { Array($0.utf8) }, latest: Timestamp(microseconds: .max),
      receivedAt: Timestamp(microseconds: 5)
    ).map(Answer.init)
  }

  /// What a package makes of the events from a sequence on.
  func rescore(
    _ edits: [(String, String)] = [], from first: UInt64 = 1, upTo last: UInt64? = nil
  ) throws -> RescoreReport {
    var report = RescoreReport()
    var live = DecisionDigest()
    var anew = DecisionDigest()
    var output: ByteFile?
    try rescore(
      edits, from: first, upTo: last, into: &report, live: &live, anew: &anew, output: &output)
    report.liveDigest = live.finish()
    report.newDigest = anew.finish()
    return report
  }

  func rescore(
    _ edits: [(String, String)], from first: UInt64, upTo last: UInt64?,
    into report: inout RescoreReport, live: inout DecisionDigest, anew: inout DecisionDigest,
    output: inout ByteFile?
  ) throws {
    let ledger = try DecisionLedger(directory: path, access: .reader)
    var rescoring = try Rescoring(program: try TestPackage.program(edits))
    try rescoring.run(
      ledger, comparing: first..., upTo: last ?? ledger.lastSequence, into: &report, live: &live,
      anew: &anew, output: &output, onProgress: { _ in })
  }

  /// The events the ledger holds, as they came.
  func events() throws -> [String] {
    var events: [String] = []
    try DecisionLedger(directory: path, access: .reader).replay(from: 1) { entry in
      events.append(String(decoding: StoredEntry(entry).event, as: UTF8.self))
    }
    return events
  }
}

/// Lets no file grow beyond so many bytes: a write then ends short, as on a full disk.
func limitFiles(to bytes: UInt) {
  signal(SIGXFSZ, SIG_IGN)
  var limit = rlimit(rlim_cur: bytes, rlim_max: .max)
  // SAFETY: the structure lives through the call.
  unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
}
