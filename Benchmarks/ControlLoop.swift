import CMeasures

/// What a loop that does nothing of ours lost on the core and at the time of what it stands beside:
/// it reads the clock, and touches memory in between if it has some.
///
/// Spells of it take turns with spells of calls and are as long: whatever takes the processor away
/// has the same chance to fall on either. On another core it would see what happens there, and take
/// away the processor that brings in pages.
@safe
struct ControlLoop {
  /// Bytes of memory it touches.
  let memoryBytes: Int
  private let memory: UnsafeMutableRawPointer?
  private var state: UInt64 = 1
  private var worst: UInt64 = 0
  private var aboveLimit = 0
  private var displacedAboveLimit = 0

  /// Lines touched between two looks at the clock, about as many as an event touches.
  private static let lines = 16

  /// A loop that only reads the clock.
  init() {
    memoryBytes = 0
    // SAFETY: without memory none is touched.
    unsafe memory = nil
  }

  /// A loop that touches so many bytes as well, in huge pages, as large stores of the engine are.
  /// They stay until the process ends. Nil when there are not as many.
  init?(memoryBytes bytes: Int) {
    // SAFETY: nothing but this loop has the memory.
    guard bytes > 0, let memory = unsafe measures_memory(bytes) else { return nil }
    memoryBytes = bytes
    unsafe self.memory = memory
  }

  /// Runs for so long.
  mutating func run(nanoseconds: UInt64) {
    var displaced = measures_times_displaced()
    let start = measures_nanoseconds()
    var last = start
    while last - start < nanoseconds {
      if let memory = unsafe memory {
        // SAFETY: as many bytes are there.
        unsafe measures_touch(memory, memoryBytes, Self.lines, &state)
      }
      let now = measures_nanoseconds()
      worst = max(worst, now - last)
      if now - last > CallTimes.slowNanoseconds {
        aboveLimit += 1
        let before = displaced
        displaced = measures_times_displaced()
        displacedAboveLimit += displaced == before ? 0 : 1
      }
      last = now
    }
  }

  /// Adds the longest gap and how many would be slow calls.
  func add(to figures: inout Figures, as name: String = "control", in group: String) {
    figures.add("\(name)_above_250_us", .number(aboveLimit), in: group)
    figures.add("\(name)_above_250_us_displaced", .number(displacedAboveLimit), in: group)
    figures.add("\(name)_worst_ns", .number(Int(worst)), in: group)
  }
}
