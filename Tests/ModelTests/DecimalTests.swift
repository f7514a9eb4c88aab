import Model
import Testing

@Suite struct `A decimal` {
  @Test func `prints all digits of its scale`() {
    #expect(Decimal(units: 25000, scale: 2).description == "250.00")
    #expect(Decimal(units: -5, scale: 2).description == "-0.05")
    #expect(Decimal(units: 7, scale: 0).description == "7")
    #expect(Decimal(units: Int64.min, scale: 9).description == "-9223372036.854775808")
  }

  @Test func `changes scale only without loss`() {
    #expect(Decimal(units: 25, scale: 1).rescaled(to: 3) == Decimal(units: 2500, scale: 3))
    #expect(Decimal(units: 2500, scale: 3).rescaled(to: 1) == Decimal(units: 25, scale: 1))
    #expect(Decimal(units: 2501, scale: 3).rescaled(to: 1) == nil)
    #expect(Decimal(units: Int64.max, scale: 0).rescaled(to: 1) == nil)
  }
}
