/// One form of a function: what it takes and what it gives.
public struct StandardSignature: Hashable, Sendable {
  /// The name, qualified when it has a namespace.
  public var name: String
  /// Whether it is called as `x.name(…)`; the receiver is the first parameter.
  public var isMethod: Bool
  /// Types of receiver and arguments.
  public var parameters: [StandardType]
  /// Type of the result.
  public var result: StandardType

  /// Creates a signature.
  public init(
    name: String, isMethod: Bool, parameters: [StandardType], result: StandardType
  ) {
    self.name = name
    self.isMethod = isMethod
    self.parameters = parameters
    self.result = result
  }
}

extension StandardSignature {
  /// Reads `name: (int, list(A)) -> bool` or `name: string.(int) -> string`.
  init?(_ text: String) {
    let halves = text.split(separator: ": ", maxSplits: 1)
    guard halves.count == 2 else { return nil }
    var reader = TypeReader(halves[1])
    var parameters: [StandardType] = []
    let isMethod = !reader.isAt("(")
    if isMethod {
      guard let receiver = reader.type(), reader.take(".") else { return nil }
      parameters.append(receiver)
    }
    guard reader.take("("), let rest = reader.types(), reader.take(" -> "),
      let result = reader.type()
    else { return nil }
    self.init(
      name: String(halves[0]), isMethod: isMethod, parameters: parameters + rest, result: result)
  }
}

/// Reads types as declarations write them.
private struct TypeReader {
  private var rest: Substring

  init(_ text: Substring) { rest = text }

  func isAt(_ sign: String) -> Bool { rest.hasPrefix(sign) }

  mutating func take(_ sign: String) -> Bool {
    guard rest.hasPrefix(sign) else { return false }
    rest = rest.dropFirst(sign.count)
    return true
  }

  /// Types up to the closing parenthesis.
  mutating func types() -> [StandardType]? {
    var types: [StandardType] = []
    while !take(")") {
      if !types.isEmpty, !take(", ") { return nil }
      guard let next = type() else { return nil }
      types.append(next)
    }
    return types
  }

  mutating func type() -> StandardType? {
    // The dot of `net.IP` belongs to the name, that before a parenthesis does not.
    var end = rest.startIndex
    while end < rest.endIndex, rest[end].isLetter || rest[end] == "_" || isInnerDot(end) {
      end = rest.index(after: end)
    }
    let name = String(rest[..<end])
    rest = rest[end...]
    let parameters = take("(") ? types() ?? [] : []
    switch (name, parameters.count) {
    case ("list", 1): return .list(parameters[0])
    case ("map", 2): return .map(parameters[0], parameters[1])
    case ("type", 1): return .type(parameters[0])
    case ("optional", 1): return .optional(parameters[0])
    case ("dyn", 0): return .dyn
    case ("timestamp", 0): return .timestamp
    case ("duration", 0): return .duration
    case (_, 0) where name.count == 1: return .parameter(name)
    case (_, 0): return StandardType.named[name]
    default: return nil
    }
  }

  private func isInnerDot(_ index: Substring.Index) -> Bool {
    guard rest[index] == "." else { return false }
    let next = rest.index(after: index)
    return next < rest.endIndex && rest[next].isLetter
  }
}

extension StandardSignature: CustomStringConvertible {
  /// As declarations write it: `charAt: string.(int) -> string`.
  public var description: String {
    let rest = parameters.dropFirst(isMethod ? 1 : 0).map(\.description).joined(separator: ", ")
    let receiver = isMethod ? parameters.first.map { "\($0)." } ?? "" : ""
    return "\(name): \(receiver)(\(rest)) -> \(result)"
  }
}
