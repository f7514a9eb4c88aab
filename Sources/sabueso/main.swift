import RuleLanguage
import Expressions
import Scenarios
import Compiler
let check = PackageChecker.check(CommandLine.arguments[1], from: DiskRuleFiles())
let renderer = DiagnosticRenderer(sources: check.sources)
for f in check.findings { print(renderer.render(f)) }
if let runner = ScenarioRunner(check) {
  try runner.run { r in print(r.passed ? "ok" : "FAILED", r.title); for f in r.failures { print("   ", f.place, f.expected, "got", f.got) } }
} else { print(check.unreadable as Any) }
import Program
if let r = check.rules { let p = PackageCompiler.compile(r); for e in p.events { print(e.registerCount, e.constants.map{"\($0.register)=\($0.payload)"}); for i in e.arrival { print("A", i) }; for i in e.reads { print("R", i) };  for i in e.evaluation { print("E", i) }; for i in e.explanation { print("X", i) }; for r in e.rules { print(r.rule, r.when, r.exempt as Any, r.score as Any) } } }
