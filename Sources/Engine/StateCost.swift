internal import Model
public import Program

/// What one part of the state costs: a list of events, a timeline or a sequence.
///
/// Exact where blocks hold a fixed number of entries, and typical where how full they are depends
/// on the order of events: then for events that come in order.
public struct StateCost: Hashable, Sendable {
  /// What it is the cost of.
  public enum Part: Hashable, Sendable {
    /// A position in `RuleProgram.lists`, `timelines` or `sequences`.
    case list(Int)
    case timeline(Int)
    case sequence(Int)
  }

  /// What it is the cost of.
  public var part: Part
  /// Bytes of a key that has been seen once.
  public var keyBytes: Double
  /// Further bytes of a key that has been seen more often, which has room for `fewEntries`.
  public var repeatedKeyBytes: Double
  /// Further bytes of a key with more than `fewEntries`.
  public var busyKeyBytes = 0.0
  /// Entries of a key that take nothing by themselves.
  public var fewEntries = 1
  /// Bytes of each entry after `fewEntries`.
  public var entryBytes: Double
  /// Further bytes of each entry of a hub, a key with more entries than are walked over.
  public var hubEntryBytes = 0.0

  /// Entries of a key that is no hub yet, nor about to be one.
  static let mostWalked = Int(WindowStore.hubEntries)

  /// Bytes a key with so many entries takes.
  public func bytes(entries: Int) -> Double {
    guard entries >= 2 else { return keyBytes }
    guard entries > fewEntries else { return keyBytes + repeatedKeyBytes }
    let hub = entries > Self.mostWalked ? Double(entries) * hubEntryBytes : 0
    return keyBytes + repeatedKeyBytes + busyKeyBytes
      + Double(entries - fewEntries) * entryBytes + hub
  }

  /// The cost of everything a program counts.
  ///
  /// *Requires* a program that `ScoringEngine` takes.
  public static func costs(of program: RuleProgram) -> [StateCost] {
    let linkedUses = LinkedUses(program)
    return program.lists.enumerated().map { cost($1, .list($0)) }
      + program.timelines.enumerated().map { position, plan in
        guard let identifier = linkedUses.identifier(ofTimeline: position) else {
          return cost(plan, .timeline(position))
        }
        return linkedCost(program.schema.identifiers[identifier], .timeline(position))
      }
      + program.sequences.indices.map { sequenceCost(.sequence($0)) }
  }

  /// Slots of a table are between a third and two thirds full.
  private static let slotsPerPair = 2.0

  private static func cost(_ plan: EventListPlan, _ part: Part) -> StateCost {
    let layout = WindowLayout(plan: plan)
    let entry = Double(layout.chunkBytes) / Double(layout.chunkEntries)
    let pairBytes = Double(8 + (plan.windows.count + 1) / 2 * 8)
    let pairs = Double(plan.distinctColumns.count) * pairBytes * slotsPerPair
    // The last chunk of a chain is half empty.
    return StateCost(
      part: part, keyBytes: Double(layout.recordBytes), repeatedKeyBytes: Double(layout.chunkBytes),
      busyKeyBytes: Double(layout.stateBytes) + Double(layout.chunkBytes) / 2
        + Double(layout.chunkEntries) * pairs,
      fewEntries: layout.chunkEntries, entryBytes: entry + pairs,
      hubEntryBytes: hubEntryBytes(plan, layout))
  }

  /// A hub has its chunks in an index, and the values of its distinct columns in trees: by time, by
  /// occurrence, and in the trie by the time of the value's last occurrence, whose nodes are half
  /// empty; together they take as much as seven entries of a full tree.
  private static func hubEntryBytes(_ plan: EventListPlan, _ layout: WindowLayout) -> Double {
    let children = Double(ChunkIndex.children)
    let perChunk = Double(ChunkIndex.nodeBytes(sumCount: plan.sumColumns)) / (children - 1)
    let perValue = 7 * treeEntryBytes + 16 * slotsPerPair
    return perChunk / Double(layout.chunkEntries)
      + Double(plan.distinctColumns.count) * perValue
  }

  /// A key of more entries than a leaf holds has an inner node, and its last leaf is half full.
  private static let treeBytes = Double(TreeLayout.leafBytes) / 2 + Double(TreeLayout.innerBytes)

  /// An entry in order fills leaves and inner nodes whole.
  private static let treeEntryBytes =
    Double(TreeLayout.leafBytes) / Double(TreeLayout.leafEntries)
    + Double(TreeLayout.innerBytes) / Double(TreeLayout.children * TreeLayout.leafEntries)

  private static func cost(_ plan: TimelinePlan, _ part: Part) -> StateCost {
    var key = 0.0
    var entry = 0.0
    if plan.hasLifetime {
      key += Double(LifetimeStore.recordBytes(summarizes: plan.summarizesLifetime))
      // The first value of a key lies in its record.
      if plan.countsDistinct { entry += 8 * slotsPerPair }
    }
    guard plan.spanMicroseconds != nil || plan.lastEntries > 0 else {
      return StateCost(part: part, keyBytes: key, repeatedKeyBytes: 0, entryBytes: entry)
    }
    key += Double(TimelineStore.Record.bytes) + Double(TreeLayout.smallBytes)
    var copies = 1.0
    // Of a key with a thousand entries of different values: two levels of the trie above the bags.
    if plan.isRanked { copies += 3 }
    if plan.countsDistinct { copies += 3 }
    entry += copies * treeEntryBytes
    if plan.countsDistinct { entry += 16 * slotsPerPair }
    return StateCost(
      part: part, keyBytes: key, repeatedKeyBytes: Self.treeBytes,
      entryBytes: entry)
  }

  /// What the graph lists anyway is no cost of the timeline. The accounts of hubs are, for those it
  /// does not list; erased ones are, too, but they are few.
  private static func linkedCost(_ identifier: Identifier, _ part: Part) -> StateCost {
    let (pair, count) = (8 * slotsPerPair, 16 * slotsPerPair)
    guard let listed = identifier.maxDegree else {
      return StateCost(part: part, keyBytes: 0, repeatedKeyBytes: 0, entryBytes: 0)
    }
    let isAlwaysHub = listed == 0
    return StateCost(
      part: part, keyBytes: isAlwaysHub ? pair + count : 0, repeatedKeyBytes: 0,
      busyKeyBytes: isAlwaysHub ? 0 : Double(listed) * pair + count, fewEntries: max(listed, 1),
      entryBytes: pair)
  }

  private static func sequenceCost(_ part: Part) -> StateCost {
    StateCost(
      part: part, keyBytes: 16 + Double(TreeLayout.smallBytes),
      repeatedKeyBytes: Self.treeBytes, entryBytes: treeEntryBytes)
  }
}
