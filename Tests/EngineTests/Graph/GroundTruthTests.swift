import Foundation
import Model
import Testing

@testable import Engine

/// Data that others computed, when it lies beside the checkout or where the environment says.
enum SharedData {
  static let folder: String? = {
    if let named = ProcessInfo.processInfo.environment["SABUESO_SHARED_DATA"] { return named }
    var folder = URL(filePath: #filePath)
    while folder.path != "/" {
      folder.deleteLastPathComponent()
      let data = folder.appending(path: "../shared/data").standardizedFileURL.path
      if FileManager.default.fileExists(atPath: data + "/README.md") { return data }
    }
    return nil
  }()

  static func has(_ path: String) -> Bool {
    folder.map { FileManager.default.fileExists(atPath: $0 + "/" + path) } ?? false
  }

  static func rows(_ path: String) throws -> [[Int]] {
    let folder = try #require(folder)
    let text = try String(contentsOfFile: folder + "/" + path, encoding: .utf8)
    return text.utf8.split(separator: UInt8(ascii: "\n")).compactMap { line in
      let numbers = line.split { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: " ") }
        .map { Int(Substring($0)) }
      let whole = numbers.compactMap(\.self)
      return whole.count == numbers.count ? whole : nil
    }
  }
}

@Suite struct `Cycles among college messages` {
  private static let messages = "graph/collegemsg/CollegeMsg.txt"

  @Test(
    .enabled(
      if: SharedData.has("graph/groundtruth/collegemsg_live_cycles_L4_1d.csv"),
      "graph/groundtruth is absent"))
  func `of a day have the lengths computed elsewhere`() throws {
    try compare(days: 1, "graph/groundtruth/collegemsg_live_cycles_L4_1d.csv")
  }

  @Test(
    .enabled(
      if: SharedData.has("graph/groundtruth/collegemsg_live_cycles_L4_7d.csv"),
      "graph/groundtruth is absent"))
  func `of a week have the lengths computed elsewhere`() throws {
    try compare(days: 7, "graph/groundtruth/collegemsg_live_cycles_L4_7d.csv")
  }

  private func compare(days: Int64, _ truth: String) throws {
    var expected: [Int: Int] = [:]
    for row in try SharedData.rows(truth) {
      expected[row[0]] = try #require(row.dropFirst().firstIndex { $0 > 0 }) + 1
    }
    #expect(expected.count > 10_000)
    let messages = try SharedData.rows(Self.messages)
    #expect(messages.count == 59_835)
    var graph = GraphFixture.graph(links: [
      GraphFixture.events(isDirected: true, window: days * 86_400_000_000)
    ])
    var differences = 0
    for (position, message) in messages.enumerated() {
      let edge = (from: UInt32(message[0]), to: UInt32(message[1]))
      let time = Int64(message[2]) * 1_000_000
      graph.addEdge(
        link: 0, from: edge.from, to: edge.to, time: time, sequence: UInt64(position), clock: time)
      let account = position % 2 == 0 ? edge.from : edge.to
      let length = graph.cycleLength(
        link: 0, account: account, maxHops: 4, clock: time, edge: edge, budget: .max)
      if length != .exactly(expected[position] ?? 0) {
        differences += 1
        if differences < 5 { print("row \(position): \(length), not \(expected[position] ?? 0)") }
      }
    }
    #expect(differences == 0)
  }
}
