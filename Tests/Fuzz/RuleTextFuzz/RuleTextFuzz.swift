import Expressions
import Foundation
import RuleLanguage

/// Whatever stands in a rule file, reading, checking, telling, laying out and mending it ends, and
/// does to it what each promises. libFuzzer calls this with bytes; a promise not kept is a trap.
@_cdecl("LLVMFuzzerTestOneInput")
public func ruleTextFuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // SAFETY: libFuzzer lends `count` bytes for the call; they are copied at once.
  let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  let store = MemoryRuleFiles(bytes: [
    "main.rules": bytes, "schema.rules": Array(DiagnosticLessons.schema.utf8),
  ])
  let check = PackageChecker.check("main.rules", from: store)
  precondition((check.rules == nil) == check.hasErrors, "a package is checked or has errors")
  let renderer = DiagnosticRenderer(sources: check.sources, language: .spanish)
  for finding in check.findings { precondition(!renderer.render(finding).isEmpty) }

  if !check.hasErrors || String(validating: bytes, as: UTF8.self) != nil {
    let source = SourceFile(path: "main.rules", bytes: bytes)
    if let text = RuleFormatter.format(source).text {
      let again = SourceFile(path: "main.rules", bytes: Array(text.utf8))
      precondition(RuleFormatter.format(again).text == text, "laying out twice changes something")
    }
  }

  // A text that mends itself slowly would hide what is looked for.
  guard count < 4_096 else { return 0 }
  let repair = PackageRepair.repair("main.rules", from: store)
  var mended = ["main.rules": bytes, "schema.rules": Array(DiagnosticLessons.schema.utf8)]
  mended.merge(repair.texts) { $1 }
  let second = PackageRepair.repair("main.rules", from: MemoryRuleFiles(bytes: mended))
  precondition(second.count == 0, "mending twice changes something")
  return 0
}
