import Values

/// The bytes of a text.
func utf8(_ text: String) -> [UInt8] { Array(text.utf8) }

/// What a library function gives, its text as such.
enum LibraryAnswer: Hashable {
  case value(String)
  case outcome(LibraryOutcome)
}

/// Calls a library function with texts, then numbers in the places that are no text.
func library(
  _ function: LibraryFunction, _ texts: String..., numbers: [Int: UInt64] = [:]
) -> LibraryAnswer {
  var payloads = InlineArray<4, UInt64>(repeating: 0)
  for (position, number) in numbers { payloads[position] = number }
  let first = utf8(texts.isEmpty ? "" : texts[0])
  let second = utf8(texts.count > 1 ? texts[1] : "")
  let third = utf8(texts.count > 2 ? texts[2] : "")
  let arguments = LibraryArguments(payloads, first.span, second.span, third.span)
  var output: [UInt8] = []
  let outcome = function.evaluate(arguments, into: &output)
  return switch outcome {
  case .written: .value(String(decoding: output, as: UTF8.self))
  case .part(let range): .value(String(decoding: first[range], as: UTF8.self))
  case let outcome: .outcome(outcome)
  }
}
