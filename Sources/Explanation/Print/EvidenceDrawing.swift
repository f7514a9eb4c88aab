internal import Expressions

/// The evidence as a drawing: accounts round, values of identifiers square.
struct EvidenceDrawing {
  private static let margin = (x: 110, y: 46)

  private let graph: EvidenceGraph
  private let words: ExplanationWords
  /// Accounts that the event names.
  private let subjects: [String: String]

  init(_ explanation: DecisionExplanation, _ words: ExplanationWords) {
    graph = EvidenceGraph(explanation.evidence)
    self.words = words
    let accounts = explanation.fields.filter(\.isAccount).map {
      ($0.value.text(in: words.language), $0.name)
    }
    subjects = Dictionary(accounts) { "\($0), \($1)" }
  }

  var isEmpty: Bool { graph.nodes.isEmpty }

  /// An SVG element.
  var svg: String {
    let width = (graph.places.map(\.x).max() ?? 0) + 2 * EvidenceDrawing.margin.x
    let height = (graph.places.map(\.y).max() ?? 0) + 2 * EvidenceDrawing.margin.y + 24
    let title = words.say("What ties people together", "Lo que une a las personas")
    var text = "<svg class=\"graph\" viewBox=\"0 0 \(width) \(height)\" role=\"img\" "
    // Never wider than a page; on a telephone it is moved sideways, for shrunk further its names
    // could not be read.
    text += "style=\"max-width:\(width)px;min-width:\(min(width, 620))px\" "
    text += "aria-label=\"\(title)\"><title>\(title)</title>\n"
    text += "<defs><marker id=\"arrow\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" "
    text += "markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\">"
    text += "<path d=\"M0 0L10 5L0 10z\"/></marker></defs>\n"
    for line in graph.lines { text += draw(line) }
    for node in graph.nodes.indices { text += draw(node) }
    return text + "</svg>\n"
  }

  private func place(_ node: Int) -> (x: Int, y: Int) {
    let place = graph.places[node]
    return (place.x + EvidenceDrawing.margin.x, place.y + EvidenceDrawing.margin.y)
  }

  private func draw(_ line: EvidenceGraph.Line) -> String {
    let from = place(line.from)
    let to = place(line.to)
    guard let link = line.link else {
      return "<line class=\"use\" x1=\"\(from.x)\" y1=\"\(from.y)\" x2=\"\(to.x)\" "
        + "y2=\"\(to.y)\"/>\n"
    }
    if line.from == line.to {
      // Somebody who invites himself.
      let (x, y) = (from.x, from.y - 14)
      return "<path class=\"edge\" d=\"M\(x - 6) \(y)C\(x - 34) \(y - 38) \(x + 34) \(y - 38) "
        + "\(x + 6) \(y)\" marker-end=\"url(#arrow)\"><title>\(MarkupText.escaped(link))</title>"
        + "</path>\n"
    }
    // Two edges against each other bend to either side; each ends at the rim of its circle.
    let (across, down) = (Double(to.x - from.x), Double(to.y - from.y))
    let length = max((across * across + down * down).squareRoot(), 1)
    let isBent = graph.lines.contains { $0.from == line.to && $0.to == line.from && $0.link != nil }
    let bend = isBent ? 26.0 : 0
    let middle = (
      x: (from.x + to.x) / 2 + Int(-down / length * bend),
      y: (from.y + to.y) / 2 + Int(across / length * bend)
    )
    let end = (x: to.x - Int(across / length * 18), y: to.y - Int(down / length * 18))
    return
      "<path class=\"edge\" d=\"M\(from.x) \(from.y)Q\(middle.x) \(middle.y) \(end.x) \(end.y)\" "
      + "marker-end=\"url(#arrow)\"/><text class=\"small on\" x=\"\(middle.x)\" y=\"\(middle.y - 4)\" "
      + "text-anchor=\"middle\">\(MarkupText.escaped(link))</text>\n"
  }

  private func draw(_ node: Int) -> String {
    let (x, y) = place(node)
    let item = graph.nodes[node]
    let name = MarkupText.escaped(MarkupText.shortened(item.name, to: 22))
    let full = "<title>\(MarkupText.escaped(item.name))</title>"
    var text: String
    switch item.kind {
    case .account:
      let subject = subjects[item.name]
      let kind = subject == nil ? "account" : "account subject"
      text = "<circle class=\"\(kind)\" cx=\"\(x)\" cy=\"\(y)\" r=\"15\">\(full)</circle>"
      text += caption(name, x, y + 32, "on")
      var below = (graph.labels[node] ?? []).map { ($0, "small mark on") }
      if let subject { below.insert((subject, "small on"), at: 0) }
      for (row, (label, style)) in below.enumerated() {
        text += caption(MarkupText.escaped(label), x, y + 47 + 14 * row, style)
      }
    case .value(let identifier):
      let kind = graph.hubs.contains(node) ? "value hub" : "value"
      text = "<rect class=\"\(kind)\" x=\"\(x - 14)\" y=\"\(y - 14)\" width=\"28\" height=\"28\" "
      text += "rx=\"3\">\(full)</rect>"
      text += caption(name, x, y + 31, "on")
      text += caption(MarkupText.escaped(identifier), x, y + 45, "small on")
    }
    return text + "\n"
  }

  private func caption(_ text: String, _ x: Int, _ y: Int, _ style: String) -> String {
    "<text class=\"\(style)\" x=\"\(x)\" y=\"\(y)\" text-anchor=\"middle\">\(text)</text>"
  }
}
