public import Model
public import Values

/// Constants shared by all code of a package.
public struct Constants: Sendable {
  /// UTF-8 that `.constant` text references point into.
  public var text: [UInt8]
  /// Sets of ints (also enumeration cases, decimals of one scale, timestamps), sorted, for
  /// `inIntSet`.
  public var intSets: [[Int64]]
  /// Sets of text, sorted by bytes, for `inTextSet`.
  public var textSets: [[[UInt8]]]
  /// Patterns in RE2 syntax, for `matches`; each is compiled once when the engine is made.
  public var patterns: [String]
  /// Zones, for `zoneOffset`.
  public var zones: [TimeZoneTable]

  /// Creates constants.
  public init(
    text: [UInt8] = [], intSets: [[Int64]] = [], textSets: [[[UInt8]]] = [],
    patterns: [String] = [], zones: [TimeZoneTable] = []
  ) {
    self.text = text
    self.intSets = intSets
    self.textSets = textSets
    self.patterns = patterns
    self.zones = zones
  }
}

/// A constant that is put in a register once, when the engine is made.
public struct ConstantLoad: Hashable, Sendable {
  /// Where it goes.
  public var register: Register
  /// Its payload; text refers to `Constants.text`.
  public var payload: UInt64
  /// Present, or missing / error for a folded expression that has no value.
  public var state: ValueState

  /// Creates a load.
  public init(register: Register, payload: UInt64, state: ValueState) {
    self.register = register
    self.payload = payload
    self.state = state
  }
}
