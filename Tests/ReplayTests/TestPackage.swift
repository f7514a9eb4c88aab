import Compiler
import Expressions
import Program
import RuleLanguage
import Testing

/// The package the tests of this folder speak of: windows, a graph, an event no policy governs, and one
/// whose ids are personal.
enum TestPackage {
  private static let text = """
    module test.package version "1.0.0"

    enum channel_kind { app, web }

    entity account {
      account_id: string key pii
      country:    string
    }

    identifier device: string links account normalize trim max_degree 5 retention 400d

    event referral retention 400d late 1h {
      referral_id: string id
      at:          timestamp time
      referrer:    account
      referee:     account
      device:      device? of referee
      channel:     channel_kind?
      reward:      decimal(2) unit "MXN"
    }

    event login retention 90d {
      login_id: string id
      at:       timestamp time
      who:      account
    }

    event claim retention 90d {
      curp:   string id pii
      at:     timestamp time
      who:    account
      amount: decimal(2) unit "MXN"
    }

    param device_limit: int = 3 min 1 max 10

    signal on_device = distinct(referee) from referral by device over 30d
    signal refs_1h   = count() from referral by referrer over 1h
    signal asked_24h = sum(reward) from referral by referrer over 24h
    signal claimed   = sum(amount) from claim by who over 24h

    link referred = account -> account over 365d from referral
    signal ring = cycle_length(referred, of: referrer, max_hops: 6)

    reason DEVICE_REUSE {
      analyst en "Device {device} brought {on_device} accounts" es "El dispositivo {device} trajo {on_device} cuentas"
      customer en "We will look at it." es "Lo revisaremos."
    }
    reason VELOCITY {
      analyst en "{refs_1h} in an hour, {asked_24h} MXN" es "{refs_1h} en una hora, {asked_24h} MXN"
      customer en "We will look at it." es "Lo revisaremos."
    }
    reason RING {
      analyst en "A ring of {ring}" es "Un anillo de {ring}"
      customer en "We will look at it." es "Lo revisaremos."
    }
    reason CLAIMS {
      analyst en "{claimed} MXN in a day" es "{claimed} MXN en un día"
      customer en "We will look at it." es "Lo revisaremos."
    }

    rule reuse version 1 {
      on referral
      when on_device > device_limit
      score 40
      reason DEVICE_REUSE
      status live
      owner "tests"
    }
    rule fast version 1 {
      on referral
      when refs_1h > 4
      score 35
      reason VELOCITY
      status live
      owner "tests"
    }
    rule closed_ring version 1 {
      on referral
      when ring >= 1
      score 45
      reason RING
      status live
      owner "tests"
    }
    rule greedy version 1 {
      on claim
      when claimed > 500
      score 60
      reason CLAIMS
      status live
      owner "tests"
    }

    policy reward_grant {
      on        referral
      combine   sum cap 100
      decide    block  at 80
      decide    hold   at 40 for 72h
      decide    review at 30 queue "people"
      otherwise grant
      if_unavailable hold for 24h
      owner "tests"
    }
    policy claims {
      on        claim
      combine   max
      decide    hold at 50 for 24h
      otherwise grant
      if_unavailable hold for 24h
      owner "tests"
    }
    """

  /// The package as it stands; made once, because most tests want it.
  private static let unchanged = try? compiled([])

  /// The compiled package, with pieces of its text replaced.
  static func program(_ edits: [(String, String)] = []) throws -> RuleProgram {
    if edits.isEmpty, let unchanged { return unchanged }
    return try compiled(edits)
  }

  private static func compiled(_ edits: [(String, String)]) throws -> RuleProgram {
    var text = text
    for (old, new) in edits {
      try #require(text.contains(old), "there is no \(old)")
      text = text.replacing(old, with: new)
    }
    let check = PackageChecker.check("test.rules", from: MemoryRuleFiles(["test.rules": text]))
    let findings = check.findings.map { "\($0.code.rawValue) \($0.title.english)" }
    return PackageCompiler.compile(try #require(check.rules, "\(findings)"))
  }
}
