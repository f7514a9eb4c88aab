/// A function of the language over values whose types are known only when it is called; the
/// receiver of `x.f(y)` is the first argument.
public typealias DynamicFunction =
  @Sendable ([DynamicValue]) throws(DynamicFault) -> DynamicValue

/// The functions expressions may call by name: standard definitions and extensions.
///
/// *Source*: langdef.md, "List of standard definitions"; cel-go ext (strings, math, lists, sets,
/// encoders, bindings, two-variable comprehensions); Kubernetes network library.
public enum DynamicLibrary {
  /// The function called `name(…)`, qualified names and signs included: `math.abs`, `_+_`.
  public static func function(named name: String) -> DynamicFunction? { functions[name] }

  /// The function called `receiver.name(…)`.
  public static func method(named name: String) -> DynamicFunction? { methods[name] }

  private static let functions = merged([
    operators, conversions, plainText, mathematics, lists, sets, optionals, encoders, network,
  ])

  private static let methods = merged([
    plainTextMethods, textMethods, timeMethods, listMethods, optionalMethods, networkMethods,
  ])

  private static func merged(
    _ tables: [[String: DynamicFunction]]
  ) -> [String: DynamicFunction] {
    tables.reduce(into: [:]) { all, table in
      all.merge(table) { _, _ in preconditionFailure("two functions of one name") }
    }
  }

  /// A function of one argument.
  static func unary(
    _ body: @escaping @Sendable (DynamicValue) throws(DynamicFault) -> DynamicValue
  ) -> DynamicFunction {
    { (arguments: [DynamicValue]) throws(DynamicFault) in
      guard arguments.count == 1 else { throw .noSuchOverload("\(arguments.count) arguments") }
      return try body(arguments[0])
    }
  }

  /// A function of two arguments.
  static func binary(
    _ body: @escaping @Sendable (DynamicValue, DynamicValue) throws(DynamicFault) -> DynamicValue
  ) -> DynamicFunction {
    { (arguments: [DynamicValue]) throws(DynamicFault) in
      guard arguments.count == 2 else { throw .noSuchOverload("\(arguments.count) arguments") }
      return try body(arguments[0], arguments[1])
    }
  }
}
