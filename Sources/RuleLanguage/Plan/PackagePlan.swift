public import Expressions

/// What a new version of a package changes, by meaning and not by lines.
public struct PackagePlan: Sendable {
  /// The changes, in the order of the new package, what was removed last.
  public private(set) var changes: [PlanChange] = []
  /// Rules that seem to be renamed, old name and new: their conditions are the same, but the new
  /// one does not say `formerly`, so its history starts anew.
  public private(set) var unsaidRenames: [(old: String, new: String)] = []

  private let old: [PlanBlock]
  private let new: [PlanBlock]

  /// Compares two packages without errors.
  public static func compare(old: SourceMap, new: SourceMap) -> PackagePlan {
    var plan = PackagePlan(old: blocks(of: old), new: blocks(of: new))
    plan.run()
    return plan
  }

  private init(old: [PlanBlock], new: [PlanBlock]) {
    self.old = old
    self.new = new
  }

  private static func blocks(of sources: SourceMap) -> [PlanBlock] {
    sources.files.flatMap { file in RuleTree.parse(file).tree.map(PlanBlock.all) ?? [] }
  }

  /// Signals and the like that must be filled from the log.
  public var backfill: [PlanChange] { changes.filter(\.needsBackfill) }

  // MARK: Comparing

  private mutating func run() {
    var before: [String: PlanBlock] = [:]
    for block in old { before[block.key] = block }
    let names = Set(new.map(\.key))
    for block in new {
      if let earlier = before.removeValue(forKey: block.key) {
        compare(earlier, block)
      } else if let formerly = block.formerly, !names.contains("\(block.kind) \(formerly)"),
        let earlier = before.removeValue(forKey: "\(block.kind) \(formerly)")
      {
        add(block, .renamed(from: earlier.name), .text)
        compare(earlier, block)
      } else {
        add(block, .added, block.ownKind)
      }
    }
    for block in old where before[block.key] != nil {
      add(block, .removed, block.ownKind)
    }
    findUnsaidRenames()
    attributeRules()
  }

  private mutating func add(_ block: PlanBlock, _ step: PlanChange.Step, _ kind: PlanKind) {
    let isState = ["signal", "link", "identifier"].contains(block.kind)
    changes.append(
      PlanChange(
        block: block.kind, name: block.name, step: step, kind: kind, clause: "", old: "", new: "",
        needsBackfill: step == .added && isState && block.kind != "identifier"))
  }

  private mutating func compare(_ old: PlanBlock, _ new: PlanBlock) {
    let words = new.parts.map(\.word) + old.parts.map(\.word)
    var seen: Set<String> = []
    for word in words where seen.insert(word).inserted && word != "formerly" {
      let before = old.parts.first { $0.word == word }
      let after = new.parts.first { $0.word == word }
      guard before?.tokens != after?.tokens else { continue }
      let kind = kind(of: word, in: new, before, after)
      changes.append(
        PlanChange(
          block: new.kind, name: new.name, step: .changed, kind: kind, clause: word,
          old: before?.text ?? "", new: after?.text ?? "",
          needsBackfill: needsBackfill(word, in: new, before, after)))
    }
  }

  private static let textClauses: Set<String> = [
    "title", "analyst", "customer", "severity", "owner", "tags", "version", "reason", "column",
    "source", "refresh",
  ]

  private func kind(
    of word: String, in block: PlanBlock, _ before: PlanBlock.Part?, _ after: PlanBlock.Part?
  ) -> PlanKind {
    if PackagePlan.textClauses.contains(word), block.kind != "event" || word == "version" {
      return .text
    }
    switch block.kind {
    case "reason": return .text
    case "list": return word == "=" ? .list : .text
    case "param": return word.isEmpty || word == "unit" ? .schema : .threshold
    case "signal": return ["over", "ending"].contains(word) ? .window : .state
    case "link": return word == "over" ? .window : .state
    case "event", "entity", "enum", "identifier": return .schema
    case "rule" where ["status", "active"].contains(word): return .status
    default: return before?.differsOnlyInLiterals(from: after) == true ? .threshold : .logic
    }
  }

  /// A shorter window is read from what is there; anything else a signal keeps is not.
  private func needsBackfill(
    _ word: String, in block: PlanBlock, _ before: PlanBlock.Part?, _ after: PlanBlock.Part?
  ) -> Bool {
    switch block.kind {
    case "identifier": return ["normalize", "links", "max_degree"].contains(word)
    case "signal", "link":
      if ["title", "otherwise"].contains(word) { return false }
      guard word == "over", let old = before?.duration, let new = after?.duration else {
        return true
      }
      return new > old
    default: return false
    }
  }

  // MARK: Rules

  private mutating func findUnsaidRenames() {
    let removed = Set(changes.filter { $0.block == "rule" && $0.step == .removed }.map(\.name))
    let added = Set(changes.filter { $0.block == "rule" && $0.step == .added }.map(\.name))
    for block in new where block.kind == "rule" && added.contains(block.name) {
      let earlier = old.first { candidate in
        candidate.kind == "rule" && removed.contains(candidate.name)
          && candidate["when"]?.tokens == block["when"]?.tokens
          && candidate["on"]?.tokens == block["on"]?.tokens
      }
      if let earlier { unsaidRenames.append((earlier.name, block.name)) }
    }
  }

  /// Names the rules that read what changed, directly or through signals and lets.
  private mutating func attributeRules() {
    for position in changes.indices where changes[position].block != "rule" {
      var names: Set<Substring> = [changes[position].name[...]]
      var found: [String] = []
      // Each round goes one declaration further; there are no circles in a package without errors.
      while true {
        let readers = new.filter { block in
          block.name != changes[position].name && !names.contains(block.name[...])
            && ["signal", "let", "link", "rule", "reason"].contains(block.kind)
            && !block.words.isDisjoint(with: names)
        }
        if readers.isEmpty { break }
        found += readers.filter { $0.kind == "rule" }.map(\.name)
        names.formUnion(readers.map { $0.name[...] })
      }
      changes[position].rules = found
    }
  }
}

extension PlanBlock {
  fileprivate var key: String { "\(kind) \(name)" }

  fileprivate subscript(word: String) -> Part? { parts.first { $0.word == word } }

  fileprivate var formerly: String? { self["formerly"]?.tokens.first }

  /// What adding or removing the whole block is about.
  fileprivate var ownKind: PlanKind {
    switch kind {
    case "reason": .text
    case "list": .list
    case "param": .threshold
    case "signal", "link": .state
    case "event", "entity", "enum", "identifier": .schema
    default: .logic
    }
  }
}

extension PlanBlock.Part {
  /// Whether only numbers, durations and texts are others.
  fileprivate func differsOnlyInLiterals(from other: PlanBlock.Part?) -> Bool {
    guard let other, other.tokens.count == tokens.count, other.literals == literals else {
      return false
    }
    return tokens.indices.allSatisfy { literals[$0] || tokens[$0] == other.tokens[$0] }
  }

  /// The window's length; nil when it is no duration.
  fileprivate var duration: Int64? {
    tokens.count == 1 ? DurationText.microseconds(of: tokens[0]) : nil
  }
}
