public import Model
internal import Values

/// One form of a function: parameter types to result.
public struct FunctionForm: Hashable, Sendable {
  /// The name in expressions.
  public var name: String
  /// Whether it is written `x.name(…)`; the receiver is the first parameter.
  public var isMethod: Bool
  /// Types of receiver and arguments.
  public var parameters: [ValueType]
  /// Type of the result.
  public var result: ValueType
  /// Whether the result can be missing although every operand is there.
  public var mayBeMissing = false
  /// What it resolves to.
  public var overload: Overload
}

/// The functions expressions may call.
public enum FunctionTable {
  /// Every form; `default` and conversions of decimals are handled by the checker because their
  /// types depend on their arguments.
  public static let forms: [FunctionForm] = core + library

  /// The forms that have a name, with or without a receiver.
  static let named: [String: [FunctionForm]] = Dictionary(grouping: forms, by: \.name)

  private static let core: [FunctionForm] = [
    form("matches", method: true, [.string, .string], .bool, .matches),
    form("matches", method: false, [.string, .string], .bool, .matches),
    form("contains", method: true, [.string, .string], .bool, .contains),
    form("startsWith", method: true, [.string, .string], .bool, .startsWith),
    form("endsWith", method: true, [.string, .string], .bool, .endsWith),
    form("size", method: false, [.string], .int, .sizeOfText),
    form("size", method: true, [.string], .int, .sizeOfText),
    form("double", method: false, [.int], .double, .intToDouble),
    form("double", method: false, [.uint], .double, .uintToDouble),
    form("int", method: false, [.double], .int, .doubleToInt),
  ]

  private static let library: [FunctionForm] = LibraryFunction.allCases.compactMap { function in
    guard let signature = function.signature else { return nil }
    return FunctionForm(
      name: signature.name, isMethod: signature.isMethod, parameters: signature.parameters,
      result: signature.result, mayBeMissing: signature.mayBeMissing, overload: .library(function))
  }

  /// Every signature a rule file may use, as it is written there: `string.charAt(int) -> string`; a
  /// result with `?` may be missing.
  public static var signatures: [String] {
    forms.map { form in
      let types = form.parameters.map(\.description)
      let call =
        form.isMethod
        ? "\(types[0]).\(form.name)(\(types.dropFirst().joined(separator: ", ")))"
        : "\(form.name)(\(types.joined(separator: ", ")))"
      return "\(call) -> \(form.result)\(form.mayBeMissing ? "?" : "")"
    } + settledByChecker
  }

  /// Those whose types or arguments the checker settles itself.
  private static let settledByChecker: [String] =
    [
      "default(T?, T) -> T", "double(decimal(n)) -> double", "string(decimal(n)) -> string",
      "int(decimal(n)) -> int", "decimal(int, n) -> decimal(n)", "decimal(double, n) -> decimal(n)",
      "in_zone(timestamp, \"Zone\"), only inside what follows",
      "size(what a signal collected) -> int", "collected.size() -> int",
    ]
    + ExpressionChecker.clockFunctions.keys.sorted().map { "\($0)(timestamp) -> int" }
    + ExpressionChecker.clockMethods.sorted().flatMap { name in
      ["timestamp.\(name)() -> int", "timestamp.\(name)(\"Zone\") -> int"]
    }
    + ["getHours", "getMilliseconds", "getMinutes", "getSeconds"].map { "duration.\($0)() -> int" }

  /// The names that can be called without a receiver.
  public static let functionNames: Set<String> =
    Set(forms.filter { !$0.isMethod }.map(\.name)).union(["default", "decimal"])

  /// What stands before the dot of functions that have a namespace: `math` of `math.abs`.
  public static let namespaces: Set<String> = Set(
    forms.compactMap { form in
      form.isMethod ? nil : form.name.firstIndex(of: ".").map { String(form.name[..<$0]) }
    })

  /// The names that can be called on a receiver.
  public static let methodNames: Set<String> = Set(forms.filter(\.isMethod).map(\.name))

  private static func form(
    _ name: String, method: Bool, _ parameters: [ValueType], _ result: ValueType,
    _ overload: Overload
  ) -> FunctionForm {
    FunctionForm(
      name: name, isMethod: method, parameters: parameters, result: result, overload: overload)
  }
}
