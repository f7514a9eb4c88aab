import Foundation
import Testing

@Suite struct `The cost of a package` {
  private static let rules = """
    module costs version "1.0.0"
    entity account { account_id: string key }
    event payment retention 400d {
      payment_id: string id
      at:         timestamp time
      who:        account
      amount:     int
    }
    signal few   = count() from payment by who over 1h
    signal more  = sum(amount) from payment by who over 24h
    signal costs = percentile(amount, 95) from payment by who over 30d
    policy every_payment { on payment otherwise grant if_unavailable hold }
    """

  @Test func `is told for each thing that is kept, and for an event`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("costs.rules", Self.rules)
    let ending = try sabueso("check", "--cost", path)
    #expect(ending.code == 0, "\(ending.notes)")
    let lines = ending.output.split(separator: "\n")
    #expect(lines.contains { $0.hasPrefix("kept for") })
    // Both windows over the same events share one list; the percentile has a timeline.
    #expect(lines.contains { $0.contains("payment by account") && $0.hasSuffix("few more") })
    #expect(lines.contains { $0.contains("30d") && $0.hasSuffix("costs") })
    #expect(try bytes(ending.output) > 100)
  }

  @Test func `above the budget is refused with a code of its own, at it is not`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("costs.rules", Self.rules)
    let bytes = try bytes(try sabueso("check", "--cost", path).output)
    let fits = try sabueso("check", "--budget", "\(bytes)", path)
    #expect(fits.code == 0 && !fits.notes.contains("E0411"), "\(fits.notes)")
    let above = try sabueso("check", "--budget", "\(bytes - 1)", path)
    #expect(above.code == 3)
    #expect(above.notes.contains("error[E0411]: a `payment` may add "), "\(above.notes)")
    // It stands at the signal that costs most.
    #expect(above.notes.contains("costs.rules:11:8"))
    let spanish = try sabueso("check", "--lang", "es", "--budget", "10", path)
    #expect(spanish.notes.contains("error[E0411]: un `payment` puede sumar "))
    let json = try sabueso("check", "--format", "json", "--budget", "10", path)
    #expect(json.code == 3 && json.output.contains(#""code":"E0411""#))
    let lesson = try sabueso("explain", "E0411")
    #expect(lesson.code == 0 && lesson.output.contains("--budget"))
  }

  /// What an event adds at most, by the last line of `check --cost`.
  private func bytes(_ output: String) throws -> Int {
    let line = try #require(output.split(separator: "\n").last)
    #expect(line.hasPrefix("a payment adds at most ") && line.hasSuffix(" bytes"))
    return try #require(Int(line.filter(\.isNumber)))
  }
}
