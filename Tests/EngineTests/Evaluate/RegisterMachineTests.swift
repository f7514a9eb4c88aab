import Model
import Program
import Testing

@testable import Engine

private let overflow = Cell.error(.overflow)
private let zeroDivision = Cell.error(.divisionByZero)

@Suite struct `The register machine` {
  static let binary: [Operation] = [
    .addInt, .subtractInt, .multiplyInt, .divideInt, .remainderInt, .divideIntHalfEven,
    .divideScaledHalfEven, .addUInt, .subtractUInt, .multiplyUInt, .divideUInt, .remainderUInt,
    .addDouble, .subtractDouble, .multiplyDouble, .divideDouble, .equalBits, .notEqualBits,
    .equalDouble, .notEqualDouble, .equalText, .notEqualText, .lessInt, .lessOrEqualInt, .lessUInt,
    .lessOrEqualUInt, .lessDouble, .lessOrEqualDouble, .lessText, .lessOrEqualText, .textContains,
    .textStartsWith, .textEndsWith,
  ]
  static let unary: [Operation] = [
    .negateInt, .negateDouble, .not, .inIntSet, .inTextSet, .matches, .textSize, .intToDouble,
    .uintToDouble, .doubleToInt, .decimalToDouble,
  ]

  @Test(arguments: binary)
  func `gives an error before missing for two operands`(_ operation: Operation) throws {
    let (first, second) = (Cell.error(.regexLimit), Cell.error(.conversion))
    let one = Cell.int(1)
    #expect(try result(operation, first, second) == first)
    #expect(try result(operation, first, .missing) == first)
    #expect(try result(operation, first, one) == first)
    #expect(try result(operation, .missing, second) == second)
    #expect(try result(operation, one, second) == second)
    #expect(try result(operation, .missing, .missing) == .missing)
    #expect(try result(operation, .missing, one) == .missing)
    #expect(try result(operation, one, .missing) == .missing)
  }

  @Test(arguments: unary)
  func `passes on what one operand lacks`(_ operation: Operation) throws {
    #expect(try result(operation, .error(.overflow), .error(.conversion)) == overflow)
    #expect(try result(operation, .missing, .error(.conversion)) == .missing)
  }

  @Test func `covers every operation in these tables`() {
    let logic: [Operation] = [.move, .and, .or, .select, .isMissing, .orDefault]
    // Joined from others or made of several operands: the oracle test has them.
    let joined: [Operation] = [
      .zoneOffset, .call, .inCollected, .collectedSize, .collectedItem,
    ]
    let all = (0...UInt8.max).compactMap(Operation.init(rawValue:))
    #expect(Set(all) == Set(Self.binary + Self.unary + logic + joined))
    #expect(all.count == Self.binary.count + Self.unary.count + logic.count + joined.count)
  }

  @Test func `absorbs in and`() throws {
    let (yes, no, fault) = (Cell.bool(true), Cell.bool(false), Cell.error(.overflow))
    let table: [(Cell, Cell, Cell)] = [
      (yes, yes, yes), (yes, no, no), (no, yes, no), (no, no, no), (no, .missing, no),
      (.missing, no, no), (no, fault, no), (fault, no, no), (yes, .missing, .missing),
      (.missing, yes, .missing), (.missing, .missing, .missing), (yes, fault, fault),
      (fault, yes, fault), (.missing, fault, fault), (fault, .missing, fault),
      (fault, .error(.conversion), fault),
    ]
    for (left, right, expected) in table {
      #expect(try result(.and, left, right) == expected, "\(left) and \(right)")
      // De Morgan: `or` is `and` upside down.
      let flipped = [left, right, expected].map { cell in
        cell.state == .present ? Cell.bool(cell.payload == 0) : cell
      }
      #expect(try result(.or, flipped[0], flipped[1]) == flipped[2], "\(left) or \(right)")
    }
  }

  @Test func `asks what a signal collected`() throws {
    let values: [UInt64] = [9, 7, 5, 7, (-0.0).bitPattern]
    func ask(
      _ operation: Operation, _ b: Cell, _ c: Cell = .missing, extra: UInt8 = 0
    ) throws -> Cell {
      try run(
        [Instruction(operation, a: 0, b: 1, c: 2, extra: extra)], [.int(77), b, c],
        collected: values)[0]
    }
    func list(_ offset: Int, _ count: Int) -> Cell {
      Cell(payload: CollectedReference(offset: offset, count: count).bits, state: .present)
    }
    #expect(try ask(.collectedSize, list(1, 3)) == .int(3))
    #expect(try ask(.collectedSize, .missing) == .missing)
    #expect(try ask(.inCollected, .int(5), list(1, 3)) == .bool(true))
    #expect(try ask(.inCollected, .int(9), list(1, 3)) == .bool(false))
    #expect(try ask(.inCollected, .double(0), list(3, 2)) == .bool(false))
    #expect(try ask(.inCollected, .double(0), list(3, 2), extra: 1) == .bool(true))
    #expect(try ask(.inCollected, .missing, list(1, 3)) == .missing)
    #expect(try ask(.inCollected, .missing, .error(.overflow)) == overflow)
    #expect(try ask(.collectedItem, list(1, 3), .int(2)) == .int(7))
    for place: Int64 in [-1, 3, .max] {
      #expect(try ask(.collectedItem, list(1, 3), .int(place)) == .missing)
    }
    #expect(try ask(.collectedItem, .missing, .int(0)) == .missing)
  }

  @Test func `moves, selects and replaces`() throws {
    let (old, new, fault) = (Cell.int(77), Cell.int(5), Cell.error(.overflow))
    for cell in [new, .missing, fault] {
      #expect(try result(.move, cell) == cell)
      #expect(try result(.select, .bool(true), cell) == cell)
      #expect(try result(.select, .bool(false), cell) == old)
      #expect(try result(.orDefault, .missing, cell) == cell)
      #expect(try result(.orDefault, new, cell) == new)
      #expect(try result(.orDefault, fault, cell) == fault)
      #expect(try result(.select, .missing, cell) == .missing)
      #expect(try result(.select, fault, cell) == fault)
    }
    #expect(try result(.not, .bool(true)) == .bool(false))
    #expect(try result(.not, .bool(false)) == .bool(true))
    #expect(try result(.isMissing, .missing) == .bool(true))
    #expect(try result(.isMissing, new) == .bool(false))
    #expect(try result(.isMissing, fault) == fault)
  }

  @Test func `computes whole numbers exactly or not at all`() throws {
    let table: [(Operation, Int64, Int64, Cell)] = [
      (.addInt, 2, 3, .int(5)), (.addInt, .max, 1, overflow), (.addInt, .min, -1, overflow),
      (.subtractInt, 2, 3, .int(-1)), (.subtractInt, .min, 1, overflow),
      (.multiplyInt, -4, 3, .int(-12)), (.multiplyInt, .max, 2, overflow),
      (.multiplyInt, .min, -1, overflow), (.divideInt, -7, 2, .int(-3)),
      (.divideInt, 7, 0, zeroDivision), (.divideInt, .min, -1, overflow),
      (.remainderInt, -7, 2, .int(-1)), (.remainderInt, 7, 0, zeroDivision),
      (.remainderInt, .min, -1, overflow), (.divideIntHalfEven, 5, 2, .int(2)),
      (.divideIntHalfEven, 7, 2, .int(4)), (.divideIntHalfEven, -5, 2, .int(-2)),
      (.divideIntHalfEven, 1, 0, zeroDivision), (.divideIntHalfEven, .min, -1, overflow),
    ]
    for (operation, left, right, expected) in table {
      #expect(
        try result(operation, .int(left), .int(right)) == expected, "\(operation) \(left) \(right)")
    }
    #expect(try result(.divideScaledHalfEven, .int(100), .int(300), extra: 6) == .int(333_333))
    #expect(try result(.divideScaledHalfEven, .int(.max), .int(1), extra: 1) == overflow)
    #expect(try result(.divideScaledHalfEven, .int(1), .int(0), extra: 6) == zeroDivision)
    #expect(try result(.negateInt, .int(5)) == .int(-5))
    #expect(try result(.negateInt, .int(.min)) == overflow)
  }

  @Test func `computes unsigned numbers exactly or not at all`() throws {
    let table: [(Operation, UInt64, UInt64, Cell)] = [
      (.addUInt, 2, 3, .uint(5)), (.addUInt, .max, 1, overflow), (.subtractUInt, 3, 2, .uint(1)),
      (.subtractUInt, 2, 3, overflow), (.multiplyUInt, 4, 3, .uint(12)),
      (.multiplyUInt, .max, 2, overflow), (.divideUInt, .max, 2, .uint(.max / 2)),
      (.divideUInt, 7, 0, zeroDivision), (.remainderUInt, 7, 4, .uint(3)),
      (.remainderUInt, 7, 0, zeroDivision), (.lessUInt, 1, .max, .bool(true)),
      (.lessUInt, .max, 1, .bool(false)), (.lessOrEqualUInt, 1, 1, .bool(true)),
      (.lessOrEqualUInt, .max, 1, .bool(false)),
    ]
    for (operation, left, right, expected) in table {
      #expect(try result(operation, .uint(left), .uint(right)) == expected, "\(operation)")
    }
  }

  @Test func `computes doubles by IEEE 754`() throws {
    let table: [(Operation, Double, Double, Cell)] = [
      (.addDouble, 0.1, 0.2, .double(0.1 + 0.2)), (.subtractDouble, 1, 3, .double(-2)),
      (.multiplyDouble, 1.5, 2, .double(3)), (.divideDouble, 1, 0, .double(.infinity)),
      (.divideDouble, 1, 4, .double(0.25)), (.equalDouble, 0, -0.0, .bool(true)),
      (.equalDouble, .nan, .nan, .bool(false)), (.notEqualDouble, .nan, .nan, .bool(true)),
      (.notEqualDouble, 1, 1, .bool(false)), (.lessDouble, -1, 1, .bool(true)),
      (.lessDouble, .nan, 1, .bool(false)), (.lessOrEqualDouble, 1, 1, .bool(true)),
      (.lessOrEqualDouble, 1, .nan, .bool(false)),
    ]
    for (operation, left, right, expected) in table {
      #expect(try result(operation, .double(left), .double(right)) == expected, "\(operation)")
    }
    #expect(try result(.negateDouble, .double(2)) == .double(-2))
  }

  @Test func `converts numbers`() throws {
    #expect(try result(.intToDouble, .int(-3)) == .double(-3))
    #expect(try result(.uintToDouble, .uint(.max)) == .double(18_446_744_073_709_551_616))
    #expect(try result(.decimalToDouble, .int(-25_050), extra: 2) == .double(-250.5))
    #expect(try result(.doubleToInt, .double(-2.9)) == .int(-2))
    #expect(try result(.doubleToInt, .double(9.3e18)) == overflow)
    #expect(try result(.doubleToInt, .double(-.infinity)) == overflow)
    #expect(try result(.doubleToInt, .double(.nan)) == .error(.conversion))
  }

  @Test func `compares`() throws {
    let table: [(Operation, Int64, Int64, Bool)] = [
      (.equalBits, 3, 3, true), (.equalBits, 3, 4, false), (.notEqualBits, 3, 3, false),
      (.notEqualBits, 3, 4, true), (.lessInt, -1, 1, true), (.lessInt, 1, 1, false),
      (.lessOrEqualInt, 1, 1, true), (.lessOrEqualInt, 1, -1, false),
    ]
    for (operation, left, right, expected) in table {
      #expect(try result(operation, .int(left), .int(right)) == .bool(expected), "\(operation)")
    }
  }

  @Test(arguments: [
    (Operation.equalText, "ñu", "ñu", true), (.equalText, "ñu", "nu", false),
    (.equalText, "a", "ab", false), (.notEqualText, "a", "b", true), (.notEqualText, "", "", false),
    (.lessText, "a", "b", true), (.lessText, "a", "ab", true), (.lessText, "ab", "a", false),
    (.lessText, "z", "é", true), (.lessText, "a", "a", false), (.lessOrEqualText, "a", "a", true),
    (.lessOrEqualText, "b", "a", false), (.lessOrEqualText, "", "a", true),
    (.textContains, "referral", "err", true), (.textContains, "referral", "", true),
    (.textContains, "abc", "abcd", false), (.textContains, "aab", "ab", true),
    (.textStartsWith, "CLABE01", "CLABE", true), (.textStartsWith, "CLA", "CLABE", false),
    (.textStartsWith, "a", "", true), (.textEndsWith, "a@x.mx", ".mx", true),
    (.textEndsWith, "mx", ".mx", false), (.textEndsWith, "x.mx.", ".mx", false),
  ])
  func `compares texts byte by byte`(
    _ operation: Operation, _ left: String, _ right: String, _ expected: Bool
  ) throws {
    #expect(try textResult(operation, left, right) == .bool(expected))
  }

  @Test func `counts the code points of a text`() throws {
    #expect(try textResult(.textSize, "ñandú 東京 👍", "") == .int(10))
    #expect(try textResult(.textSize, "", "") == .int(0))
  }
}

@Suite struct `Constants of the register machine` {
  private func cell(_ operation: Operation, _ number: UInt16, _ cell: Cell, _ text: String = "")
    throws -> Cell
  {
    let constants = Constants(
      intSets: [[9, -3, 4], []], textSets: [["b", "aa", "a", ""].map { Array($0.utf8) }, []],
      patterns: ["^MX[0-9]+$", "^(a+)+$"])
    return try run(
      [Instruction(operation, a: 0, b: 1, c: number)], [.missing, cell], text: text,
      constants: constants)[0]
  }

  private func text(_ operation: Operation, _ number: UInt16, _ text: String) throws -> Cell {
    let reference = TextReference(arena: .event, offset: 0, length: text.utf8.count)
    return try cell(operation, number, Cell(payload: reference.bits, state: .present), text)
  }

  @Test func `tell members of a set of numbers`() throws {
    for value in Int64(-5)...11 {
      #expect(try cell(.inIntSet, 0, .int(value)) == .bool([9, -3, 4].contains(value)))
      #expect(try cell(.inIntSet, 1, .int(value)) == .bool(false))
    }
  }

  @Test func `tell members of a set of texts`() throws {
    for value in ["", "a", "aa", "aaa", "ab", "b", "ba", "ñ"] {
      #expect(try text(.inTextSet, 0, value) == .bool(["b", "aa", "a", ""].contains(value)))
      #expect(try text(.inTextSet, 1, value) == .bool(false))
    }
  }

  @Test func `match patterns, and say when there is no answer`() throws {
    #expect(try text(.matches, 0, "MX0123") == .bool(true))
    #expect(try text(.matches, 0, "MX") == .bool(false))
    #expect(try text(.matches, 1, String(repeating: "a", count: 300) + "b") == .error(.regexLimit))
  }

  @Test func `with a refused pattern make no engine`() {
    #expect(throws: EngineError.self) {
      try run([], [], constants: Constants(patterns: ["a(?=b)"]))
    }
  }
}
