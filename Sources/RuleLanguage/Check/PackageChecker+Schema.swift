internal import Expressions
internal import Model

/// Enumerations, entities, identifiers and events become the schema. Positions are positions of
/// declaration, so a declaration with a mistake still takes its place.
extension PackageChecker {
  func checkSchema() {
    index.schema.enumerations = index.enumerations.all.map {
      Enumeration(name: $0.name.text, cases: $0.syntax.cases.map(\.text))
    }
    index.schema.entities = index.entities.all.map(entity)
    index.schema.identifiers = index.identifiers.all.map(identifier)
    index.schema.events = index.events.all.map(event)
  }

  // MARK: Types

  static let plainTypes: [String: ValueType] = [
    "bool": .bool, "int": .int, "uint": .uint, "double": .double, "string": .string,
    "bytes": .bytes, "timestamp": .timestamp, "duration": .duration,
  ]

  /// The type a field, param or list writes; reports and gives nil when there is no such type.
  func type(
    _ syntax: TypeSyntax, unit: (text: String, span: SourceSpan)?, file: Int
  ) -> ValueType? {
    let name = syntax.name.text
    if name == "decimal" {
      guard let scale = syntax.scale, (0...Decimal.largestScale).contains(scale) else {
        index.report(
          Diagnostic(
            .typeMismatch,
            Phrase(
              "a decimal says how many digits follow the point",
              es: "un decimal dice cuántos dígitos siguen al punto"),
            at: syntax.name.span,
            help: Phrase("write `decimal(2)`; 0 to 9", es: "escribe `decimal(2)`; de 0 a 9")))
        return nil
      }
      return .decimal(scale: scale, unit: unit?.text ?? "")
    }
    if let unit {
      index.report(
        Diagnostic(
          .typeMismatch, Phrase("only a decimal has a unit", es: "solo un decimal tiene unidad"),
          at: unit.span))
      return nil
    }
    if let plain = PackageChecker.plainTypes[name] { return plain }
    if index.enumerations[name] != nil { return .enumeration(name) }
    if index.entities[name] != nil || index.identifiers[name] != nil { return .reference(name) }
    guard !index.mayExist(name, from: file) else { return nil }
    let known =
      PackageChecker.plainTypes.keys.sorted() + ["decimal"]
      + index.enumerations.all.map(\.name.text)
      + index.entities.all.map(\.name.text) + index.identifiers.all.map(\.name.text)
    let near = Suggestion.nearest(to: name, among: known)
    index.report(
      Diagnostic(
        .unknownDeclaration, Phrase("unknown type `\(name)`", es: "tipo desconocido `\(name)`"),
        at: syntax.name.span,
        note: Phrase(
          "types are bool, int, uint, double, decimal(n), string, bytes, timestamp, duration, and the enums, entities and identifiers of the package",
          es:
            "los tipos son bool, int, uint, double, decimal(n), string, bytes, timestamp, duration, y los enum, entidades e identificadores del paquete"
        ),
        help: near.map { Phrase("did you mean `\($0)`?", es: "¿quisiste decir `\($0)`?") },
        edit: near.map { SourceEdit(span: syntax.name.span, replacement: $0) }))
    return nil
  }

  // MARK: Entities and identifiers

  private func entity(_ declared: Declared<EntitySyntax>) -> Entity {
    let keys = declared.syntax.fields.filter { $0.hasMark("key") }
    if keys.count != 1 {
      index.report(
        Diagnostic(
          .keyCount,
          Phrase(
            "an entity has exactly one key, this one has \(keys.isEmpty ? "none" : "\(keys.count)")",
            es:
              "una entidad tiene exactamente una clave, esta \(keys.isEmpty ? "no tiene ninguna" : "tiene \(keys.count)")"
          ),
          at: declared.name.span,
          secondary: keys.map { DiagnosticLabel($0.name.span, Phrase("a key", es: "una clave")) },
          help: Phrase(
            "mark one field: `account_id: string key`",
            es: "marca un campo: `account_id: string key`")))
    }
    reportDuplicates(declared.syntax.fields)
    let attributes = declared.syntax.fields.filter { !$0.hasMark("key") }.map { field in
      Attribute(
        name: field.name.text,
        type: type(field.type, unit: field.unit, file: declared.file) ?? .string,
        isOptional: field.type.isOptional, isPersonal: field.hasMark("pii"))
    }
    return Entity(
      name: declared.name.text, keyName: keys.first?.name.text ?? "id",
      keyIsPersonal: keys.first?.hasMark("pii") ?? false, attributes: attributes)
  }

  private func reportDuplicates(_ fields: [FieldSyntax]) {
    var seen: [String: NameSyntax] = [:]
    for field in fields {
      if let first = seen[field.name.text] {
        index.report(
          Diagnostic(
            .duplicateName,
            Phrase(
              "`\(field.name.text)` is declared twice",
              es: "`\(field.name.text)` se declara dos veces"),
            at: field.name.span,
            secondary: [DiagnosticLabel(first.span, Phrase("first here", es: "primero aquí"))]))
      }
      seen[field.name.text] = field.name
    }
  }

  private func identifier(_ declared: Declared<IdentifierSyntax>) -> Identifier {
    let syntax = declared.syntax
    if syntax.type.name.text != "string" {
      index.report(
        Diagnostic(
          .typeMismatch, Phrase("an identifier is a string", es: "un identificador es un string"),
          at: syntax.type.name.span))
    }
    var normalizer = Normalizer.none
    if let name = syntax.normalizer {
      if let known = Normalizer(rawValue: name.text) {
        normalizer = known
      } else {
        let known = Normalizer.allCases.map(\.rawValue)
        index.report(
          Diagnostic(
            .unknownDeclaration,
            Phrase(
              "unknown normaliser `\(name.text)`", es: "normalizador desconocido `\(name.text)`"),
            at: name.span,
            note: Phrase(
              "there are: \(known.joined(separator: ", "))",
              es: "existen: \(known.joined(separator: ", "))"),
            help: Suggestion.nearest(to: name.text, among: known).map {
              Phrase("did you mean `\($0)`?", es: "¿quisiste decir `\($0)`?")
            }))
      }
    }
    let entity = syntax.links.flatMap {
      find($0, in: index.entities, from: declared.file, kind: Phrase("entity", es: "la entidad"))
    }
    return Identifier(
      name: declared.name.text, entity: entity?.position, normalizer: normalizer,
      maxDegree: syntax.maxDegree, retentionMicroseconds: syntax.retentionMicroseconds)
  }

  // MARK: Events

  private static let defaultLateMicroseconds: Int64 = 3_600_000_000

  private func event(_ declared: Declared<EventSyntax>) -> EventType {
    let syntax = declared.syntax
    reportDuplicates(syntax.fields)
    var slot = 0
    var fields: [Field] = []
    for syntax in syntax.fields {
      let field = self.field(syntax, slot: slot, file: declared.file)
      if case .entity(let entity) = field.kind {
        slot += 1 + index.schema.entities[entity].attributes.count
      } else {
        slot += 1
      }
      fields.append(field)
    }
    for position in fields.indices {
      fields[position].owners = owners(of: fields[position], syntax.fields[position], fields)
    }
    return EventType(
      name: declared.name.text, fields: fields,
      idField: single("id", .string, syntax.fields, fields, declared.name),
      timeField: single("time", .timestamp, syntax.fields, fields, declared.name),
      retentionMicroseconds: syntax.retention?.microseconds,
      lateMicroseconds: syntax.late?.microseconds ?? PackageChecker.defaultLateMicroseconds,
      slotCount: slot, isDecision: index.decisionEvents.contains(declared.position))
  }

  private func field(_ syntax: FieldSyntax, slot: Int, file: Int) -> Field {
    let type = type(syntax.type, unit: syntax.unit, file: file) ?? .string
    var kind = FieldKind.plain
    var isPersonal = syntax.hasMark("pii")
    if case .reference(let name) = type {
      if let entity = index.entities[name] {
        kind = .entity(entity.position)
        isPersonal = isPersonal || index.schema.entities[entity.position].keyIsPersonal
      } else if let identifier = index.identifiers[name] {
        kind = .identifier(identifier.position)
      }
    }
    return Field(
      name: syntax.name.text, type: type, kind: kind, isOptional: syntax.type.isOptional,
      isPersonal: isPersonal, slot: slot)
  }

  /// The one field with a mark, of the type the mark asks for.
  private func single(
    _ mark: String, _ type: ValueType, _ syntax: [FieldSyntax], _ fields: [Field],
    _ name: NameSyntax
  ) -> Int {
    let marked = syntax.indices.filter { syntax[$0].hasMark(mark) }
    guard marked.count == 1 else {
      index.report(
        Diagnostic(
          .keyCount,
          Phrase(
            "an event has exactly one `\(mark)` field, this one has \(marked.isEmpty ? "none" : "\(marked.count)")",
            es:
              "un evento tiene exactamente un campo `\(mark)`, este \(marked.isEmpty ? "no tiene ninguno" : "tiene \(marked.count)")"
          ),
          at: name.span,
          secondary: marked.map {
            DiagnosticLabel(syntax[$0].name.span, Phrase("one", es: "uno"))
          },
          help: Phrase(
            "mark one field: `\(mark == "id" ? "referral_id: string id" : "at: timestamp time")`",
            es:
              "marca un campo: `\(mark == "id" ? "referral_id: string id" : "at: timestamp time")`")
        ))
      return marked.first ?? 0
    }
    if fields[marked[0]].type != type || fields[marked[0]].isOptional {
      index.report(
        Diagnostic(
          .typeMismatch,
          Phrase(
            "the `\(mark)` field is a required \(type)",
            es: "el campo `\(mark)` es un \(type) obligatorio"),
          at: syntax[marked[0]].name.span))
    }
    return marked[0]
  }

  /// Whose identifier a field is: the fields named by `of`, else the event's only field of the
  /// entity the identifier joins; several need `of`, none makes it a plain value.
  private func owners(of field: Field, _ syntax: FieldSyntax, _ fields: [Field]) -> [Int] {
    guard case .identifier(let identifier) = field.kind,
      let entity = index.schema.identifiers[identifier].entity
    else {
      for name in syntax.owners {
        index.report(
          Diagnostic(
            .ambiguousOwner,
            Phrase(
              "only an identifier that links an entity has an owner",
              es: "solo un identificador que une a una entidad tiene dueño"),
            at: name.span))
      }
      return []
    }
    let candidates = fields.indices.filter { fields[$0].kind == .entity(entity) }
    if syntax.owners.isEmpty {
      if candidates.count > 1 {
        let names = candidates.map { fields[$0].name }
        index.report(
          Diagnostic(
            .ambiguousOwner,
            Phrase(
              "whose \(syntax.type.name.text) is this: \(names.joined(separator: " or "))?",
              es: "¿de quién es este \(syntax.type.name.text): \(names.joined(separator: " o "))?"),
            at: syntax.name.span,
            help: Phrase(
              "add `of \(names[names.count - 1])`", es: "agrega `of \(names[names.count - 1])`")))
      }
      return candidates.count == 1 ? candidates : []
    }
    return syntax.owners.compactMap { name in
      if let owner = candidates.first(where: { fields[$0].name == name.text }) { return owner }
      let entityName = index.schema.entities[entity].name
      index.report(
        Diagnostic(
          .ambiguousOwner,
          Phrase(
            "`\(name.text)` is no \(entityName) field of this event",
            es: "`\(name.text)` no es un campo \(entityName) de este evento"),
          at: name.span))
      return nil
    }
  }

  /// Values tests use for fields they leave out.
  func fieldDefaults() -> [FieldPlace: TypedExpression] {
    var defaults: [FieldPlace: TypedExpression] = [:]
    for event in index.events.all {
      for (position, field) in event.syntax.fields.enumerated() {
        guard let value = field.defaultValue else { continue }
        let environment = RuleEnvironment(index: index, file: event.file, event: nil)
        let type = index.schema.events[event.position].fields[position].type
        defaults[FieldPlace(event: event.position, field: position)] = typed(environment) {
          $0.check(value, being: type, purpose: Phrase("the default", es: "el valor por omisión"))
        }
      }
    }
    return defaults
  }
}

extension FieldSyntax {
  func hasMark(_ mark: String) -> Bool { marks.contains { $0.text == mark } }
}
