// swift-tools-version: 6.3
import PackageDescription

// The rooms of the house, lowest layer first. A room may import only rooms of a lower layer; the
// loop below refuses anything else before a single file is compiled, and Tests/Tidy compares every
// `import` line with this table. docs/architecture.md says what each room owns.

enum RoomKind {
  /// A module map of a Debian library: pkg-config name, if it has one, and package to install.
  case system(pkgConfig: String?, debianPackage: String)
  /// C or C++ behind a C header.
  case clang(libraries: [String])
  case swift
  case executable
}

struct Room {
  let layer: Int
  let name: String
  let kind: RoomKind
  let imports: [String]

  init(_ layer: Int, _ name: String, _ kind: RoomKind = .swift, imports: [String] = []) {
    self.layer = layer
    self.name = name
    self.kind = kind
    self.imports = imports
  }
}

let rooms: [Room] = [
  Room(0, "CKernels", .clang(libraries: ["simdjson"])),
  Room(0, "CColumns", .clang(libraries: [])),
  Room(0, "CMeasures", .clang(libraries: [])),
  Room(0, "CZones", .clang(libraries: [])),
  Room(0, "COpenSSL", .system(pkgConfig: "libcrypto", debianPackage: "libssl-dev")),
  Room(0, "CPrefetch", .clang(libraries: [])),
  Room(0, "CPCRE2", .system(pkgConfig: "libpcre2-8", debianPackage: "libpcre2-dev")),
  Room(0, "CSQLite", .system(pkgConfig: "sqlite3", debianPackage: "libsqlite3-dev")),
  Room(0, "CUV", .system(pkgConfig: "libuv", debianPackage: "libuv1-dev")),
  Room(0, "CHTTPParser", .system(pkgConfig: nil, debianPackage: "libhttp-parser-dev")),
  Room(1, "Model"),
  Room(1, "Digests", imports: ["COpenSSL"]),
  Room(2, "Values", imports: ["CPCRE2", "CZones", "Model"]),
  Room(3, "Expressions", imports: ["Model", "Values"]),
  Room(3, "Wire", imports: ["CKernels", "Digests", "Model", "Values"]),
  Room(3, "Program", imports: ["Model", "Values"]),
  Room(4, "RuleLanguage", imports: ["Model", "Values", "Expressions"]),
  Room(4, "Conformance", imports: ["Expressions", "Values"]),
  Room(4, "Ledger", imports: ["CSQLite", "Digests", "Model"]),
  Room(4, "Engine", imports: ["CColumns", "CPrefetch", "Model", "Program", "Values"]),
  Room(
    5, "Compiler",
    imports: ["Digests", "Expressions", "Model", "Program", "RuleLanguage", "Values"]),
  Room(
    6, "Scenarios",
    imports: ["Compiler", "Engine", "Expressions", "Model", "Program", "RuleLanguage", "Values"]),
  Room(
    6, "Explanation",
    imports: ["Compiler", "Engine", "Expressions", "Model", "Program", "RuleLanguage", "Values"]),
  Room(6, "FraudWorld", imports: ["Model", "Values", "Wire"]),
  Room(
    6, "Replay",
    imports: ["Digests", "Engine", "Ledger", "Model", "Program", "Values", "Wire"]),
  Room(7, "Service", imports: ["CHTTPParser", "CUV", "Engine", "Model", "Replay", "Values"]),
  Room(
    8, "sabueso", .executable,
    imports: [
      "Compiler", "Conformance", "Engine", "Explanation", "Expressions", "FraudWorld", "Ledger",
      "Model", "Program", "Replay", "RuleLanguage", "Scenarios", "Service", "Values", "Wire",
    ]),
  Room(
    8, "Benchmarks", .executable,
    imports: [
      "CMeasures", "Compiler", "Engine", "Expressions", "FraudWorld", "Model", "Program", "Replay",
      "RuleLanguage", "Values",
    ]),
]

/// A test target: a folder under Tests/, the rooms it imports, the executables it runs, and files
/// in it that are data.
struct TestRoom {
  let name: String
  let imports: [String]
  let runs: [String]
  let data: [String]

  init(_ name: String, imports: [String], runs: [String] = [], data: [String] = []) {
    self.name = name
    self.imports = imports
    self.runs = runs
    self.data = data
  }
}

let tests: [TestRoom] = [
  TestRoom(
    "BenchmarksTests",
    imports: ["Benchmarks", "CMeasures", "Engine", "Model", "Program", "Wire"]),
  TestRoom("CommandLineTests", imports: [], runs: ["sabueso"]),
  TestRoom("ConformanceTests", imports: [], runs: ["sabueso"], data: ["Packages"]),
  TestRoom(
    "CompilerTests",
    imports: [
      "Compiler", "Engine", "Expressions", "Model", "Program", "RuleLanguage", "Values",
    ]),
  TestRoom("DigestsTests", imports: ["Digests"]),
  TestRoom(
    "DocsTests",
    imports: [
      "Compiler", "Expressions", "Model", "Program", "Replay", "RuleLanguage", "Scenarios",
    ]),
  TestRoom("EngineTests", imports: ["CColumns", "Engine", "Model", "Program", "Values"]),
  TestRoom(
    "ExplanationTests",
    imports: [
      "Compiler", "Engine", "Explanation", "Expressions", "Model", "Program", "Replay",
      "RuleLanguage", "Values",
    ],
    data: ["Golden"]),
  TestRoom("ExpressionsTests", imports: ["Expressions", "Model", "Values"]),
  TestRoom("FraudWorldTests", imports: ["FraudWorld", "Model", "Values", "Wire"]),
  TestRoom("LedgerTests", imports: ["CSQLite", "Ledger", "Model"]),
  TestRoom("ModelTests", imports: ["Model"]),
  TestRoom(
    "ReplayTests",
    imports: [
      "Compiler", "Engine", "Expressions", "Ledger", "Model", "Program", "Replay", "RuleLanguage",
      "Values", "Wire",
    ]),
  TestRoom(
    "RuleLanguageTests",
    imports: ["Compiler", "Expressions", "Model", "Program", "RuleLanguage", "Scenarios"],
    data: ["Format", "Golden"]),
  TestRoom("ScenariosTests", imports: ["Expressions", "RuleLanguage", "Scenarios"]),
  TestRoom(
    "ServiceTests",
    imports: [
      "CSQLite", "Compiler", "Ledger", "Model", "Program", "Replay", "RuleLanguage", "Service",
    ],
    runs: ["sabueso"]),
  TestRoom("TidyTests", imports: []),
  TestRoom("ValuesTests", imports: ["Model", "Values"]),
  TestRoom("WireTests", imports: ["Model", "Values", "Wire"]),
]

let layers = Dictionary(uniqueKeysWithValues: rooms.map { ($0.name, $0.layer) })
for room in rooms {
  for imported in room.imports {
    guard let layer = layers[imported] else {
      preconditionFailure("\(room.name) imports \(imported), which is no room")
    }
    precondition(
      layer < room.layer,
      "\(room.name) (layer \(room.layer)) may not import \(imported) (layer \(layer))")
  }
}

let houseSettings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableExperimentalFeature("Lifetimes"),
  .enableExperimentalFeature("RawLayout"),
]

/// The settings of a room in Swift. The loops of the engine are short and many, and what an event
/// runs through is longer than the cache for instructions: loops that take several turns at a time,
/// or vectors of them, make it longer and are hardly ever gone through in whole.
func settings(_ room: Room) -> [SwiftSetting] {
  guard room.name == "Engine" else { return houseSettings }
  let flags = ["-unroll-runtime=false", "-unroll-allow-partial=false", "-vectorize-loops=false"]
  return houseSettings
    + [.unsafeFlags(flags.flatMap { ["-Xllvm", $0] }, .when(configuration: .release))]
}

/// Files beside the benchmarks that are no Swift.
let benchmarkData = [
  "expressions_peers.py", "expressions_reference.c", "graph", "hotpath.rules",
  "peer_timing.py", "reference_driver.cpp", "rule_peers.py", "window_peers.py", "windows.rules",
  "windows_all.rules",
]

func dependencies(_ names: [String]) -> [Target.Dependency] {
  names.map { .target(name: $0) }
}

func target(_ room: Room) -> Target {
  switch room.kind {
  case .system(let pkgConfig, let debianPackage):
    .systemLibrary(name: room.name, pkgConfig: pkgConfig, providers: [.apt([debianPackage])])
  case .clang(let libraries):
    .target(
      name: room.name, dependencies: dependencies(room.imports),
      exclude: room.name == "CZones" ? ["zones.txt"] : [],
      linkerSettings: libraries.map { .linkedLibrary($0) })
  case .swift:
    .target(
      name: room.name, dependencies: dependencies(room.imports), swiftSettings: settings(room))
  case .executable:
    .executableTarget(
      name: room.name, dependencies: dependencies(room.imports),
      path: room.name == "Benchmarks" ? "Benchmarks" : nil,
      exclude: room.name == "Benchmarks" ? benchmarkData : [],
      swiftSettings: houseSettings)
  }
}

/// Programs that libFuzzer drives, which brings `main`: so they are built apart, by Tests/Fuzz/run.
let fuzzers: [Target] =
  Context.environment["SABUESO_FUZZ"] == nil
  ? []
  : [
    .executableTarget(
      name: "RuleTextFuzz", dependencies: dependencies(["Expressions", "RuleLanguage"]),
      path: "Tests/Fuzz/RuleTextFuzz", exclude: ["seeds", "words.dict"],
      swiftSettings: houseSettings + [.unsafeFlags(["-parse-as-library"])]),
    .executableTarget(
      name: "ExpressionTextFuzz", dependencies: dependencies(["Expressions", "Model", "Values"]),
      path: "Tests/Fuzz/ExpressionTextFuzz", exclude: ["seeds", "words.dict"],
      swiftSettings: houseSettings + [.unsafeFlags(["-parse-as-library"])]),
  ]

let package = Package(
  name: "sabueso",
  targets: rooms.map(target) + fuzzers
    + tests.map { test in
      .testTarget(
        name: test.name, dependencies: dependencies(test.imports + test.runs),
        exclude: test.data,
        swiftSettings: houseSettings)
    },
  cLanguageStandard: .c17,
  cxxLanguageStandard: .cxx20
)
