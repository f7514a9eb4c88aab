import Compiler
import Engine
import Expressions
import Foundation
import Model
import Program
import RuleLanguage
import Testing
import Values

/// On random rules, columns of waiting events give for every value of every param what an engine
/// compiled for that value gives, decision by decision. `SABUESO_SEED` and `SABUESO_SWEEPS` choose
/// others and more.
@Suite struct `A sweep over random rules` {
  private static let seed =
    ProcessInfo.processInfo.environment["SABUESO_SEED"].flatMap(UInt64.init) ?? 0x5EEB
  private static let rounds =
    ProcessInfo.processInfo.environment["SABUESO_SWEEPS"].flatMap(Int.init) ?? 3

  private static let values: [String: [Value]] = [
    "p_flag": [.bool(false), .bool(true)],
    "p_limit": [.int(3), .int(0), .int(-1), .int(.max)],
    "p_tally": [.uint(7), .uint(0), .uint(.max)],
    "p_ratio": [.double(1.5), .double(-0.0), .double(1e300)],
    "p_text": [.string("ab"), .string(""), .string("a text of many bytes, ñandú")],
    "p_device": [.string("D1"), .string("D3")],
    "p_pause": [.duration(90_000_000), .duration(0), .duration(.min)],
    "p_money": [
      .decimal(Decimal(units: 25_000, scale: 2)), .decimal(Decimal(units: -1, scale: 2)),
    ],
    "p_share": [.decimal(Decimal(units: 5_000, scale: 4)), .decimal(Decimal(units: 0, scale: 4))],
  ]

  private func text(_ generator: inout ExpressionGenerator, round: Int) -> String {
    let combine = ["sum cap 90", "max", "noisy_or cap 95"][round % 3]
    let exempt = generator.expression(.bool, levels: 2)
    var text = Fixture.schema.replacing(
      "policy all { on probe otherwise grant if_unavailable hold }",
      with: """
        policy all {
          on probe
          combine \(combine)
          exempt when \(exempt)
          decide block at 70
          decide hold at 40 for 2h
          decide review at 10 queue "q"
          otherwise grant
          if_unavailable hold
        }
        """)
    for number in 0..<16 {
      let condition = generator.expression(.bool, levels: 1 + number % 5)
      let more =
        switch number % 4 {
        case 0: "score (\(generator.expression(.int, levels: 2))) % 101"
        case 1: "exempt when \(generator.expression(.bool, levels: 2))\n  score 30"
        case 2: "score 25\n  missing fires"
        default: "force \(["review", "hold"][number % 2])\n  missing errors"
        }
      text += """
        rule r\(number) {
          on probe
          when \(condition)
          \(more)
          reason PROBE
          status live
          owner "x"
        }

        """
    }
    return text
  }

  @Test func `gives what an engine of each value gives`() throws {
    var (compared, differing, told) = (0, 0, 0)
    var scores: Set<Int> = []
    for round in 0..<Self.rounds {
      let seed = Self.seed &+ UInt64(round)
      var generator = ExpressionGenerator(seed: seed)
      let check = Fixture.check(text(&generator, round: round))
      let rules = try #require(check.rules, "seed \(seed): \(check.findings.map(\.title.english))")
      let events = (1...140).map { sequence in
        Probe(
          type: rules.schema.events[0], schema: rules.schema, sequence: sequence,
          &generator.random
        ).event
      }
      let free = positions(rules, Self.values)
      let program = PackageCompiler.compile(rules, free: free)
      let swept = try SweptVerdicts(program, events, blocksOf: [256, 64, 1, 67][round % 4])
      #expect(swept.present.count == events.count)
      for (number, param) in program.freeParams.enumerated() {
        let values = try #require(free[param.param])
        guard swept.refusals[number] == nil else { continue }
        told += 1
        for (place, value) in values.enumerated() {
          let own = PackageCompiler.compile(
            rules, overrides: Overrides(params: [param.param: value]))
          let wanted = try verdicts(own, events, answered: swept.present)
          let found = swept.byValue[number][place]
          let first = zip(found, wanted).enumerated().first { $0.element.0 != $0.element.1 }
          #expect(
            found == wanted,
            """
            seed \(seed), \(rules.params[param.param].name) = \(value), first at \
            \(first?.offset ?? -1)
            """)
          compared += wanted.count
          differing += zip(wanted, swept.present).count { $0 != $1 }
          scores.formUnion(wanted.map(\.score))
        }
      }
    }
    // Nothing above is shown by values that change nothing.
    #expect(told > 6 * Self.rounds, "\(told) params were told by columns")
    #expect(differing > compared / 200, "\(differing) of \(compared) decisions differ")
    #expect(scores.count > 20)
  }
}
