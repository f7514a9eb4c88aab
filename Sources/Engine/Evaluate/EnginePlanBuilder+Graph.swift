import Model
import Program

/// Checks and key spaces of questions about the graph, and built-in events.
extension EnginePlanBuilder {
  /// The space of the keys of a question.
  func keySpace(of question: GraphQuestion) -> Int {
    if let link = question.link { return program.links[link].entity }
    if case .isHub(let identifier) = question { return program.schema.entities.count + identifier }
    return question.identifiers.first.flatMap { program.schema.identifiers[$0].entity } ?? 0
  }

  func check(_ question: GraphQuestion) throws(EngineError) {
    let links = program.links.indices
    let named = [question.link, question.componentLink].compactMap(\.self) + question.walkedLinks
    try require(named.allSatisfy(links.contains), "a question about no link")
    try require(
      question.identifiers.allSatisfy(program.schema.identifiers.indices.contains),
      "a question about no identifier")
    switch question {
    case .componentCount(_, let label), .hopsTo(_, let label, _):
      try require(program.labels.indices.contains(label), "a question about no label")
    case .collapsedCycleLength(let link, let collapse, _):
      guard case .event = program.links[link].source else {
        throw .program(detail: "link \(program.links[link].name): cycles run over event links")
      }
      try require(
        program.links[link].entity == program.links[collapse].entity,
        "a collapse over another entity")
    case .depth(let link, _), .fanOut(let link), .subtreeSize(let link, _):
      guard case .event(_, _, _, true) = program.links[link].source else {
        throw .program(detail: "link \(program.links[link].name): trees need a directed link")
      }
      if case .depth(_, let limit) = question {
        try require(ReferralForest.depths.contains(limit), "depths up to \(limit)")
      }
    case .common, .commonCount:
      let entities = Set(question.identifiers.map { program.schema.identifiers[$0].entity })
      try require(
        entities.count == 1 && !entities.contains(nil), "identifiers of different entities")
    default: break
    }
  }

  /// Checks that built-in events name their own fields.
  func checkGraph() throws(EngineError) {
    for (position, event) in program.events.enumerated() {
      guard let said = event.accountEvent else { continue }
      let fields = program.schema.events[position].fields
      let slots: [Int] =
        switch said {
        case .label(let entity, let key, let label, let removed): [entity, key, label, removed]
        case .erase(let entity, let key): [entity, key]
        }
      try require(
        slots.allSatisfy { slot in fields.contains { $0.slot == slot } },
        "\(program.schema.events[position].name): a slot that is no field")
    }
  }
}
