import Expressions
import Glibc
import Model
import Replay
import Synchronization

/// The streams people look at.
enum Terminal {
  /// Opens what the caller closed of the three standard streams on nothing. The next file opened
  /// would otherwise take its number, and messages would go into it.
  static func fillGaps() {
    for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO]
    where fcntl(descriptor, F_GETFD) < 0 {
      // SAFETY: a constant path; the lowest free number is the one that is closed.
      _ = unsafe open("/dev/null", O_RDWR)
    }
  }

  /// Why results could not be written; 0 while all were.
  private static let outFailure = Atomic<Int32>(0)

  /// Writes results. After a failure nothing more is written: who reads sees a beginning.
  static func out(_ text: String) {
    guard outFailure.load(ordering: .relaxed) == 0 else { return }
    outFailure.store(write(text, to: STDOUT_FILENO), ordering: .relaxed)
  }

  /// What the system says of results that could not be written; nil when all were, or nobody wants
  /// to read them any more.
  static var lostResults: String? {
    let number = outFailure.load(ordering: .relaxed)
    if number == 0 || number == EPIPE { return nil }
    return FileError(path: "standard output", action: "write", errorNumber: number).reason
  }

  /// Writes everything that is for people and no result. If that fails, there is nobody to tell.
  static func note(_ text: String) { _ = write(text, to: STDERR_FILENO) }

  /// Whether notes are seen on a terminal.
  static var isInteractive: Bool { isatty(STDERR_FILENO) == 1 }

  /// Whether colour is wanted on a stream: never with NO_COLOR, anywhere with CLICOLOR_FORCE, else
  /// on a terminal.
  static func usesColor(_ descriptor: Int32) -> Bool {
    if let none = environment("NO_COLOR"), !none.isEmpty { return false }
    if let force = environment("CLICOLOR_FORCE"), force != "0" { return true }
    return isatty(descriptor) == 1
  }

  /// The value of an environment variable.
  static func environment(_ name: String) -> String? {
    // SAFETY: getenv returns nil or a valid C string, copied at once; nothing here sets variables.
    unsafe getenv(name).map { unsafe String(cString: $0) }
  }

  /// Nanoseconds on a clock that only goes forward.
  static func nanoseconds() -> UInt64 {
    var time = timespec()
    // SAFETY: the time is a local the call fills.
    _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }

  /// Microseconds since 1970.
  static func wallMicroseconds() -> Int64 {
    var time = timespec()
    // SAFETY: the time is a local the call fills.
    _ = unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000
  }

  /// Writes all of a text; `errno` of what failed, else 0.
  private static func write(_ text: String, to descriptor: Int32) -> Int32 {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      // SAFETY: the bytes live for the call.
      let written = unsafe bytes.withUnsafeBytes { buffer in
        unsafe Glibc.write(descriptor, buffer.baseAddress, buffer.count)
      }
      if written < 0 {
        if errno == EINTR { continue }
        if errno == EAGAIN {
          var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          // SAFETY: one pollfd is given as one.
          _ = unsafe poll(&waiting, 1, -1)
          continue
        }
        return errno
      }
      bytes = bytes.dropFirst(written)
    }
    return 0
  }
}

/// Shows how a long run gets on: a line that rewrites itself on a terminal, else one every ten
/// seconds.
struct Progress {
  private let what: String
  private let totalBytes: Int?
  private let started = Terminal.nanoseconds()
  private var lastShown: UInt64 = 0
  private var isShown = false

  init(_ what: String, totalBytes: Int?) {
    self.what = what
    self.totalBytes = totalBytes
    lastShown = started
  }

  /// Call often; shows something when it is time.
  mutating func update(count: Int, bytes: Int) {
    let now = Terminal.nanoseconds()
    let interval: UInt64 = Terminal.isInteractive ? 200_000_000 : 10_000_000_000
    guard now - lastShown >= interval else { return }
    lastShown = now
    let seconds = Double(now - started) / 1e9
    let rate = Int(Double(count) / seconds)
    var line = "\(what): \(NumberText.grouped(count)) events, \(NumberText.grouped(rate))/s"
    if let totalBytes, bytes > 0, totalBytes > 0 {
      let share = min(1, Double(bytes) / Double(totalBytes))
      let left = Int(seconds / share - seconds)
      line += ", \(Int(share * 100)) %, \(left) s left"
    }
    if Terminal.isInteractive {
      Terminal.note("\r\u{1B}[K\(line)")
      isShown = true
    } else {
      Terminal.note(line + "\n")
    }
  }

  /// Takes the rewritten line away.
  mutating func finish() {
    if isShown { Terminal.note("\r\u{1B}[K") }
    isShown = false
  }
}

/// Numbers for people.
enum NumberText {
  /// `1 rule`, `2 rules`.
  static func counted(_ number: Int, _ one: String, many: String? = nil) -> String {
    "\(grouped(number)) \(number == 1 ? one : many ?? one + "s")"
  }

  /// `1234567` as `1,234,567`.
  static func grouped(_ number: Int) -> String {
    let digits = String(number.magnitude)
    var text = ""
    for (position, digit) in digits.enumerated() {
      if position > 0, (digits.count - position) % 3 == 0 { text += "," }
      text.append(digit)
    }
    return (number < 0 ? "-" : "") + text
  }

  /// An amount with its whole part grouped: `1,234.50`.
  static func grouped(_ amount: Decimal) -> String {
    let text = amount.description
    let sign = text.hasPrefix("-") ? "-" : ""
    let parts = text.dropFirst(sign.count).split(separator: ".")
    let whole = sign + (Int(parts[0]).map(grouped) ?? String(parts[0]))
    return parts.count == 2 ? "\(whole).\(parts[1])" : whole
  }
}
