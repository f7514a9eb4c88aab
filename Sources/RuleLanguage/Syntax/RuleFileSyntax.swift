public import Expressions

/// One file as written: module line, imports, blocks.
public struct RuleFileSyntax: Sendable {
  /// Position of the file in the source map.
  public var file: Int
  /// `module NAME version "…"`
  public var module: ModuleSyntax?
  /// `import "…"` lines.
  public var imports: [ImportSyntax]
  /// Blocks in source order.
  public var blocks: [BlockSyntax]
  /// Names of blocks that could not be read: they exist, whatever they are.
  public var brokenNames: Set<String>
  /// The file without comments and tests, in one spelling: what the package hash covers.
  public var canonicalText: String
}

/// `module NAME version "1.4.0"`
public struct ModuleSyntax: Sendable {
  /// The dotted name.
  public var name: NameSyntax
  /// The version, empty when not stated.
  public var version: String
}

/// `import "file.rules" as x`
public struct ImportSyntax: Sendable {
  /// The path, relative to the importing file.
  public var path: String
  /// The place of the path.
  public var span: SourceSpan
  /// The name after `as`.
  public var alias: NameSyntax?
}

/// A block of a file. Blocks are large and handed around, so each lies apart.
public indirect enum BlockSyntax: Sendable {
  case enumeration(EnumerationSyntax)
  case entity(EntitySyntax)
  case identifier(IdentifierSyntax)
  case event(EventSyntax)
  case list(ListSyntax)
  case param(ParamSyntax)
  case link(LinkSyntax)
  case signal(SignalSyntax)
  case derived(LetSyntax)
  case reason(ReasonSyntax)
  case rule(RuleSyntax)
  case policy(PolicySyntax)
  case test(TestSyntax)
}

extension BlockSyntax {
  var isPolicy: Bool { if case .policy = self { true } else { false } }

  /// The declared name; a test's sentence.
  var name: String {
    switch self {
    case .enumeration(let block): block.name.text
    case .entity(let block): block.name.text
    case .identifier(let block): block.name.text
    case .event(let block): block.name.text
    case .list(let block): block.name.text
    case .param(let block): block.name.text
    case .link(let block): block.name.text
    case .signal(let block): block.name.text
    case .derived(let block): block.name.text
    case .reason(let block): block.name.text
    case .rule(let block): block.name.text
    case .policy(let block): block.name.text
    case .test(let block): block.title
    }
  }
}

/// `string`, `device?`, `decimal(2)`, `list(string)`
public struct TypeSyntax: Sendable {
  /// The word.
  public var name: NameSyntax
  /// Types in parentheses.
  public var arguments: [TypeSyntax]
  /// The whole number in parentheses.
  public var scale: Int?
  /// Whether `?` follows.
  public var isOptional: Bool
}

/// `title en "…" es "…"`, and the like.
public struct LocalizedSyntax: Sendable {
  /// English, with its place.
  public var english: (text: String, span: SourceSpan)?
  /// Spanish, with its place.
  public var spanish: (text: String, span: SourceSpan)?

  /// The texts alone, one standing in for the other where it is left out.
  var phrase: Phrase? {
    guard let some = english ?? spanish else { return nil }
    return Phrase(english?.text ?? some.text, es: spanish?.text ?? some.text)
  }
}

/// `enum NAME { a, b }`
public struct EnumerationSyntax: Sendable {
  /// The declared name.
  public var name: NameSyntax
  /// The cases in order.
  public var cases: [NameSyntax]
}

/// A field of an entity or event.
public struct FieldSyntax: Sendable {
  /// The declared name.
  public var name: NameSyntax
  /// The type.
  public var type: TypeSyntax
  /// `key`, `id`, `time`, `pii` with their places.
  public var marks: [NameSyntax]
  /// `unit "MXN"`
  public var unit: (text: String, span: SourceSpan)?
  /// `of referee`, `of [a, b]`
  public var owners: [NameSyntax]
  /// `= value`, what tests use when they leave the field out.
  public var defaultValue: ExpressionSyntax?
}

/// `entity account { … }`
public struct EntitySyntax: Sendable {
  /// The declared name.
  public var name: NameSyntax
  /// The fields in order.
  public var fields: [FieldSyntax]
}

/// `identifier device: string links account …`
public struct IdentifierSyntax: Sendable {
  /// The declared name.
  public var name: NameSyntax
  /// The type.
  public var type: TypeSyntax
  /// The clause or part `links`.
  public var links: NameSyntax?
  /// The clause or part `normalizer`.
  public var normalizer: NameSyntax?
  /// The clause or part `max degree`.
  public var maxDegree: Int?
  /// The clause or part `retention microseconds`.
  public var retentionMicroseconds: Int64?
}

/// `event referral retention 400d late 1h { … }`
public struct EventSyntax: Sendable {
  /// The declared name.
  public var name: NameSyntax
  /// How long it is kept.
  public var retention: DurationSyntax?
  /// How late an event may be.
  public var late: DurationSyntax?
  /// The fields in order.
  public var fields: [FieldSyntax]
}

/// A duration with its place.
public struct DurationSyntax: Sendable {
  /// The clause or part `microseconds`.
  public var microseconds: Int64
  /// The place.
  public var span: SourceSpan
}

/// `list x: string = ["a"]`
public struct ListSyntax: Sendable {
  /// The declared name.
  public var name: NameSyntax
  /// The type.
  public var type: TypeSyntax
  /// `= [ … ]`; nil for a list from a file.
  public var values: ExpressionSyntax?
  /// `{ source … }`
  public var file: ListFileSyntax?
}

/// `{ source "lists/vip.csv" column "account_id" refresh 15m entries_expire_after 180d … }`
public struct ListFileSyntax: Sendable {
  /// The path, relative to the rule file.
  public var source: (text: String, span: SourceSpan)?
  /// The column of the members.
  public var column: (text: String, span: SourceSpan)?
  /// How often it is looked at while serving.
  public var refresh: DurationSyntax?
  /// How long after `added_at` a member expires.
  public var expiry: DurationSyntax?
  /// Who keeps it.
  public var owner: String?
  /// What people read.
  public var title: LocalizedSyntax?
  /// Whether a clause could not be read.
  public var hasMistake = false

  init() {}
}

/// `param hourly_limit: int = 5 min 2 max 50`
public struct ParamSyntax: Sendable {
  /// The declared name.
  public var name: NameSyntax
  /// The type.
  public var type: TypeSyntax
  /// The clause or part `unit`.
  public var unit: (text: String, span: SourceSpan)?
  /// The value.
  public var value: ExpressionSyntax
  /// The clause or part `least`.
  public var least: ExpressionSyntax?
  /// The clause or part `greatest`.
  public var greatest: ExpressionSyntax?
  /// The title.
  public var title: LocalizedSyntax?
}

/// `link referred = account -> account over 365d from referral`
public struct LinkSyntax: Sendable {
  /// The declared name.
  public var name: NameSyntax
  /// The clause or part `from`.
  public var from: NameSyntax
  /// The clause or part `to`.
  public var to: NameSyntax
  /// The clause or part `is directed`.
  public var isDirected: Bool
  /// Identifiers in `via [ … ]`.
  public var via: [NameSyntax]
  /// Nil for `over lifetime`.
  public var window: DurationSyntax?
  /// The event it is about.
  public var event: NameSyntax?
  /// Fields in `(x -> y)` after the event.
  public var fields: (from: NameSyntax, to: NameSyntax)?
}

/// An argument of an aggregate: `reward`, `of: referrer`.
public struct AggregateArgument: Sendable {
  /// The clause or part `label`.
  public var label: NameSyntax?
  /// The value.
  public var value: ExpressionSyntax
}

/// `signal NAME = agg(expr) from EVENT where … by KEY over WINDOW`
public struct SignalSyntax: Sendable {
  /// The declared name.
  public var name: NameSyntax
  /// The clause or part `aggregate`.
  public var aggregate: NameSyntax
  /// The clause or part `arguments`.
  public var arguments: [AggregateArgument]
  /// The aggregate with its arguments.
  public var aggregateSpan: SourceSpan
  /// The event it is about.
  public var event: NameSyntax?
  /// The clause or part `filter`.
  public var filter: ExpressionSyntax?
  /// The clause or part `keys`.
  public var keys: [ExpressionSyntax]
  /// The window.
  public var window: DurationSyntax?
  /// A window that is not a length of time.
  public var span: SpanSyntax?
  /// `ending D ago`
  public var lag: DurationSyntax?
  /// `otherwise VALUE`
  public var otherwise: ExpressionSyntax?
  /// What `sequence(…)` takes.
  public var sequence: SequenceSyntax?
  /// The clause or part `excludes current`.
  public var excludesCurrent: Bool
  /// The title.
  public var title: LocalizedSyntax?
}

/// A window that is not a length of time.
public enum SpanSyntax: Sendable {
  /// `over last N`
  case last(ExpressionSyntax)
  /// `over calendar UNIT in "ZONE"`
  case calendar(NameSyntax, zone: (text: String, span: SourceSpan)?)
  /// `over lifetime`
  case lifetime(SourceSpan)

  /// The place.
  public var span: SourceSpan {
    switch self {
    case .last(let count): count.span
    case .calendar(let unit, _): unit.span
    case .lifetime(let span): span
    }
  }
}

/// `EVENT where CONDITION then EVENT where CONDITION within D`
public struct SequenceSyntax: Sendable {
  /// The event that comes first.
  public var first: NameSyntax
  /// Its condition.
  public var firstFilter: ExpressionSyntax?
  /// The event that follows and is counted.
  public var second: NameSyntax
  /// Its condition.
  public var secondFilter: ExpressionSyntax?
  /// The most that may lie between the two.
  public var within: DurationSyntax
}

/// `let NAME = expr`
public struct LetSyntax: Sendable {
  /// The declared name.
  public var name: NameSyntax
  /// The value.
  public var value: ExpressionSyntax
}

/// `reason CODE { … }`
public struct ReasonSyntax: Sendable {
  /// The declared name.
  public var name: NameSyntax
  /// The clause or part `severity`.
  public var severity: NameSyntax?
  /// The clause or part `analyst`.
  public var analyst: LocalizedSyntax?
  /// The clause or part `customer`.
  public var customer: LocalizedSyntax?
  /// Whether a clause could not be read, so that nothing may be said of clauses that seem missing.
  public var hasMistake = false
}

/// What a band or `force` decides: an outcome with its duration and queue.
public struct OutcomeSyntax: Sendable {
  /// The declared name.
  public var name: NameSyntax
  /// The clause or part `hold`.
  public var hold: DurationSyntax?
  /// The clause or part `queue`.
  public var queue: String?
}

/// A rule's status.
public enum StatusSyntax: Sendable {
  case live
  case shadow
  case off
  case canary(Int)
}

/// `rule NAME version 3 { … }`
public struct RuleSyntax: Sendable {
  /// The declared name.
  public var name: NameSyntax
  /// The clause or part `version`.
  public var version: Int
  /// The place.
  public var span: SourceSpan
  /// The title.
  public var title: LocalizedSyntax?
  /// The event it is about.
  public var event: NameSyntax?
  /// The clause or part `when`.
  public var when: ExpressionSyntax?
  /// The clause or part `exempt`.
  public var exempt: ExpressionSyntax?
  /// The clause or part `score`.
  public var score: ExpressionSyntax?
  /// The clause or part `force`.
  public var force: OutcomeSyntax?
  /// The clause or part `reason`.
  public var reason: NameSyntax?
  /// The clause or part `status`.
  public var status: StatusSyntax?
  /// The clause or part `owner`.
  public var owner: String?
  /// The clause or part `tags`.
  public var tags: [String]
  /// The clause or part `active from`.
  public var activeFrom: (text: String, span: SourceSpan)?
  /// The clause or part `active until`.
  public var activeUntil: (text: String, span: SourceSpan)?
  /// The clause or part `missing`.
  public var missing: NameSyntax?
  /// The clause or part `formerly`.
  public var formerly: NameSyntax?
  /// Whether a clause could not be read, so that nothing may be said of clauses that seem missing.
  public var hasMistake = false
}

/// `decide hold at 50 for 72h queue "…"`
public struct BandSyntax: Sendable {
  /// The clause or part `outcome`.
  public var outcome: OutcomeSyntax
  /// The clause or part `threshold`.
  public var threshold: Int
  /// The place.
  public var span: SourceSpan
}

/// `policy NAME { … }`
public struct PolicySyntax: Sendable {
  /// The declared name.
  public var name: NameSyntax
  /// The place.
  public var span: SourceSpan
  /// The event it is about.
  public var event: NameSyntax?
  /// The clause or part `combine`.
  public var combine: NameSyntax?
  /// The clause or part `cap`.
  public var cap: Int?
  /// The clause or part `exempt`.
  public var exempt: ExpressionSyntax?
  /// The clause or part `bands`.
  public var bands: [BandSyntax]
  /// The clause or part `otherwise`.
  public var otherwise: OutcomeSyntax?
  /// The clause or part `on error`.
  public var onError: OutcomeSyntax?
  /// The clause or part `if unavailable`.
  public var ifUnavailable: OutcomeSyntax?
  /// The clause or part `outcomes`.
  public var outcomes: [NameSyntax]
  /// The clause or part `owner`.
  public var owner: String?
  /// Whether a clause could not be read, so that nothing may be said of clauses that seem missing.
  public var hasMistake = false
}

/// `referral{ referral_id: "r1", … }` in a test.
public struct RecordSyntax: Sendable {
  /// The type.
  public var type: NameSyntax
  /// The fields in order.
  public var fields: [(name: NameSyntax, value: ExpressionSyntax)]
}

/// A step of a test.
public indirect enum TestStepSyntax: Sendable {
  case starting(text: String, span: SourceSpan)
  case given(RecordSyntax)
  case with(NameSyntax, ExpressionSyntax)
  case at(DurationSyntax, RecordSyntax)
  case repeated(Int, variable: NameSyntax, every: DurationSyntax, RecordSyntax)
  case expect(ExpectationSyntax, span: SourceSpan)
}

/// What a test expects of the last event.
public enum ExpectationSyntax: Sendable {
  case signal(NameSyntax, BinaryOperator, ExpressionSyntax)
  case signalMissing(NameSyntax, isMissing: Bool)
  case rule(NameSyntax, outcome: String)
  case score(BinaryOperator, ExpressionSyntax)
  case decision(NameSyntax)
  case reasons([NameSyntax])
}

/// `test "sentence" { … }`
public struct TestSyntax: Sendable {
  /// The title.
  public var title: String
  /// The clause or part `title span`.
  public var titleSpan: SourceSpan
  /// The clause or part `steps`.
  public var steps: [TestStepSyntax]
  /// Whether a clause could not be read, so that nothing may be said of clauses that seem missing.
  public var hasMistake = false
}
