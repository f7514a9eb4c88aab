internal import Expressions
internal import Model
internal import Program
internal import RuleLanguage
internal import Values

/// Expressions become instructions; an expression met before is not computed again.
extension EventProgramBuilder {
  /// The register that holds the value of an expression once the current phase's code has run.
  mutating func emit(_ expression: TypedExpression) -> Register {
    // Operations meet again by their registers; looking a tree up takes as long as the tree is.
    if case .apply(let overload, _) = expression.kind, overload.operation != nil {
      return compute(expression)
    }
    let key = expression.unplaced
    if let known = computed[key], known.phase.rawValue <= phase.rawValue { return known.register }
    let register = compute(key)
    computed[key] = (register, phase)
    return register
  }

  private mutating func compute(_ expression: TypedExpression) -> Register {
    if let value = folded(expression) { return constant(value) }
    switch expression.kind {
    case .constant(let value): return constant(value)
    case .variable(let number): return variable(compiler.rules.symbols[number])
    case .query(let signal, let arguments): return ask(signal, arguments)
    case .conditional(let condition, let then, let otherwise):
      let condition = emit(condition)
      let then = emit(then)
      let otherwise = emit(otherwise)
      return shared(CodeKey(operation: .select, b: condition, c: then, d: otherwise)) {
        builder, result in
        builder.append(Instruction(.move, a: result, b: otherwise))
        builder.append(Instruction(.select, a: result, b: condition, c: then))
      }
    case .apply(let overload, let operands): return apply(overload, operands, expression.type)
    case .list: preconditionFailure("the checker lets lists stand only on the right of `in`")
    }
  }

  private mutating func variable(_ symbol: Symbol) -> Register {
    switch symbol {
    case .field(_, let field):
      return Register(compiler.rules.schema.events[event].fields[field].slot)
    case .attribute(_, let field, let attribute): return self.attribute(field, attribute)
    case .signal(let signal): return register(ofSignal: signal)
    case .derived(let position): return emit(compiler.rules.lets[position].value)
    case .param(let position): return param(position)
    case .list, .counter: preconditionFailure("lists and counters have no register")
    }
  }

  // MARK: Folding

  /// The value of an expression over constants and params alone, but for those that are tried.
  private func folded(_ expression: TypedExpression) -> Value? {
    if case .list = expression.type { return nil }
    return isFixed(expression) ? value(of: expression) : nil
  }

  /// The value of an expression over constants and params alone.
  private func value(of expression: TypedExpression) -> Value {
    let interpreter = Interpreter(
      variable: { number in
        switch compiler.rules.symbols[number] {
        case .param(let position): compiler.paramValue(position)
        case .list(let position): .list(compiler.listValues(position))
        default: preconditionFailure("only params and lists are fixed")
        }
      }, query: { _, _ in preconditionFailure("a question is never fixed") })
    return interpreter.evaluate(expression)
  }

  private func isFixed(_ expression: TypedExpression) -> Bool {
    switch expression.kind {
    case .constant: return true
    case .query: return false
    case .variable(let number):
      switch compiler.rules.symbols[number] {
      case .param(let position): return compiler.free[position] == nil
      case .list(let position): return compiler.ownSet(ofList: position) == nil
      default: return false
      }
    case .apply(.matches, _): return false
    case .apply, .conditional, .list:
      for child in expression.children where !isFixed(child) { return false }
      return true
    }
  }

  // MARK: Operations

  private mutating func apply(
    _ overload: Overload, _ operands: [TypedExpression], _ type: ValueType
  ) -> Register {
    switch overload {
    case .expanded: return emit(operands[0])
    case .isIn: return membership(operands[0], operands[1])
    case .matches: return matches(operands[0], operands[1])
    case .rescale:
      guard case .decimal(let from, _) = operands[0].type, case .decimal(let to, _) = type else {
        preconditionFailure("only decimals are rescaled")
      }
      let factor = constant(.int(Decimal.powerOfTen(to - from)))
      return write(.multiplyInt, emit(operands[0]), factor)
    case .decimalToDouble:
      guard case .decimal(let scale, _) = operands[0].type else {
        preconditionFailure("only a decimal becomes a double this way")
      }
      return write(.decimalToDouble, emit(operands[0]), 0, extra: UInt8(scale))
    case .divideDecimals:
      return write(.divideScaledHalfEven, emit(operands[0]), emit(operands[1]), extra: 6)
    case .library(let function): return call(function, operands)
    case .zoneOffset:
      guard case .constant(.string(let zone)) = operands[1].kind else {
        preconditionFailure("the checker asks for zones written out")
      }
      return write(.zoneOffset, emit(operands[0]), compiler.constants.zone(zone))
    default:
      guard let operation = overload.operation else {
        preconditionFailure("\(overload) is kept to tests by the checker")
      }
      let first = emit(operands[0])
      return write(operation, first, operands.count > 1 ? emit(operands[1]) : 0)
    }
  }

  private mutating func write(
    _ operation: Operation, _ b: Register, _ c: Register, extra: UInt8 = 0
  ) -> Register {
    shared(CodeKey(operation: operation, b: b, c: c, d: 0, extra: extra)) { builder, result in
      builder.append(Instruction(operation, a: result, b: b, c: c, extra: extra))
    }
  }

  /// The register of code that was written before, or the one `write` fills. Two spellings of one
  /// value, with and without a let, meet here.
  private mutating func shared(
    _ key: CodeKey, _ write: (inout EventProgramBuilder, Register) -> Void
  ) -> Register {
    if let known = written[key], known.phase.rawValue <= phase.rawValue { return known.register }
    let result = newRegister()
    write(&self, result)
    written[key] = (result, phase)
    return result
  }

  /// Operands of a library function lie side by side: one alone where it is, more in registers of
  /// their own.
  private mutating func call(
    _ function: LibraryFunction, _ operands: [TypedExpression]
  ) -> Register {
    let registers = operands.map { emit($0) }
    guard registers.count > 1 else {
      return write(.call, registers[0], function.rawValue, extra: 1)
    }
    let key = CallKey(function: function, operands: registers)
    if let known = calls[key], known.phase.rawValue <= phase.rawValue { return known.register }
    let first = newRegister()
    for _ in registers.dropFirst() { _ = newRegister() }
    for (position, register) in registers.enumerated() {
      append(Instruction(.move, a: first + Register(position), b: register))
    }
    let result = newRegister()
    append(
      Instruction(
        .call, a: result, b: first, c: function.rawValue, extra: UInt8(registers.count)))
    calls[key] = (result, phase)
    return result
  }

  private mutating func matches(_ text: TypedExpression, _ pattern: TypedExpression) -> Register {
    guard case .constant(.string(let pattern)) = pattern.kind else {
      preconditionFailure("the checker asks for patterns written out")
    }
    let number = compiler.constants.pattern(pattern)
    return write(.matches, emit(text), number)
  }

  private mutating func membership(
    _ element: TypedExpression, _ list: TypedExpression
  ) -> Register {
    if case .collected = list.type {
      let extra: UInt8 = element.type == .double ? 1 : 0
      return write(.inCollected, emit(element), emit(list), extra: extra)
    }
    if case .variable(let number) = list.kind,
      case .list(let position) = compiler.rules.symbols[number],
      let set = compiler.ownSet(ofList: position)
    {
      return write(.inTextSet, emit(element), set)
    }
    let values = elements(of: list)
    if element.type == .double { return doubleMembership(element, values) }
    let value = emit(element)
    if element.type.isText {
      let texts = values.map { value -> [UInt8] in
        switch value {
        case .string(let text): Array(text.utf8)
        case .bytes(let bytes): bytes
        default: preconditionFailure("a list of text holds text")
        }
      }
      return write(.inTextSet, value, compiler.constants.textSet(texts))
    }
    let numbers = values.map { value in
      Int64(bitPattern: compiler.constants.load(value).payload)
    }
    return write(.inIntSet, value, compiler.constants.intSet(numbers))
  }

  /// Doubles are equal by value and not by bits: 0 is -0, and nothing is a number that is none.
  private mutating func doubleMembership(
    _ element: TypedExpression, _ values: [Value]
  ) -> Register {
    let value = emit(element)
    let tests = values.map { write(.equalDouble, value, constant($0)) }
    guard var result = tests.first else {
      return write(.inIntSet, value, compiler.constants.intSet([]))
    }
    for test in tests.dropFirst() { result = write(.or, result, test) }
    return result
  }

  private mutating func elements(of list: TypedExpression) -> [Value] {
    switch list.kind {
    case .constant(.list(let values)): return values
    case .list(let elements):
      for number in elements.flatMap(\.variables) {
        // A set is made once: it is one of the value as it stands.
        if case .param(let position) = compiler.rules.symbols[number],
          compiler.free[position] != nil
        {
          compiler.folded.insert(position)
        }
      }
      return elements.map { value(of: $0) }
    case .variable(let number):
      guard case .list(let position) = compiler.rules.symbols[number] else {
        preconditionFailure("only a list is a list")
      }
      return compiler.listValues(position)
    default: preconditionFailure("the checker lets only lists stand on the right of `in`")
    }
  }
}

extension Overload {
  /// The instruction that does it, where one does.
  fileprivate var operation: Operation? {
    switch self {
    case .addInt, .addDecimal, .addDuration, .addTimestampDuration: .addInt
    case .addUInt: .addUInt
    case .addDouble: .addDouble
    case .subtractInt, .subtractDecimal, .subtractDuration, .subtractTimestamps,
      .subtractTimestampDuration:
      .subtractInt
    case .subtractUInt: .subtractUInt
    case .subtractDouble: .subtractDouble
    case .multiplyInt, .multiplyDecimal: .multiplyInt
    case .multiplyUInt: .multiplyUInt
    case .multiplyDouble: .multiplyDouble
    case .divideInt: .divideInt
    case .divideUInt: .divideUInt
    case .divideDouble: .divideDouble
    case .divideDecimalInt: .divideIntHalfEven
    case .remainderInt: .remainderInt
    case .remainderUInt: .remainderUInt
    case .negateInt, .negateDecimal, .negateDuration: .negateInt
    case .negateDouble: .negateDouble
    case .equalBits: .equalBits
    case .notEqualBits: .notEqualBits
    case .equalDouble: .equalDouble
    case .notEqualDouble: .notEqualDouble
    case .lessInt: .lessInt
    case .lessOrEqualInt: .lessOrEqualInt
    case .lessUInt: .lessUInt
    case .lessOrEqualUInt: .lessOrEqualUInt
    case .lessDouble: .lessDouble
    case .lessOrEqualDouble: .lessOrEqualDouble
    case .equalText: .equalText
    case .notEqualText: .notEqualText
    case .lessText: .lessText
    case .lessOrEqualText: .lessOrEqualText
    case .and: .and
    case .or: .or
    case .not: .not
    case .isMissing: .isMissing
    case .orDefault: .orDefault
    case .contains: .textContains
    case .startsWith: .textStartsWith
    case .endsWith: .textEndsWith
    case .sizeOfText: .textSize
    case .sizeOfCollected: .collectedSize
    case .collectedItem: .collectedItem
    case .intToDouble: .intToDouble
    case .uintToDouble: .uintToDouble
    case .doubleToInt: .doubleToInt
    case .divideDecimals, .rescale, .isIn, .matches, .decimalToDouble, .library,
      .zoneOffset, .expanded:
      nil
    }
  }
}
