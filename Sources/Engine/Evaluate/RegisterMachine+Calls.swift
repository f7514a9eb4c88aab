import Model
import Program
import Values

extension RegisterMachine {
  /// Calls a library function.
  @inline(never)
  static func call(
    _ step: Instruction, on registers: borrowing Registers, texts: borrowing TextArenas,
    scratch: inout ScratchText
  ) {
    guard let function = LibraryFunction(rawValue: step.c) else {
      preconditionFailure("no such library function")
    }
    if let lack = lack(step, registers) {
      return registers.set(step.a, lack.payload, state: lack.state)
    }
    scratch.work.removeAll(keepingCapacity: true)
    switch invoke(function, step, registers, texts, scratch.bytes, &scratch.work) {
    case .value(let payload): registers.set(step.a, payload)
    case .bool(let value): registers.set(step.a, value)
    case .missing: registers.set(step.a, 0, state: Registers.missing)
    case .fault(let fault): registers.fail(step.a, fault)
    case .written:
      let start = scratch.bytes.count
      scratch.bytes.append(contentsOf: scratch.work)
      let reference = TextReference(arena: .scratch, offset: start, length: scratch.work.count)
      registers.set(step.a, reference.bits)
    case .part(let range):
      let whole = TextReference(bits: registers.payload(step.b))
      let reference = TextReference(
        arena: whole.arena, offset: whole.offset + range.lowerBound, length: range.count)
      registers.set(step.a, reference.bits)
    }
  }

  /// Seconds a zone is east of UTC at an instant.
  @inline(never)
  static func zoneOffset(
    _ step: Instruction, on registers: borrowing Registers, _ constants: inout ConstantPool
  ) {
    guard registers.isPresent(step.b, for: step.a) else { return }
    let time = registers.int(step.b)
    let seconds = time / 1_000_000 - (time % 1_000_000 < 0 ? 1 : 0)
    let offset = constants.zone(Int(step.c), offsetAt: seconds)
    registers.set(step.a, UInt64(bitPattern: offset))
  }

  /// The first error among the operands, or missing; nil when all are present.
  private static func lack(
    _ step: Instruction, _ registers: borrowing Registers
  ) -> (payload: UInt64, state: UInt8)? {
    var isMissing = false
    for operand in step.b..<step.b + UInt16(step.extra) {
      let value = registers.value(operand)
      if value.state == Registers.error { return value }
      if value.state == Registers.missing { isMissing = true }
    }
    return isMissing ? (0, Registers.missing) : nil
  }

  private static func invoke(
    _ function: LibraryFunction, _ step: Instruction,
    _ registers: borrowing Registers, _ texts: borrowing TextArenas, _ bytes: borrowing [UInt8],
    _ work: inout [UInt8]
  ) -> LibraryOutcome {
    var payloads = InlineArray<4, UInt64>(repeating: 0)
    for operand in 0..<Int(step.extra) {
      payloads[operand] = registers.payload(step.b + UInt16(operand))
    }
    let scratch = bytes.span
    let isText = function.textOperands
    let arguments = LibraryArguments(
      payloads, text(payloads[0], isText & 1 != 0, texts, scratch),
      text(payloads[1], isText & 2 != 0, texts, scratch),
      text(payloads[2], isText & 4 != 0, texts, scratch))
    return function.evaluate(arguments, into: &work)
  }

  @_lifetime(copy texts, copy scratch)
  private static func text(
    _ payload: UInt64, _ isText: Bool, _ texts: borrowing TextArenas, _ scratch: Span<UInt8>
  ) -> Span<UInt8> {
    guard isText else { return Span() }
    let reference = TextReference(bits: payload)
    return texts.arena(of: reference, scratch)
      .extracting(reference.offset..<reference.offset + reference.length)
  }
}
