import Compiler
import Expressions
import Model
import Program
import RuleLanguage

/// The package a run measures, and where the stream's values go in its events.
struct HotpathPackage: Sendable {
  let program: RuleProgram
  /// Position in `Schema.events` of referrals.
  let type: Int
  private let label: Int
  private let slotCount: Int
  private let id: Int
  private let time: Int
  private let referrer: Int
  private let referee: Int
  private let identifiers: [Int]
  /// The slot of the amount.
  let amount: Int

  private static let identifierNames = ["device", "ip", "card", "phone", "email", "address"]
  /// 2026-01-01T00:00:00Z, where the seconds of the stream begin.
  private static let start: Int64 = 1_767_225_600_000_000

  /// Checks and compiles the package at a path.
  init(path: String) throws(BenchmarkError) {
    let check = PackageChecker.check(path, from: DiskRuleFiles())
    if let (path, failure) = check.unreadable { throw .rules("\(path): \(failure)") }
    guard let rules = check.rules else {
      let renderer = DiagnosticRenderer(sources: check.sources)
      let errors = check.findings.filter { $0.code.severity == .error }
      throw .rules(errors.map { renderer.render($0) }.joined(separator: "\n"))
    }
    let program = PackageCompiler.compile(rules)
    guard let type = program.schema.events.firstIndex(where: { $0.name == "referral" }) else {
      throw .schema("no event is called referral")
    }
    let layout = program.schema.events[type]
    func slot(_ name: String) throws(BenchmarkError) -> Int {
      guard let field = layout.fields.first(where: { $0.name == name }) else {
        throw .schema("referral has no field \(name)")
      }
      return field.slot
    }
    guard let label = program.schema.events.firstIndex(where: { $0.name == "label" }) else {
      throw .schema("no event is called label")
    }
    self.program = program
    self.type = type
    self.label = label
    slotCount = layout.slotCount
    id = layout.fields[layout.idField].slot
    time = layout.fields[layout.timeField].slot
    referrer = try slot("referrer")
    referee = try slot("referee")
    var identifiers: [Int] = []
    for name in Self.identifierNames { identifiers.append(try slot(name)) }
    self.identifiers = identifiers
    amount = try slot("amount")
  }

  /// Writes an event of the stream as the package knows it, as decoding would.
  func write(_ source: HotpathEvent, to event: inout Event) {
    if source.isLabel {
      writeLabel(source, to: &event)
    } else {
      writeReferral(source, to: &event)
    }
  }

  private func writeReferral(_ source: HotpathEvent, to event: inout Event) {
    event.reset(type: type, slotCount: slotCount)
    event.sequence = UInt64(source.sequence) + 1
    let microseconds = Self.start + Int64(source.seconds) * 1_000_000
    event.time = Timestamp(microseconds: microseconds)
    event.set(time, payload: UInt64(bitPattern: microseconds))
    event.set(amount, payload: UInt64(source.amount))
    write(UInt64(source.sequence), to: id, of: &event)
    event.id = TextReference(bits: event.payloads[id])
    write(source.referrer, to: referrer, of: &event)
    write(source.referee, to: referee, of: &event)
    for kind in source.identifiers.indices where source.identifiers[kind] != 0 {
      write(source.identifiers[kind], to: identifiers[kind], of: &event)
    }
  }

  /// Writes an event that labels an account.
  private func writeLabel(_ source: HotpathEvent, to event: inout Event) {
    let layout = program.schema.events[label]
    event.reset(type: label, slotCount: layout.slotCount)
    event.sequence = UInt64(source.sequence) + 1
    let microseconds = Self.start + Int64(source.seconds) * 1_000_000
    event.time = Timestamp(microseconds: microseconds)
    for field in layout.fields {
      switch field.name {
      case "label_id":
        write(UInt64(source.sequence), to: field.slot, of: &event)
        event.id = TextReference(bits: event.payloads[field.slot])
      case "at": event.set(field.slot, payload: UInt64(bitPattern: microseconds))
      case "entity": event.set(field.slot, payload: 0)
      case "key": write(source.referee, to: field.slot, of: &event)
      case "label": event.set(field.slot, utf8: "confirmed_fraud".utf8)
      default: break
      }
    }
  }

  /// A key as 16 hexadecimal digits.
  private func write(_ key: UInt64, to slot: Int, of event: inout Event) {
    var digits = InlineArray<16, UInt8>(repeating: 0)
    for index in digits.indices {
      let digit = UInt8(truncatingIfNeeded: key >> UInt64(60 - 4 * index)) & 15
      digits[index] = digit < 10 ? 48 + digit : 87 + digit
    }
    event.set(slot, utf8: digits.span)
  }
}
