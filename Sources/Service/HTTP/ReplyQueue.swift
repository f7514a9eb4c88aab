/// The requests of one connection that wait for their replies, which leave in the order asked.
struct ReplyQueue {
  private struct Slot {
    var keepAlive: Bool
    var omitsBody: Bool
    /// HTTP/1.0 closes unless told otherwise, HTTP/1.1 keeps open.
    var isVersion10: Bool
    /// The loop's clock in milliseconds when the request was complete.
    var since: UInt64
    var response: HTTPResponse?
  }

  private var slots: [Slot] = []
  /// Slots at the front that have left already; the array is cleared when all have.
  private var sent = 0
  /// Ordinal of the first slot in `slots`.
  private var base: UInt64 = 0

  /// Requests waiting.
  var count: Int { slots.count - sent }

  /// Slots held in memory, those that have left included.
  var slotCount: Int { slots.count }

  /// When the request longest unanswered was complete.
  var oldestUnanswered: UInt64? {
    var index = sent
    while index < slots.count {
      if slots[index].response == nil { return slots[index].since }
      index += 1
    }
    return nil
  }

  /// Makes room for a reply and returns its ordinal.
  mutating func admit(
    keepAlive: Bool, omitsBody: Bool = false, isVersion10: Bool = false, now: UInt64
  ) -> UInt64 {
    slots.append(
      Slot(
        keepAlive: keepAlive, omitsBody: omitsBody, isVersion10: isVersion10, since: now,
        response: nil))
    return base + UInt64(slots.count - 1)
  }

  /// Takes a reply; false if this ordinal has one already.
  mutating func fill(_ ordinal: UInt64, with response: HTTPResponse) -> Bool {
    guard ordinal >= base + UInt64(sent), ordinal < base + UInt64(slots.count) else { return false }
    let index = Int(ordinal - base)
    guard slots[index].response == nil else { return false }
    slots[index].response = response
    return true
  }

  /// Gives every request that waits since `limit` or longer this reply.
  mutating func expire(since limit: UInt64, with response: HTTPResponse) -> Int {
    var expired = 0
    for index in sent..<slots.count
    where slots[index].response == nil && slots[index].since <= limit {
      slots[index].response = response
      slots[index].keepAlive = false
      expired += 1
    }
    return expired
  }

  /// Writes the replies that are ready and whose turn has come; true if one of them was the last of
  /// the connection, the requests behind which are forgotten.
  mutating func flush(into output: inout [UInt8], closing: Bool, dateLine: [UInt8]) -> Bool {
    var ends = false
    while !ends, sent < slots.count, let response = slots[sent].response {
      let isLast = closing && sent + 1 == slots.count
      ends = !slots[sent].keepAlive || isLast
      let persistence: HTTPResponse.Persistence =
        ends ? .close : slots[sent].isVersion10 ? .keepAlive : .implied
      response.append(
        to: &output, persistence: persistence, omitsBody: slots[sent].omitsBody,
        dateLine: dateLine)
      slots[sent].response = nil
      sent += 1
    }
    if ends || sent == slots.count {
      base += UInt64(slots.count)
      slots.removeAll(keepingCapacity: true)
      sent = 0
    } else if sent >= 64 {
      // A client that always has one more request waiting must not make the array grow for ever.
      base += UInt64(sent)
      slots.removeFirst(sent)
      sent = 0
    }
    return ends
  }
}
