import Model
import Program
import Values

extension EnginePlanBuilder {
  /// Checks what all event types share.
  func checkState() throws(EngineError) {
    let schema = program.schema
    try require(program.events.count == schema.events.count, "one program per event type")
    let references =
      schema.entities.indices.map { KeySpace.entity($0) }
      + schema.identifiers.indices.map { KeySpace.identifier($0) }
    try require(
      program.keySpaces.starts(with: references), "key spaces start with entities and identifiers")
    try require(
      program.signals.count == program.catalog.signals.count, "one source per signal of the catalog"
    )
    let spaces = program.keySpaces.indices
    for list in program.lists {
      try require(
        spaces.contains(list.keySpace) && list.distinctColumns.allSatisfy(spaces.contains),
        "a list names a key space that does not exist")
    }
    try checkTimelines()
    try checkListFiles()
    for link in program.links { try check(link) }
    for source in program.signals { try check(source) }
    try checkGraph()
  }

  private func check(_ link: LinkPlan) throws(EngineError) {
    guard case .identifiers(let identifiers) = link.source else { return }
    try require(!link.needsAdjacency, "link \(link.name): cycles run over event links")
    try require(
      identifiers.allSatisfy { program.schema.identifiers[$0].entity == link.entity },
      "link \(link.name): an identifier joins another entity")
  }

  private func check(_ source: SignalSource) throws(EngineError) {
    switch source {
    case .window(let list, let window, let aggregate, _):
      try require(
        program.lists.indices.contains(list)
          && program.lists[list].windows.indices.contains(window), "a signal without its window")
      switch aggregate {
      case .count: break
      case .sum(let column):
        try require(column < program.lists[list].sumColumns, "a signal without its column")
      case .distinct(let column):
        try require(
          column < program.lists[list].distinctColumns.count, "a signal without its column")
      }
    case .timeline(let read): try check(read)
    case .sequence(let read):
      try require(
        program.sequences.indices.contains(read.sequence)
          && read.microseconds + read.lagMicroseconds
            <= program.sequences[read.sequence].spanMicroseconds,
        "a signal without its sequence")
    case .cycleLength(let link, _):
      try require(
        program.links.indices.contains(link) && program.links[link].needsAdjacency,
        "cycles of a link whose adjacency is not kept")
    case .componentSize(let link, _):
      try require(
        program.links.indices.contains(link) && program.links[link].needsComponents,
        "components of a link that are not kept")
    case .graph(let question): try check(question)
    }
  }

  func checkRegisters() throws(EngineError) {
    try require(
      eventType.slotCount <= eventProgram.registerCount
        && eventProgram.registerCount <= Limits.registers,
      "\(eventType.name): \(eventProgram.registerCount) registers")
    for constant in eventProgram.constants {
      try checked(constant.register)
      try require(
        Int(constant.register) >= eventType.slotCount, "\(eventType.name): a constant in a slot")
    }
  }

  /// Checks that an instruction names only what exists, and writes no slot or constant: those are
  /// loaded once.
  func check(_ code: Instruction) throws(EngineError) {
    try checked(code.a)
    try checked(code.b)
    try require(
      Int(code.a) >= eventType.slotCount && !constantRegisters.contains(code.a),
      "\(eventType.name): code writes register \(code.a)")
    if code.operation.decides {
      try require(
        Combining(rawValue: code.extra >> 1) != nil, "\(eventType.name): no such combining")
    }
    switch code.operation {
    case .call:
      try require(
        (1...4).contains(code.extra) && LibraryFunction(rawValue: code.c) != nil,
        "\(eventType.name): no such library function")
      try checked(code.b + UInt16(code.extra) - 1)
    case .zoneOffset:
      try require(program.constants.zones.indices.contains(Int(code.c)), "no such zone")
    case .inIntSet:
      try require(program.constants.intSets.indices.contains(Int(code.c)), "no such set")
    case .inTextSet:
      try require(program.constants.textSets.indices.contains(Int(code.c)), "no such set")
    case .matches:
      try require(program.constants.patterns.indices.contains(Int(code.c)), "no such pattern")
    case .decimalToDouble, .divideScaledHalfEven:
      try require(code.extra <= 18, "no scale \(code.extra)")
      if code.operation == .divideScaledHalfEven { try checked(code.c) }
    case .move, .not, .negateInt, .negateDouble, .isMissing, .textSize, .collectedSize,
      .intToDouble, .uintToDouble, .doubleToInt:
      break
    default: try checked(code.c)
    }
  }
}
