import CUV
import Glibc

/// One libuv loop with its listener and connections. All of it runs on one thread, except `init`,
/// which runs before that thread exists.
@safe
final class ServerLoop {
  static let readBufferSize = 64 << 10

  let limits: HTTPLimits
  let handler: any RequestHandler
  let mailbox: Mailbox
  let metrics: ServerMetrics
  let configuration: ServerConfiguration
  /// The address with the port the system chose.
  var address: ListenAddress

  let handles: LoopHandles
  let readBuffer: UnsafeMutableRawPointer
  /// Bytes about to be sent; one buffer serves all connections, since sending is never interrupted.
  var output: [UInt8] = []
  var isDraining = false

  private var places: [Connection?] = []
  private var uses: [UInt32] = []
  private var freePlaces: [Int] = []
  private var openPerPeer: [String: Int] = [:]
  private(set) var openCount = 0
  private var completions: [Mailbox.Completion] = []
  private var touched: [Connection] = []
  private var drainSince: UInt64 = 0
  private var hasEnded = false
  private var dateSecond: Int = -1
  private(set) var dateLine: [UInt8] = []

  /// Binds and listens.
  init(
    configuration: ServerConfiguration, handler: any RequestHandler, mailbox: Mailbox,
    metrics: ServerMetrics
  ) throws(ServiceError) {
    self.configuration = configuration
    self.handler = handler
    self.mailbox = mailbox
    self.metrics = metrics
    limits = configuration.limits
    address = configuration.address
    handles = try LoopHandles(address: configuration.address)
    address = handles.boundAddress(configuration.address)
    // SAFETY: freed in deinit, when no handle can read into it any more.
    unsafe readBuffer = UnsafeMutableRawPointer.allocate(
      byteCount: Self.readBufferSize, alignment: 16)
  }

  deinit {
    // SAFETY: see init.
    unsafe readBuffer.deallocate()
  }

  /// The loop's clock in milliseconds, as of this round of the loop.
  var now: UInt64 { handles.now }

  /// Serves until drained.
  func run() {
    mailbox.adoptThread()
    refreshDate()
    handles.run(serving: self, signals: configuration.drainSignals, sweepEvery: sweepPeriod)
    configuration.onStopped?()
  }

  /// Deadlines are checked by one timer, often enough for the shortest of them.
  private var sweepPeriod: UInt64 {
    let shortest =
      [
        limits.headerDeadline, limits.bodyDeadline, limits.idleDeadline, limits.answerDeadline,
        limits.lingerDeadline, limits.drainDeadline,
      ].map(\.milliseconds).min() ?? 1_000
    return min(1_000, max(5, shortest / 4))
  }

  // MARK: Connections

  /// Places for a connection from a peer, or why there is none.
  func admits(peer: String) -> Bool {
    openCount < limits.connections && openPerPeer[peer, default: 0] < limits.connectionsPerPeer
  }

  /// Adds a connection made by `make` from its id.
  func add(peer: String, _ make: (UInt64) -> Connection) -> Connection {
    let place: Int
    if let free = freePlaces.popLast() {
      place = free
    } else {
      place = places.count
      places.append(nil)
      uses.append(0)
    }
    let connection = make(UInt64(uses[place]) << 32 | UInt64(place))
    places[place] = connection
    openCount += 1
    openPerPeer[peer, default: 0] += 1
    metrics.connectionsAccepted.add()
    metrics.connectionsOpen.add(1)
    return connection
  }

  /// Takes a connection that is being closed out of the table; replies for it are dropped from now
  /// on.
  func forget(_ connection: Connection) {
    let place = Int(connection.id & 0xFFFF_FFFF)
    precondition(places[place] === connection, "a connection is forgotten once")
    places[place] = nil
    uses[place] &+= 1
    freePlaces.append(place)
    openCount -= 1
    if let open = openPerPeer[connection.peer] {
      openPerPeer[connection.peer] = open > 1 ? open - 1 : nil
    }
    metrics.connectionsOpen.add(-1)
  }

  private func connection(_ id: UInt64) -> Connection? {
    let place = Int(id & 0xFFFF_FFFF)
    guard place < places.count, let connection = places[place], connection.id == id else {
      return nil
    }
    return connection
  }

  // MARK: Rounds

  /// Delivers what the mailbox holds: before the loop sleeps and after it wakes, so that the
  /// replies of one round leave together.
  func deliver() {
    // Sending may let waiting requests through, whose handlers may answer at once.
    while true {
      let wantsDrain = mailbox.take(&completions)
      if wantsDrain, !isDraining { beginDrain() }
      guard !completions.isEmpty else { break }
      for completion in completions {
        guard let connection = connection(completion.connection),
          connection.replies.fill(completion.ordinal, with: completion.response)
        else { continue }
        if touched.last !== connection { touched.append(connection) }
      }
      completions.removeAll(keepingCapacity: true)
      for connection in touched { connection.flush() }
      touched.removeAll(keepingCapacity: true)
    }
    endIfDrained()
  }

  /// Ends what has passed its deadline.
  func sweep() {
    refreshDate()
    for place in places.indices {
      if let connection = places[place] { connection.checkDeadlines() }
    }
    if isDraining, now - drainSince >= limits.drainDeadline.milliseconds {
      for place in places.indices {
        if let connection = places[place] {
          metrics.deadlinesPassed.add()
          connection.close()
        }
      }
    }
    deliver()
  }

  /// Takes a signal as the wish to end.
  func receiveSignal(_ number: Int32) {
    configuration.onSignal?(number)
    mailbox.requestDrain()
    deliver()
  }

  private func beginDrain() {
    isDraining = true
    drainSince = now
    handles.stopListening()
    for place in places.indices {
      if let connection = places[place] { connection.finishIfAnswered() }
    }
  }

  private func endIfDrained() {
    guard isDraining, openCount == 0, !hasEnded else { return }
    hasEnded = true
    // From here on no thread wakes this loop; what is still put into the box is dropped.
    mailbox.close()
    handles.closeAll()
  }

  private func refreshDate() {
    let second = time(nil)
    guard second != dateSecond else { return }
    dateSecond = second
    dateLine = Array("Date: \(httpDate(second))\r\n".utf8)
  }
}

extension Duration {
  /// Whole milliseconds, at least 0.
  var milliseconds: UInt64 {
    let (seconds, attoseconds) = components
    return UInt64(max(0, seconds * 1_000 + attoseconds / 1_000_000_000_000_000))
  }
}
