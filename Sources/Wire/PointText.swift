import Values

/// Scores as text, with what always stands behind them: nearly all are no more than 100, and these
/// are prepared.
struct PointText: Sendable {
  /// By score its text, the first byte lowest, and in the highest byte how many bytes it has.
  private let words: [UInt64]
  private let ending: UInt8?

  /// Prepares scores with a byte behind each, or none.
  init(ending: UInt8? = nil) {
    self.ending = ending
    words = (0...100).map { score in
      var text: [UInt8] = []
      ValueText.append(Int64(score), to: &text)
      if let ending { text.append(ending) }
      let word = text.reversed().reduce(0) { $0 << 8 | UInt64($1) }
      return word | UInt64(text.count) << 56
    }
  }

  /// Appends a score.
  @inline(__always)
  func append(_ score: Int, to output: inout TextBuffer) {
    let words = words.span
    if score >= 0 && score < words.count {
      let word = words[score]
      output.append(word, count: Int(truncatingIfNeeded: word &>> 56))
    } else {
      appendLarge(score, to: &output)
    }
  }

  @inline(never)
  private func appendLarge(_ score: Int, to output: inout TextBuffer) {
    ValueText.append(Int64(score), to: &output)
    if let ending { output.append(ending) }
  }
}
