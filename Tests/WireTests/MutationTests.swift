import Model
import Testing
import Wire

@Suite struct `Lines mutated at random` {
  @Test func `are decoded or refused and never more`() {
    let seed: UInt64 = 0x5AB0_E500
    var random = SplitMix64(state: seed)
    let bases = [
      Fixture.referral(
        #""device":"D\u00e9","channel":"web","clicks":-7,"distance":1.5e2,"session":"1h30m""#),
      Fixture.referral("referee", #"{"account_id":"B","country":null,"kyc_level":2}"#),
    ].map { Array($0.utf8) }
    let alphabet =
      Array("{}[]\",:\\0123456789.eE+-truefalsnu \n\t".utf8) + [0, 1, 0x80, 0xC3, 0xFF]
    var decoder = EventDecoder(Fixture.schema)
    var event = Event()
    var counts: [WireError.Code: Int] = [:]
    var decoded = 0
    for _ in 0..<20_000 {
      var line = bases[random.below(bases.count)]
      for _ in 0...random.below(3) {
        let place = random.below(line.count)
        switch random.below(3) {
        case 0: line[place] = alphabet[random.below(alphabet.count)]
        case 1: line.remove(at: place)
        default: line.insert(alphabet[random.below(alphabet.count)], at: place)
        }
      }
      do throws(WireError) {
        try decoder.decode(line.span, into: &event)
        decoded += 1
        #expect(event.states.count == 21, "seed \(seed)")
        #expect(!event.idText.isEmpty, "seed \(seed)")
      } catch {
        counts[error.code, default: 0] += 1
      }
    }
    #expect(decoded > 500, "the mutations are too hard to say anything: seed \(seed)")
    #expect(
      counts.count > 8, "the mutations are too alike to say anything: \(counts), seed \(seed)")
  }
}
