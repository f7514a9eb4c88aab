/// What one instruction does. `a` is the destination register, `b` and `c` are operands, unless
/// said otherwise.
///
/// *Missing and error*: unless said otherwise an error operand gives that error, else a missing
/// operand gives missing. Every instruction writes payload and state of its destination.
///
/// *Combining*: an operation that `decides` may turn its result round and join it with what `a`
/// already holds, as `Instruction.extra` says: one step for `a and not (b < c)`.
public enum Operation: UInt8, Sendable {
  /// a ← b, with its state.
  case move

  // Int64; `int`, `duration`, `timestamp` and same-scale `decimal` alike. Overflow is an error.
  case addInt, subtractInt, multiplyInt
  /// Truncating division; by zero is an error.
  case divideInt
  case remainderInt
  case negateInt
  /// Division rounding half to even, for decimals; by zero is an error.
  case divideIntHalfEven
  /// a ← round-half-even(b × 10ᵏ ÷ c) with k in `extra`: decimal ÷ decimal.
  case divideScaledHalfEven

  case addUInt, subtractUInt, multiplyUInt, divideUInt, remainderUInt
  case addDouble, subtractDouble, multiplyDouble, divideDouble, negateDouble

  // Comparisons give a bool; greater-than is less-than with operands swapped.
  case equalBits, notEqualBits, equalDouble, notEqualDouble, equalText, notEqualText
  case lessInt, lessOrEqualInt, lessUInt, lessOrEqualUInt, lessDouble, lessOrEqualDouble
  case lessText, lessOrEqualText

  // Three-valued logic: false wins over error over missing (`and`); true wins (`or`).
  case and, or, not

  /// Conditional move. Condition b, value if true c; a already holds the value if false. A missing
  /// or error condition becomes the result.
  case select

  /// a ← bool, whether b is missing; an error stays an error.
  case isMissing
  /// a ← b, or c when b is missing; an error in b stays.
  case orDefault

  /// a ← bool, whether b is in the integer set number c of the constants.
  case inIntSet
  /// a ← bool, whether b is in the text set number c of the constants.
  case inTextSet
  /// a ← bool, whether regex number c of the constants matches text b anywhere.
  case matches
  // Text tests: b contains, starts with, ends with c.
  case textContains, textStartsWith, textEndsWith
  /// a ← int, code points of text b.
  case textSize

  // What a signal collected, list b or c.
  /// a ← bool, whether b is in list c; they are doubles where `extra` is 1.
  case inCollected
  /// a ← int, values of list b.
  case collectedSize
  /// a ← value number c of list b, missing beyond its ends.
  case collectedItem

  // Conversions.
  case intToDouble, uintToDouble, doubleToInt
  /// a ← double of decimal b; its scale in `extra`.
  case decimalToDouble

  /// a ← int, seconds that zone number c of the constants is east of UTC at timestamp b.
  case zoneOffset
  /// a ← library function number c over the registers from b on, `extra` of them.
  case call
}

extension Operation {
  /// Whether the result is a bool that may be combined.
  public var decides: Bool {
    switch self {
    case .equalBits, .notEqualBits, .equalDouble, .notEqualDouble, .equalText, .notEqualText,
      .lessInt, .lessOrEqualInt, .lessUInt, .lessOrEqualUInt, .lessDouble, .lessOrEqualDouble,
      .lessText, .lessOrEqualText, .isMissing, .inIntSet, .inTextSet, .matches, .textContains,
      .textStartsWith, .textEndsWith:
      true
    default: false
    }
  }

  /// Registers from `b` on that are operands, where `c` is not counted in when it is a number of
  /// something else; nil when `extra` says.
  public var operandCount: Int? {
    switch self {
    case .move, .not, .negateInt, .negateDouble, .isMissing, .textSize, .intToDouble,
      .uintToDouble, .doubleToInt, .decimalToDouble, .collectedSize, .inIntSet, .inTextSet,
      .matches, .zoneOffset:
      1
    case .call: nil
    default: 2
    }
  }
}

/// How an operation that decides joins its result with the register it writes.
public enum Combining: UInt8, Sendable {
  /// a ← result
  case none = 0
  /// a ← a and result, three-valued; work that cannot matter is left out.
  case and = 1
  /// a ← a or result
  case or = 2
}

/// One step of the register machine.
///
/// *Shape*: 8 bytes. Operands are registers; constants lie in registers too.
public struct Instruction: Hashable, Sendable {
  /// What to do.
  public var operation: Operation
  /// A small immediate some operations take. Of one that decides: bit 0 turns the result round, the
  /// bits above are its `Combining`.
  public var extra: UInt8
  /// Destination register.
  public var a: UInt16
  /// First operand.
  public var b: UInt16
  /// Second operand, or the number of a set or regex in the constants.
  public var c: UInt16

  /// Creates an instruction.
  public init(_ operation: Operation, a: UInt16, b: UInt16, c: UInt16 = 0, extra: UInt8 = 0) {
    self.operation = operation
    self.extra = extra
    self.a = a
    self.b = b
    self.c = c
  }

  /// Whether the result of an operation that decides is turned round.
  public var isNegated: Bool {
    get { extra & 1 != 0 }
    set { extra = extra & ~1 | (newValue ? 1 : 0) }
  }

  /// The registers it reads, but for what it combines with.
  public var operands: [UInt16] {
    switch operation.operandCount {
    case 1?: [b]
    case nil: (0..<UInt16(extra)).map { b + $0 }
    default: [b, c]
    }
  }

  /// How an operation that decides joins what its register holds.
  public var combining: Combining {
    get { operation.decides ? Combining(rawValue: extra >> 1) ?? .none : .none }
    set { extra = extra & 1 | newValue.rawValue << 1 }
  }
}

/// A register number. Registers 0 ..< `EventType.slotCount` hold the event's slots.
public typealias Register = UInt16
