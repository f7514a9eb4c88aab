/// Which of the two worlds.
///
/// Thresholds are chosen in the first alone; the second shows whether they hold elsewhere.
public enum WorldKind: String, Sendable, CaseIterable {
  /// What the shipped thresholds were chosen with.
  case usual
  /// Other habits, other sizes, other tools: families share more, farms are smaller and slower.
  case shifted
}

/// The habits of a world. Shares are in thousandths.
struct WorldShape: Sendable {
  // Honest people, who are what is left of all accounts after the others.
  var organic = 360
  var influencerFollowers = 45
  var shopCustomers = 60
  var colleagues = 45
  var fairVisitors = 12
  var households = 190
  var couples = 45
  /// Accounts behind the shared networks of mobile carriers.
  var carrierNetwork = 200
  var carrierNetworks = 12
  /// Honest first loans that are not paid in time, and those that never are.
  var lateLoans = 60
  var lostLoans = 45
  /// Honest people who want the smallest loan there is.
  var smallestLoans = 120
  var handedDownPhones = 35
  var recycledNumbers = 6
  var familyPhones = 300
  var couplesWithOneAccount = 280
  var knownInfluencers = 1_000
  var registeredShops = 650
  var influencerSize = 40...130
  var influencerPost = 6...20
  var shopSize = 10...36
  /// Honest phones that cannot prove what they are.
  var oldPhones = 25

  // Schemes, by accounts.
  var selfReferrers = 12
  var farms = 22
  var rings = 9
  var stars = 14
  var chains = 7
  var sharedPayouts = 10
  var leakedCodes = 14
  var bustOuts = 10
  var slowDrips = 10
  var returners = 5

  var selfReferralDevice = 700
  var selfReferralPayout = 550
  var farmSize = 8...40
  var farmGap: ClosedRange<Int64> = 5 * WorldTime.minute...50 * WorldTime.minute
  /// Farms whose software gives each account a phone of its own.
  var clonedFarms = 250
  var internetNumbers = 500
  var disposableMail = 300
  /// Disposable mail of domains that are on nobody's list.
  var unlistedMail = 0
  var inventedIdentity = 350
  var accountsPerPayout = 6
  var ringSize = 3...6
  /// Rings that close over a second account of the first person.
  var disguisedRings = 400
  var ringsWithHardEdge = 600
  var starSize = 10...30
  var chainLength = 5...9
  var payeeSize = 4...9
  var leakSize = 18...80
  var leakSpan: ClosedRange<Int64> = 6 * WorldTime.hour...60 * WorldTime.hour
  var bustOutSize = 6...15
  var bustOutGap: ClosedRange<Int64> = 2 * WorldTime.day...6 * WorldTime.day
  var dripSize = 6...13
  var dripGap: ClosedRange<Int64> = 4 * WorldTime.day...9 * WorldTime.day
  /// Groups of cheats that are found out and labelled in the end.
  var confirmed = 550

  static func of(_ kind: WorldKind) -> WorldShape {
    var shape = WorldShape()
    guard kind == .shifted else { return shape }
    shape.organic = 300
    shape.households = 240
    shape.couples = 60
    shape.carrierNetwork = 320
    shape.carrierNetworks = 8
    shape.lateLoans = 90
    shape.lostLoans = 75
    shape.smallestLoans = 200
    shape.handedDownPhones = 60
    shape.recycledNumbers = 10
    shape.familyPhones = 420
    shape.couplesWithOneAccount = 380
    shape.knownInfluencers = 750
    shape.registeredShops = 500
    shape.influencerSize = 25...160
    shape.influencerPost = 4...28
    shape.shopSize = 8...50
    shape.oldPhones = 50
    shape.selfReferrers = 16
    shape.farms = 16
    shape.rings = 7
    shape.stars = 12
    shape.leakedCodes = 18
    shape.bustOuts = 12
    shape.slowDrips = 14
    shape.selfReferralDevice = 560
    shape.selfReferralPayout = 480
    shape.farmSize = 6...22
    shape.farmGap = 20 * WorldTime.minute...5 * WorldTime.hour
    shape.clonedFarms = 400
    shape.internetNumbers = 300
    shape.disposableMail = 250
    shape.unlistedMail = 500
    shape.inventedIdentity = 250
    shape.accountsPerPayout = 4
    shape.ringSize = 3...5
    shape.disguisedRings = 600
    shape.ringsWithHardEdge = 450
    shape.starSize = 8...20
    shape.chainLength = 5...7
    shape.payeeSize = 3...7
    shape.leakSize = 15...140
    shape.leakSpan = 12 * WorldTime.hour...120 * WorldTime.hour
    shape.bustOutSize = 5...12
    shape.bustOutGap = 2 * WorldTime.day...9 * WorldTime.day
    shape.dripSize = 5...10
    shape.dripGap = 6 * WorldTime.day...12 * WorldTime.day
    shape.confirmed = 400
    return shape
  }
}
