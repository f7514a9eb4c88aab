import CColumns
import Model
import Program

/// The registers of many events, register by register and in each lane by lane: numbers with bits
/// for what is missing or failed, bools as bits alone.
struct Columns: ~Copyable {
  /// Events.
  let lanes: Int
  /// Words of 64 lanes that bits take.
  let words: Int
  private var payloads: FixedArray<UInt64>
  private var states: FixedArray<LaneBits>

  /// Columns that hold in every lane what the registers of an event begin with.
  init(_ payloads: borrowing FixedArray<UInt64>, _ states: borrowing FixedArray<UInt8>, lanes: Int)
  {
    precondition(lanes > 0, "no lane")
    self.lanes = lanes
    let words = (lanes + 63) / 64
    self.words = words
    self.payloads = FixedArray(count: payloads.count * lanes) { payloads[$0 / lanes] }
    self.states = FixedArray(count: states.count * words) { place in
      switch states[place / words] {
      case Registers.present: LaneBits(value: payloads[place / words] == 0 ? 0 : .max)
      case Registers.error: LaneBits(error: .max)
      default: .nothing
      }
    }
  }

  /// State of a number, or a bool, in 64 lanes.
  func bits(_ register: Register, _ word: Int) -> LaneBits {
    states[Int(register) &* words &+ word]
  }

  mutating func set(_ register: Register, _ word: Int, _ bits: LaneBits) {
    states[Int(register) &* words &+ word] = bits
  }

  func payload(_ register: Register, _ lane: Int) -> UInt64 {
    payloads[Int(register) &* lanes &+ lane]
  }

  mutating func set(_ register: Register, _ lane: Int, payload: UInt64) {
    payloads[Int(register) &* lanes &+ lane] = payload
  }

  /// The payloads of a register, lane by lane.
  @_lifetime(borrow self)
  func column(_ register: Register) -> Span<UInt64> {
    let start = Int(register) &* lanes
    return payloads.span.extracting(start..<start &+ lanes)
  }

  /// The lanes of a word that are events.
  func mask(_ word: Int) -> UInt64 {
    lanes - word * 64 >= 64 ? .max : (1 << UInt64(lanes - word * 64)) - 1
  }

  /// Payload and state of a lane; the bit of a bool for its payload where `isBits`.
  func value(_ register: Register, _ lane: Int, isBits: Bool) -> (payload: UInt64, state: UInt8) {
    let bits = bits(register, lane / 64)
    let (bit, place) = (UInt64(1) << UInt64(lane % 64), UInt64(lane % 64))
    if bits.error & bit != 0 { return (0, Registers.error) }
    if bits.missing & bit != 0 { return (0, Registers.missing) }
    return (isBits ? bits.value >> place & 1 : payload(register, lane), Registers.present)
  }

  /// Writes payload and state of a lane, and the bit that says whether the payload is not 0.
  mutating func set(_ register: Register, _ lane: Int, _ payload: UInt64, state: UInt8) {
    var bits = bits(register, lane / 64)
    let bit = UInt64(1) << UInt64(lane % 64)
    bits.value = payload == 0 ? bits.value & ~bit : bits.value | bit
    bits.missing = state == Registers.missing ? bits.missing | bit : bits.missing & ~bit
    bits.error = state == Registers.error ? bits.error | bit : bits.error & ~bit
    set(register, lane / 64, bits)
    set(register, lane, payload: payload)
  }

  /// Compares two columns of numbers; writes a bit for each lane.
  func compare(
    _ comparison: columns_comparison, _ left: ColumnOperand, _ right: ColumnOperand,
    into result: inout FixedArray<UInt64>
  ) {
    precondition(
      (Int(max(left.register, right.register)) + 1) * lanes <= payloads.count
        && words <= result.count, "a column that is not there")
    // SAFETY: both columns, or their first lane where one number stands for all, and the words of
    // the result were just looked for.
    unsafe columns_compare(
      comparison, payloads.address(Int(left.register) * lanes), left.isConstant ? 0 : 1,
      payloads.address(Int(right.register) * lanes), right.isConstant ? 0 : 1, lanes,
      result.address(0))
  }
}

/// A register that is read, and whether it is a constant, one number in all lanes.
struct ColumnOperand: BitwiseCopyable {
  var register: Register
  var isConstant: Bool
}
