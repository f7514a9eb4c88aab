import Testing
import Values

/// The functions rule files share with the standard language give what that language's own library
/// gives, which the published suite has been run on.
@Suite struct `The library of rule files` {
  private static let texts = [
    "", "a", "ab", "abab", "ABC def", "ñandú", "  trim\t", "\u{2003}x\u{3000}", "e\u{301}", "🦊🦊",
    "aaaa", "ñañaña", "123", "-45", "+7", "1e3", "1.5", ".5", "true", "T", "0", "abc",
    "18446744073709551615",
    "9223372036854775807", "-9223372036854775808", "9223372036854775808", "nan", "1_0",
  ]

  private static func answer(_ value: DynamicValue) -> LibraryAnswer? {
    switch value {
    case .string(let text): .value(text)
    case .int(let number): .outcome(.value(UInt64(bitPattern: number)))
    case .uint(let number): .outcome(.value(number))
    case .double(let number): .outcome(.value(number.bitPattern))
    case .bool(let value): .outcome(.bool(value))
    default: nil
    }
  }

  /// Compares a call of both; a fault on one side must be one on the other.
  private static func compare(
    _ name: String, isMethod: Bool, _ found: LibraryAnswer, _ arguments: [DynamicValue]
  ) throws {
    let function = try #require(
      isMethod ? DynamicLibrary.method(named: name) : DynamicLibrary.function(named: name))
    var wanted: LibraryAnswer?
    do throws(DynamicFault) {
      wanted = answer(try function(arguments))
    } catch {
      guard case .outcome(.fault) = found else {
        Issue.record("\(name)\(arguments): \(found), the standard: \(error)")
        return
      }
      return
    }
    #expect(found == wanted, "\(name)\(arguments)")
  }

  @Test func `agrees with the standard on texts and positions`() throws {
    for text in Self.texts {
      let whole = DynamicValue.string(text)
      for (function, name) in [
        (LibraryFunction.lowerAscii, "lowerAscii"), (.upperAscii, "upperAscii"), (.trim, "trim"),
      ] {
        try Self.compare(name, isMethod: true, library(function, text), [whole])
      }
      for position in -1...7 as ClosedRange<Int64> {
        let bits = UInt64(bitPattern: position)
        try Self.compare(
          "charAt", isMethod: true, library(.charAt, text, numbers: [1: bits]),
          [whole, .int(position)])
        try Self.compare(
          "substring", isMethod: true, library(.substringFrom, text, numbers: [1: bits]),
          [whole, .int(position)])
        for end in -1...7 as ClosedRange<Int64> {
          try Self.compare(
            "substring", isMethod: true,
            library(.substring, text, numbers: [1: bits, 2: UInt64(bitPattern: end)]),
            [whole, .int(position), .int(end)])
        }
      }
    }
  }

  @Test func `agrees with the standard on texts in texts`() throws {
    for text in Self.texts {
      for part in ["", "a", "ab", "aa", "ñ", "ña", "🦊", "zz", "\u{301}"] {
        let arguments: [DynamicValue] = [.string(text), .string(part)]
        try Self.compare("indexOf", isMethod: true, library(.indexOf, text, part), arguments)
        try Self.compare(
          "lastIndexOf", isMethod: true, library(.lastIndexOf, text, part), arguments)
        try Self.compare(
          "replace", isMethod: true, library(.replace, text, part, "·-"),
          arguments + [.string("·-")])
        for position in -1...5 as ClosedRange<Int64> {
          let bits = UInt64(bitPattern: position)
          try Self.compare(
            "indexOf", isMethod: true, library(.indexOfFrom, text, part, numbers: [2: bits]),
            arguments + [.int(position)])
          try Self.compare(
            "lastIndexOf", isMethod: true,
            library(.lastIndexOfFrom, text, part, numbers: [2: bits]), arguments + [.int(position)])
          try Self.compare(
            "replace", isMethod: true,
            library(.replaceFirst, text, part, "x", numbers: [3: bits]),
            arguments + [.string("x"), .int(position)])
        }
      }
    }
  }

  @Test func `agrees with the standard on reading texts`() throws {
    for text in Self.texts {
      for (function, name) in [
        (LibraryFunction.stringToBool, "bool"), (.stringToInt, "int"), (.stringToUInt, "uint"),
        (.stringToDouble, "double"),
      ] {
        let found = library(function, text)
        if case .outcome(.value(let bits)) = found, function == .stringToDouble,
          Double(bitPattern: bits).isNaN
        {
          continue
        }
        try Self.compare(name, isMethod: false, found, [.string(text)])
      }
    }
  }

  @Test func `agrees with the standard on numbers`() throws {
    let ints: [Int64] = [0, 1, -1, 7, -8, 63, 64, .max, .min]
    let unary: [(LibraryFunction, String)] = [
      (.absoluteInt, "math.abs"), (.signInt, "math.sign"), (.bitNot, "math.bitNot"),
      (.intToUInt, "uint"), (.intToString, "string"),
    ]
    let binary: [(LibraryFunction, String)] = [
      (.greatestInt, "math.greatest"), (.leastInt, "math.least"), (.bitAnd, "math.bitAnd"),
      (.bitOr, "math.bitOr"), (.bitXor, "math.bitXor"), (.bitShiftLeft, "math.bitShiftLeft"),
      (.bitShiftRight, "math.bitShiftRight"),
    ]
    for a in ints {
      let left = UInt64(bitPattern: a)
      for (function, name) in unary {
        try Self.compare(
          name, isMethod: false, library(function, numbers: [0: left]), [.int(a)])
      }
      for b in ints {
        for (function, name) in binary {
          let numbers = [0: left, 1: UInt64(bitPattern: b)]
          try Self.compare(
            name, isMethod: false, library(function, numbers: numbers), [.int(a), .int(b)])
        }
      }
    }
  }

  @Test func `agrees with the standard on doubles`() throws {
    let doubles: [Double] = [
      0, -0.0, 0.5, 1.5, 2.5, -2.5, -0.4, 1e300, -1e19, .infinity, -.infinity, 1.0 / 3,
    ]
    let functions: [(LibraryFunction, String)] = [
      (.ceiling, "math.ceil"), (.floor, "math.floor"), (.round, "math.round"),
      (.truncate, "math.trunc"), (.absoluteDouble, "math.abs"), (.signDouble, "math.sign"),
      (.isNaN, "math.isNaN"), (.isInfinite, "math.isInf"), (.isFinite, "math.isFinite"),
      (.doubleToUInt, "uint"), (.doubleToString, "string"),
    ]
    for value in doubles {
      for (function, name) in functions {
        try Self.compare(
          name, isMethod: false, library(function, numbers: [0: value.bitPattern]),
          [.double(value)])
      }
    }
  }
}
