/// The parts of e-mail addresses, as text; nothing is looked up.
public enum EmailText {
  /// What stands before the last `@`; nil when either side would be empty.
  public static func local(_ text: String) -> String? { parts(text)?.local }

  /// What stands behind the last `@`, in lower case.
  public static func domain(_ text: String) -> String? { parts(text)?.domain }

  /// The one address of a mailbox: lower case, without the tag behind `+`; for Gmail also without
  /// dots, which it ignores, and at `gmail.com`.
  public static func canonical(_ text: String) -> String? {
    guard let (local, domain) = parts(text) else { return nil }
    let isGmail = domain == "gmail.com" || domain == "googlemail.com"
    var bytes = Array(lowercased(local).utf8.prefix { $0 != UInt8(ascii: "+") })
    if isGmail { bytes.removeAll { $0 == UInt8(ascii: ".") } }
    guard !bytes.isEmpty else { return nil }
    return String(decoding: bytes, as: UTF8.self) + "@" + (isGmail ? "gmail.com" : domain)
  }

  private static func parts(_ text: String) -> (local: String, domain: String)? {
    guard let at = text.utf8.lastIndex(of: UInt8(ascii: "@")) else { return nil }
    let local = text[..<at]
    let domain = text[text.utf8.index(after: at)...]
    guard !local.isEmpty, !domain.isEmpty else { return nil }
    return (String(local), lowercased(String(domain)))
  }

  /// ASCII letters alone: no locale and no table of letters takes part.
  private static func lowercased(_ text: String) -> String {
    String(decoding: text.utf8.map { $0 &- 65 < 26 ? $0 | 0x20 : $0 }, as: UTF8.self)
  }
}
