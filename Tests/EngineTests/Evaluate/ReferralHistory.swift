import Model

@testable import Engine

/// An event of `ReferralPackage` as a person would note it down, and how it is decoded.
struct Note: Sendable {
  enum Kyc: Sendable {
    case unsaid, cleared
    case value(Int64)
  }

  var isLogin = false
  var time: Int64
  var referrer: String?
  var referee: String?
  var device: String?
  var reward: Int64 = 0
  var channel: UInt64?
  var note: String?
  var kyc = Kyc.unsaid
  var city: String?

  func fill(_ event: inout Event, sequence: UInt64) {
    typealias Slot = ReferralPackage.Slot
    event.reset(
      type: isLogin ? 1 : 0,
      slotCount: isLogin ? ReferralPackage.LoginSlot.count : Slot.count)
    event.sequence = sequence
    event.time = Timestamp(microseconds: time)
    event.set(Slot.id, utf8: "e\(sequence)".utf8)
    event.id = TextReference(bits: event.payloads[Slot.id])
    event.set(Slot.at, payload: UInt64(bitPattern: time))
    if let referrer { event.set(Slot.referrer, utf8: referrer.utf8) }
    switch kyc {
    case .unsaid: break
    case .cleared: event.clear(Slot.referrer + 1)
    case .value(let value): event.set(Slot.referrer + 1, payload: UInt64(bitPattern: value))
    }
    if let city { event.set(Slot.referrer + 2, utf8: city.utf8) }
    if isLogin {
      if let device { event.set(ReferralPackage.LoginSlot.device, utf8: device.utf8) }
      return
    }
    if let device { event.set(Slot.device, utf8: device.utf8) }
    if let referee { event.set(Slot.referee, utf8: referee.utf8) }
    event.set(Slot.reward, payload: UInt64(bitPattern: reward))
    if let channel { event.set(Slot.channel, payload: channel) }
    if let note { event.set(Slot.note, utf8: note.utf8) }
  }
}

/// What the signals of `ReferralPackage` are, from the whole history and the words of the contract.
struct ReferralHistory {
  private var notes: [Note] = []
  /// For each note, whether its filter was true when it arrived.
  private var isFiltered: [Bool] = []
  /// For each note, the referrer's city when it arrived.
  private var cities: [String?] = []
  private var clock = Int64.min

  mutating func append(_ note: Note) {
    notes.append(note)
    clock = max(clock, note.time)
    let kyc = kyc(of: note.referrer)
    isFiltered.append(!note.isLogin && kyc.map { $0 != 0 && 100 / $0 > 10 } ?? false)
    cities.append(note.referrer == nil ? nil : city(of: note.referrer))
  }

  /// The latest word by (time, arrival) on an account's city.
  private func city(of account: String?) -> String? {
    var latest: (time: Int64, value: String)?
    for note in notes where note.referrer == account {
      if let city = note.city, note.time >= latest?.time ?? Int64.min {
        latest = (note.time, city)
      }
    }
    return latest?.value
  }

  /// The latest word by (time, arrival) on an account's kyc.
  private func kyc(of account: String?) -> Int64? {
    guard let account else { return nil }
    var latest: (time: Int64, value: Int64?)?
    for note in notes where note.referrer == account {
      guard note.time >= latest?.time ?? Int64.min else { continue }
      switch note.kyc {
      case .unsaid: break
      case .cleared: latest = (note.time, nil)
      case .value(let value): latest = (note.time, value)
      }
    }
    return latest?.value
  }

  static func device(_ note: Note) -> String? {
    let trimmed = note.device?.trimmingSpaces ?? ""
    return trimmed.isEmpty ? nil : trimmed
  }

  /// Positions of the notes in the window that ends at the last note.
  private func window(
    _ length: Int64, withLast: Bool = true, where isWanted: (Int, Note) -> Bool
  ) -> [Int] {
    guard let last = notes.last else { return [] }
    return notes.indices.filter { index in
      let note = notes[index]
      return note.time <= last.time && note.time > last.time - length
        && note.time > clock - length - ReferralPackage.late
        && (withLast || index != notes.count - 1) && isWanted(index, note)
    }
  }

  /// The value of a signal on the last note, a referral; nil when it is missing.
  func value(_ signal: ReferralPackage.Signal) -> Int64? {
    guard let last = notes.last else { return nil }
    let (hour, day) = (ReferralPackage.hour, ReferralPackage.day)
    func referrals(_ length: Int64, of account: String?, withLast: Bool = true) -> [Int]? {
      guard let account else { return nil }
      return window(length, withLast: withLast) { !$1.isLogin && $1.referrer == account }
    }
    func sum(_ positions: [Int]?) -> Int64? {
      positions.map { $0.reduce(0) { $0 + notes[$1].reward } }
    }
    func count(_ positions: [Int]?) -> Int64? { positions.map { Int64($0.count) } }
    switch signal {
    case .count1h: return count(referrals(hour, of: last.referrer))
    case .sum1d: return sum(referrals(day, of: last.referrer))
    case .distinctDevices1d:
      return referrals(day, of: last.referrer).map { positions in
        Int64(Set(positions.compactMap { Self.device(notes[$0]) }).count)
      }
    case .sumBefore1h: return sum(referrals(hour, of: last.referrer, withLast: false))
    case .filteredCount1d:
      return count(referrals(day, of: last.referrer)?.filter { isFiltered[$0] })
    case .filteredSum1h:
      return sum(referrals(hour, of: last.referrer)?.filter { isFiltered[$0] })
    case .accountsOnDevice1d:
      guard let device = Self.device(last) else { return nil }
      let logins = window(day) { $1.isLogin && Self.device($1) == device }
      return Int64(Set(logins.compactMap { notes[$0].referrer }).count)
    case .byChannel1d:
      guard last.channel != nil else { return nil }
      return count(
        referrals(day, of: last.referrer)?.filter { notes[$0].channel == last.channel })
    case .byNote1d:
      guard last.note != nil else { return nil }
      return count(window(day, withLast: false) { !$1.isLogin && $1.note == last.note })
    case .countOfReferee1h:
      let isOwn = last.referee == last.referrer
      return count(referrals(hour, of: last.referee, withLast: !isOwn))
    case .countOfAnyone1h:
      let isOwn = last.referrer != nil
      return count(referrals(hour, of: last.referrer ?? last.referee, withLast: !isOwn))
    case .anyoneIsReferee1d:
      guard let referee = last.referee else { return nil }
      return count(window(day) { !$1.isLogin && ($1.referrer ?? $1.referee) == referee })
    case .byCity1d:
      guard let city = cities.last ?? nil else { return nil }
      return count(window(day) { !$1.isLogin && cities[$0] == city })
    case .component: return last.referee.map { Int64(component(of: $0).count) }
    case .cycle: return last.referrer.map { Int64(cycle(through: $0)) }
    }
  }

  /// Accounts reached over devices two accounts were seen with.
  private func component(of account: String) -> Set<String> {
    var reached: Set = [account]
    var isGrowing = true
    let uses = notes.compactMap { note -> (String, String)? in
      let owner = note.isLogin ? note.referrer : note.referee
      guard let owner, let device = Self.device(note) else { return nil }
      return (owner, device)
    }
    while isGrowing {
      let devices = Set(uses.filter { reached.contains($0.0) }.map(\.1))
      let next = reached.union(uses.filter { devices.contains($0.1) }.map(\.0))
      isGrowing = next.count > reached.count
      reached = next
    }
    return reached
  }

  /// Edges of the shortest cycle through the last edge, or through the account when there is none.
  private func cycle(through account: String) -> Int {
    var next: [String: Set<String>] = [:]
    for note in notes where !note.isLogin {
      if let from = note.referrer, let to = note.referee { next[from, default: []].insert(to) }
    }
    guard let last = notes.last else { return 0 }
    let starts = last.referee.map { [$0] } ?? Array(next[account] ?? [])
    var (reached, edge) = (Set(starts), Set(starts))
    for length in 1...6 {
      if edge.contains(account) { return length }
      edge = Set(edge.flatMap { next[$0] ?? [] }).subtracting(reached)
      reached.formUnion(edge)
    }
    return 0
  }
}

extension String {
  /// Without spaces at either end; the only white space the streams of the tests have.
  var trimmingSpaces: String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
