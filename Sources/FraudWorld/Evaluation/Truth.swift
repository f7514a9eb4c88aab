internal import Model
public import Wire

/// What is known afterwards: of accounts, whether they were honest; of decisions, whether what was
/// asked for was due.
public struct Truth: Sendable {
  /// The truth of one decision.
  struct Case: Sendable {
    /// Position in `names` of the account whose reward it is.
    var account: Int
    var isHonest: Bool
    /// Positions in `names`.
    var story: Int
    var group: Int
    var cents: Int64
    /// Position of the decision whose amount this one can take back.
    var reclaims: Int?
  }

  private(set) var cases: [Case] = []
  /// Texts that stand for stories, groups and accounts.
  private(set) var names: [String] = []
  private var nameNumbers: [String: Int] = [:]
  private var caseNumbers: [CaseKey: Int] = [:]
  /// Accounts, by position in `names`: whether they are honest.
  private(set) var honestAccounts: [Int: Bool] = [:]
  private var waiting: [(position: Int, reclaims: CaseKey)] = []

  private struct CaseKey: Hashable, Sendable {
    var event: String
    var id: String
  }

  /// Creates an empty truth.
  public init() {}

  /// Decisions the truth speaks of.
  public var caseCount: Int { cases.count }

  /// The position of the truth about the decision on an event.
  func find(event: String, id: String) -> Int? { caseNumbers[CaseKey(event: event, id: id)] }

  private mutating func number(of name: String) -> Int {
    if let number = nameNumbers[name] { return number }
    names.append(name)
    nameNumbers[name] = names.count - 1
    return names.count - 1
  }

  // MARK: Reading

  /// Reads truth line by line, with the strictness of events.
  public struct Reader: ~Copyable {
    private var decoder: EventDecoder
    private var event = Event()
    private var truth = Truth()

    /// Creates a reader.
    public init() { decoder = EventDecoder(Truth.schema) }

    /// Takes a line.
    ///
    /// *Throws* when it is no line of truth; it is then left out.
    public mutating func read(_ line: Span<UInt8>) throws(WireError) {
      try decoder.decode(line, into: &event)
      if event.type == 0 {
        truth.addAccount(event)
      } else {
        truth.addCase(event)
      }
    }

    /// Everything read.
    public consuming func finish() -> Truth {
      truth.resolve()
      return truth
    }
  }

  private mutating func addAccount(_ event: borrowing Event) {
    honestAccounts[number(of: event.idText)] = Truth.flag(event, AccountSlot.honest)
  }

  private mutating func addCase(_ event: borrowing Event) {
    let key = CaseKey(event: Truth.text(event, CaseSlot.of) ?? "", id: event.idText)
    let amount = Int64(bitPattern: event.payloads[CaseSlot.amount])
    let new = Case(
      account: number(of: Truth.text(event, CaseSlot.account) ?? ""),
      isHonest: Truth.flag(event, CaseSlot.honest),
      story: number(of: Truth.text(event, CaseSlot.story) ?? ""),
      group: number(of: Truth.text(event, CaseSlot.group) ?? event.idText), cents: amount)
    caseNumbers[key] = cases.count
    if let reclaims = Truth.text(event, CaseSlot.reclaims) {
      waiting.append((cases.count, CaseKey(event: Truth.requestEvent, id: reclaims)))
    }
    cases.append(new)
  }

  private mutating func resolve() {
    for (position, key) in waiting { cases[position].reclaims = caseNumbers[key] }
    waiting = []
  }

  private static func text(_ event: borrowing Event, _ slot: Int) -> String? {
    guard event.states[slot] == ValueState.present.rawValue else { return nil }
    let reference = TextReference(bits: event.payloads[slot])
    return String(
      decoding: event.text[reference.offset..<reference.offset + reference.length], as: UTF8.self)
  }

  private static func flag(_ event: borrowing Event, _ slot: Int) -> Bool {
    event.payloads[slot] != 0
  }

  // MARK: The lines

  /// The event whose amounts can be taken back.
  private static let requestEvent = "reward_requested"

  private enum AccountSlot {
    static let honest = 2
  }

  private enum CaseSlot {
    static let of = 2
    static let account = 3
    static let honest = 4
    static let story = 5
    static let group = 6
    static let amount = 7
    static let reclaims = 8
  }

  private static let schema = Schema(events: [
    EventType(
      name: "account_truth",
      fields: [
        Field(name: "account", type: .string, slot: 0),
        Field(name: "at", type: .timestamp, slot: 1),
        Field(name: "honest", type: .bool, slot: AccountSlot.honest),
        Field(name: "story", type: .string, slot: 3),
        Field(name: "group", type: .string, isOptional: true, slot: 4),
      ], idField: 0, timeField: 1, retentionMicroseconds: nil, lateMicroseconds: 0, slotCount: 5),
    EventType(
      name: "decision_truth",
      fields: [
        Field(name: "id", type: .string, slot: 0), Field(name: "at", type: .timestamp, slot: 1),
        Field(name: "of", type: .string, slot: CaseSlot.of),
        Field(name: "account", type: .string, slot: CaseSlot.account),
        Field(name: "honest", type: .bool, slot: CaseSlot.honest),
        Field(name: "story", type: .string, slot: CaseSlot.story),
        Field(name: "group", type: .string, isOptional: true, slot: CaseSlot.group),
        Field(
          name: "amount", type: .decimal(scale: 2, unit: "MXN"), slot: CaseSlot.amount),
        Field(name: "reclaims", type: .string, isOptional: true, slot: CaseSlot.reclaims),
      ], idField: 0, timeField: 1, retentionMicroseconds: nil, lateMicroseconds: 0, slotCount: 9),
  ])
}
