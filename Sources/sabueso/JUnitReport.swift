import Explanation
import Scenarios

/// Test results in the XML that build servers read.
enum JUnitReport {
  static func text(of reports: [ScenarioReport]) -> String {
    let failed = reports.count { !$0.passed }
    let seconds = reports.map(\.duration).reduce(.zero, +)
    var text = """
      <?xml version="1.0" encoding="UTF-8"?>
      <testsuites name="sabueso" tests="\(reports.count)" failures="\(failed)" time="\(time(seconds))">

      """
    var files: [String] = []
    for report in reports where !files.contains(file(of: report)) { files.append(file(of: report)) }
    for name in files { text += suite(name, reports.filter { file(of: $0) == name }) }
    return text + "</testsuites>\n"
  }

  private static func suite(_ name: String, _ reports: [ScenarioReport]) -> String {
    let failed = reports.count { !$0.passed }
    let seconds = reports.map(\.duration).reduce(.zero, +)
    var text = "  <testsuite name=\"\(MarkupText.escaped(name))\" tests=\"\(reports.count)\""
    text += " failures=\"\(failed)\" errors=\"0\" skipped=\"0\" time=\"\(time(seconds))\">\n"
    for report in reports {
      text += "    <testcase name=\"\(MarkupText.escaped(report.title))\""
      text += " classname=\"\(MarkupText.escaped(name))\" file=\"\(MarkupText.escaped(name))\""
      if let line = report.place.split(separator: ":").last { text += " line=\"\(line)\"" }
      text += " time=\"\(time(report.duration))\""
      if report.passed {
        text += "/>\n"
        continue
      }
      text += ">\n"
      text += failure(of: report)
      text += "    </testcase>\n"
    }
    return text + "  </testsuite>\n"
  }

  /// One element, however many expectations failed: some readers take no second.
  private static func failure(of report: ScenarioReport) -> String {
    let messages = report.failures.map { "\($0.expected), but got \($0.got)" }
    let bodies = zip(report.failures, messages).map { failure, message in
      ([failure.place + ": " + message] + failure.values).joined(separator: "\n")
    }
    let message = MarkupText.escaped(messages.first ?? "")
    let body = MarkupText.escaped(bodies.joined(separator: "\n\n"))
    return "      <failure type=\"expectation\" message=\"\(message)\">"
      + body.replacing("&#10;", with: "\n") + "</failure>\n"
  }

  private static func file(of report: ScenarioReport) -> String {
    let parts = report.place.split(separator: ":")
    return parts.dropLast().joined(separator: ":")
  }

  private static func time(_ duration: Duration) -> String {
    let milliseconds = duration.components.attoseconds / 1_000_000_000_000_000
    let padded = String(milliseconds + 1_000).dropFirst()
    return "\(duration.components.seconds).\(padded)"
  }
}
