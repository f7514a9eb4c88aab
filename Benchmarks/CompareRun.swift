import Foundation

/// What `Benchmarks compare` was asked for.
struct CompareOptions: Hashable, Sendable {
  /// Files that `--format json` of one benchmark wrote, of an earlier and of a later build.
  var old = ""
  var new = ""
  var format = OutputFormat.text

  /// Reads the arguments after `compare`.
  ///
  /// *Throws* what is wrong, for the person who typed it.
  init(_ arguments: some Sequence<String>) throws(UsageError) {
    var files: [String] = []
    var rest = arguments.makeIterator()
    while let argument = rest.next() {
      switch argument {
      case "--format":
        guard let value = rest.next() else { throw UsageError(message: "--format needs a value") }
        guard let format = OutputFormat(rawValue: value) else {
          throw UsageError(message: "--format is text or json, not \(value)")
        }
        self.format = format
      case _ where argument.hasPrefix("-"):
        throw UsageError(message: "unknown argument \(argument)")
      default: files.append(argument)
      }
    }
    guard files.count == 2 else {
      throw UsageError(message: "compare takes two files, OLD and NEW")
    }
    (old, new) = (files[0], files[1])
  }
}

/// Two runs of one benchmark side by side.
enum CompareRun {
  /// Figures that say what was measured: they must agree, or the others mean nothing together.
  private static let conditions = ["version", "benchmark", "seed", "accounts", "signals", "rules"]

  static func measure(_ options: CompareOptions) throws(BenchmarkError) -> Figures {
    try compare(try read(options.old), try read(options.new))
  }

  /// Every figure both have, with its ratio.
  ///
  /// *Throws* when they were measured under other conditions.
  static func compare(
    _ old: [String: RunFigure], _ new: [String: RunFigure]
  ) throws(BenchmarkError) -> Figures {
    for name in conditions where old[name] != new[name] {
      throw .comparison("\(name) is \(shown(old[name])) in OLD and \(shown(new[name])) in NEW")
    }
    var figures = Figures()
    for (name, value) in old.sorted(by: { $0.key < $1.key }) where !conditions.contains(name) {
      guard case .number(let before) = value, case .number(let after)? = new[name] else { continue }
      figures.add("old", before, decimals: 3, in: name)
      figures.add("new", after, decimals: 3, in: name)
      figures.add("ratio", before == 0 ? nil : after / before, decimals: 3, in: name)
    }
    figures.notes += missing(in: new, of: old).map { "NEW does not have \($0)" }
    figures.notes += missing(in: old, of: new).map { "OLD does not have \($0)" }
    return figures
  }

  private static func missing(
    in run: [String: RunFigure], of other: [String: RunFigure]
  ) -> [String] {
    other.keys.filter { run[$0] == nil }.sorted()
  }

  private static func shown(_ figure: RunFigure?) -> String {
    switch figure {
    case .number(let number): "\(number)"
    case .text(let text): text
    case nil: "nothing"
    }
  }

  private static func read(_ path: String) throws(BenchmarkError) -> [String: RunFigure] {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw .comparison("there is no file \(path)")
    }
    guard let object = try? JSONSerialization.jsonObject(with: data),
      let members = object as? [String: Any]
    else { throw .comparison("\(path) is not what --format json writes") }
    var figures: [String: RunFigure] = [:]
    for (name, value) in members {
      if let group = value as? [String: Any] {
        for (inner, value) in group { figures["\(name).\(inner)"] = RunFigure(value) }
      } else {
        figures[name] = RunFigure(value)
      }
    }
    return figures
  }
}

/// One figure of a run that is read again.
enum RunFigure: Hashable {
  case number(Double)
  case text(String)

  /// Nil for what was not measured, and for notes.
  init?(_ value: Any) {
    if let number = value as? Double {
      self = .number(number)
    } else if let text = value as? String {
      self = .text(text)
    } else {
      return nil
    }
  }
}
