/// Why the values of a param are not told by columns of waiting events, so that the ordinary engine
/// has to replay them one by one.
public enum SweepRefusal: Error, Hashable, Sendable {
  /// Its value went into something that is no code, such as a set or another param.
  case settled
  /// It decides what is counted, or under which key: signals change with it. Position in
  /// `Schema.events` of the event that is counted or asks.
  case shapesSignals(event: Int)
  /// A rule that reads it counts on a share of events; a position in `DecisionCatalog.rules`.
  case share(rule: Int)
  /// A rule that reads it holds for a time.
  case period(rule: Int)
  /// What signals collected is looked through with it; position in `Schema.events`.
  case collected(event: Int)
  /// It decides what is looked up in a list from a file, whose members change.
  case list(event: Int)
}
