import Foundation
import Testing

/// A command that goes on.
@Suite(.timeLimit(.minutes(20))) struct `The watch` {
  @Test func `tests again whenever a rule file changes, until interrupted`() throws {
    let folder = try TemporaryFolder()
    func rules(_ limit: Int) -> String {
      """
      entity account { account_id: string key }
      event referral { referral_id: string id  at: timestamp time  referrer: account
        referee: account }
      param limit: int = \(limit) min 1 max 9
      signal asked = count() from referral by referrer over 1d
      reason R { analyst en "x" es "x" customer en "x" es "x" }
      rule a { on referral when asked > limit score 60 reason R status live owner "x" }
      policy p { on referral decide hold at 50 otherwise grant if_unavailable hold }
      test "two" {
        repeat 2 as i every 1h referral{ referrer: "A", referee: "B" + string(i) }
        expect rule a fires
      }
      """
    }
    let file = try folder.write("a.rules", rules(1))
    let watch = try RunningCommand(["test", "--watch", file])
    func says(_ text: String) -> Bool {
      soon { (try? watch.outputSoFar().contains(text)) == true }
    }
    #expect(says("1 passed, 0 failed"))
    _ = try folder.write("a.rules", rules(2))
    #expect(says("0 passed, 1 failed"))
    // A mistake does not end it.
    _ = try folder.write("a.rules", rules(2).replacing("asked > limit", with: "asked > limt"))
    usleep(300_000)
    let again = rules(1).replacing("test \"two\"", with: "test \"mended\"")
    _ = try folder.write("a.rules", again)
    #expect(says("ok     mended"))
    watch.signal(SIGINT)
    let ending = try watch.end(closingInput: false)
    #expect(ending.code == 130 && ending.notes.contains("E0201"), "\(ending)")
  }
}
