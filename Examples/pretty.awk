# Writes each line of JSON over several lines, two spaces per level. Needs nothing but awk.
#
#   sabueso score -r Rules Examples/referrals.ndjson | awk -f Examples/pretty.awk | less

function margin(depth) { return sprintf("\n%" 2 * depth "s", "") }

{
  text = ""
  depth = 0
  inString = 0
  count = length($0)
  for (at = 1; at <= count; at++) {
    sign = substr($0, at, 1)
    if (inString) {
      text = text sign
      if (sign == "\\") text = text substr($0, ++at, 1)
      else if (sign == "\"") inString = 0
    } else if (sign == "\"") {
      inString = 1
      text = text sign
    } else if (sign == "{" || sign == "[") {
      following = substr($0, at + 1, 1)
      if (following == "}" || following == "]") text = text sign substr($0, ++at, 1)
      else text = text sign margin(++depth)
    } else if (sign == "}" || sign == "]") text = text margin(--depth) sign
    else if (sign == ",") text = text sign margin(depth)
    else if (sign == ":") text = text sign " "
    else text = text sign
  }
  print text
}
