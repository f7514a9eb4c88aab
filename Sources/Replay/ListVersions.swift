public import Engine
public import Ledger
public import Program
internal import Values

/// The bytes of files of lists by the list's name.
public typealias ListContents = [String: [UInt8]]

/// The versions of a package's lists: which an engine goes by, as a log goes by.
///
/// A version holds from its sequence on; the first one also before it, for a list that is new is
/// counted back. A list of which the log knows nothing has the members it is given.
public struct ListVersions {
  private struct Change {
    var list: Int
    var sequence: UInt64
    var bytes: [UInt8]
  }

  private let plans: [ListFilePlan]
  /// In order of sequence.
  private var changes: [Change] = []
  private var next = 0

  /// Finds what a log and a run say of the lists of a program.
  public init(
    _ program: RuleProgram, recorded: [LedgerListVersion], given: ListContents
  ) {
    plans = program.listFiles
    for (list, plan) in plans.enumerated() {
      var versions = recorded.filter { $0.name == plan.name }.map {
        Change(list: list, sequence: $0.firstSequence, bytes: $0.content)
      }
      if versions.isEmpty, let bytes = given[plan.name] {
        versions = [Change(list: list, sequence: 0, bytes: bytes)]
      }
      if !versions.isEmpty { versions[0].sequence = 0 }
      changes += versions
    }
    // A stable order, for of two versions of one sequence the later one holds.
    let ordered = changes.enumerated().sorted {
      ($0.element.sequence, $0.offset) < ($1.element.sequence, $1.offset)
    }
    changes = ordered.map(\.element)
  }

  /// Whether a list has members of any version.
  public func hasVersion(of name: String) -> Bool {
    changes.contains { plans[$0.list].name == name }
  }

  /// Sets every version that holds at a sequence.
  public mutating func advance(
    to sequence: UInt64, _ engine: inout ScoringEngine
  ) throws(LiveError) {
    while next < changes.count, changes[next].sequence <= sequence {
      let change = changes[next]
      try engine.set(change.list, plans[change.list], change.bytes)
      next += 1
    }
  }
}

extension ScoringEngine {
  /// Gives a list the members its file has.
  mutating func set(
    _ list: Int, _ plan: ListFilePlan, _ bytes: [UInt8]
  ) throws(LiveError) {
    do throws(ListFileError) {
      setList(list, to: try plan.file.entries(of: bytes))
    } catch {
      throw .list(name: plan.name, error)
    }
  }
}

extension [ListFilePlan] {
  /// Records other members of a list in the log and gives them to the engine; false when they are
  /// those it has.
  func set(
    _ name: String, to bytes: [UInt8], _ engine: inout ScoringEngine,
    _ contents: inout ListContents, _ ledger: DecisionLedger
  ) throws(LiveError) -> Bool {
    guard let list = firstIndex(where: { $0.name == name }), contents[name] != bytes else {
      return false
    }
    // Read first: what is no list must not reach the log.
    var entries: [ListEntry] = []
    do throws(ListFileError) {
      entries = try self[list].file.entries(of: bytes)
    } catch {
      throw .list(name: name, error)
    }
    let version = LedgerListVersion(
      name: name, firstSequence: ledger.lastSequence + 1, content: bytes)
    try LiveError.inLedger { () throws(LedgerError) in try ledger.recordList(version) }
    engine.setList(list, to: entries)
    contents[name] = bytes
    return true
  }
}
