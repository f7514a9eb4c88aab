public import Expressions

/// Applies changes to texts.
public enum SourceEdits {
  /// The edits of findings that can be made together: of two that touch, the first one stands.
  public static func compatible(_ findings: [Diagnostic]) -> [SourceEdit] {
    let edits = findings.compactMap(\.edit).sorted {
      ($0.span.file, $0.span.start, $0.span.end, $0.replacement)
        < ($1.span.file, $1.span.start, $1.span.end, $1.replacement)
    }
    var kept: [SourceEdit] = []
    for edit in edits {
      if let last = kept.last, last.span.file == edit.span.file,
        edit.span.start < last.span.end || edit.span.start == last.span.start
      {
        continue
      }
      kept.append(edit)
    }
    return kept
  }

  /// A text with edits made; they are in order, do not touch and are all of its file.
  public static func apply(_ edits: [SourceEdit], to bytes: [UInt8]) -> [UInt8] {
    var output: [UInt8] = []
    var offset = 0
    for edit in edits {
      output += bytes[offset..<edit.span.start]
      output += edit.replacement.utf8
      offset = edit.span.end
    }
    return output + bytes[offset...]
  }
}
