import Values

/// Makes people and what belongs to them: well formed, with right check digits, and nobody's. No
/// bank has a branch in plaza 000, no Mexican number goes on with 0 after its area code, Gmail has
/// no names with `_`, and the networks are those set aside for documentation and carriers.
struct IdentityMint: Sendable {
  private var random: WorldRandom
  private let shape: WorldShape
  private var accounts = 0
  private var devices: UInt64 = 0
  private var payouts: UInt64 = 0
  private var phones: UInt64 = 0
  private var homes: UInt64 = 0

  init(_ random: WorldRandom, _ shape: WorldShape) {
    self.random = random
    self.shape = shape
  }

  /// How many accounts there are so far.
  var accountCount: Int { accounts }

  mutating func account() -> String {
    accounts += 1
    return "C-\(IdentityMint.padded(UInt64(accounts), 7))"
  }

  /// A new person, alone in a new home.
  mutating func person() -> Person {
    let isWoman = random.chance(500)
    let given = random.pick(isWoman ? MexicanNames.women : MexicanNames.men)
    let paternal = random.pick(MexicanNames.surnames)
    let maternal = random.pick(MexicanNames.surnames)
    let year = random.between(1_955...2_006)
    let month = random.between(1...12)
    let birth = CivilDate(
      year: year, month: month, day: random.between(1...CivilDate.days(in: month, of: year)))
    var person = Person(
      account: account(), given: given, paternal: paternal, maternal: maternal, birth: birth,
      isWoman: isWoman, state: random.pick(MexicanNames.states), curp: "", rfc: "", phone: phone(),
      email: "", payout: payout(), address: address(), device: device(), network: network())
    person.curp = curp(of: person)
    person.rfc = rfc(of: person)
    person.email = email(of: person)
    person.deviceIsAttested = !random.chance(shape.oldPhones)
    if random.chance(25) { person.portedDays = random.between(1...400) }
    if random.chance(20) { person.phoneLine = .landline }
    return person
  }

  mutating func device() -> String {
    devices += 1
    return "d-\(IdentityMint.hexadecimal((devices &* 2_654_435_761) & 0xFFFF_FFFF))"
  }

  /// A CLABE: bank, plaza 000, eleven digits, check digit.
  mutating func payout() -> String {
    payouts += 1
    let number = (payouts &* 79_190_093) % 100_000_000_000
    return IdentityMint.checked(
      "\(random.pick(MexicanNames.banks))000\(IdentityMint.padded(number, 11))")
  }

  /// Ten digits.
  mutating func phone() -> String {
    phones += 1
    let area = random.pick(MexicanNames.areas)
    let digits = 9 - area.count
    var modulus: UInt64 = 1
    for _ in 0..<digits { modulus *= 10 }
    return "\(area)0\(IdentityMint.padded((phones &* 7_907) % modulus, digits))"
  }

  mutating func address() -> String {
    let street = random.pick(MexicanNames.streets)
    let flat = random.chance(600) ? " int \(random.between(1...40))" : ""
    return "\(street) \(random.between(1...2_400))\(flat), \(random.between(10_000...97_999))"
  }

  /// A home's own network, or one of those a carrier puts thousands behind.
  mutating func network() -> String {
    if random.chance(shape.carrierNetwork) {
      return "100.64.\(random.below(shape.carrierNetworks)).0/24"
    }
    return homeNetwork()
  }

  mutating func homeNetwork() -> String {
    homes += 1
    let mixed = (homes &* 2_654_435_761) & 0xFFFF_FFFF
    let text = IdentityMint.hexadecimal(mixed)
    return "2001:db8:\(text.prefix(4)):\(text.suffix(4))::/64"
  }

  mutating func email(of person: Person) -> String {
    let name = "\(person.given)_\(person.paternal)".lowercased()
    let domain = random.pick([
      "gmail.com", "gmail.com", "gmail.com", "correo.example", "buzon.example",
    ])
    return "\(name)\(person.account.suffix(5))\(random.below(90) + 10)@\(domain)"
  }

  /// The same mailbox under another spelling.
  mutating func alias(of email: String) -> String {
    guard let at = email.firstIndex(of: "@") else { return email }
    let local = email[..<at]
    let domain = email[at...]
    if domain == "@gmail.com", random.chance(400) {
      let cut = local.index(local.startIndex, offsetBy: 1 + random.below(4))
      return "\(local[..<cut]).\(local[cut...])\(domain)"
    }
    return "\(local)+\(random.between(1...99))\(domain)"
  }

  /// A name and a running number, as programs make them.
  mutating func machineEmail(_ stem: String, _ number: Int) -> String {
    guard random.chance(shape.disposableMail) else {
      return "\(stem)\(IdentityMint.padded(UInt64(number), 4))@gmail.com"
    }
    let domains =
      random.chance(shape.unlistedMail) ? MexicanNames.unlisted : MexicanNames.disposable
    return "\(stem)\(IdentityMint.padded(UInt64(number), 4))@\(random.pick(domains))"
  }

  // MARK: Registry keys

  /// The population registry key: letters of the names, birth, sex, state, consonants, a digit or
  /// letter for the century, a check digit.
  mutating func curp(of person: Person) -> String {
    let century = person.birth.year < 2_000 ? "\(random.below(10))" : "A"
    let body =
      IdentityMint.stem(of: person) + (person.isWoman ? "M" : "H") + person.state
      + IdentityMint.consonant(person.paternal) + IdentityMint.consonant(person.maternal)
      + IdentityMint.consonant(person.given) + century
    var sum = 0
    for (position, byte) in body.utf8.enumerated() {
      sum += IdentityMint.curpValue(byte) * (18 - position)
    }
    return body + "\((10 - sum % 10) % 10)"
  }

  /// A key made up by somebody who does not know its last digit.
  mutating func inventedCurp(of person: Person) -> String {
    let right = curp(of: person)
    let last = Int(right.suffix(1)) ?? 0
    return right.dropLast() + "\((last + 1 + random.below(9)) % 10)"
  }

  /// The tax key of a person: letters of the names, birth, two characters, a check digit.
  mutating func rfc(of person: Person) -> String {
    let alphabet = Array("123456789ABCDEFGHIJKLMNPQRSTUVWXYZ")
    let body = IdentityMint.stem(of: person) + "\(random.pick(alphabet))\(random.pick(alphabet))"
    var sum = 0
    for (position, byte) in body.utf8.enumerated() {
      sum += IdentityMint.curpValue(byte) * (13 - position)
    }
    let rest = 11 - sum % 11
    return body + (rest == 11 ? "0" : rest == 10 ? "A" : "\(rest)")
  }

  private static func stem(of person: Person) -> String {
    let vowel = person.paternal.dropFirst().first { "AEIOU".contains($0) } ?? "X"
    let date =
      padded(UInt64(person.birth.year % 100), 2) + padded(UInt64(person.birth.month), 2)
      + padded(UInt64(person.birth.day), 2)
    return
      "\(person.paternal.prefix(1))\(vowel)\(person.maternal.prefix(1))\(person.given.prefix(1))"
      + date
  }

  private static func consonant(_ name: String) -> String {
    "\(name.dropFirst().first { !"AEIOU".contains($0) } ?? "X")"
  }

  /// Digits 0…9, A…N 10…23, O…Z 25…36: Ñ stands between.
  private static func curpValue(_ byte: UInt8) -> Int {
    if byte < 65 { return Int(byte) - 48 }
    return Int(byte) - 55 + (byte > UInt8(ascii: "N") ? 1 : 0)
  }

  private static func checked(_ digits: String) -> String {
    let weights = [3, 7, 1]
    var sum = 0
    for (position, byte) in digits.utf8.enumerated() {
      sum += (Int(byte) - 48) * weights[position % 3] % 10
    }
    return digits + "\((10 - sum % 10) % 10)"
  }

  static func padded(_ number: UInt64, _ digits: Int) -> String {
    let text = "\(number)"
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }

  private static func hexadecimal(_ number: UInt64) -> String {
    let text = String(number, radix: 16)
    return String(repeating: "0", count: max(0, 8 - text.count)) + text
  }
}
