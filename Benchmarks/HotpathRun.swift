import CMeasures
import Engine
import Foundation
import Model
import Program

/// The stream W1 through the engine: load the accounts, then measure blocks in two ways, each next
/// to a block of the reference.
struct HotpathRun: ~Copyable {
  /// Events of a block, as in the reference.
  static let blockEvents = 4096
  /// Events made ready at a time: as many as `sabueso score` reads ahead.
  private static let readyEvents = 64

  private let package: HotpathPackage
  private var engine: ScoringEngine
  private var stream: HotpathStream
  /// The current block.
  private var block: [HotpathEvent] = []
  /// Events on their way into the engine, ready to be scored, as decoding would leave them: few
  /// enough to be in the cache still. Making them ready is not measured.
  private var ready = EventBatch(capacity: Self.readyEvents)
  private var decision = Decision()
  /// What it takes to read the clocks around a slice of a block.
  private let reading = SliceTime.ofNothing()

  /// What the measured blocks gave.
  private struct Sample {
    var batch: [BlockTime] = []
    var batchRatios: [Double] = []
    var single: [UInt32] = []
    var referenceBatch: [BlockTime] = []
    var referenceSingle: [UInt32] = []
    var calls = CallTimes()
    var control = ControlLoop()
    var allocations: UInt64 = 0
    var events = 0
  }

  /// What loading gave.
  private struct Load {
    var calls = CallTimes()
    var control = ControlLoop()
    var memoryControl: ControlLoop?
  }

  /// Runs the benchmark; `progress` is told what happens meanwhile.
  static func measure(
    _ options: HotpathOptions, _ progress: (String) -> Void
  ) throws(BenchmarkError) -> Figures {
    let package = try HotpathPackage(path: options.rules)
    var run = HotpathRun(
      package: package, engine: try makeEngine(package, options), seed: options.seed)
    progress("loading \(options.accounts) accounts")
    let load = run.load(accounts: options.accounts, inBlocks: options.isInBlocksAlone)
    let memory = run.engine.memoryReport()
    let resident = residentBytes().map { $0 - (load.memoryControl?.memoryBytes ?? 0) }
    var reference: ReferenceProcess?
    if let folder = options.reference {
      progress("building and loading the C++ reference")
      reference = try ReferenceProcess(
        folder: folder, accounts: options.accounts, seed: options.seed)
    }
    progress("measuring")
    let sample = try run.sample(
      events: options.events, reference, inBlocksAlone: options.isInBlocksAlone)
    return run.figures(options, load, memory, resident, sample, reference)
  }

  private init(package: HotpathPackage, engine: consuming ScoringEngine, seed: UInt64) {
    self.package = package
    self.engine = engine
    stream = HotpathStream(seed: seed)
    block.reserveCapacity(Self.blockEvents)
  }

  private static func makeEngine(
    _ package: HotpathPackage, _ options: HotpathOptions
  ) throws(BenchmarkError) -> ScoringEngine {
    do throws(EngineError) {
      return try ScoringEngine(
        program: package.program, options: EngineOptions(rendersTexts: options.writesTexts))
    } catch {
      throw .engine("\(error)")
    }
  }

  /// Draws the next block.
  private mutating func draw() {
    block.removeAll(keepingCapacity: true)
    for _ in 0..<Self.blockEvents { block.append(stream.next()) }
  }

  private mutating func load(accounts: Int, inBlocks: Bool) -> Load {
    var load = Load()
    var blocks = Sample()
    if !inBlocks { load.memoryControl = ControlLoop(memoryBytes: Self.touchedBytes(accounts)) }
    while stream.accounts < UInt64(accounts) {
      draw()
      if inBlocks {
        batch(&blocks)
        continue
      }
      let before = load.calls.nanoseconds
      for index in block.indices { _ = call(index, &load.calls, isWatched: true) }
      load.control.run(nanoseconds: load.calls.nanoseconds - before)
      load.memoryControl?.run(nanoseconds: load.calls.nanoseconds - before)
    }
    return load
  }

  /// Memory that the control touches: as much as so many accounts take, but a gibibyte at most.
  private static func touchedBytes(_ accounts: Int) -> Int { min(accounts * 512, 1 << 30) }

  /// Scores an event of the block by a call of its own; how many nanoseconds that took.
  /// Of one that is watched the system is asked whether another thread had the processor meanwhile.
  private mutating func call(
    _ index: Int, _ calls: inout CallTimes, isWatched: Bool = false
  ) -> UInt64 {
    package.write(block[index], to: &ready.events[0])
    let rebuilds = engine.statistics.hubRebuilds
    let displaced = isWatched ? measures_times_displaced() : nil
    let start = measures_nanoseconds()
    _ = engine.apply(ready.events[0], into: &decision)
    let spent = measures_nanoseconds() - start
    let isSlow = spent > CallTimes.slowNanoseconds
    let isDisplaced = displaced.map { isSlow && measures_times_displaced() != $0 }
    calls.note(
      spent, rebuilt: engine.statistics.hubRebuilds != rebuilds, displaced: isDisplaced)
    return spent
  }

  /// Measures pairs of blocks: one in one go, the next call by call; the reference does the same.
  private mutating func sample(
    events: Int, _ reference: ReferenceProcess?, inBlocksAlone: Bool
  ) throws(BenchmarkError) -> Sample {
    var sample = Sample()
    let measured = (inBlocksAlone ? 1 : 2) * Self.blockEvents
    let pairs = max(1, (events + measured - 1) / measured)
    sample.single.reserveCapacity(pairs * Self.blockEvents)
    for _ in 0..<pairs {
      draw()
      batch(&sample)
      if let reference {
        let theirs = try reference.batch()
        sample.referenceBatch.append(theirs)
        if let ours = sample.batch.last { sample.batchRatios.append(ours.busy / theirs.busy) }
      }
      if inBlocksAlone { continue }
      draw()
      single(&sample)
      if let reference { sample.referenceSingle += try reference.single() }
    }
    return sample
  }

  private mutating func batch(_ sample: inout Sample) {
    var (spent, busy): (UInt64, UInt64) = (0, 0)
    // The reference reads its clocks once a block, and to ask for the processor's time takes the
    // system most of a microsecond.
    func note(_ slice: SliceTime) {
      spent += slice.elapsed - min(slice.elapsed, reading.elapsed)
      busy += slice.busy - min(slice.busy, reading.busy)
    }
    for start in stride(from: 0, to: block.count, by: Self.readyEvents) {
      ready.count = min(Self.readyEvents, block.count - start)
      for index in 0..<ready.count {
        package.write(block[start + index], to: &ready.events[index])
      }
      let allocations = measures_allocations()
      let slice = SliceTime.begin()
      engine.apply(&ready)
      note(slice.end())
      sample.allocations += measures_allocations() - allocations
    }
    sample.events += block.count
    sample.batch.append(
      BlockTime(
        elapsed: Double(spent) / Double(block.count), busy: Double(busy) / Double(block.count)))
  }

  private mutating func single(_ sample: inout Sample) {
    let before = sample.calls.nanoseconds
    for index in block.indices {
      let spent = call(index, &sample.calls)
      sample.single.append(UInt32(truncatingIfNeeded: min(spent, UInt64(UInt32.max))))
    }
    sample.control.run(nanoseconds: sample.calls.nanoseconds - before)
  }

  /// Resident memory of this process, after the kernel.
  private static func residentBytes() -> Int? {
    guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
      let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmRSS:") }),
      let kibibytes = Int(line.filter(\.isNumber))
    else { return nil }
    return kibibytes * 1024
  }

  // MARK: Figures

  private func figures(
    _ options: HotpathOptions, _ load: Load, _ memory: EngineMemory, _ resident: Int?,
    _ sample: Sample, _ reference: ReferenceProcess?
  ) -> Figures {
    var figures = Figures()
    let accounts = Double(options.accounts)
    figures.add("benchmark", .text("hotpath"))
    figures.add("seed", .number(Int(truncatingIfNeeded: options.seed)))
    figures.add("accounts", .number(options.accounts))
    figures.add("events", .number(sample.events + sample.single.count))
    figures.add("signals", .number(package.program.signals.count))
    figures.add("rules", .number(package.program.catalog.rules.count))

    if !options.isInBlocksAlone { add(load, to: &figures) }
    let batch = Quantiles(sample.batch.map(\.elapsed))
    figures.add("ns_per_event_median", batch.median, in: "batch")
    figures.add("ns_per_event_best", batch[0], in: "batch")
    figures.add(
      "busy_ns_per_event_median", Quantiles(sample.batch.map(\.busy)).median, in: "batch")
    figures.add("events_per_second", batch.median.map { 1e9 / $0 }, decimals: 0, in: "batch")
    if !options.isInBlocksAlone { addSingle(sample, to: &figures) }

    figures.add("live_bytes_per_account", Double(memory.total) / accounts)
    for (name, bytes) in [
      ("keys", memory.keys), ("attributes", memory.attributes), ("windows", memory.windows),
      ("graph", memory.graph),
    ] { figures.add(name, Double(bytes) / accounts, in: "bytes_per_account") }
    figures.add("resident_bytes_per_account", resident.map { Double($0) / accounts })
    figures.add(
      "allocations_per_event", Double(sample.allocations) / Double(max(sample.events, 1)),
      decimals: 3)
    addReference(reference, sample, to: &figures)
    return figures
  }

  private func add(_ load: Load, to figures: inout Figures) {
    let calls = load.calls
    figures.add("events", .number(calls.calls), in: "load")
    figures.add(
      "ns_per_event", Double(calls.nanoseconds) / Double(max(calls.calls, 1)), in: "load")
    figures.add("worst_ns", .number(Int(calls.worst)), in: "load")
    calls.add(to: &figures, in: "load")
    load.control.add(to: &figures, in: "load")
    load.memoryControl?.add(to: &figures, as: "memory_control", in: "load")
  }

  private func addSingle(_ sample: Sample, to figures: inout Figures) {
    let single = Quantiles(sample.single)
    for (name, share) in [("p50_ns", 0.5), ("p99_ns", 0.99), ("p999_ns", 0.999)] {
      figures.add(name, single[share].map(Double.init), decimals: 0, in: "single")
    }
    figures.add("worst_ns", .number(Int(sample.calls.worst)), in: "single")
    sample.calls.add(to: &figures, in: "single")
    sample.control.add(to: &figures, in: "single")
  }

  private func addReference(
    _ reference: ReferenceProcess?, _ sample: Sample, to figures: inout Figures
  ) {
    guard let reference else {
      figures.add("ratio_to_cpp", .none)
      figures.notes.append("no C++ reference was found or wanted, so there is no ratio")
      return
    }
    let theirs = Quantiles(sample.referenceSingle)
    figures.add("compiler", .text(reference.compiler), in: "reference")
    figures.add(
      "load_ns_per_event",
      Double(reference.loadNanoseconds) / Double(max(reference.loadedEvents, 1)), in: "reference")
    figures.add(
      "batch_ns_per_event_median", Quantiles(sample.referenceBatch.map(\.elapsed)).median,
      in: "reference")
    figures.add(
      "batch_busy_ns_per_event_median", Quantiles(sample.referenceBatch.map(\.busy)).median,
      in: "reference")
    for (name, share) in [("single_p50_ns", 0.5), ("single_p99_ns", 0.99)] {
      figures.add(name, theirs[share].map(Double.init), decimals: 0, in: "reference")
    }
    figures.add("ratio_to_cpp", Quantiles(sample.batchRatios).median, decimals: 2)
    let single = Quantiles(sample.single)
    for (name, share) in [("single_p50_ratio_to_cpp", 0.5), ("single_p99_ratio_to_cpp", 0.99)] {
      guard let ours = single[share], let theirs = theirs[share], theirs > 0 else { continue }
      figures.add(name, Double(ours) / Double(theirs), decimals: 2)
    }
    figures.notes += [
      "the reference is given hashed keys, 32-bit seconds and amounts, tables of fixed size; it has "
        + "no late events, no missing values, no decision record"
    ]
  }
}

/// Nanoseconds per event of one block.
struct BlockTime: Hashable {
  /// By the clock on the wall.
  var elapsed: Double
  /// On the processor: what other programs take away is not in it.
  var busy: Double
}

/// Nanoseconds of a slice of a block, or the clocks when it began.
private struct SliceTime {
  var elapsed: UInt64
  var busy: UInt64

  static func begin() -> SliceTime {
    SliceTime(elapsed: measures_nanoseconds(), busy: measures_busy_nanoseconds())
  }

  func end() -> SliceTime {
    let busy = measures_busy_nanoseconds() - busy
    return SliceTime(elapsed: measures_nanoseconds() - elapsed, busy: busy)
  }

  /// The median of slices in which nothing is done.
  static func ofNothing() -> SliceTime {
    let slices = (0..<1_001).map { _ in begin().end() }
    return SliceTime(
      elapsed: slices.map(\.elapsed).sorted()[500], busy: slices.map(\.busy).sorted()[500])
  }
}
