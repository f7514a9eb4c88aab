/// What a connection may take its time over.
extension Connection {
  /// Ends or refuses what has taken too long; called by the loop's timer.
  func checkDeadlines() {
    let limits = loop.limits
    switch phase {
    case .closed: return
    case .lingering:
      if hasPassed(limits.lingerDeadline, since: inputSince) { close() }
      return
    case .refusing, .open: break
    }
    if bytesInFlight > 0, hasPassed(limits.idleDeadline, since: outputSince) {
      // The peer asks and does not read.
      loop.metrics.deadlinesPassed.add()
      close()
      return
    }
    expireAnswers(limits)
    guard phase == .open else { return }
    if parser.isInsideRequest {
      let deadline = parser.isInsideBody ? limits.bodyDeadline : limits.headerDeadline
      if hasPassed(deadline, since: inputSince) {
        loop.metrics.deadlinesPassed.add()
        refuse(with: Problem(.requestTimeout))
      }
    } else if replies.count == 0, bytesInFlight == 0,
      hasPassed(limits.idleDeadline, since: inputSince)
    {
      loop.metrics.deadlinesPassed.add()
      close()
    }
  }

  private func expireAnswers(_ limits: HTTPLimits) {
    guard let oldest = replies.oldestUnanswered, hasPassed(limits.answerDeadline, since: oldest)
    else { return }
    let response = Problem(.unavailable, retryAfterSeconds: 1).response
    let limit = loop.now - limits.answerDeadline.milliseconds
    loop.metrics.deadlinesPassed.add(UInt64(replies.expire(since: limit, with: response)))
    flush()
  }

  private func hasPassed(_ deadline: Duration, since start: UInt64) -> Bool {
    loop.now >= start + deadline.milliseconds
  }
}
