import Model
import Program
import Testing
import Wire

@testable import Benchmarks

@Suite struct `The lines of the pipeline` {
  @Test func `are read as the events the stream makes`() throws {
    let package = try HotpathPackage(path: HotpathOptions([]).rules)
    var decoder = EventDecoder(package.program.schema)
    var stream = HotpathStream(seed: 42)
    var (wanted, found) = (Event(), Event())
    var labels = 0
    for _ in 0..<4_000 {
      let source = stream.next()
      package.write(source, to: &wanted)
      var line: [UInt8] = []
      PipelineText.append(source, to: &line)
      #expect(line.removeLast() == 10)
      try decoder.decode(line.span, into: &found)
      #expect(found.type == wanted.type && found.time == wanted.time)
      #expect(found.idText == wanted.idText && found.states == wanted.states)
      for field in package.program.schema.events[found.type].fields {
        let (value, expected) = (found.payloads[field.slot], wanted.payloads[field.slot])
        let isText = field.type.isText && found.states[field.slot] == ValueState.present.rawValue
        #expect(isText ? text(value, found) == text(expected, wanted) : value == expected)
      }
      if source.isLabel { labels += 1 }
    }
    #expect(labels > 3)
  }

  private func text(_ payload: UInt64, _ event: Event) -> ArraySlice<UInt8> {
    let place = TextReference(bits: payload)
    return event.text[place.offset..<place.offset + place.length]
  }

  @Test func `are asked for by options`() throws {
    let options = try PipelineOptions([
      "--events", "1_000", "--world-accounts", "0", "--rounds", "5",
    ])
    #expect(options.events == 1_000 && options.worldAccounts == 0 && options.rounds == 5)
    #expect(throws: UsageError.self) { try PipelineOptions(["--rounds", "0"]) }
    #expect(throws: UsageError.self) { try PipelineOptions(["--events"]) }
    #expect(throws: UsageError.self) { try PipelineOptions(["--nothing", "1"]) }
  }
}
