/// Lines as backends send them: mostly new events, some repeated, changed or broken.
enum TestStream {
  static func referral(
    _ id: String, minute: Int, from referrer: String, to referee: String, device: String? = nil,
    reward: String = "250.00", more: String = ""
  ) -> String {
    let device = device.map { #","device":"\#($0)""# } ?? ""
    return
      #"{"event":"referral","referral_id":"\#(id)","at":"\#(at(minute))","referrer":"\#(referrer)","#
      + #""referee":"\#(referee)"\#(device),"reward":\#(reward)\#(more)}"#
  }

  static func login(_ id: String, minute: Int, who: String) -> String {
    #"{"event":"login","login_id":"\#(id)","at":"\#(at(minute))","who":"\#(who)"}"#
  }

  static func claim(_ id: String, minute: Int, who: String, amount: String) -> String {
    #"{"event":"claim","curp":"\#(id)","at":"\#(at(minute))","who":"\#(who)","amount":\#(amount)}"#
  }

  /// The time so many minutes after 2026-01-05, within a month.
  static func at(_ minute: Int) -> String {
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "2026-01-\(two(5 + minute / 1_440))T\(two(minute / 60 % 24)):\(two(minute % 60)):00Z"
  }

  /// A random stream. New events come in time order but for a few late ones.
  static func random(_ count: Int, seed: UInt64, isClean: Bool = false) -> [String] {
    var random = SplitMix64(seed: seed)
    var lines: [String] = []
    var minute = 60
    for index in 0..<count {
      minute += random.below(8)
      if !lines.isEmpty, random.once(in: 8) {
        lines.append(lines[random.below(lines.count)])
        continue
      }
      let event = event(index, minute: minute, &random)
      if !isClean, random.once(in: 25) {
        lines.append(broken(event, &random))
        continue
      }
      lines.append(event)
    }
    return lines
  }

  private static func event(_ index: Int, minute: Int, _ random: inout SplitMix64) -> String {
    let minute = random.once(in: 12) ? max(0, minute - random.below(200)) : minute
    let account = "A\(random.below(9))"
    switch random.below(8) {
    case 0: return login("l\(index)", minute: minute, who: account)
    case 1:
      return claim("c\(index)", minute: minute, who: account, amount: "\(random.below(300)).5")
    default:
      return referral(
        "r\(index)", minute: minute, from: account, to: "A\(random.below(20))",
        device: random.once(in: 4) ? nil : "D\(random.below(4))", reward: "\(random.below(900)).25")
    }
  }

  private static func broken(_ event: String, _ random: inout SplitMix64) -> String {
    switch random.below(5) {
    case 0: String(event.dropLast())
    case 1: event.replacing("\"at\":", with: "\"att\":")
    case 2: event.replacing("\"event\":\"", with: "\"event\":\"x")
    case 3: event.replacing("_id\":\"", with: "_id\":\"r0\",\"x\":\"")
    // Another body under an id that is likely to be known.
    default: referral("r\(random.below(20))", minute: 7, from: "X", to: "Y", reward: "1.00")
    }
  }
}
