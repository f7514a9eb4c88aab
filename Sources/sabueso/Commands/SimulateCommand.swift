import FraudWorld
import Glibc
import Replay

/// `sabueso simulate`: a made-up referral program with its truth.
enum SimulateCommand {
  static let command = Command(
    name: "simulate", summary: "make up a referral program, its fraud, and the truth of both",
    operands: "--out DIR",
    options: [
      OptionSpec("--out", value: "DIR", "where events.ndjson and truth.ndjson are written"),
      OptionSpec("--seed", value: "N", "seed of all random numbers (default 1)"),
      OptionSpec("--accounts", value: "N", "how many accounts, about (default 20000)"),
      OptionSpec(
        "--world", value: "KIND", "usual (default), or shifted: other habits, sizes and tools"),
      OptionSpec("--quiet", short: "-q", "no summary"),
    ],
    notes: """
      The same seed, number of accounts and world give the same bytes on every machine. Events fit
      the shipped schema. The truth is for `sabueso evaluate` and never for rules. Thresholds are
      chosen in the usual world; the shifted one shows whether they hold elsewhere.
      """,
    examples: [
      ("sabueso simulate --seed 7 --accounts 20000 --out world", "half a year, 20,000 accounts"),
      ("sabueso simulate --seed 7 --world shifted --out elsewhere", "the same with other habits"),
    ], run: run)

  private static func run(_ arguments: Arguments) throws(CommandFailure) -> ExitCode {
    guard arguments.operands.isEmpty else {
      throw CommandFailure(
        code: .usage, message: "simulate takes no operand `\(arguments.operands[0])`",
        remedy: "--out DIR says where to write")
    }
    guard let folder = arguments["--out"].map(PackageLoading.tidy) else {
      throw CommandFailure(code: .usage, message: "say where to write: --out DIR")
    }
    var generator = WorldGenerator(try settings(arguments))
    Interruption.watch()
    try makeFolder(folder)
    let started = Terminal.nanoseconds()
    var lastShown = started
    let isComplete = generator.run { accounts in
      show(accounts, &lastShown)
      return !Interruption.isAsked
    }
    if Terminal.isInteractive { Terminal.note("\r\u{1B}[K") }
    guard isComplete else { return .interrupted }
    do throws(FileError) {
      var events = try ByteFile.writing(folder + "/events.ndjson")
      try generator.writeEvents { piece throws(FileError) in try events.append(piece) }
      try events.flush()
      var truth = try ByteFile.writing(folder + "/truth.ndjson")
      try truth.append(generator.truth)
      try truth.flush()
    } catch {
      throw CommandFailure(ScoreError.file(error))
    }
    if !arguments.has("--quiet") {
      let milliseconds = Int((Terminal.nanoseconds() - started) / 1_000_000)
      Terminal.note(
        "\(folder): \(NumberText.counted(generator.accountCount, "account")), "
          + "\(NumberText.counted(generator.eventCount, "event")), "
          + "\(NumberText.counted(generator.truthCount, "line")) of truth in \(milliseconds) ms\n"
          + "next: sabueso evaluate -r Rules \(folder)\n")
    }
    return .success
  }

  private static func settings(_ arguments: Arguments) throws(CommandFailure) -> WorldSettings {
    let seedText = arguments["--seed"] ?? "1"
    guard let seed = UInt64(seedText) else {
      throw CommandFailure(
        code: .usage, message: "--seed takes a whole number from 0, not `\(seedText)`")
    }
    let kindText = arguments["--world"] ?? WorldKind.usual.rawValue
    guard let kind = WorldKind(rawValue: kindText) else {
      let known = WorldKind.allCases.map(\.rawValue).joined(separator: " or ")
      throw CommandFailure(code: .usage, message: "--world takes \(known), not `\(kindText)`")
    }
    let accounts = try arguments.int(
      "--accounts", default: 20_000, most: WorldGenerator.mostAccounts)
    return WorldSettings(seed: seed, accounts: accounts, kind: kind)
  }

  private static func show(_ accounts: Int, _ lastShown: inout UInt64) {
    let now = Terminal.nanoseconds()
    let interval: UInt64 = Terminal.isInteractive ? 200_000_000 : 10_000_000_000
    guard now - lastShown >= interval else { return }
    lastShown = now
    let line = "simulating: \(NumberText.counted(accounts, "account"))"
    Terminal.note(Terminal.isInteractive ? "\r\u{1B}[K\(line)" : line + "\n")
  }

  private static func makeFolder(_ path: String) throws(CommandFailure) {
    // SAFETY: the path is a valid C string for the call.
    guard unsafe mkdir(path, 0o755) != 0, errno != EEXIST else { return }
    let error = FileError(path: path, action: "create", errorNumber: errno)
    throw CommandFailure(ScoreError.file(error))
  }
}
