import Foundation
import Model
import Testing
import Values

@testable import Expressions

/// Decimals of rule files against Python's decimal, which has its own digits and rounding.
@Suite(.enabled(if: PythonDecimal.isThere, "needs python3"))
struct `A decimal` {
  @Test func `is what Python's decimal is`() throws {
    var random = SplitMix64(seed: 24)
    var questions: [(sign: String, text: String, wanted: Value)] = []
    let edges: [Int64] = [0, 1, -1, 5, -5, 10, 15, 25, 99, 100, 1_000_000, .max, .min, .max / 100]
    func units() -> Int64 {
      let draw = random.next()
      if draw % 3 == 0 { return edges[Int(random.next() % UInt64(edges.count))] }
      return Int64(bitPattern: random.next()) >> Int64(draw % 60)
    }
    for _ in 0..<20_000 {
      let (a, b) = (units(), units())
      let scale = Int(random.next() % 5)
      let other = Int(random.next() % 5)
      let left = Decimal(units: a, scale: scale)
      switch random.next() % 5 {
      case 0:
        let right = Decimal(units: b, scale: scale)
        questions.append(
          (
            "+ \(scale)", "\(left) \(right)",
            Self.value(.addDecimal, .decimal(left), .decimal(right))
          ))
      case 1:
        let right = Decimal(units: b, scale: scale)
        questions.append(
          (
            "- \(scale)", "\(left) \(right)",
            Self.value(.subtractDecimal, .decimal(left), .decimal(right))
          ))
      case 2:
        let right = Decimal(units: b, scale: other)
        questions.append(
          (
            "* \(scale + other)", "\(left) \(right)",
            Self.value(.multiplyDecimal, .decimal(left), .decimal(right))
          ))
      case 3:
        questions.append(
          ("/ \(scale)", "\(left) \(b)", Self.value(.divideDecimalInt, .decimal(left), .int(b))))
      default:
        let right = Decimal(units: b, scale: scale)
        questions.append(
          (
            "/ 6", "\(left) \(right)",
            Self.value(.divideDecimals, .decimal(left), .decimal(right))
          ))
      }
    }
    let answers = try PythonDecimal.answers(questions.map { "\($0.sign) \($0.text)" })
    #expect(answers.count == questions.count)
    var errors = 0
    for (question, answer) in zip(questions, answers) {
      let found: String
      switch question.wanted {
      case .decimal(let value): found = "\(value)"
      default:
        found = "error"
        errors += 1
      }
      #expect(found == answer, "\(question.sign) \(question.text)")
    }
    #expect(errors > 500 && errors < 15_000)
  }

  private static func value(_ overload: Overload, _ left: Value, _ right: Value) -> Value {
    Interpreter.arithmetic(overload, left, right) ?? .missing
  }
}

/// A Python asked line by line: sign, digits of the result, two numbers.
enum PythonDecimal {
  static let isThere = (try? run("print(1)", input: "")) == "1\n"

  private static let program = """
    import sys
    from decimal import Decimal, ROUND_HALF_EVEN, getcontext
    getcontext().prec = 80
    for line in sys.stdin:
        sign, scale, a, b = line.split()
        a, b, step = Decimal(a), Decimal(b), Decimal(1).scaleb(-int(scale))
        if sign == "/" and b == 0:
            print("error")
            continue
        value = a + b if sign == "+" else a - b if sign == "-" else a * b if sign == "*" else a / b
        value = value.quantize(step, rounding=ROUND_HALF_EVEN)
        units = int(value.scaleb(int(scale)))
        print(f"{abs(value):f}" if units == 0
              else f"{value:f}" if -2**63 <= units < 2**63 else "error")
    """

  static func answers(_ lines: [String]) throws -> [Substring] {
    try run(program, input: lines.joined(separator: "\n") + "\n").split(separator: "\n")
  }

  private static func run(_ program: String, input: String) throws -> String {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: file) }
    try Data(input.utf8).write(to: file)
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-c", program]
    process.standardInput = try FileHandle(forReadingFrom: file)
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return process.terminationStatus == 0 ? String(decoding: data, as: UTF8.self) : ""
  }
}
