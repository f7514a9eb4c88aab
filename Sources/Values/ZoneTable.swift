import Glibc

/// How far local time is from UTC in a zone, and since when.
public struct ZoneTable: Hashable, Sendable {
  /// The name: `America/Mexico_City`.
  public var name: String
  /// Seconds since 1970 at which an offset begins, in order.
  public var transitions: [Int64]
  /// Seconds to add to UTC: before the first transition, then from each on.
  public var offsets: [Int32]

  /// Years up to which the rule for the future is written out.
  static let lastYear = 2_300

  /// The system's table of a zone; nil when it has none of this name.
  ///
  /// *Source*: RFC 8536.
  public static func system(_ name: String) -> ZoneTable? {
    let isPlain = name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"),
        UInt8(ascii: "+"), UInt8(ascii: "/"):
        true
      default: false
      }
    }
    guard isPlain, !name.isEmpty, !name.hasPrefix("/"), !name.contains("//"),
      let bytes = read("/usr/share/zoneinfo/" + name)
    else { return nil }
    return ZoneTable(name: name, file: bytes)
  }

  /// The table in a file of format version 2 or later; nil when it is none.
  init?(name: String, file: [UInt8]) {
    guard let first = ZoneFileHeader(file, at: 0), first.version >= 2,
      let header = ZoneFileHeader(file, at: first.end(timeBytes: 4))
    else { return nil }
    let times = header.start + 44
    let kinds = times + 8 * header.times
    let types = kinds + header.times
    let footer = header.end(timeBytes: 8)
    guard footer <= file.count, header.types > 0 else { return nil }
    func offset(_ type: Int) -> Int32? {
      guard type < header.types else { return nil }
      return Int32(truncatingIfNeeded: ZoneFileHeader.number(file, at: types + 6 * type, bytes: 4))
    }
    guard let earliest = offset(0) else { return nil }
    self.name = name
    transitions = []
    offsets = [earliest]
    for index in 0..<header.times {
      guard let offset = offset(Int(file[kinds + index])) else { return nil }
      append(ZoneFileHeader.number(file, at: times + 8 * index, bytes: 8), offset)
    }
    let text = String(decoding: file[footer...].filter { $0 != 10 }, as: UTF8.self)
    if let rule = ZoneRule(text) {
      // The rule holds after the last transition of the table.
      let last = transitions.last ?? Int64.min
      for (time, offset) in rule.transitions(through: Self.lastYear) where time > last {
        append(time, offset)
      }
    }
  }

  /// Adds a change that is one.
  private mutating func append(_ time: Int64, _ offset: Int32) {
    guard offsets.last != offset else { return }
    transitions.append(time)
    offsets.append(offset)
  }

  private static func read(_ path: String) -> [UInt8]? {
    // SAFETY: the path is a string for the length of the call.
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    // The largest table of all zones is under 4 KiB.
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    let capacity = buffer.count
    // SAFETY: the buffer holds `capacity` bytes for the length of the call.
    let count = unsafe buffer.withUnsafeMutableBytes {
      unsafe Glibc.read(descriptor, $0.baseAddress, capacity)
    }
    guard count > 0 else { return nil }
    bytes += buffer[..<count]
    return bytes
  }
}

/// The counts at the start of either part of a zone file.
struct ZoneFileHeader {
  let start: Int
  let version: Int
  let times: Int
  let types: Int
  private let names: Int
  private let leaps: Int
  private let standards: Int
  private let universals: Int

  init?(_ file: [UInt8], at start: Int) {
    guard start >= 0, start + 44 <= file.count,
      file[start..<start + 4].elementsEqual("TZif".utf8)
    else { return nil }
    func count(_ index: Int) -> Int {
      Int(Self.number(file, at: start + 20 + 4 * index, bytes: 4) & 0xFFFF_FFFF)
    }
    self.start = start
    version = Int(file[start + 4]) - Int(UInt8(ascii: "0"))
    universals = count(0)
    standards = count(1)
    leaps = count(2)
    times = count(3)
    types = count(4)
    names = count(5)
    guard [universals, standards, leaps, times, types, names].allSatisfy({ $0 < 1 << 20 }) else {
      return nil
    }
  }

  /// Where the part ends.
  func end(timeBytes: Int) -> Int {
    start + 44 + times * (timeBytes + 1) + types * 6 + names + leaps * (timeBytes + 4) + standards
      + universals
  }

  /// A signed number, its highest byte first; 0 outside the file.
  static func number(_ file: [UInt8], at start: Int, bytes: Int) -> Int64 {
    guard start + bytes <= file.count else { return 0 }
    var value: Int64 = file[start] >= 128 ? -1 : 0
    for byte in file[start..<start + bytes] { value = value << 8 | Int64(byte) }
    return value
  }
}
