import Glibc

/// The command line of the benchmarks.
@main
enum BenchmarkCommand {
  static let help = """
    Benchmarks measure the engine against fixed work, and against a peer in the same run.

    USAGE
      Benchmarks hotpath [options]
      Benchmarks windows [options]
      Benchmarks check [PATH]

    OPTIONS OF hotpath
      --accounts N       accounts that exist before anything is measured (1000000)
      --events M         events measured, in blocks of \(HotpathRun.blockEvents) (307200)
      --format F         text, or json for programs (text)
      --seed S           seed of the stream; the figures in docs/performance.md use 42 (42)
      --rules PATH       package to run (Benchmarks/hotpath.rules)
      --reference PATH   folder of the C++ reference (../shared/reference/hotpath)
      --no-reference     leave the reference out
      --texts            write reason texts into decisions too

    OPTIONS OF windows
      --events M         events timed in each scenario (100000)
      --hub N            entries of the hub before any event is timed (1000000)
      --seed S           seed of the streams (42)
      --format F         text, or json for programs (text)
      --no-peers         leave out Redis, DuckDB, SQLite and PostgreSQL

    PATH OF check
      a package to read, check, compile and lay out, beside one of \(CheckRun.generatedRules) rules (Rules)

    EXAMPLES
      swift run -c release Benchmarks hotpath
      swift run -c release Benchmarks hotpath --accounts 10000000
      swift run -c release Benchmarks hotpath --format json > figures.json
      swift run -c release Benchmarks windows
      swift run -c release Benchmarks windows --no-peers --hub 10000000

    The figures are explained in docs/performance.md. Only a build with -c release measures anything.

    """

  static func main() {
    let arguments = CommandLine.arguments.dropFirst()
    switch arguments.first {
    case "hotpath": hotpath(arguments.dropFirst())
    case "windows": windows(arguments.dropFirst())
    case "check": check(arguments.dropFirst().first ?? "Rules")
    case "--help", "-h", "help": write(help, to: STDOUT_FILENO)
    case nil: refuse("say which benchmark to run")
    case let name?: refuse("no benchmark is called \(name)")
    }
  }

  private static func check(_ path: String) {
    do throws(BenchmarkError) {
      write(try CheckRun.measure(path).text, to: STDOUT_FILENO)
    } catch {
      write("error: \(error)\n", to: STDERR_FILENO)
      exit(EXIT_FAILURE)
    }
  }

  private static func hotpath(_ arguments: ArraySlice<String>) {
    if arguments.contains("--help") || arguments.contains("-h") {
      write(help, to: STDOUT_FILENO)
      return
    }
    let options: HotpathOptions
    do throws(UsageError) {
      options = try HotpathOptions(arguments)
    } catch {
      refuse(error.message)
    }
    do throws(BenchmarkError) {
      let figures = try HotpathRun.measure(options) { write($0 + "\n", to: STDERR_FILENO) }
      write(options.format == .json ? figures.json : figures.text, to: STDOUT_FILENO)
    } catch {
      write("error: \(error)\n", to: STDERR_FILENO)
      exit(EXIT_FAILURE)
    }
  }

  private static func windows(_ arguments: ArraySlice<String>) {
    if arguments.contains("--help") || arguments.contains("-h") {
      write(help, to: STDOUT_FILENO)
      return
    }
    let options: WindowsOptions
    do throws(UsageError) {
      options = try WindowsOptions(arguments)
    } catch {
      refuse(error.message)
    }
    do throws(BenchmarkError) {
      let figures = try WindowsRun.measure(options) { write($0 + "\n", to: STDERR_FILENO) }
      write(options.format == .json ? figures.json : figures.text, to: STDOUT_FILENO)
    } catch {
      write("error: \(error)\n", to: STDERR_FILENO)
      exit(EXIT_FAILURE)
    }
  }

  /// Ends with the status that sysexits(3) calls EX_USAGE.
  private static func refuse(_ message: String) -> Never {
    write("error: \(message)\n       `Benchmarks --help` shows what there is\n", to: STDERR_FILENO)
    exit(64)
  }

  private static func write(_ text: String, to descriptor: Int32) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      // SAFETY: the slice outlives the call and its own count bounds what is read.
      let written = unsafe rest.withUnsafeBytes {
        unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
      }
      if written <= 0 { return }
      rest = rest.dropFirst(written)
    }
  }
}
