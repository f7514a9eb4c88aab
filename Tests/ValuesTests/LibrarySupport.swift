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
  let bytes = (0..<3).map { $0 < texts.count ? utf8(texts[$0]) : [] }
  let arguments = LibraryArguments(payloads, bytes[0].span, bytes[1].span, bytes[2].span)
  var output: [UInt8] = []
  return switch function.evaluate(arguments, into: &output) {
  case .written: .value(String(decoding: output, as: UTF8.self))
  case .part(let range): .value(String(decoding: bytes[0][range], as: UTF8.self))
  case let outcome: .outcome(outcome)
  }
}
