public import Model

/// What an engine may be told beside its program. Only `graphBudget` can change an answer.
public struct EngineOptions: Hashable, Sendable {
  /// Adjacency entries one traversal may examine.
  public var graphBudget: Int
  /// Secret of the hashes keys are known by; no result depends on it.
  public var hashSecret: HashSecret
  /// Whether reason texts are written into decisions.
  public var rendersTexts: Bool
  /// Whether decisions say what makes their graph signals true. When off it costs nothing.
  public var collectsEvidence: Bool

  /// Creates options.
  public init(
    graphBudget: Int = Limits.traversalEdges, hashSecret: HashSecret = .published,
    rendersTexts: Bool = true, collectsEvidence: Bool = false
  ) {
    self.graphBudget = graphBudget
    self.hashSecret = hashSecret
    self.rendersTexts = rendersTexts
    self.collectsEvidence = collectsEvidence
  }
}
