internal import Model
internal import Wire

/// Writes rings for programs: JSON of our own, and the formats that graph tools read.
public enum RingExport {
  /// One ring as JSON, without a newline.
  public static func appendJSON(_ ring: Ring, to output: inout [UInt8]) {
    append("{\"entity\":", to: &output)
    JSONText.append(ring.entity, to: &output)
    append(",\"name\":", to: &output)
    append(ring.name, to: &output)
    append(",\"decided\":", to: &output)
    appendList(ring.decided, to: &output) { append($0, to: &$1) }
    append(",\"accounts\":", to: &output)
    appendList(ring.accounts, to: &output) { account, output in
      append("{\"id\":", to: &output)
      append(account.name, to: &output)
      if !account.labels.isEmpty {
        append(",\"labels\":", to: &output)
        appendList(account.labels, to: &output) { JSONText.append($0, to: &$1) }
      }
      append("}", to: &output)
    }
    append(",\"shares\":", to: &output)
    appendList(ring.shares, to: &output) { share, output in
      append("{\"identifier\":", to: &output)
      JSONText.append(share.identifier, to: &output)
      append(",\"value\":", to: &output)
      append(share.value, to: &output)
      append(",\"accounts\":", to: &output)
      appendList(share.accounts, to: &output) { append(ring.accounts[$0].name, to: &$1) }
      append("}", to: &output)
    }
    append(",\"edges\":", to: &output)
    appendList(ring.edges, to: &output) { edge, output in
      append("{\"link\":", to: &output)
      JSONText.append(edge.link, to: &output)
      append(",\"from\":", to: &output)
      append(ring.accounts[edge.from].name, to: &output)
      append(",\"to\":", to: &output)
      append(ring.accounts[edge.to].name, to: &output)
      append(",\"directed\":\(edge.isDirected)}", to: &output)
    }
    append(",\"complete\":\(ring.isComplete)}", to: &output)
  }

  private static func append(_ decided: Ring.Decided, to output: inout [UInt8]) {
    append("{\"policy\":", to: &output)
    JSONText.append(decided.policy, to: &output)
    append(",", to: &output)
    appendMembers(decided.asked, to: &output)
    append(",\"outcomes\":{", to: &output)
    for (place, outcome) in decided.outcomes.sorted(by: { $0.key < $1.key }).enumerated() {
      if place > 0 { append(",", to: &output) }
      JSONText.append(outcome.key, to: &output)
      append(":{", to: &output)
      appendMembers(outcome.value, to: &output)
      append("}", to: &output)
    }
    append("}}", to: &output)
  }

  private static func appendMembers(_ tally: MoneyTally, to output: inout [UInt8]) {
    append("\"decisions\":\(tally.count),\"asked\":", to: &output)
    appendList(tally.amounts, to: &output) { amount, output in
      append("{\"unit\":", to: &output)
      JSONText.append(amount.unit, to: &output)
      append(",\"amount\":\(amount.amount)}", to: &output)
    }
  }

  /// Rings as one JSON object with the version of its shape, ended by a newline.
  public static func json(_ rings: [Ring]) -> [UInt8] {
    var output: [UInt8] = []
    append("{\"version\":1,\"rings\":", to: &output)
    appendList(rings, to: &output) { appendJSON($0, to: &$1) }
    append("}\n", to: &output)
    return output
  }

  /// Rings in the language of Graphviz: accounts round, shared values in boxes.
  public static func dot(_ rings: [Ring]) -> [UInt8] {
    var text = "digraph rings {\n  node [fontname=\"sans-serif\"];\n"
    for (number, ring) in rings.enumerated() {
      text += "  subgraph cluster_\(number) {\n    label=\(dotText(ring.name.shown));\n"
      for (place, account) in ring.accounts.enumerated() {
        let labels = account.labels.joined(separator: ", ")
        let marks = labels.isEmpty ? "" : ", color=red, xlabel=\(dotText(labels))"
        text += "    r\(number)a\(place) [label=\(dotText(account.name.shown))\(marks)];\n"
      }
      for (place, share) in ring.shares.enumerated() {
        let label = dotText("\(share.identifier) \(share.value.shown)")
        text += "    r\(number)v\(place) [shape=box, label=\(label)];\n"
        for account in share.accounts {
          text += "    r\(number)a\(account) -> r\(number)v\(place) [dir=none];\n"
        }
      }
      for edge in ring.edges {
        text += "    r\(number)a\(edge.from) -> r\(number)a\(edge.to) [label=\(dotText(edge.link))"
        text += edge.isDirected ? "];\n" : ", dir=none];\n"
      }
      text += "  }\n"
    }
    return Array((text + "}\n").utf8)
  }

  /// Rings as GraphML: nodes of kind `account` or of an identifier, edges of kind `shares` or of a
  /// link. All edges have a direction: not every reader takes both sorts in one graph.
  public static func graphML(_ rings: [Ring]) -> [UInt8] {
    var text = """
      <?xml version="1.0" encoding="UTF-8"?>
      <graphml xmlns="http://graphml.graphdrawing.org/xmlns">
        <key id="kind" for="all" attr.name="kind" attr.type="string"/>
        <key id="name" for="node" attr.name="name" attr.type="string"/>
        <key id="labels" for="node" attr.name="labels" attr.type="string"/>
        <key id="ring" for="node" attr.name="ring" attr.type="int"/>
        <graph id="rings" edgedefault="directed">

      """
    func node(_ id: String, _ ring: Int, _ kind: String, _ name: String, _ labels: [String] = []) {
      text += "    <node id=\"\(id)\"><data key=\"kind\">\(xmlText(kind))</data>"
      text += "<data key=\"name\">\(xmlText(name))</data><data key=\"ring\">\(ring)</data>"
      if !labels.isEmpty {
        text += "<data key=\"labels\">\(xmlText(labels.joined(separator: ", ")))</data>"
      }
      text += "</node>\n"
    }
    func edge(_ from: String, _ to: String, _ kind: String) {
      text += "    <edge source=\"\(from)\" target=\"\(to)\">"
      text += "<data key=\"kind\">\(xmlText(kind))</data></edge>\n"
    }
    for (number, ring) in rings.enumerated() {
      for (place, account) in ring.accounts.enumerated() {
        node("r\(number)a\(place)", number, "account", account.name.shown, account.labels)
      }
      for (place, share) in ring.shares.enumerated() {
        node("r\(number)v\(place)", number, share.identifier, share.value.shown)
        for account in share.accounts {
          edge("r\(number)a\(account)", "r\(number)v\(place)", "shares")
        }
      }
      for each in ring.edges {
        edge("r\(number)a\(each.from)", "r\(number)a\(each.to)", each.link)
      }
    }
    return Array((text + "  </graph>\n</graphml>\n").utf8)
  }

  // MARK: Texts

  private static func append(_ text: String, to output: inout [UInt8]) {
    output.append(contentsOf: text.utf8)
  }

  private static func append(_ name: KeyName, to output: inout [UInt8]) {
    guard case .text(let text) = name else {
      append("{\"token\":\"\(name.digits)\"}", to: &output)
      return
    }
    JSONText.append(text, to: &output)
  }

  private static func appendList<Element>(
    _ list: [Element], to output: inout [UInt8], _ body: (Element, inout [UInt8]) -> Void
  ) {
    append("[", to: &output)
    for (place, element) in list.enumerated() {
      if place > 0 { append(",", to: &output) }
      body(element, &output)
    }
    append("]", to: &output)
  }

  private static func dotText(_ text: String) -> String {
    var quoted = "\""
    for character in text.unicodeScalars {
      switch character {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case _ where character.value < 32: quoted += " "
      default: quoted.unicodeScalars.append(character)
      }
    }
    return quoted + "\""
  }

  private static func xmlText(_ text: String) -> String {
    var escaped = ""
    for character in text.unicodeScalars {
      switch character {
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "&": escaped += "&amp;"
      // XML has no way to write these at all.
      case _ where character.value < 32 || (0xFFFE...0xFFFF).contains(character.value):
        escaped += "\u{FFFD}"
      default: escaped.unicodeScalars.append(character)
      }
    }
    return escaped
  }
}

extension KeyName {
  /// The text, or `#` and the beginning of a token.
  public var shown: String {
    if case .text(let text) = self { text } else { "#" + digits.prefix(8) }
  }

  /// The sixteen digits of a token.
  var digits: String {
    guard case .token(let token) = self else { return "" }
    var digits: [UInt8] = []
    TokenText.append(token, to: &digits)
    return String(decoding: digits, as: UTF8.self)
  }
}
