import Testing

@testable import Engine

@Suite struct `Growth of indexes` {
  @Test func `takes few steps for a large one, none of them long or of parts of a word`() {
    #expect(Growth.slots(of: 256) == 64)
    #expect(Growth.slots(of: 1 << 15) == 64)
    #expect(Growth.slots(of: 1 << 17) == 256)
    #expect(Growth.slots(of: 1 << 20) == 2_048)
    #expect(Growth.slots(of: 1 << 28) == 2_048)
    for slots in stride(from: 64, through: 1 << 18, by: 8) {
      #expect(Growth.slots(of: slots).isMultiple(of: 64))
    }
  }
}
