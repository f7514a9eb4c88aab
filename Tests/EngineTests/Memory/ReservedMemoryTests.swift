import Testing

@testable import Engine

@Suite struct `Reserved memory` {
  @Test func `starts as zero and keeps what is stored`() {
    var memory = ReservedMemory(reservedBytes: 1 << 40)
    memory.use(bytes: 64)
    #expect(memory.load(56, as: UInt64.self) == 0)
    memory.store(UInt64.max, at: 56)
    memory.use(bytes: 1 << 30)
    #expect(memory.load(56, as: UInt64.self) == UInt64.max)
    #expect(memory.load((1 << 30) - 8, as: UInt64.self) == 0)
    #expect(memory.usedBytes == 1 << 30)
  }

  @Test func `moves overlapping ranges`() {
    var memory = ReservedMemory(reservedBytes: 64)
    memory.use(bytes: 64)
    for index in 0..<8 { memory.store(UInt32(index), at: 4 * index) }
    memory.move(from: 0, to: 4, bytes: 28)
    #expect((0..<8).map { memory.load(4 * $0, as: UInt32.self) } == [0, 0, 1, 2, 3, 4, 5, 6])
  }

  @Test func `reads as zero where it was released, and keeps the rest`() {
    let pages = 3 << 9
    var memory = ReservedMemory(reservedBytes: pages * 4096)
    for round in 1...3 as ClosedRange<UInt64> {
      memory.use(bytes: pages * 4096)
      for page in 0..<pages { memory.store(round, at: page * 4096) }
      var left: [Int] = []
      for end in stride(from: 0, through: pages * 4096, by: 200_000) {
        memory.release(below: end)
        memory.settle()
        let first = (0..<pages).first { memory.load($0 * 4096, as: UInt64.self) != 0 } ?? pages
        left.append(end - first * 4096)
      }
      // Nothing that may still be wanted is gone, and what is gone is no more than a piece behind.
      #expect(left.allSatisfy { $0 >= 0 && $0 < 4 << 20 })
      #expect(left.last.map { $0 < 2 << 20 } == true)
      memory.reset()
    }
    memory.use(bytes: pages * 4096)
    #expect((0..<pages).allSatisfy { memory.load($0 * 4096, as: UInt64.self) == 0 })
  }

  @Test func `traps on the release of what is not in use`() async {
    await #expect(processExitsWith: .failure) {
      var memory = ReservedMemory(reservedBytes: 8 << 20)
      memory.use(bytes: 6 << 20)
      memory.release(below: 7 << 20)
    }
  }

  @Test(arguments: [1 << 12, 40 << 20] as [Int])
  func `is empty after a reset and reads as zero when it is used again`(bytes: Int) {
    var array = ReservedArray<UInt64>(capacity: 8 << 20)
    for round in 1...3 as ClosedRange<UInt64> {
      array.open(zeros: bytes / 8)
      #expect(array[0] == 0 && array[bytes / 8 - 1] == 0 && array[bytes / 16] == 0)
      for place in [0, bytes / 16, bytes / 8 - 1] { array[place] = round }
      array.reset()
      #expect(array.count == 0 && array.liveBytes == 0)
    }
  }

  @Test func `lies in huge pages alone when it is large from the start`() {
    let hugePage: UInt = 2 << 20
    var memory = ReservedMemory(reservedBytes: 64 << 20)
    let small = memory.address
    for (round, bytes) in [1 << 12, 8 << 20, 1 << 12, 64 << 20, 1 << 12].enumerated() {
      memory.useWhole(bytes: bytes)
      let isLarge = bytes > 4 << 20
      #expect(isLarge ? memory.address.isMultiple(of: hugePage) : memory.address == small)
      for offset in stride(from: 0, to: bytes, by: 1 << 12) {
        #expect(memory.load(offset, as: Int.self) == 0, "round \(round)")
        memory.store(round + 1, at: offset)
      }
      memory.store(round + 1, at: bytes - 8)
      memory.release(below: bytes / 2)
      #expect(memory.load(bytes - 8, as: Int.self) == round + 1)
      memory.reset()
    }
  }

  @Test func `traps outside the bytes in use`() async {
    await #expect(processExitsWith: .failure) {
      var memory = ReservedMemory(reservedBytes: 4096)
      memory.use(bytes: 16)
      _ = memory.load(16, as: UInt8.self)
    }
    await #expect(processExitsWith: .failure) {
      var memory = ReservedMemory(reservedBytes: 4096)
      memory.use(bytes: 16)
      memory.store(0 as UInt8, at: -1)
    }
    await #expect(processExitsWith: .failure) {
      var memory = ReservedMemory(reservedBytes: 4096)
      memory.use(bytes: 16)
      memory.move(from: 0, to: 9, bytes: 8)
    }
  }

  @Test func `traps when the reservation is exceeded`() async {
    await #expect(processExitsWith: .failure) {
      var array = ReservedArray<UInt64>(capacity: 512)
      for value in 0...512 { array.append(UInt64(value)) }
    }
  }
}

@Suite struct `A pool of blocks` {
  @Test func `gives freed blocks again and keeps the others`() {
    var pool = BlockPool(blockBytes: 64, reservedBytes: 1 << 20)
    let first = pool.allocate()
    let second = pool.allocate()
    pool.store(11 as UInt64, first, 56)
    pool.store(22 as UInt64, second, 0)
    #expect(pool.liveBytes == 128)
    pool.free(second)
    #expect(pool.allocate() == second)
    #expect(pool.allocate() == 3)
    #expect(pool.load(first, 56, as: UInt64.self) == 11)
    #expect(pool.liveBlocks == 3)
  }

  @Test func `lends blocks to read and write in place`() {
    var pool = BlockPool(blockBytes: 64, reservedBytes: 1 << 20)
    let first = pool.allocate()
    let second = pool.allocate()
    for block in [first, second] {
      let fields = pool.block(block)
      for word in 0..<8 { fields.store(UInt64(block) << 8 | UInt64(word), 8 * word) }
    }
    for block in [first, second] {
      for word in 0..<8 {
        let expected = UInt64(block) << 8 | UInt64(word)
        #expect(pool.block(block).load(8 * word, as: UInt64.self) == expected)
        #expect(pool.load(block, 8 * word, as: UInt64.self) == expected)
      }
    }
  }

  // A check that only builds for debugging make.
  #if DEBUG
    @Test func `traps outside a block`() async {
      await #expect(processExitsWith: .failure) {
        var pool = BlockPool(blockBytes: 64, reservedBytes: 1 << 20)
        let block = pool.allocate()
        _ = pool.allocate()
        pool.store(0 as UInt64, block, 64)
      }
      await #expect(processExitsWith: .failure) {
        var pool = BlockPool(blockBytes: 64, reservedBytes: 1 << 20)
        pool.free(1)
      }
      for block in [0, 2, .max] as [UInt32] {
        await #expect(processExitsWith: .failure) { [block = block as UInt32] in
          var pool = BlockPool(blockBytes: 64, reservedBytes: 1 << 20)
          _ = pool.allocate()
          _ = pool.block(block).load(0, as: UInt8.self)
        }
      }
    }
  #endif
}
