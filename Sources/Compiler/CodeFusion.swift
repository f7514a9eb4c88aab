internal import Model
internal import Program

/// Joins steps that test with steps that combine tests, so that `a > 3 and not (b in c)` is two
/// steps and not four, and work that can no longer matter is left out.
///
/// Only the code of rules and texts is touched: what is read of it elsewhere is known here.
struct CodeFusion {
  /// Places that read each register.
  private var uses: [Int]
  private var output: [Instruction?] = []
  /// Where in `output` each register is written, in order.
  private var writes: [Register: [Int]] = [:]

  /// Rewrites the code of an event.
  static func fuse(_ program: inout EventProgram) {
    let uses = uses(in: program)
    var evaluation = CodeFusion(uses: uses)
    program.evaluation = evaluation.rewritten(program.evaluation)
    var explanation = CodeFusion(uses: uses)
    program.explanation = explanation.rewritten(program.explanation)
  }

  private init(uses: [Int]) {
    self.uses = uses
  }

  private static func uses(in program: EventProgram) -> [Int] {
    var uses = [Int](repeating: 0, count: program.registerCount)
    for step in program.arrival + program.evaluation + program.explanation {
      for operand in step.operands { uses[Int(operand)] += 1 }
    }
    for rule in program.rules {
      for register in [rule.when, rule.exempt, rule.score] {
        if let register { uses[Int(register)] += 1 }
      }
      for part in rule.texts?.all ?? [] {
        if case .hole(let register, _) = part { uses[Int(register)] += 1 }
      }
    }
    if let exempt = program.policy?.exempt { uses[Int(exempt)] += 1 }
    return uses
  }

  private mutating func rewritten(_ code: [Instruction]) -> [Instruction] {
    for step in code {
      switch step.operation {
      case .not: negate(step)
      case .and, .or: combine(step)
      default: append(step)
      }
    }
    return output.compactMap { $0 }
  }

  private mutating func append(_ step: Instruction) {
    writes[step.a, default: []].append(output.count)
    output.append(step)
  }

  /// The test that alone fills a register which only the next step reads.
  private func test(_ register: Register) -> (position: Int, step: Instruction)? {
    guard uses[Int(register)] == 1, let places = writes[register], places.count == 1,
      let step = output[places[0]], step.operation.decides, step.combining == .none
    else { return nil }
    return (places[0], step)
  }

  private mutating func negate(_ step: Instruction) {
    guard let (position, found) = test(step.b) else { return append(step) }
    var test = found
    test.a = step.a
    test.isNegated.toggle()
    output[position] = test
    writes[step.a] = [position]
  }

  private mutating func combine(_ step: Instruction) {
    var step = step
    if uses[Int(step.b)] == 1, let places = writes[step.b] {
      // Nobody else reads the left side: it may be computed where the result is wanted.
      for place in places {
        // A join reads what it writes.
        if output[place]?.b == step.b { output[place]?.b = step.a }
        output[place]?.a = step.a
      }
      writes[step.a] = places
      step.b = step.a
    }
    guard step.b == step.a, let (position, found) = test(step.c) else { return append(step) }
    var test = found
    output[position] = nil
    test.a = step.a
    test.combining = step.operation == .and ? .and : .or
    append(test)
  }
}

extension ReasonTemplates {
  fileprivate var all: [TemplatePart] {
    analystEnglish + analystSpanish + customerEnglish + customerSpanish
  }
}
