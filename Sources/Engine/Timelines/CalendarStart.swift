internal import Program
internal import Values

/// Where units of the calendar begin in a zone.
extension TimeZoneTable {
  /// The start of the unit that holds a moment, in microseconds.
  ///
  /// A unit begins at the first instant of its local time: one whose midnight is skipped begins
  /// when clocks have gone forward, one whose midnight comes twice begins with the first.
  func start(of unit: CalendarUnit, holding time: Int64) -> Int64 {
    let cycles = Self.cycles(before: Self.floor(time, 1_000_000))
    let second = Self.floor(time, 1_000_000) - cycles
    let local = second + Int64(offsets[piece(at: second)])
    let day = Self.floor(local, 86_400)
    let start =
      switch unit {
      case .hour: Self.floor(local, 3_600) * 3_600
      case .day: day * 86_400
      // 1970-01-01 was a Thursday.
      case .week: (Self.floor(day + 3, 7) * 7 - 3) * 86_400
      case .month, .quarter, .year: Self.start(of: unit, day: day) * 86_400
      }
    // Thirteen months before year 292277 fit as well.
    let (result, overflows) = (earliest(local: start) + cycles)
      .multipliedReportingOverflow(by: 1_000_000)
    return overflows ? Int64.min : result
  }

  private static func start(of unit: CalendarUnit, day: Int64) -> Int64 {
    var date = CivilDate(daysSince1970: Int(day))
    date.day = 1
    if unit == .quarter { date.month = (date.month - 1) / 3 * 3 + 1 }
    if unit == .year { date.month = 1 }
    return Int64(date.daysSince1970)
  }

  /// The first second whose local time is not before `local`, among those around it.
  private func earliest(local: Int64) -> Int64 {
    // No zone is further than a day from UTC.
    var index = piece(at: local - 86_400)
    let last = piece(at: local + 86_400)
    while true {
      let candidate = local - Int64(offsets[index])
      let begins = index == 0 ? Int64.min : transitions[index - 1]
      let ends = index == transitions.count ? Int64.max : transitions[index]
      if candidate < begins { return begins }
      if candidate < ends || index >= last { return candidate }
      index += 1
    }
  }

  private static func floor(_ value: Int64, _ unit: Int64) -> Int64 {
    let quotient = value / unit
    return value < 0 && quotient * unit != value ? quotient - 1 : quotient
  }
}
