internal import Model

/// The math extension, and the parts of clocks.
///
/// *Source*: cel-go, ext/math.go.
extension LibraryFunction {
  func mathematics(_ arguments: borrowing LibraryArguments) -> LibraryOutcome {
    let (left, right) = (arguments.payloads[0], arguments.payloads[1])
    switch self {
    case .greatestInt: return .value(arguments.int(1) > arguments.int(0) ? right : left)
    case .leastInt: return .value(arguments.int(1) < arguments.int(0) ? right : left)
    case .greatestUInt: return .value(max(left, right))
    case .leastUInt: return .value(min(left, right))
    case .greatestDouble:
      return .value(arguments.double(1) > arguments.double(0) ? right : left)
    case .leastDouble: return .value(arguments.double(1) < arguments.double(0) ? right : left)
    case .absoluteInt:
      return arguments.int(0) == .min
        ? .fault(.overflow) : .value(UInt64(bitPattern: abs(arguments.int(0))))
    case .signInt: return .value(UInt64(bitPattern: arguments.int(0).signum()))
    case .signUInt: return .value(min(left, 1))
    case .bitAnd: return .value(left & right)
    case .bitOr: return .value(left | right)
    case .bitXor: return .value(left ^ right)
    case .bitNot: return .value(~left)
    case .bitShiftLeft, .bitShiftRight:
      // Zeros come in, also into negative numbers; 64 places or more leave nothing.
      guard arguments.int(1) >= 0 else { return .fault(.argument) }
      return .value(self == .bitShiftLeft ? left << right : left >> right)
    default: return doubles(arguments.double(0))
    }
  }

  private func doubles(_ value: Double) -> LibraryOutcome {
    switch self {
    case .absoluteDouble: .value(value.magnitude.bitPattern)
    case .signDouble:
      // A sign of zero has none itself: `-0.0` gives `0.0`.
      .value((value.isNaN ? value : value < 0 ? -1 : value > 0 ? 1 : 0).bitPattern)
    case .ceiling: .value(value.rounded(.up).bitPattern)
    case .floor: .value(value.rounded(.down).bitPattern)
    case .round: .value(value.rounded(.toNearestOrAwayFromZero).bitPattern)
    case .truncate: .value(value.rounded(.towardZero).bitPattern)
    case .squareRoot: .value(value.squareRoot().bitPattern)
    case .isNaN: .bool(value.isNaN)
    case .isInfinite: .bool(value.isInfinite)
    case .isFinite: .bool(value.isFinite)
    default: preconditionFailure("\(self) is no function on doubles")
    }
  }

  /// Parts of an instant on a clock so many seconds east of UTC, and of a duration.
  func clock(_ arguments: borrowing LibraryArguments) -> LibraryOutcome {
    let microseconds = arguments.int(0)
    switch self {
    case .durationMilliseconds:
      return .value(UInt64(bitPattern: microseconds % 1_000_000 / 1_000))
    case .durationPart:
      guard arguments.int(1) > 0 else { return .fault(.argument) }
      return .value(UInt64(bitPattern: microseconds / arguments.int(1)))
    default: break
    }
    guard let part = CalendarPart(rawValue: arguments.int(2)) else { return .fault(.argument) }
    let fraction = microseconds % 1_000_000
    let seconds = microseconds / 1_000_000 - (fraction < 0 ? 1 : 0)
    if part == .millisecond {
      return .value(UInt64(bitPattern: (fraction < 0 ? fraction + 1_000_000 : fraction) / 1_000))
    }
    let (local, overflows) = seconds.addingReportingOverflow(arguments.int(1))
    guard !overflows else { return .fault(.overflow) }
    let time = CivilTime(seconds: local)
    let value =
      switch part {
      case .year: time.date.year
      case .month: time.date.month
      case .day: time.date.day
      case .weekday: time.dayOfWeek == 0 ? 7 : time.dayOfWeek
      case .dayOfYear: time.dayOfYear
      case .hour: time.hour
      case .minute: time.minute
      case .second, .millisecond: time.second
      }
    return .value(UInt64(bitPattern: Int64(value)))
  }
}
