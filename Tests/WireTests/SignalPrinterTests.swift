import Model
import Testing
import Wire

@Suite struct `Values of signals` {
  /// Numbers around every length, of every type that is mostly short.
  @Test func `are printed alike short and long`() throws {
    var catalog = Fixture.catalog
    catalog.signals = [
      SignalDescription(name: "int", type: .int), SignalDescription(name: "uint", type: .uint),
      SignalDescription(name: "whole", type: .decimal(scale: 0, unit: "")),
      SignalDescription(name: "cents", type: .decimal(scale: 2, unit: "MXN")),
      SignalDescription(name: "fine", type: .decimal(scale: 9, unit: "")),
      SignalDescription(name: "is", type: .bool), SignalDescription(name: "text", type: .string),
    ]
    let lines = DigestLine(catalog)
    let event = try Fixture.event()
    var numbers: [Int64] = [0, 7, 10, 99, 100, .max, .min, -1, -100]
    var power: Int64 = 1
    for _ in 0..<17 {
      power *= 10
      numbers += [power - 1, power, power + 1, -power]
    }
    for (index, number) in numbers.enumerated() {
      var decision = Fixture.decision()
      decision.rules = []
      let text = decision.append("q\"\(number)")
      let payload = UInt64(bitPattern: number)
      let reference = TextReference(
        arena: .scratch, offset: text.lowerBound, length: text.count)
      decision.signals = (0..<7).map {
        SignalResult(
          signal: $0, payload: $0 == 6 ? reference.bits : payload, state: .present,
          isTruncated: $0 == index % 9)
      }
      var printed: [String] = [
        String(number), String(payload), String(number),
        Decimal(units: number, scale: 2).description, Decimal(units: number, scale: 9).description,
        number == 0 ? "false" : "true", "\"q\\\"\(number)\"",
      ]
      if index % 9 < 7 {
        printed[index % 9] = "{\"value\":\(printed[index % 9]),\"truncated\":true}"
      }
      if index % 4 == 3 {
        let states: [(ValueState, String)] = [
          (.missing, "null"), (.error, "\"!E\""), (.cleared, "null"),
        ]
        for (place, (state, text)) in states.enumerated() {
          let signal = (index + 2 * place) % 7
          decision.signals[signal].state = state
          printed[signal] =
            decision.signals[signal].isTruncated ? "{\"value\":\(text),\"truncated\":true}" : text
        }
      }
      var line: [UInt8] = []
      lines.append(decision, event: event, to: &line)
      #expect(
        String(decoding: line, as: UTF8.self)
          == "[\"referral\",\"r\\\"1\",[\(printed.joined(separator: ","))],[],55,\"hold\"]")
    }
  }
}
