import CPCRE2
import Model

/// Whether a pattern matches.
public enum PatternMatch: UInt8, Sendable {
  case no
  case yes
  /// The match ran out of its steps, depth, heap or stack; there is no answer.
  case limit
}

/// A regular expression in RE2 syntax, compiled by PCRE2.
///
/// It reads UTF-8; case is folded by Unicode, while `\d`, `\s` and `\w` are ASCII, as in RE2 (but
/// `\s` also takes the vertical tab, which RE2 leaves out). A match
/// takes at most `Limits.regexMatchSteps` steps. Matching mutates: the scratch memory of a match
/// belongs to the pattern.
@safe public struct CompiledPattern: ~Copyable {
  private let code: OpaquePointer
  private let matchData: OpaquePointer
  private let context: OpaquePointer
  /// What machine code keeps its state on: as much as it would take of the caller's stack.
  private let stack: OpaquePointer
  /// Whether machine code was made of it.
  private let hasMachineCode: Bool

  /// Compiles a pattern.
  ///
  /// *Throws* `ValueError.pattern` for what RE2 does not have, for a mistake, and for one longer
  /// than `Limits.regexBytes`.
  public init(_ pattern: Span<UInt8>) throws(ValueError) {
    guard pattern.count <= Limits.regexBytes else {
      throw .pattern(
        offset: Limits.regexBytes,
        message: "a pattern may not be longer than \(Limits.regexBytes) bytes")
    }
    try RegexSyntax.check(pattern)
    // SAFETY: `code` is compiled here and freed only in deinit, as are the three made for it. PCRE2
    // gives nil only when memory is exhausted, where nothing sensible can follow.
    unsafe code = try CompiledPattern.compile(pattern)
    guard let matchData = unsafe pcre2_match_data_create_from_pattern_8(code, nil),
      let context = unsafe pcre2_match_context_create_8(nil),
      let stack = unsafe pcre2_jit_stack_create_8(
        Limits.regexStackBytes, Limits.regexStackBytes, nil)
    else { preconditionFailure("out of memory for a pattern") }
    unsafe self.matchData = unsafe matchData
    unsafe self.context = unsafe context
    unsafe self.stack = unsafe stack
    // Where there is no JIT matching is interpreted: the same answers, but for a text so near a
    // limit that only one of the two gives up.
    hasMachineCode = unsafe pcre2_jit_compile_8(code, PCRE2_JIT_COMPLETE) == 0
    // SAFETY: all are alive; the stack is freed after the context that refers to it.
    unsafe pcre2_jit_stack_assign_8(context, nil, UnsafeMutableRawPointer(stack))
    unsafe pcre2_set_match_limit_8(context, Limits.regexMatchSteps)
    unsafe pcre2_set_depth_limit_8(context, Limits.regexMatchSteps)
    unsafe pcre2_set_heap_limit_8(context, Limits.regexHeapKibibytes)
  }

  deinit {
    // SAFETY: the four objects were made in init, are owned by this value alone and freed once.
    unsafe pcre2_match_context_free_8(context)
    unsafe pcre2_jit_stack_free_8(stack)
    unsafe pcre2_match_data_free_8(matchData)
    unsafe pcre2_code_free_8(code)
  }

  /// Whether the pattern matches anywhere in the text.
  public mutating func matches(_ text: Span<UInt8>) -> PatternMatch {
    // SAFETY: the buffer outlives the call; PCRE2 takes nil only with length 0; mutating makes the
    // use of match data exclusive. The direct call of machine code leaves out checks of arguments
    // that are right here, and of UTF-8, which the code makes itself for texts that may be wrong.
    let status = unsafe text.withUnsafeBufferPointer { buffer in
      hasMachineCode && !buffer.isEmpty
        ? unsafe pcre2_jit_match_8(code, buffer.baseAddress, buffer.count, 0, 0, matchData, context)
        : unsafe pcre2_match_8(code, buffer.baseAddress, buffer.count, 0, 0, matchData, context)
    }
    if status >= 0 { return .yes }
    return status == PCRE2_ERROR_NOMATCH ? .no : .limit
  }

  private static func compile(_ pattern: Span<UInt8>) throws(ValueError) -> OpaquePointer {
    // Invalid UTF-8 in a text matches nothing rather than being undefined; `$` is the very end, as
    // in RE2; `\C` could split a character.
    let options =
      PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_BACKSLASH_C
    var status: Int32 = 0
    var offset = 0
    // SAFETY: buffer and the two out parameters live through the call.
    let code = unsafe pattern.withUnsafeBufferPointer { buffer in
      unsafe pcre2_compile_8(buffer.baseAddress, buffer.count, options, &status, &offset, nil)
    }
    // SAFETY: a fresh object that the caller becomes the owner of.
    if let code = unsafe code { return unsafe code }
    var message = [UInt8](repeating: 0, count: 256)
    // SAFETY: PCRE2 writes at most `count` bytes, its closing zero included.
    let length = unsafe message.withUnsafeMutableBufferPointer { buffer in
      unsafe pcre2_get_error_message_8(status, buffer.baseAddress, buffer.count)
    }
    let words = String(decoding: message.prefix(Int(max(0, length))), as: UTF8.self)
    throw .pattern(offset: offset, message: words)
  }
}

// SAFETY: the four objects have exactly one owner, which cannot be copied, and are used only
// through exclusive access; PCRE2 keeps nothing per thread.
extension CompiledPattern: @unchecked Sendable {}
