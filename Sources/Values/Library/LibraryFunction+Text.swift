internal import Model

/// The strings extension. Positions count code points.
///
/// *Source*: cel-go, ext/strings.go.
extension LibraryFunction {
  func text(
    _ arguments: borrowing LibraryArguments, _ output: inout [UInt8]
  ) -> LibraryOutcome {
    let text = arguments.text
    switch self {
    case .concatenate:
      output.append(text)
      output.append(arguments.secondText)
      return .written
    case .charAt:
      guard let start = CodePoints.offset(of: arguments.int(1), in: text) else {
        return .fault(.argument)
      }
      return .part(start..<(start == text.count ? start : CodePoints.next(start, in: text)))
    case .indexOf: return Self.first(text, arguments.secondText, from: 0)
    case .indexOfFrom:
      guard let start = CodePoints.offset(of: arguments.int(2), in: text) else {
        return .fault(.argument)
      }
      return Self.first(text, arguments.secondText, from: start)
    case .lastIndexOf: return Self.last(text, arguments.secondText, upTo: text.count, &output)
    case .lastIndexOfFrom:
      guard let last = CodePoints.offset(of: arguments.int(2), in: text) else {
        return .fault(.argument)
      }
      return Self.last(text, arguments.secondText, upTo: last, &output)
    case .lowerAscii:
      for index in text.indices { output.append(AsciiLetters.lower(text[index])) }
      return .written
    case .upperAscii:
      for index in text.indices { output.append(AsciiLetters.upper(text[index])) }
      return .written
    case .replace:
      return Self.replace(text, arguments.secondText, arguments.thirdText, -1, &output)
    case .replaceFirst:
      return Self.replace(
        text, arguments.secondText, arguments.thirdText, arguments.int(3), &output)
    case .substringFrom, .substring: return substring(arguments)
    case .trim: return .part(Self.trimmed(text))
    case .reverse:
      var end = text.count
      while end > 0 {
        let start = CodePoints.previous(end, in: text)
        output.append(text.extracting(start..<end))
        end = start
      }
      return .written
    default: preconditionFailure("\(self) is no function on text")
    }
  }

  private static func number(_ value: Int64) -> LibraryOutcome {
    .value(UInt64(bitPattern: value))
  }

  private static func first(
    _ text: Span<UInt8>, _ part: Span<UInt8>, from start: Int
  ) -> LibraryOutcome {
    guard let found = TwoWaySearch.first(part, in: text, from: start) else { return number(-1) }
    return number(CodePoints.number(before: found, in: text))
  }

  /// The last place up to `last`: the first one where both are written backwards.
  private static func last(
    _ text: Span<UInt8>, _ part: Span<UInt8>, upTo last: Int, _ work: inout [UInt8]
  ) -> LibraryOutcome {
    guard part.count <= text.count else { return number(-1) }
    let end = min(last + part.count, text.count)
    let start = work.count
    for index in stride(from: end - 1, through: 0, by: -1) { work.append(text[index]) }
    for index in stride(from: part.count - 1, through: 0, by: -1) { work.append(part[index]) }
    let backwards = work.span
    let found = TwoWaySearch.first(
      backwards.extracting((start + end)...), in: backwards.extracting(start..<start + end),
      from: 0)
    guard let found else { return number(-1) }
    return number(CodePoints.number(before: end - found - part.count, in: text))
  }

  private func substring(_ arguments: borrowing LibraryArguments) -> LibraryOutcome {
    let text = arguments.text
    guard let start = CodePoints.offset(of: arguments.int(1), in: text) else {
      return .fault(.argument)
    }
    if self == .substringFrom { return .part(start..<text.count) }
    guard let end = CodePoints.offset(of: arguments.int(2), in: text), start <= end else {
      return .fault(.argument)
    }
    return .part(start..<end)
  }

  private static func trimmed(_ text: Span<UInt8>) -> Range<Int> {
    var start = 0
    var end = text.count
    while start < end, CodePoints.scalar(at: start, in: text).properties.isWhitespace {
      start = CodePoints.next(start, in: text)
    }
    while end > start {
      let previous = CodePoints.previous(end, in: text)
      guard CodePoints.scalar(at: previous, in: text).properties.isWhitespace else { break }
      end = previous
    }
    return start..<end
  }

  /// An empty text to be replaced stands before every code point and at the end.
  private static func replace(
    _ text: Span<UInt8>, _ old: Span<UInt8>, _ new: Span<UInt8>, _ times: Int64,
    _ output: inout [UInt8]
  ) -> LibraryOutcome {
    var left = times
    var position = 0
    while left != 0, let found = TwoWaySearch.first(old, in: text, from: position) {
      guard output.count + new.count < Limits.computedTextBytes else {
        return .fault(.argument)
      }
      output.append(text.extracting(position..<found))
      output.append(new)
      position = found + old.count
      // Below zero there is no end to them.
      if left > 0 { left -= 1 }
      if old.isEmpty {
        guard position < text.count else { break }
        let next = CodePoints.next(position, in: text)
        output.append(text.extracting(position..<next))
        position = next
      }
    }
    output.append(text.extracting(position...))
    return .written
  }
}

/// Letters of ASCII; no locale and no table takes part.
enum AsciiLetters {
  static func lower(_ byte: UInt8) -> UInt8 { byte &- 65 < 26 ? byte | 0x20 : byte }

  static func upper(_ byte: UInt8) -> UInt8 { byte &- 97 < 26 ? byte ^ 0x20 : byte }
}
