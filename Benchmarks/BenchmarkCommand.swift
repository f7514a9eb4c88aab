import Glibc

/// The command line of the benchmarks.
@main
enum BenchmarkCommand {
  static let help = """
    Benchmarks measure the engine against fixed work, and against a peer in the same run.

    USAGE
      Benchmarks hotpath [options]
      Benchmarks graph [options]
      Benchmarks expressions [options]
      Benchmarks rules [options]
      Benchmarks sweep [options]
      Benchmarks windows [options]
      Benchmarks pipeline [options]
      Benchmarks peers [options]
      Benchmarks check [PATH]
      Benchmarks compare OLD NEW [--format F]

    OPTIONS OF hotpath
      --accounts N       accounts that exist before anything is measured (1000000)
      --events M         events measured, in blocks of \(HotpathRun.blockEvents) (307200)
      --format F         text, or json for programs (text)
      --seed S           seed of the stream; the figures in docs/performance.md use 42 (42)
      --rules PATH       package to run (Benchmarks/hotpath.rules)
      --reference PATH   folder of the C++ reference (../shared/reference/hotpath)
      --no-reference     leave the reference out
      --texts            write reason texts into decisions too
      --blocks-only      no calls one by one, for samples of where the time of a batch goes

    OPTIONS OF graph
      --question Q       clusters, rings or hops (clusters)
      --stream S         w1, or messages: people writing to each other, edges of a week (w1)
      --accounts N       accounts of w1 that exist before anything is measured (1000000)
      --events M         events measured in one go, and again call by call (100000)
      --asked K          events on which networkx, SQLite and Kuzu are asked too; 0 for none (100)
      --messages PATH    source, target and second in each line
      --format F, --seed S   as for hotpath

    OPTIONS OF expressions
      --evaluations N    evaluations in a block (1000000)
      --blocks N         blocks, whose median is shown (15)
      --format F         text, or json for programs (text)
      --python PATH      a Python that has the peers, see docs/performance.md (python3)
      --no-peers         leave the peers out

    OPTIONS OF rules
      --events N         events decided in a block (1000000)
      --blocks N         blocks, whose median is shown (15)
      --format F, --seed S   as for hotpath

    OPTIONS OF sweep
      --world-accounts N  accounts of the made-up world whose events are swept (10000)
      --rules PATH        package whose params are swept (Rules)
      --replays N         values that are replayed one by one, for comparison (3)
      --format F, --seed S  as for hotpath

    OPTIONS OF windows
      --events M         events timed in each scenario (100000)
      --peer-events N    of those, how many the peers are asked about (10000)
      --each-events N    of those, how many SQL peers take in one by one (200)
      --only NAMES       of one_key, skewed, hub and each with _late, those named, with commas
      --hub N            entries of the hub before any event is timed (1000000)
      --seed S           seed of the streams (42)
      --format F         text, or json for programs (text)
      --no-peers         leave out Redis, DuckDB, SQLite and PostgreSQL

    OPTIONS OF pipeline
      --accounts N        accounts of W1 that exist before anything is measured (100000)
      --events M          events of W1 that are measured (500000)
      --rules PATH        package to run over W1 (Benchmarks/hotpath.rules)
      --pack PATH         package to run over a made-up world (Rules)
      --world-accounts N  accounts of that world; 0 leaves it out (30000)
      --batch N           events read ahead (64)
      --rounds N          times that two threads and one take turns; medians are shown (3)
      --format F, --seed S  as for hotpath

    OPTIONS OF peers
      --events N         events decided in a block (20000)
      --blocks N         blocks, whose median is shown (9)
      --format F         text, or json for programs (text)
      --python PATH      a Python that has the peers, see docs/performance.md (python3)
      --no-windows       leave out the windows, and with them Redis and the databases

    PATH OF check
      a package to read, check, compile and lay out, beside one of \(CheckRun.generatedRules) rules (Rules)

    OLD and NEW of compare
      files that --format json of one benchmark wrote; shows every figure of both and their ratio

    EXAMPLES
      swift run -c release Benchmarks hotpath
      swift run -c release Benchmarks hotpath --accounts 10000000
      swift run -c release Benchmarks hotpath --format json > figures.json
      swift run -c release Benchmarks graph --question rings --stream messages
      swift run -c release Benchmarks expressions --python .venv/bin/python
      swift run -c release Benchmarks rules --format json
      swift run -c release Benchmarks sweep --world-accounts 30000
      swift run -c release Benchmarks windows
      swift run -c release Benchmarks windows --no-peers --hub 10000000
      swift run -c release Benchmarks pipeline --world-accounts 0
      swift run -c release Benchmarks peers --python .venv/bin/python --no-windows
      swift run -c release Benchmarks compare before.json figures.json

    The figures are explained in docs/performance.md. Only a build with -c release measures anything.

    """

  static func main() {
    let arguments = CommandLine.arguments.dropFirst()
    guard let name = arguments.first else { refuse("say which benchmark to run") }
    let isAskingHelp = arguments.contains { ["--help", "-h"].contains($0) } || name == "help"
    if isAskingHelp { return write(help, to: STDOUT_FILENO) }
    let request: Request
    do throws(UsageError) {
      guard let asked = try self.request(name, arguments.dropFirst()) else {
        refuse("no benchmark is called \(name)")
      }
      request = asked
    } catch {
      refuse(error.message)
    }
    do throws(BenchmarkError) {
      let figures = try request.measure { write($0 + "\n", to: STDERR_FILENO) }
      write(request.format == .json ? figures.json : figures.text, to: STDOUT_FILENO)
    } catch {
      write("error: \(error)\n", to: STDERR_FILENO)
      exit(EXIT_FAILURE)
    }
  }

  /// A benchmark that was asked for: how its figures are printed, and how they come about.
  private typealias Request = (
    format: OutputFormat, measure: ((String) -> Void) throws(BenchmarkError) -> Figures
  )

  /// Reads what a benchmark was asked for; nil when none has this name.
  private static func request(
    _ name: String, _ arguments: ArraySlice<String>
  ) throws(UsageError) -> Request? {
    switch name {
    case "hotpath":
      let options = try HotpathOptions(arguments)
      return request(options, options.format, HotpathRun.measure)
    case "expressions":
      let options = try ExpressionsOptions(arguments)
      return request(options, options.format, ExpressionsRun.measure)
    case "rules":
      let options = try RulesOptions(arguments)
      return request(options, options.format, RulesRun.measure)
    case "sweep":
      let options = try SweepOptions(arguments)
      return request(options, options.format, SweepRun.measure)
    case "graph":
      let options = try GraphOptions(arguments)
      return request(options, options.format, GraphRun.measure)
    case "windows":
      let options = try WindowsOptions(arguments)
      return request(options, options.format, WindowsRun.measure)
    case "pipeline":
      let options = try PipelineOptions(arguments)
      return request(options, options.format, PipelineRun.measure)
    case "peers":
      let options = try PeersOptions(arguments)
      return request(options, options.format, PeersRun.measure)
    case "check":
      return request(arguments.first ?? "Rules", .text) { path, _ throws(BenchmarkError) in
        try CheckRun.measure(path)
      }
    case "compare":
      let options = try CompareOptions(arguments)
      return request(options, options.format) { options, _ throws(BenchmarkError) in
        try CompareRun.measure(options)
      }
    default: return nil
    }
  }

  private static func request<Options>(
    _ options: Options, _ format: OutputFormat,
    _ measure: @escaping (Options, (String) -> Void) throws(BenchmarkError) -> Figures
  ) -> Request {
    (format, { note throws(BenchmarkError) in try measure(options, note) })
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
