public import Values

/// Why an engine cannot be made from a program.
public enum EngineError: Error, Hashable, Sendable {
  /// A pattern of the constants is refused.
  case pattern(index: Int, ValueError)
  /// The program contradicts itself; `detail` is for the author of the compiler.
  case program(detail: String)
}
