import Compiler
import Expressions
import Program
import RuleLanguage
import Testing

/// The program of a package of one file.
enum CompiledText {
  /// *Throws* what the checker says of it, when it has a mistake.
  static func program(_ text: String) throws -> RuleProgram {
    let check = PackageChecker.check("main.rules", from: MemoryRuleFiles(["main.rules": text]))
    let errors = check.findings.filter { $0.code.severity == .error }
    let found = errors.map { DiagnosticRenderer(sources: check.sources).render($0) }
    return PackageCompiler.compile(try #require(check.rules, "\(found)"))
  }
}
