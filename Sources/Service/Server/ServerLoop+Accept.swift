import CUV

extension ServerLoop {
  /// Takes one new connection, or tells it that there is no room.
  // SAFETY: the accepted handle belongs to the new connection from here on.
  @unsafe
  func accept(from listener: UnsafeMutablePointer<uv_stream_t>) {
    guard let stream = unsafe handles.accept() else { return }
    let peer = unsafe handles.peer(of: stream)
    let hasRoom = admits(peer: peer)
    let connection = add(peer: peer) { id in
      unsafe Connection(id: id, peer: peer, stream: stream, loop: self)
    }
    // SAFETY: the close callback gives this reference back.
    unsafe stream.pointee.data = Unmanaged.passRetained(connection).toOpaque()
    if hasRoom {
      connection.startReading()
    } else {
      metrics.connectionsRefused.add()
      connection.refuse(with: Problem(.overloaded, retryAfterSeconds: 1))
    }
  }

  /// The server of a loop.
  @unsafe
  static func of(_ loop: UnsafeMutablePointer<uv_loop_t>?) -> ServerLoop {
    guard let data = unsafe loop?.pointee.data else {
      preconditionFailure("a loop that serves nobody")
    }
    // SAFETY: LoopHandles.run put it there, and its caller holds the server until run returns.
    return unsafe Unmanaged<ServerLoop>.fromOpaque(data).takeUnretainedValue()
  }
}
