import Engine
import Expressions
import Model
import Program

/// What the state of a package costs, for people.
enum CostText {
  /// One line per list, timeline or sequence, and what an event of each type adds at most.
  static func text(_ program: RuleProgram) -> String {
    var rows = [["kept for", "windows", "key", "again", "busy", "entry", "hub", "signals"]]
    for cost in StateCost.costs(of: program) {
      let signals = program.signals.indices
        .filter { reads(program.signals[$0], cost.part) }
        .map { program.catalog.signals[$0].name }
      rows.append([
        name(cost.part, program), windows(cost.part, program), bytes(cost.keyBytes),
        bytes(cost.repeatedKeyBytes), bytes(cost.busyKeyBytes), bytes(cost.entryBytes),
        bytes(cost.hubEntryBytes), signals.joined(separator: " "),
      ])
    }
    guard rows.count > 1 else { return "no signal counts events, so nothing is kept per key\n" }
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    var text = ""
    for row in rows {
      let cells = zip(row, widths).map { CommandLineHelp.padded($0, to: $1) }
      var line = cells.joined(separator: "  ")[...]
      while line.last == " " { line = line.dropLast() }
      text += line + "\n"
    }
    text += "\n"
    for (event, bytes) in eventBytes(program) {
      text += "a \(program.schema.events[event].name) adds at most \(Self.bytes(bytes)) bytes\n"
    }
    return text
  }

  /// The most bytes an event of each type adds to what is counted, all its keys being new, known,
  /// busy or hubs.
  static func eventBytes(_ program: RuleProgram) -> [(event: Int, bytes: Double)] {
    var found: [Int: Double] = [:]
    for cost in StateCost.costs(of: program) {
      let most = most(cost)
      for event in events(cost.part, program) { found[event, default: 0] += most }
    }
    return found.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// The first of the signals that read what an event adds most bytes to, and those bytes.
  static func dearestSignal(of event: Int, _ program: RuleProgram) -> (signal: Int, bytes: Double) {
    var dearest = (signal: 0, bytes: 0.0)
    for cost in StateCost.costs(of: program) where events(cost.part, program).contains(event) {
      let most = most(cost)
      guard most > dearest.bytes,
        let signal = program.signals.firstIndex(where: { reads($0, cost.part) })
      else { continue }
      dearest = (signal, most)
    }
    return dearest
  }

  private static func most(_ cost: StateCost) -> Double {
    max(
      cost.keyBytes, cost.repeatedKeyBytes + cost.entryBytes,
      cost.busyKeyBytes + cost.entryBytes, cost.entryBytes + cost.hubEntryBytes)
  }

  private static func events(_ part: StateCost.Part, _ program: RuleProgram) -> [Int] {
    switch part {
    case .list(let list): return [program.lists[list].event]
    case .timeline(let timeline): return [program.timelines[timeline].event]
    case .sequence(let sequence):
      let plan = program.sequences[sequence]
      return plan.firstEvent == plan.secondEvent
        ? [plan.firstEvent] : [plan.firstEvent, plan.secondEvent]
    }
  }

  private static func name(_ part: StateCost.Part, _ program: RuleProgram) -> String {
    let space: Int
    switch part {
    case .list(let list): space = program.lists[list].keySpace
    case .timeline(let timeline): space = program.timelines[timeline].keySpace
    case .sequence(let sequence): space = program.sequences[sequence].keySpace
    }
    let names = events(part, program).map { program.schema.events[$0].name }
    return names.joined(separator: ", ") + " by " + key(program.keySpaces[space], program)
  }

  private static func key(_ space: KeySpace, _ program: RuleProgram) -> String {
    switch space {
    case .entity(let entity): program.schema.entities[entity].name
    case .identifier(let identifier): program.schema.identifiers[identifier].name
    case .values(let types): types.map { "\($0)" }.joined(separator: ", ")
    }
  }

  private static func windows(_ part: StateCost.Part, _ program: RuleProgram) -> String {
    switch part {
    case .list(let list):
      return program.lists[list].windows.sorted()
        .map { DurationText.text(ofMicroseconds: $0) }.joined(separator: " ")
    case .timeline(let timeline):
      let plan = program.timelines[timeline]
      var parts = plan.spanMicroseconds.map { [DurationText.text(ofMicroseconds: $0)] } ?? []
      if plan.lastEntries > 0 { parts.append("last \(plan.lastEntries)") }
      if plan.hasLifetime { parts.append("lifetime") }
      return parts.joined(separator: " ")
    case .sequence(let sequence):
      return DurationText.text(ofMicroseconds: program.sequences[sequence].spanMicroseconds)
    }
  }

  private static func reads(_ source: SignalSource, _ part: StateCost.Part) -> Bool {
    switch (source, part) {
    case (.window(let list, _, _, _), .list(let wanted)): list == wanted
    case (.timeline(let read), .timeline(let wanted)): read.timeline == wanted
    case (.sequence(let read), .sequence(let wanted)): read.sequence == wanted
    default: false
    }
  }

  private static func bytes(_ bytes: Double) -> String {
    NumberText.grouped(Int(bytes.rounded(.up)))
  }
}
