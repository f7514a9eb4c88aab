import Glibc

/// The clocks of the rim; the engine reads none.
enum Clock {
  /// Nanoseconds on a clock that only goes forward.
  static func monotonicNanoseconds() -> UInt64 {
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
}
