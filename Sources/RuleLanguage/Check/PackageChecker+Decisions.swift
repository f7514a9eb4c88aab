internal import Expressions
internal import Model

/// Policies as sources: the decisions of one are events to the signals that count them.
extension PackageChecker {
  /// Declares an event for each policy that a signal, sequence or link takes as its source, under
  /// the policy's name: the fields of the event it governs, then `outcome` and `score`.
  func declareDecisionEvents() {
    var wanted: [String] = []
    for signal in index.signals.all {
      let sequence = signal.syntax.sequence
      wanted += [signal.syntax.event, sequence?.first, sequence?.second].compactMap { $0?.text }
    }
    wanted += index.links.all.compactMap { $0.syntax.event?.text }
    for policy in index.policies.all
    where wanted.contains(policy.name.text) && index.events[policy.name.text] == nil {
      guard let governed = policy.syntax.event.flatMap({ index.events[$0.text] }),
        !index.decisionEvents.contains(governed.position)
      else { continue }
      index.decisionEvents.insert(index.events.all.count)
      declareDecisions(of: policy, on: governed.syntax)
    }
  }

  private func declareDecisions(of policy: Declared<PolicySyntax>, on event: EventSyntax) {
    func name(_ text: String) -> NameSyntax { NameSyntax(text, span: policy.name.span) }
    let enumeration = freeTypeName(policy.name.text + "_outcome")
    let outcomes =
      policy.syntax.outcomes.isEmpty
      ? PolicyDescription.standardOutcomes : policy.syntax.outcomes.map(\.text)
    _ = index.enumerations.add(
      EnumerationSyntax(name: name(enumeration), cases: outcomes.map(name)), name(enumeration),
      file: policy.file)
    let added = [("outcome", enumeration), ("score", "int")].map { field, type in
      FieldSyntax(
        name: name(field),
        type: TypeSyntax(name: name(type), arguments: [], scale: nil, isOptional: false),
        marks: [], unit: nil, owners: [], defaultValue: nil)
    }
    _ = index.events.add(
      EventSyntax(
        name: policy.name, retention: event.retention, late: event.late,
        fields: event.fields + added), policy.name, file: policy.file)
  }

  private func freeTypeName(_ wanted: String) -> String {
    var name = wanted
    while index.enumerations[name] != nil || index.entities[name] != nil
      || index.identifiers[name] != nil
    {
      name += "_"
    }
    return name
  }

  /// The declaration of an event that callers send; reports a policy, whose decisions only signals
  /// and links can name.
  func sentEvent(_ name: NameSyntax, from file: Int) -> Declared<EventSyntax>? {
    let kind = Phrase("event", es: "el evento")
    guard let event = find(name, in: index.events, from: file, kind: kind) else { return nil }
    guard index.decisionEvents.contains(event.position) else { return event }
    index.report(
      Diagnostic(
        .unknownDeclaration,
        Phrase(
          "`\(name.text)` is a policy; nobody sends its decisions",
          es: "`\(name.text)` es una política; nadie envía sus decisiones"), at: name.span,
        help: Phrase(
          "name the event it governs; only a signal can say `from \(name.text)`",
          es: "nombra el evento que gobierna; solo una señal puede decir `from \(name.text)`")))
    return nil
  }
}
