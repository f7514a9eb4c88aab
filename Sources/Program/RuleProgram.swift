public import Model
public import Values

/// A compiled package: data an engine runs without any compiler.
public struct RuleProgram: Sendable {
  /// What events look like.
  public var schema: Schema
  /// Names for the positions in decisions.
  public var catalog: DecisionCatalog
  /// Constants of all code.
  public var constants: Constants
  /// Spaces of interned keys. Every entity and identifier of the schema has its own, first
  /// entities, then identifiers, in schema order.
  public var keySpaces: [KeySpace]
  /// Event lists with their windows.
  public var lists: [EventListPlan]
  /// Timelines, for windows no running total answers.
  public var timelines: [TimelinePlan]
  /// Sequences of two events.
  public var sequences: [SequencePlan]
  /// Zones that calendar windows go by.
  public var zones: [TimeZoneTable]
  /// Lists from files.
  public var listFiles: [ListFilePlan] = []
  /// Edge types.
  public var links: [LinkPlan]
  /// Labels that signals ask for.
  public var labels: [String] = []
  /// What each signal reads, as `DecisionCatalog.signals`.
  public var signals: [SignalSource]
  /// One program per event type, as `Schema.events`.
  public var events: [EventProgram]
  /// Params whose values are tried one after the other; none unless the compiler was asked to.
  public var freeParams: [FreeParam] = []

  /// Creates a program.
  public init(
    schema: Schema, catalog: DecisionCatalog, constants: Constants, keySpaces: [KeySpace],
    lists: [EventListPlan], timelines: [TimelinePlan] = [], sequences: [SequencePlan] = [],
    zones: [TimeZoneTable] = [], links: [LinkPlan], signals: [SignalSource], events: [EventProgram]
  ) {
    self.schema = schema
    self.catalog = catalog
    self.constants = constants
    self.keySpaces = keySpaces
    self.lists = lists
    self.timelines = timelines
    self.sequences = sequences
    self.zones = zones
    self.links = links
    self.signals = signals
    self.events = events
  }
}
