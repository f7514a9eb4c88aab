import Model
import Program
import Testing

@testable import Engine

@Suite struct `Key records` {
  @Test func `hold what several stores keep of a key, each by itself`() {
    let records = KeyRecords(capacity: 100)
    var words = KeyColumn<UInt64>(in: records)
    var fields = KeyFields(bytes: 20, in: records)
    var marks = KeyColumn<UInt8>(in: records)
    var heads = KeyColumn<UInt32>(width: 3, in: records)
    records.open()
    words.use(count: 101)
    for key in 0...100 {
      words[key] = UInt64.max - UInt64(key)
      fields.store(Int64(key) << 40, key, 8)
      fields.store(UInt32(key), key, 16)
      marks[key] = UInt8(key)
      for place in 0..<3 { heads[key, place] = UInt32(key * 3 + place) }
    }
    var mistakes = 0
    for key in 0...100 {
      if words[key] != UInt64.max - UInt64(key) || marks[key] != UInt8(key) { mistakes += 1 }
      if fields.load(key, 0, as: UInt64.self) != 0 { mistakes += 1 }
      if fields.load(key, 8, as: Int64.self) != Int64(key) << 40 { mistakes += 1 }
      if fields.load(key, 16, as: UInt32.self) != UInt32(key) { mistakes += 1 }
      for place in 0..<3 where heads[key, place] != UInt32(key * 3 + place) { mistakes += 1 }
    }
    #expect(mistakes == 0)
    #expect(heads.count == 101)
    #expect(fields.liveBytes == 101 * 20)
  }

  @Test func `are there for all stores once one brings them into use`() {
    let records = KeyRecords(capacity: 10)
    var first = KeyColumn<UInt32>(in: records)
    let second = KeyColumn<UInt64>(in: records)
    let none = KeyColumn<UInt64>(in: nil)
    #expect(second.count == 0)
    records.open()
    #expect(second.count == 1)
    first.use(count: 8)
    #expect(second.count == 8)
    #expect(second[7] == 0)
    #expect(none.count == 0)
    #expect(none.liveBytes == 0)
  }

  @Test func `are as long as their parts, or a little longer to end with half a line`() {
    for (bytes, stride) in [(8, 8), (20, 20), (24, 24), (30, 32), (56, 64), (88, 96), (100, 100)] {
      let records = KeyRecords(capacity: 1)
      let fields = KeyFields(bytes: bytes, in: records)
      records.open()
      #expect(fields.column.stride == stride)
      #expect(records.paddingBytes == stride - bytes)
    }
  }

  @Test func `go out and come in as they are`() throws {
    let records = KeyRecords(capacity: 50)
    var words = KeyColumn<UInt64>(in: records)
    records.open()
    words.use(count: 31)
    for key in 0...30 { words[key] = UInt64(key * key) }
    let bytes = try carriedOut { try records.transfer(&$0) }
    let copy = KeyRecords(capacity: 50)
    let others = KeyColumn<UInt64>(in: copy)
    copy.open()
    var reading = carrying(bytes)
    try copy.transfer(&reading)
    #expect(others.count == 31)
    #expect((0...30).allSatisfy { others[$0] == UInt64($0 * $0) })
  }

  @Test func `that begin one by one are zero, and go out and come in as they are`() throws {
    // Past the first pages that are asked for.
    let records = KeyRecords(capacity: 20_000)
    var words = KeyColumn<UInt64>(in: records)
    var marks = KeyColumn<UInt64>(in: records)
    records.open()
    var mistakes = 0
    for number in 1...10_000 {
      if words.append(UInt64(number * 3)) != number || marks[number] != 0 { mistakes += 1 }
      marks[number] = UInt64(number)
    }
    #expect(words.count == 10_001)
    #expect(words.liveBytes == 80_008)
    let bytes = try carriedOut { try records.transfer(&$0) }
    // The other has records past those that come in, which are to be zero when they begin anew.
    let copy = KeyRecords(capacity: 20_000)
    var others = KeyColumn<UInt64>(in: copy)
    var otherMarks = KeyColumn<UInt64>(in: copy)
    copy.open()
    for _ in 1...12_000 { otherMarks[others.append(.max)] = .max }
    var reading = carrying(bytes)
    try copy.transfer(&reading)
    #expect(others.count == 10_001)
    for number in 1...10_000
    where others[number] != UInt64(number * 3) || otherMarks[number] != UInt64(number) {
      mistakes += 1
    }
    for number in 10_001...20_000 where others.append(1) != number || otherMarks[number] != 0 {
      mistakes += 1
    }
    #expect(mistakes == 0)
    let copyBytes = try carriedOut { try copy.transfer(&$0) }
    let recordBytes = try carriedOut { try records.transfer(&$0) }
    #expect(copyBytes.count == recordBytes.count + 160_000)
  }

  @Test func `are lent to read and write in place, each store its part`() {
    let records = KeyRecords(capacity: 9)
    var words = KeyColumn<UInt64>(in: records)
    var fields = KeyFields(bytes: 12, in: records)
    records.open()
    fields.use(count: 10)
    for key in 1..<10 {
      words[key] = .max
      let record = fields.record(key)
      record.store(UInt64(key), 0)
      record.store(UInt32(key) + 1, 8)
    }
    for key in 1..<10 {
      #expect(fields.load(key, 0, as: UInt64.self) == UInt64(key))
      #expect(fields.record(key).load(8, as: UInt32.self) == UInt32(key) + 1)
      #expect(words[key] == .max)
    }
  }

  @Test func `are not lent where there are none`() async {
    await #expect(processExitsWith: .failure) {
      let records = KeyRecords(capacity: 9)
      let fields = KeyFields(bytes: 8, in: records)
      records.open()
      _ = fields.record(1).load(0, as: UInt64.self)
    }
  }

  @Test func `trap past their capacity`() async {
    await #expect(processExitsWith: .failure) {
      let records = KeyRecords(capacity: 511)
      var words = KeyColumn<UInt64>(in: records)
      records.open()
      for _ in 0..<512 { _ = words.append(0) }
    }
  }

  @Test func `of another length do not come in`() throws {
    let records = KeyRecords(capacity: 5)
    _ = records.claim(bytes: 8)
    records.open()
    let bytes = try carriedOut { try records.transfer(&$0) }
    let other = KeyRecords(capacity: 5)
    _ = other.claim(bytes: 16)
    other.open()
    var reading = carrying(bytes)
    #expect(throws: SnapshotError.damaged) { try other.transfer(&reading) }
  }

  @Test(arguments: [Int.max, Int.min, 1 << 40, -1, 51])
  func `do not come in with a number of them that cannot be`(_ count: Int) throws {
    let records = KeyRecords(capacity: 50)
    var words = KeyColumn<UInt64>(in: records)
    records.open()
    words.use(count: 31)
    var bytes = try carriedOut { try records.transfer(&$0) }
    // Behind the bytes of one record.
    for place in 0..<8 { bytes[8 + place] = UInt8(truncatingIfNeeded: count >> (8 * place)) }
    var reading = carrying(bytes)
    #expect(throws: SnapshotError.damaged) { try records.transfer(&reading) }
    #expect(words.count == 0)
  }

  @Test func `are empty after bytes that end early`() throws {
    let records = KeyRecords(capacity: 50)
    var words = KeyColumn<UInt64>(in: records)
    records.open()
    words.use(count: 31)
    let bytes = try carriedOut { try records.transfer(&$0) }.dropLast(9)
    let copy = KeyRecords(capacity: 50)
    var others = KeyColumn<UInt64>(in: copy)
    copy.open()
    others.use(count: 20)
    var reading = carrying(Array(bytes))
    #expect(throws: SnapshotError.damaged) { try copy.transfer(&reading) }
    #expect(others.count == 0)
  }

  @Test func `of stores are those of the keys, but where values are numbered`() {
    let spaces = SpaceRecords([.entity(0), .identifier(0), .values([.string])])
    #expect(spaces.ofStores[0] === spaces.ofKeys[0])
    #expect(spaces.ofStores[1] === spaces.ofKeys[1])
    #expect(spaces.ofStores[2] !== spaces.ofKeys[2])
    let halves = KeyColumn<UInt64>(in: spaces.ofKeys[2])
    var list = KeyFields(bytes: 12, in: spaces.ofStores[2])
    spaces.open()
    list.use(count: 7)
    #expect(halves.count == 1)
    #expect(spaces.paddingBytes == 0)
  }
}

@Suite struct `Record columns` {
  @Test(arguments: [1, 4, 8, 12, 24, 40, 64, 88, 96, 100, 128, 200])
  func `name places that lead to every line, and no more than needed where records are aligned`(
    stride: Int
  ) {
    var state = SplitMix64(seed: UInt64(stride))
    for _ in 0..<30 {
      let columns = (0..<Int(1 + state.next() % 4)).map { _ in
        let start = Int(state.next() % UInt64(stride))
        let end = min(stride, start + 1 + Int(state.next() % 24))
        return RecordColumn(start: 1 << 20, stride: stride, bytes: start..<end)
      }
      let lines = RecordColumn.lines(columns)
      #expect(lines.allSatisfy { Int($0.stride) == stride })
      for number in 0..<200 as Range<UInt> {
        let reached = Set(lines.map { ($0.start + number * UInt(stride)) / 64 })
        var needed: Set<UInt> = []
        for column in columns {
          for byte in column.bytes {
            needed.insert((column.start + number * UInt(stride) + UInt(byte)) / 64)
          }
        }
        #expect(reached == needed)
      }
    }
    let whole = RecordColumn(start: 4096, stride: stride, bytes: 0..<stride)
    if stride % 32 == 0 {
      #expect(RecordColumn.lines([whole]).count == (stride + 63) / 64)
    }
  }
}
