/// The version of the engine, shown in every decision. Answers may differ only between versions.
public enum EngineVersion {
  /// Semantic version of the product.
  public static let current = "0.1.0"
}
