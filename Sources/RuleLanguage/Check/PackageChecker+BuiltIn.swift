internal import Expressions

/// Events every package knows: `label` and `erase`. A package that declares an event of that name
/// keeps its own.
extension PackageChecker {
  static let labelEvent = "label"
  static let eraseEvent = "erase"

  /// Declares them behind everything the package declares. Their `entity` is a case of an
  /// enumeration of the package's entities, so that an event about another is refused where it is
  /// read.
  func declareBuiltInEvents() {
    guard !index.entities.all.isEmpty else { return }
    let nowhere = SourceSpan(file: 0, start: 0, end: 0)
    func name(_ text: String) -> NameSyntax { NameSyntax(text, span: nowhere) }
    var enumeration = "entity_name"
    while index.enumerations[enumeration] != nil || index.entities[enumeration] != nil
      || index.identifiers[enumeration] != nil
    {
      enumeration += "_"
    }
    let isPersonal = index.entities.all.contains { entity in
      entity.syntax.fields.contains { $0.hasMark("key") && $0.hasMark("pii") }
    }
    func field(_ text: String, _ type: String, _ marks: [String] = [], isOptional: Bool = false)
      -> FieldSyntax
    {
      FieldSyntax(
        name: name(text),
        type: TypeSyntax(name: name(type), arguments: [], scale: nil, isOptional: isOptional),
        marks: marks.map(name), unit: nil, owners: [], defaultValue: nil)
    }
    _ = index.enumerations.add(
      EnumerationSyntax(
        name: name(enumeration), cases: index.entities.all.map { name($0.name.text) }),
      name(enumeration), file: PackageIndex.builtIn)
    for event in [Self.labelEvent, Self.eraseEvent] where index.events[event] == nil {
      var fields = [
        field("\(event)_id", "string", ["id"]), field("at", "timestamp", ["time"]),
        field("entity", enumeration), field("key", "string", isPersonal ? ["pii"] : []),
      ]
      if event == Self.labelEvent {
        fields.append(field("label", "string"))
        fields.append(field("removed", "bool", isOptional: true))
      }
      _ = index.events.add(
        EventSyntax(name: name(event), retention: nil, late: nil, fields: fields), name(event),
        file: PackageIndex.builtIn)
    }
  }

  /// The built-in events by position.
  func builtInEvents() -> [Int: BuiltInEvent] {
    var found: [Int: BuiltInEvent] = [:]
    for event in index.events.all where event.file == PackageIndex.builtIn {
      found[event.position] = event.name.text == Self.labelEvent ? .label : .erase
    }
    return found
  }
}

extension PackageIndex {
  /// Whether a field that may be left out has a value nevertheless: `removed` of the built-in
  /// `label` is then false.
  func isSettled(_ field: String, of event: Int) -> Bool {
    field == "removed" && events.all[event].file == PackageIndex.builtIn
  }
}
