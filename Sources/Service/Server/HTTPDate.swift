/// A time of the Unix clock in the one form HTTP writes, such as `Sun, 06 Nov 1994 08:49:37 GMT`.
///
/// *Source*: RFC 9110 section 5.6.7; the calendar is Hinnant's `civil_from_days`.
func httpDate(_ second: Int) -> String {
  let days = (second - (second % 86_400 + 86_400) % 86_400) / 86_400
  let inDay = second - days * 86_400
  let shifted = days + 719_468
  let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
  let dayOfEra = shifted - era * 146_097
  let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
  let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
  // Months counted from March, so that the leap day is a year's last.
  let monthFromMarch = (5 * dayOfYear + 2) / 153
  let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
  let month = monthFromMarch < 10 ? monthFromMarch + 2 : monthFromMarch - 10
  let year = yearOfEra + era * 400 + (month < 2 ? 1 : 0)
  let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
  let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]
  let weekday = weekdays[((days % 7) + 7) % 7]
  let clock = [inDay / 3_600, inDay / 60 % 60, inDay % 60].map(twoDigits).joined(separator: ":")
  return "\(weekday), \(twoDigits(day)) \(months[month]) \(year) \(clock) GMT"
}

private func twoDigits(_ value: Int) -> String {
  value < 10 ? "0\(value)" : "\(value)"
}
