import Foundation
import Testing

/// Functions on the binary that people run, which the optimiser has been at. `make test` builds it.
@Suite(.timeLimit(.minutes(5))) struct `The optimised build` {
  private static let binary = URL(filePath: Shipped.rules).deletingLastPathComponent()
    .appending(path: ".build/release/sabueso")

  private static let functions = [
    #"edit_distance("kitten", "sitting") == 3"#, #"edit_distance("", "abc") == 3"#,
    #"jaro_winkler("MARTHA", "MARHTA") > 0.96 and jaro_winkler("MARTHA", "MARHTA") < 0.97"#,
    #"jaro_winkler("abc", "xyz") == 0.0"#,
    #"email_canonical("Ana.Luz+x@Gmail.com") == "analuz@gmail.com""#,
    #"email_domain("ana@correo.mx") == "correo.mx""#, #"phone_country("+525512345678") == "52""#,
    #"ip_subnet("10.1.2.3", 24) == "10.1.2.0/24""#, #"ip_in("10.1.2.3", "10.0.0.0/8")"#,
    #"luhn_valid("79927398713") and not luhn_valid("79927398710")"#,
    #"haversine_km(19.4326, -99.1332, 20.6597, -103.3496) > 450.0"#,
    #""ABC".lowerAscii() == "abc" and size("ÁRBOL") == 5"#,
    #""a-b-a".replace("a", "x") == "x-b-x" and "a-b".indexOf("b") == 2"#,
  ]

  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: binary.path)))
  func `computes what its functions say`() throws {
    let folder = try TemporaryFolder()
    var rules = """
      entity account { account_id: string key }
      event referral { referral_id: string id  at: timestamp time  referrer: account }
      policy p { on referral otherwise grant if_unavailable hold }

      """
    var test = "test \"all\" {\n  at 0m referral{ referrer: \"R\" }\n"
    for (number, condition) in Self.functions.enumerated() {
      rules +=
        "reason R\(number) { severity low analyst en \"a\" es \"a\" "
        + "customer en \"a\" es \"a\" }\n"
        + "rule f\(number) version 1 { title en \"a\" es \"a\" on referral when \(condition) "
        + "score 1 reason R\(number) status live owner \"o\" }\n"
      test += "  expect rule f\(number) fires\n"
    }
    let file = try folder.write("functions.rules", rules + test + "}\n")
    let ending = try RunningCommand(["test", file], executable: Self.binary).end()
    #expect(ending.code == 0, "\(ending.output)\(ending.notes)")
  }
}
