/// A param with a register of its own, so that one program serves every value of it: only what that
/// register holds differs.
public struct FreeParam: Hashable, Sendable {
  /// Position among the params of the package.
  public var param: Int
  /// By event type the register, one of `EventProgram.constants`, which holds the value as it
  /// stands; nil where nothing reads the param.
  public var registers: [Register?]
  /// The payloads of the values to try; text refers to `Constants.text`.
  public var payloads: [UInt64]
  /// Whether the value went into anything beside that register, such as the members of a set: then
  /// this is a program of that value alone.
  public var isFolded: Bool

  /// Creates a free param.
  public init(param: Int, registers: [Register?], payloads: [UInt64], isFolded: Bool) {
    self.param = param
    self.registers = registers
    self.payloads = payloads
    self.isFolded = isFolded
  }
}
