import Testing

@testable import Engine

private final class Tally {
  var living = 0
}

private struct Resource: ~Copyable {
  var value: Int
  private let tally: Tally

  init(_ value: Int, _ tally: Tally) {
    self.value = value
    self.tally = tally
    tally.living += 1
  }

  deinit { tally.living -= 1 }
}

private struct Refusal: Error {}

@Suite struct `A fixed array` {
  @Test func `changes its elements in place and destroys each once`() {
    let tally = Tally()
    do {
      var array = FixedArray(count: 3) { Resource($0, tally) }
      array[1].value = 10
      #expect(array.indices.map { array[$0].value } == [0, 10, 2])
      #expect(tally.living == 3)
    }
    #expect(tally.living == 0)
  }

  @Test func `destroys what was made when making fails`() {
    let tally = Tally()
    #expect(throws: Refusal.self) {
      _ = try FixedArray(count: 3) { index throws(Refusal) in
        if index == 2 { throw Refusal() }
        return Resource(index, tally)
      }
    }
    #expect(tally.living == 0)
  }

  @Test func `may be empty`() {
    let array = FixedArray(count: 0) { Resource($0, Tally()) }
    #expect(array.count == 0)
  }

  @Test func `traps outside its bounds`() async {
    await #expect(processExitsWith: .failure) {
      let array = FixedArray(count: 2) { $0 }
      _ = array[2]
    }
    await #expect(processExitsWith: .failure) {
      let array = FixedArray(count: 2) { $0 }
      _ = array[-1]
    }
  }
}
