/// Every limit of the product in one place, each with its reason.
///
/// Passing a limit gives a typed error or a marked, bounded answer; never a stall or a silent skip.
public enum Limits {
  /// A rule file is read by people; a megabyte is a generated file gone wrong.
  public static let ruleFileBytes = 1 << 20
  /// Recursive descent uses the call stack, so depth must be bounded before input decides it.
  public static let nesting = 64
  /// Parts of one expression; more is a list in disguise.
  public static let expressionParts = 2_000
  /// Levels of one expression, of which `a + b + c` has two: whoever walks it recurses once per
  /// level, and at about 10 KiB a level in debug builds this is a third of an 8 MiB stack.
  public static let expressionLevels = 250
  /// Bytes of one standard expression: a page of text, far above what people write.
  public static let standardExpressionBytes = 1 << 16
  /// Steps the interpreter of standard expressions takes: nested comprehensions multiply.
  public static let evaluationSteps = 1_000_000
  /// Elements a list is taken to have where an expression does not say how many: what an event may
  /// well bring, so that two comprehensions inside one another pass and four do not.
  public static let assumedElements = 100
  /// Bytes of a text that a function of rule files makes: far above any field, and so that
  /// replacing letters by texts cannot take the machine's memory.
  public static let computedTextBytes = 1 << 20
  /// Longer patterns are lists in disguise, and compile time grows with them.
  public static let regexBytes = 1 << 10
  /// Backtracking steps PCRE2 may take, about 0.05 ms; past it the condition is an error outcome.
  public static let regexMatchSteps: UInt32 = 20_000
  /// Bytes of the texts a pattern is tried on when it is checked: as long as the longest e-mail
  /// address, name or street that events bring.
  public static let regexTrialBytes = 256
  /// Memory one match may take, in KiB: enough for a thousand nested groups, far from hurting a
  /// process.
  public static let regexHeapKibibytes: UInt32 = 1_024
  /// Stack of the machine code of a pattern: what it would take of the caller's stack without one.
  public static let regexStackBytes = 32 << 10
  /// Ten years: a longer window is a mistake in the unit.
  public static let windowMicroseconds: Int64 = 10 * 366 * 86_400 * 1_000_000
  /// Entries of a window `last N`: kept for ever for each key, so that they must not be many.
  public static let lastEntries = 100_000
  /// Values one signal collects: what a person reads, and a test looks through in no time.
  public static let collectedValues = 100
  /// The file of a list: some millions of members, and a blob the ledger's database still takes.
  public static let listFileBytes = 256 << 20
  /// One event, as a body or a line. The largest real event seen is under 2 KiB.
  public static let eventBytes = 1 << 20
  /// Distinct values counted exactly in one window; above it the count is marked truncated.
  public static let distinctValues = 65_536
  /// Adjacency entries one traversal may examine by default; above it the answer is marked
  /// truncated.
  public static let traversalEdges = 2_000
  /// Rules of one package: far above what people write and read, and checked within two seconds.
  public static let rules = 10_000
  /// Rules that settle a decision with which each rule of its policy is compared, so that comparing
  /// stays linear.
  public static let comparedRules = 64
  /// Accounts an explanation of one signal names: more is a table, not an explanation.
  public static let evidenceAccounts = 24
  /// Adjacency entries examined to explain one signal: ten times a traversal, because it happens
  /// only when somebody asks.
  public static let evidenceEdges = 20_000
  /// Accounts of one answer about a neighbourhood: what a screen can show.
  public static let neighbourhoodAccounts = 500
  /// Adjacency entries examined to find rings among the latest decisions, some 20 ms of the engine.
  public static let ringEdges = 500_000
  /// Latest decisions among whose accounts a running service looks for rings.
  public static let ringDecisions = 10_000
  /// Registers are addressed by 16 bits, some of which are kept for constants.
  public static let registers = 65_000
  /// Bytes of a request's header block.
  public static let headerBytes = 64 << 10
  /// Microseconds an event may be dated ahead of the clock that receives it, so that no typing
  /// error in a year can evict every window at once.
  public static let clockSkewMicroseconds: Int64 = 5 * 60 * 1_000_000
  /// Values of one param that one sweep decides under: more is no curve that people read.
  public static let sweptValues = 200
  /// Batches of lines under way between who reads them and the engine: enough that neither waits
  /// for a hiccup of the other, few enough to stay in the processor's caches.
  public static let batchesAhead = 8
}
