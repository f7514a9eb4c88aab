/// Phone numbers as text; nothing is looked up beyond the shape of calling codes.
public enum PhoneText {
  /// Where the country calling code stands in a number of the form `+` and 8 to 15 digits; nil for
  /// anything else.
  ///
  /// *Source*: ITU-T E.164, annex to operational bulletin 1114, "List of E.164 assigned country
  /// codes": codes have one digit in zones 1 and 7, two where listed, otherwise three.
  public static func callingCode(_ text: Span<UInt8>) -> Range<Int>? {
    guard (9...16).contains(text.count), text[0] == UInt8(ascii: "+") else { return nil }
    for index in 1..<text.count where text[index] &- 48 > 9 { return nil }
    let first = Int(text[1] &- 48)
    if first == 0 { return nil }
    if first == 1 || first == 7 { return 1..<2 }
    let two = first * 10 + Int(text[2] &- 48)
    return 1..<(isTwoDigits(two) ? 3 : 4)
  }

  private static func isTwoDigits(_ code: Int) -> Bool {
    switch code {
    case 20, 27, 30...34, 36, 39, 40, 41, 43...49, 51...58, 60...66, 81, 82, 84, 86, 90...95, 98:
      true
    default: false
    }
  }
}
