public import Expressions

/// Codes of findings in blocks and packages.
extension DiagnosticCode {
  /// A clause the block does not have.
  public static let unknownClause = DiagnosticCode(rawValue: "E0109")
  /// A clause that stands twice.
  public static let repeatedClause = DiagnosticCode(rawValue: "E0110")
  /// A clause the block cannot do without.
  public static let missingClause = DiagnosticCode(rawValue: "E0111")
  /// A file that cannot be read, is too large or is not UTF-8.
  public static let unreadableFile = DiagnosticCode(rawValue: "E0112")
  /// The same name twice.
  public static let duplicateName = DiagnosticCode(rawValue: "E0202")
  /// An import of a file that does not exist.
  public static let importNotFound = DiagnosticCode(rawValue: "E0203")
  /// Files that import each other.
  public static let importCycle = DiagnosticCode(rawValue: "E0204")
  /// A declaration that is not there: event, entity, reason, rule, policy.
  public static let unknownDeclaration = DiagnosticCode(rawValue: "E0205")
  /// Two policies on one event.
  public static let secondPolicy = DiagnosticCode(rawValue: "E0206")
  /// An identifier whose owner is not clear.
  public static let ambiguousOwner = DiagnosticCode(rawValue: "E0207")
  /// An event or entity without exactly one id, time or key.
  public static let keyCount = DiagnosticCode(rawValue: "E0208")
  /// A score that is not a whole number from 0 to 100.
  public static let scoreRange = DiagnosticCode(rawValue: "E0305")
  /// A hole in a reason text that cannot be filled.
  public static let templateHole = DiagnosticCode(rawValue: "E0306")
  /// A param whose value is outside its bounds.
  public static let paramBounds = DiagnosticCode(rawValue: "E0307")
  /// A band no score reaches.
  public static let unreachableBand = DiagnosticCode(rawValue: "E0311")
  /// A window longer than the event is kept.
  public static let windowBeyondRetention = DiagnosticCode(rawValue: "E0401")
  /// A key that is not on the scored event.
  public static let keyNotOnEvent = DiagnosticCode(rawValue: "E0402")
  /// A window of zero length or above ten years.
  public static let windowRange = DiagnosticCode(rawValue: "E0403")
  /// A filter, value or key of a signal that depends on a signal.
  public static let signalOverSignal = DiagnosticCode(rawValue: "E0404")
  /// A signal whose link cannot answer it.
  public static let linkUnfit = DiagnosticCode(rawValue: "E0405")
  /// A let that needs itself.
  public static let selfDependent = DiagnosticCode(rawValue: "E0406")
  /// More rules than a package may have.
  public static let tooManyRules = DiagnosticCode(rawValue: "E0114")
  /// A part of a condition that is always true.
  public static let alwaysTrue = DiagnosticCode(rawValue: "W0501")
  /// A part of a condition that is never true.
  public static let alwaysFalse = DiagnosticCode(rawValue: "W0502")
  /// Parts of a condition that are never true together.
  public static let contradiction = DiagnosticCode(rawValue: "W0503")
  /// A part of a condition that adds nothing.
  public static let redundantTerm = DiagnosticCode(rawValue: "W0504")
  /// The same condition twice, in one rule or in two.
  public static let sameCondition = DiagnosticCode(rawValue: "W0505")
  /// A rule that fires only where another decides already.
  public static let subsumedRule = DiagnosticCode(rawValue: "W0506")
  /// A rule whose score reaches no band.
  public static let neverDecides = DiagnosticCode(rawValue: "W0507")
  /// A negation of what may be missing.
  public static let negatedMissing = DiagnosticCode(rawValue: "W0508")
  /// A part that always fails.
  public static let constantError = DiagnosticCode(rawValue: "W0509")
  /// `and` and `or` without brackets.
  public static let mixedConnectives = DiagnosticCode(rawValue: "W0510")
  /// One threshold written out in several rules.
  public static let repeatedLiteral = DiagnosticCode(rawValue: "W0511")
  /// A pattern that starts with `.*`.
  public static let leadingWildcard = DiagnosticCode(rawValue: "W0603")
  /// A pattern that is plain text.
  public static let plainPattern = DiagnosticCode(rawValue: "W0604")
  /// A calendar window without a unit or zone that exists.
  public static let calendarWindow = DiagnosticCode(rawValue: "E0407")
  /// An aggregate or a clause its window cannot have.
  public static let windowUnfit = DiagnosticCode(rawValue: "E0408")
  /// A list whose file is none of its kind.
  public static let listFileUnfit = DiagnosticCode(rawValue: "E0409")
  /// A list whose file is not there.
  public static let listFileMissing = DiagnosticCode(rawValue: "W0410")
  /// State that costs more than `check --budget` allows.
  public static let stateBeyondBudget = DiagnosticCode(rawValue: "E0411")
  /// A written identifier of which normalising leaves nothing.
  public static let neverNormalized = DiagnosticCode(rawValue: "W0605")
  /// Rules on an event no policy governs.
  public static let noPolicy = DiagnosticCode(rawValue: "W0701")
  /// A live rule no test speaks of.
  public static let untestedRule = DiagnosticCode(rawValue: "W0702")
  /// A declaration nothing uses.
  public static let unusedDeclaration = DiagnosticCode(rawValue: "W0703")
  /// A live rule no test shows firing.
  public static let unseenRule = DiagnosticCode(rawValue: "W0704")
  /// A rule in shadow for more than 30 days.
  public static let longShadow = DiagnosticCode(rawValue: "W0705")
  /// A rule whose `active until` is past.
  public static let expiredRule = DiagnosticCode(rawValue: "W0706")
  /// An entry that stands in a list twice.
  public static let duplicateEntry = DiagnosticCode(rawValue: "W0707")
  /// A text for customers that tells the threshold.
  public static let revealsThreshold = DiagnosticCode(rawValue: "W0709")
  /// Texts in English and Spanish with different holes.
  public static let differentHoles = DiagnosticCode(rawValue: "W0710")
}
