import Values

/// Somebody with an account, and what that person joins, signs in and is paid with.
struct Person: Sendable {
  var account: String
  var given: String
  var paternal: String
  var maternal: String
  var birth: CivilDate
  var isWoman: Bool
  var state: String
  /// Population registry key.
  var curp: String
  /// Tax key.
  var rfc: String
  var phone: String
  var phoneLine = PhoneLine.mobile
  /// Days since the number came from another company.
  var portedDays: Int?
  var email: String
  /// CLABE for loans and rewards.
  var payout: String
  var address: String
  var device: String
  var deviceIsAttested = true
  var network: String
  /// What the lender knows of people who bring many: `influencer`, `agent`.
  var tier: String?
  var isEmployee = false
  /// When the account was opened.
  var opened: Int64 = 0

  /// The code this person invites with.
  var code: String { "INV\(account.dropFirst(2))" }
}

/// What a numbering registry says of a phone number.
enum PhoneLine: String, Sendable {
  case mobile
  case landline
  case voip
}
