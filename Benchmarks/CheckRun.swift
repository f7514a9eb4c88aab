import Compiler
import Expressions
import Glibc
import RuleLanguage

/// How long an analyst waits: reading, checking and compiling a package of rules.
enum CheckRun {
  /// Rules of the generated package: the most one may have.
  static let generatedRules = 10_000
  private static let rounds = 5

  /// Measures the package at a path and a generated one.
  static func measure(_ path: String) throws(BenchmarkError) -> Figures {
    var figures = Figures()
    try add(path, from: DiskRuleFiles(), as: "package", to: &figures)
    let generated = MemoryRuleFiles(texts(rules: generatedRules))
    try add("generated", from: generated, as: "generated", to: &figures)
    figures.notes = [
      "processor time, the least of \(rounds) rounds; aims: package at most 50 ms, generated 2000 ms"
    ]
    return figures
  }

  private static func add(
    _ path: String, from store: any RuleFileStore, as group: String, to figures: inout Figures
  ) throws(BenchmarkError) {
    var check = PackageChecker.check(path, from: store)
    guard let rules = check.rules else {
      throw BenchmarkError.rules("\(path): run `sabueso check` on it")
    }
    let checking = least { check = PackageChecker.check(path, from: store) }
    let compiling = least { _ = PackageCompiler.compile(rules) }
    let laying = least {
      for source in check.sources.files { _ = RuleFormatter.format(source) }
    }
    figures.add("rules", .number(rules.rules.count), in: group)
    figures.add("bytes", .number(check.sources.files.map(\.bytes.count).reduce(0, +)), in: group)
    figures.add("check_ms", checking, decimals: 2, in: group)
    figures.add("compile_ms", compiling, decimals: 2, in: group)
    figures.add("check_and_compile_ms", checking + compiling, decimals: 2, in: group)
    figures.add("fmt_ms", laying, decimals: 2, in: group)
  }

  /// Milliseconds of processor time of the fastest round: what others do at the same time is no
  /// part of it, and nothing here waits.
  private static func least(_ body: () -> Void) -> Double {
    let times = (0..<rounds).map { _ in
      let start = processorMilliseconds()
      body()
      return processorMilliseconds() - start
    }
    return times.min() ?? 0
  }

  private static func processorMilliseconds() -> Double {
    var time = timespec()
    // SAFETY: the time is a local the call fills.
    _ = unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1e3 + Double(time.tv_nsec) / 1e6
  }

  // MARK: A large package

  private static let rulesPerFile = 1_000

  /// Files of rules over a few hundred signals and params, as several teams would leave them.
  static func texts(rules: Int) -> [String: String] {
    var texts = ["generated/schema.rules": schema, "generated/policy.rules": policy]
    for file in 0..<(rules + rulesPerFile - 1) / rulesPerFile {
      var text = "import \"schema.rules\"\n"
      for number in 0..<20 { text += state(file, number) }
      text += reason(file)
      let first = file * rulesPerFile
      for rule in first..<min(first + rulesPerFile, rules) { text += self.rule(rule, file) }
      texts["generated/file\(file).rules"] = text
    }
    return texts
  }

  private static let schema = """
    enum channel_kind { app, web, branch }
    entity account { account_id: string key }
    identifier device: string links account normalize trim max_degree 50 retention 400d
    event referral retention 400d {
      referral_id: string id
      at:          timestamp time
      referrer:    account
      referee:     account
      device:      device? of referee
      channel:     channel_kind?
      reward:      decimal(2) unit "MXN"
    }

    """

  private static let policy = """
    import "schema.rules"
    policy reward_grant {
      on        referral
      decide    hold at 50 for 72h
      otherwise grant
      if_unavailable hold
    }

    """

  private static func state(_ file: Int, _ number: Int) -> String {
    """
    param limit_\(file)_\(number): int = \(5 + number) min 2 max 500
    signal refs_\(file)_\(number) = count() from referral by referrer over \(1 + number)h
    signal paid_\(file)_\(number) = sum(reward) from referral by device over \(1 + number)d

    """
  }

  private static func reason(_ file: Int) -> String {
    """
    reason REASON_\(file) {
      severity low
      analyst  en "{referrer} is busy" es "{referrer} va rápido"
      customer en "One moment." es "Un momento."
    }

    """
  }

  private static func rule(_ rule: Int, _ file: Int) -> String {
    let number = rule % 20
    return """
      rule rule_\(rule) version 1 {
        title  en "Rule \(rule)" es "Regla \(rule)"
        on     referral
        when   refs_\(file)_\(number) > limit_\(file)_\(number) + \(rule % 1_000)
               and paid_\(file)_\(number) > \(100 + 3 * (rule % 1_000))
               and (channel is missing or channel != branch)
        score  \(10 + rule % 50)
        reason REASON_\(file)
        status live
        owner  "fraude-mx"
      }
      test "rule \(rule)" {
        at 0m referral{ referrer: "R", referee: "N", reward: 1 }
        expect rule rule_\(rule) fires
      }

      """
  }
}
