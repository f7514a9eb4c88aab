internal import Engine
internal import Expressions
internal import Model
internal import RuleLanguage
internal import Values

/// Puts what is known of one decision into an explanation.
struct ExplanationBuilder {
  let package: ProbedPackage
  let sources: SourceMap
  let catalog: DecisionCatalog
  let decision: Decision
  let names: EvidenceNames

  private var rules: CheckedRules { package.rules }
  private var policy: CheckedPolicy { rules.policies[decision.policy] }

  /// Results of the package's own rules.
  private var results: ArraySlice<RuleResult> {
    decision.rules.prefix { $0.rule < package.ownRuleCount }
  }

  func build(_ facts: EventFacts) -> DecisionExplanation {
    let moment = Moment(package, decision)
    let whatIf = WhatIf(moment, policy: policy, active: results.map(\.rule))
    let now = whatIf.verdict()
    // Both evaluators answer alike; were they ever not to, no change is claimed.
    let agrees = now.outcome == decision.outcome && now.score == decision.score
    let search = FlipSearch(whatIf, now: now)
    let flips = agrees ? search.run() : []
    return DecisionExplanation(
      event: facts.event, id: facts.id, at: ExplanationBuilder.text(of: decision.time),
      fields: facts.fields.compactMap(field), policy: policy.name, packageHash: catalog.packageHash,
      outcome: policy.outcomes[decision.outcome],
      holdUntil: decision.holdUntil.map(ExplanationBuilder.text),
      queue: decision.queue.map { policy.queues[$0] }, score: score(),
      rules: results.map { rule($0, moment) }, signals: signals(moment),
      evidence: decision.evidence.map(evidence),
      flips: flips.map { flip($0, search) })
  }

  private func field(_ field: Field, _ value: Value) -> ExplainedField? {
    guard let shown = self.value(value, field.type), shown != .missing else { return nil }
    let isAccount = if case .entity = field.kind { true } else { false }
    return ExplainedField(name: field.name, value: shown, isAccount: isAccount)
  }

  // MARK: Rules

  private func rule(_ result: RuleResult, _ moment: Moment) -> ExplainedRule {
    let rule = rules.rules[result.rule]
    let status =
      switch rule.status {
      case .live: "live"
      case .shadow: "shadow"
      case .canary: "canary"
      case .off: "off"
      }
    let texts = texts(result)
    return ExplainedRule(
      name: rule.name, title: Phrase(rule.titleEnglish, es: rule.titleSpanish), status: status,
      outcome: "\(result.outcome)", points: result.score, counted: result.counted,
      reason: rules.reasons[rule.reason].code,
      forces: rule.force.map { policy.outcomes[$0.outcome] },
      analyst: phrase(texts.analystEnglish, texts.analystSpanish),
      customer: result.outcome == .fires
        ? phrase(texts.customerEnglish, texts.customerSpanish) : nil,
      parts: parts(rule.when, exempts: false, moment)
        + (rule.exempt.map { parts($0, exempts: true, moment) } ?? []))
  }

  /// What the reason of a rule that is not silent says.
  private func texts(_ result: RuleResult) -> FixedTexts {
    var texts = FixedTexts()
    if result.outcome == .silent { return texts }
    if let fixed = catalog.rules[result.rule].fixedTexts { return fixed }
    let places = decision.texts(of: result)
    texts.analystEnglish = String(decoding: decision.text[places.analystEnglish], as: UTF8.self)
    texts.analystSpanish = String(decoding: decision.text[places.analystSpanish], as: UTF8.self)
    texts.customerEnglish = String(decoding: decision.text[places.customerEnglish], as: UTF8.self)
    texts.customerSpanish = String(decoding: decision.text[places.customerSpanish], as: UTF8.self)
    return texts
  }

  private func phrase(_ english: String, _ spanish: String) -> Phrase? {
    english.isEmpty && spanish.isEmpty ? nil : Phrase(english, es: spanish)
  }

  private func parts(
    _ condition: TypedExpression, exempts: Bool, _ moment: Moment
  ) -> [ExplainedPart] {
    moment.writtenOut(condition).smallestParts.map { part in
      let reading = PartReading(part, in: moment)
      return ExplainedPart(
        source: source(part), exempts: exempts, left: reading.quantity.map(source),
        leftTitle: reading.quantity.flatMap(title),
        leftValue: value(reading.quantityValue, reading.quantity?.type),
        right: reading.threshold.map(source),
        rightTitle: reading.threshold.flatMap(title),
        rightValue: value(reading.thresholdValue, reading.threshold?.type),
        margin: reading.margin.flatMap { value($0, reading.quantity?.type) },
        truth: value(reading.outcome, .bool) ?? .missing)
    }
  }

  /// As written, on one line.
  private func source(_ expression: TypedExpression) -> String {
    sources.text(expression.span).split { $0 == " " || $0 == "\n" || $0 == "\t" || $0 == "\r" }
      .joined(separator: " ")
  }

  /// What the rules call it for people, whoever it is asked about.
  private func title(_ expression: TypedExpression) -> Phrase? {
    switch expression.kind {
    case .query(let signal, _): rules.signals[signal].title
    case .variable(let number):
      switch rules.symbols[number] {
      case .signal(let position): rules.signals[position].title
      case .param(let position): rules.params[position].title
      case .list(let position): rules.lists[position].title
      case .derived(let position): title(rules.lets[position].value)
      case .field, .attribute, .counter: nil
      }
    default: nil
    }
  }

  /// Nil where there is nothing to print, as for lists.
  private func value(_ value: Value?, _ type: ValueType?) -> ExplainedValue? {
    guard let value, let type else { return nil }
    return switch value {
    case .missing: .missing
    case .error: .error
    case .bool(let truth): .bool(truth)
    case .int(let number): .number("\(number)")
    case .uint(let number): .number("\(number)")
    case .double(let number): .number("\(number)")
    case .decimal(let number):
      if case .decimal(_, let unit) = type {
        .number("\(number)", unit: unit)
      } else {
        .number("\(number)")
      }
    case .string(let text): .text(text)
    case .timestamp(let time): .text(ExplanationBuilder.text(of: time))
    case .duration(let microseconds): .text(DurationText.text(ofMicroseconds: microseconds))
    case .enumeration(let position):
      if case .enumeration(let name) = type,
        let enumeration = rules.schema.enumerations.first(where: { $0.name == name })
      {
        .text(enumeration.cases[position])
      } else {
        .number("\(position)")
      }
    case .bytes, .list: nil
    }
  }

  static func text(of time: Timestamp) -> String {
    var bytes: [UInt8] = []
    TimestampText.append(time, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  // MARK: Signals and evidence

  private func signals(_ moment: Moment) -> [ExplainedSignal] {
    var told: Set<Int> = []
    for result in results where result.outcome != .silent {
      for expression in rules.rules[result.rule].told { told.formUnion(moment.signals(expression)) }
    }
    return decision.signals.map { result in
      let signal = rules.signals[result.signal]
      let seen = Value(result.payload, result.state, signal.type, decision.text)
      var value = collected(result, signal.type) ?? value(seen, signal.type) ?? .missing
      if result.isTruncated, case .number(let number, _, let unit) = value {
        value = .number(number, isBound: true, unit: unit)
      }
      return ExplainedSignal(
        name: signal.name, title: signal.title, value: value,
        isTold: told.contains(result.signal))
    }
  }

  /// The values a signal collected, with commas.
  private func collected(_ result: SignalResult, _ type: ValueType) -> ExplainedValue? {
    guard case .collected(let element) = type, result.state == .present else { return nil }
    let texts = decision.collected[CollectedReference(bits: result.payload).range].map { payload in
      switch value(Value(payload, .present, element, []), element) {
      case .number(let text, _, _), .text(let text): text
      case .bool(let truth): "\(truth)"
      case .missing, .error, nil: ""
      }
    }
    return .text(texts.joined(separator: ", "))
  }

  private func evidence(_ evidence: SignalEvidence) -> ExplainedEvidence {
    ExplainedEvidence(
      signal: rules.signals[evidence.signal].name,
      ties: decision.ties[evidence.ties].map(tie), isComplete: evidence.isComplete)
  }

  private func tie(_ tie: EvidenceTie) -> ExplainedEvidence.Tie {
    switch tie {
    case .edge(let link, let from, let to):
      .edge(link: catalog.links[link], from: names.name(from), to: names.name(to))
    case .shared(let identifier, let value, let left, let right):
      .shared(
        identifier: catalog.identifiers[identifier], value: names.name(value), names.name(left),
        names.name(right))
    case .hub(let identifier, let value):
      .hub(identifier: catalog.identifiers[identifier], value: names.name(value))
    case .label(let label, let account):
      .label(catalog.labels[label], account: names.name(account))
    }
  }

  // MARK: Score

  private func score() -> ExplainedScore {
    var steps: [ExplainedScore.Step] = []
    var forces: [ExplainedScore.Force] = []
    var combiner = ScoreCombiner(policy.scoreCombination)
    for result in results where result.counted {
      let rule = rules.rules[result.rule]
      if result.outcome == .fires {
        combiner.add(result.score)
        steps.append(
          ExplainedScore.Step(
            rule: rule.name, points: result.score, total: combiner.score(cap: .max)))
        if let force = rule.force {
          forces.append(
            ExplainedScore.Force(
              rule: rule.name, outcome: policy.outcomes[force.outcome], failed: false))
        }
      } else if result.outcome == .error {
        forces.append(
          ExplainedScore.Force(
            rule: rule.name, outcome: policy.outcomes[policy.onError.outcome], failed: true))
      }
    }
    let bands = policy.bands.sorted { $0.threshold < $1.threshold }.map {
      ExplainedScore.Band(
        threshold: $0.threshold, outcome: policy.outcomes[$0.outcome.outcome],
        isReached: decision.score >= $0.threshold)
    }
    return ExplainedScore(
      combination: policy.combination, steps: steps, total: decision.score, cap: policy.cap,
      bands: bands, otherwise: policy.outcomes[policy.otherwise.outcome], forces: forces,
      exemption: policy.exempt.map(source), isExempt: decision.isExempt)
  }

  // MARK: Flips

  private func flip(_ found: FlipSearch.Found, _ search: FlipSearch) -> ExplainedFlip {
    let holdsBeyond = search.holdsBeyond(found)
    return ExplainedFlip(
      outcome: policy.outcomes[found.verdict.outcome], score: found.verdict.score,
      isHarder: found.verdict.outcome > decision.outcome, cost: found.cost,
      changes: found.moves.map { change($0, holdsBeyond) })
  }

  private func change(_ move: Move, _ holdsBeyond: Bool) -> ExplainedFlip.Change {
    let reading = move.reading
    let seen = value(reading.quantityValue, reading.quantity?.type) ?? .missing
    func change(
      _ goal: ExplainedFlip.Goal, _ target: ExplainedValue?
    ) -> ExplainedFlip.Change {
      ExplainedFlip.Change(
        subject: source(reading.quantity ?? reading.part),
        title: reading.quantity.flatMap(title), goal: goal, target: target, seen: seen)
    }
    func shown(_ target: Value?) -> ExplainedValue? { value(target, reading.quantity?.type) }
    if let relation = reading.relation, let boundary = reading.boundary(move.wanted) {
      if !holdsBeyond, move.assignment != nil { return change(.exactly, shown(boundary)) }
      let isDiscrete =
        switch boundary {
        case .int, .uint, .decimal: true
        default: false
        }
      switch move.wanted ? relation : relation.negated {
      case .less:
        return isDiscrete
          ? change(.atMost, shown(boundary)) : change(.less, shown(reading.thresholdValue))
      case .greater:
        return isDiscrete
          ? change(.atLeast, shown(boundary)) : change(.greater, shown(reading.thresholdValue))
      case .lessOrEqual: return change(.atMost, shown(boundary))
      case .greaterOrEqual: return change(.atLeast, shown(boundary))
      case .equal: return change(.exactly, shown(boundary))
      case .notEqual:
        if case .bool = boundary { return change(.exactly, shown(boundary)) }
        return change(.other, shown(reading.thresholdValue))
      }
    }
    if let assignment = move.assignment {
      guard holdsBeyond, let goal = assignment.value.amount,
        let from = reading.quantityValue?.amount
      else { return change(.exactly, shown(assignment.value)) }
      return change(goal < from ? .atMost : .atLeast, shown(assignment.value))
    }
    if let list = reading.threshold, case .list = list.type {
      let isIn = move.wanted != reading.part.isOneNegation
      return change(isIn ? .inList : .notInList, .text(source(list)))
    }
    return ExplainedFlip.Change(
      subject: source(reading.part), title: nil, goal: move.wanted ? .holds : .fails, target: nil,
      seen: value(reading.outcome, .bool) ?? .missing)
  }
}

extension CheckedRule {
  /// What it looks at and speaks of.
  fileprivate var told: [TypedExpression] {
    let holes = texts.analystEnglish.compactMap { part in
      if case .hole(let expression) = part { expression } else { nil }
    }
    return [when] + [exempt, score].compactMap { $0 } + holes
  }
}

extension Value {
  /// What a payload stands for.
  init(_ payload: UInt64, _ state: ValueState, _ type: ValueType, _ text: [UInt8]) {
    let bits = Int64(bitPattern: payload)
    switch (state, type) {
    case (.missing, _), (.cleared, _): self = .missing
    case (.error, _): self = .error(EvaluationFault(rawValue: payload) ?? .conversion)
    case (.present, .decimal(let scale, _)): self = .decimal(Decimal(units: bits, scale: scale))
    case (.present, .duration): self = .duration(bits)
    case (.present, .bool): self = .bool(bits != 0)
    case (.present, .uint): self = .uint(payload)
    case (.present, .double): self = .double(Double(bitPattern: payload))
    case (.present, .timestamp): self = .timestamp(Timestamp(microseconds: bits))
    case (.present, .enumeration): self = .enumeration(Int(bits))
    case (.present, let type) where type.isText:
      let place = TextReference(bits: payload)
      self = .string(
        String(decoding: text[place.offset..<place.offset + place.length], as: UTF8.self))
    case (.present, _): self = .int(bits)
    }
  }
}
