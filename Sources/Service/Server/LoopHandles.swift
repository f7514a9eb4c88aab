import CUV
import Glibc

/// The libuv loop itself and the handles that are not connections.
///
/// SAFETY, for every `unsafe` here: loop and handles are allocated in init and initialised before
/// any other use; each handle is closed once, by `closeAll` or `stopListening`; the memory is freed
/// in deinit, which comes after `run` has returned, and so after every close callback. `loop.data`
/// points at the ServerLoop only while `run` holds it.
@safe
final class LoopHandles {
  private let loop: UnsafeMutablePointer<uv_loop_t>
  private let listener: UnsafeMutableRawPointer
  private let wakeUp: UnsafeMutablePointer<uv_async_t>
  private let afterPoll: UnsafeMutablePointer<uv_check_t>
  private let beforePoll: UnsafeMutablePointer<uv_prepare_t>
  private let sweepTimer: UnsafeMutablePointer<uv_timer_t>
  private var signals: [UnsafeMutablePointer<uv_signal_t>] = unsafe []
  private let isTCP: Bool
  /// The loop is initialised and has to be closed.
  private var hasLoop = false
  /// The handles are initialised and none of them is being closed.
  private var isOpen = false
  /// The same of the listener alone.
  private var isListening = false

  /// Size and alignment of a stream handle, TCP or Unix.
  static let streamSize = unsafe max(MemoryLayout<uv_tcp_t>.size, MemoryLayout<uv_pipe_t>.size)

  /// Makes a loop and listens.
  init(address: ListenAddress) throws(ServiceError) {
    unsafe loop = .allocate(capacity: 1)
    unsafe listener = .allocate(byteCount: Self.streamSize, alignment: 16)
    unsafe wakeUp = .allocate(capacity: 1)
    unsafe afterPoll = .allocate(capacity: 1)
    unsafe beforePoll = .allocate(capacity: 1)
    unsafe sweepTimer = .allocate(capacity: 1)
    if case .tcp = address { isTCP = true } else { isTCP = false }
    let status = unsafe uv_loop_init(loop)
    guard status == 0 else { throw .cannotStart(reason: Self.reason(status)) }
    hasLoop = true
    // A peer that has gone must cost a connection, not the process.
    signal(SIGPIPE, SIG_IGN)
    unsafe uv_async_init(loop, wakeUp) { handle in
      unsafe ServerLoop.of(handle?.pointee.loop).deliver()
    }
    unsafe uv_check_init(loop, afterPoll)
    unsafe uv_prepare_init(loop, beforePoll)
    unsafe uv_timer_init(loop, sweepTimer)
    isOpen = true
    let refusal = isTCP ? unsafe uv_tcp_init(loop, tcp) : unsafe uv_pipe_init(loop, pipe, 0)
    guard refusal == 0 else { throw .cannotStart(reason: Self.reason(refusal)) }
    isListening = true
    // A class whose init throws after its last property is set is still deinitialised, which closes
    // what is open.
    let bound = listen(at: address)
    guard bound == 0 else {
      throw .cannotListen(address: address.description, reason: Self.reason(bound))
    }
  }

  deinit {
    if hasLoop {
      closeAll()
      // SAFETY: runs the close callbacks that are left; after a served run there are none.
      unsafe uv_run(loop, UV_RUN_DEFAULT)
      let status = unsafe uv_loop_close(loop)
      precondition(status == 0, "a handle of the loop was left open")
    }
    unsafe loop.deallocate()
    unsafe listener.deallocate()
    unsafe wakeUp.deallocate()
    unsafe afterPoll.deallocate()
    unsafe beforePoll.deallocate()
    unsafe sweepTimer.deallocate()
    for index in unsafe signals.indices { unsafe signals[index].deallocate() }
  }

  private var tcp: UnsafeMutablePointer<uv_tcp_t> {
    unsafe listener.assumingMemoryBound(to: uv_tcp_t.self)
  }

  private var pipe: UnsafeMutablePointer<uv_pipe_t> {
    unsafe listener.assumingMemoryBound(to: uv_pipe_t.self)
  }

  private var stream: UnsafeMutablePointer<uv_stream_t> {
    unsafe listener.assumingMemoryBound(to: uv_stream_t.self)
  }

  private static func reason(_ status: Int32) -> String {
    // SAFETY: uv_strerror gives a constant text for every known code.
    unsafe String(cString: uv_strerror(status))
  }

  var now: UInt64 { unsafe uv_now(loop) }

  /// What another thread wakes this loop by.
  var wakeUpCall: Mailbox.WakeUp { unsafe Mailbox.WakeUp(wakeUp) }

  // MARK: Listening

  private func listen(at address: ListenAddress) -> Int32 {
    var status: Int32
    switch address {
    case .tcp(let host, let port):
      var storage = sockaddr_storage()
      status = unsafe withUnsafeMutablePointer(to: &storage) { storage in
        let raw = UnsafeMutableRawPointer(storage)
        var found = unsafe uv_ip4_addr(
          host, Int32(port), raw.assumingMemoryBound(to: sockaddr_in.self))
        if found != 0 {
          found = unsafe uv_ip6_addr(
            host, Int32(port), raw.assumingMemoryBound(to: sockaddr_in6.self))
        }
        guard found == 0 else { return found }
        return unsafe uv_tcp_bind(tcp, raw.assumingMemoryBound(to: sockaddr.self), 0)
      }
    case .unix(let path):
      Self.removeStaleSocket(path)
      status = unsafe uv_pipe_bind(pipe, path)
    }
    if status == 0 {
      status = unsafe uv_listen(stream, 1_024) { listener, status in
        guard status == 0, let listener = unsafe listener else { return }
        unsafe ServerLoop.of(listener.pointee.loop).accept(from: listener)
      }
    }
    return status
  }

  /// A socket file a killed process left behind keeps the path from being bound; one that somebody
  /// still answers at is left alone.
  private static func removeStaleSocket(_ path: String) {
    var information = stat()
    guard unsafe lstat(path, &information) == 0, information.st_mode & S_IFMT == S_IFSOCK else {
      return
    }
    let probe = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    guard probe >= 0 else { return }
    defer { Glibc.close(probe) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    // SAFETY: ListenAddress keeps paths shorter than sun_path.
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { bytes in
      unsafe bytes.copyBytes(from: path.utf8)
    }
    let isAnswered = unsafe withUnsafePointer(to: &address) { address in
      unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        unsafe connect(probe, address, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
      }
    }
    if !isAnswered, errno == ECONNREFUSED { unsafe unlink(path) }
  }

  /// The address listened at, with the port the system chose.
  func boundAddress(_ wanted: ListenAddress) -> ListenAddress {
    guard case .tcp(let host, _) = wanted else { return wanted }
    var storage = sockaddr_storage()
    var length = Int32(MemoryLayout<sockaddr_storage>.size)
    let port = unsafe withUnsafeMutablePointer(to: &storage) { storage -> UInt16 in
      let raw = UnsafeMutableRawPointer(storage)
      unsafe uv_tcp_getsockname(tcp, raw.assumingMemoryBound(to: sockaddr.self), &length)
      // The port lies at the same place in sockaddr_in and sockaddr_in6.
      return unsafe raw.assumingMemoryBound(to: sockaddr_in.self).pointee.sin_port
    }
    return .tcp(host: host, port: Int(UInt16(bigEndian: port)))
  }

  /// Takes no more connections.
  func stopListening() {
    guard isListening else { return }
    isListening = false
    unsafe uv_close(listener.assumingMemoryBound(to: uv_handle_t.self), nil)
  }

  // MARK: Running

  /// Serves until `closeAll` and the last connection's close.
  func run(serving server: ServerLoop, signals numbers: [Int32], sweepEvery period: UInt64) {
    unsafe loop.pointee.data = Unmanaged.passUnretained(server).toOpaque()
    unsafe uv_update_time(loop)
    unsafe uv_check_start(afterPoll) { handle in
      unsafe ServerLoop.of(handle?.pointee.loop).deliver()
    }
    unsafe uv_prepare_start(beforePoll) { handle in
      unsafe ServerLoop.of(handle?.pointee.loop).deliver()
    }
    unsafe uv_timer_start(
      sweepTimer, { handle in unsafe ServerLoop.of(handle?.pointee.loop).sweep() }, period, period)
    for number in numbers { watch(number) }
    unsafe uv_run(loop, UV_RUN_DEFAULT)
    unsafe loop.pointee.data = nil
  }

  private func watch(_ number: Int32) {
    let handle = UnsafeMutablePointer<uv_signal_t>.allocate(capacity: 1)
    unsafe signals.append(handle)
    unsafe uv_signal_init(loop, handle)
    unsafe uv_signal_start(
      handle,
      { handle, number in unsafe ServerLoop.of(handle?.pointee.loop).receiveSignal(number) },
      number)
  }

  /// Closes every handle, after which `run` returns.
  func closeAll() {
    guard isOpen else { return }
    isOpen = false
    stopListening()
    unsafe Self.close(UnsafeMutableRawPointer(wakeUp))
    unsafe Self.close(UnsafeMutableRawPointer(afterPoll))
    unsafe Self.close(UnsafeMutableRawPointer(beforePoll))
    unsafe Self.close(UnsafeMutableRawPointer(sweepTimer))
    for index in unsafe signals.indices { unsafe Self.close(signals[index]) }
  }

  @unsafe
  private static func close(_ handle: UnsafeMutableRawPointer) {
    unsafe uv_close(handle.assumingMemoryBound(to: uv_handle_t.self), nil)
  }

  /// Takes the next connection from the listener into a new handle; nil if it has gone already.
  @unsafe
  func accept() -> UnsafeMutablePointer<uv_stream_t>? {
    let memory = UnsafeMutableRawPointer.allocate(byteCount: Self.streamSize, alignment: 16)
    let accepted = unsafe memory.assumingMemoryBound(to: uv_stream_t.self)
    if isTCP {
      unsafe uv_tcp_init(loop, memory.assumingMemoryBound(to: uv_tcp_t.self))
    } else {
      unsafe uv_pipe_init(loop, memory.assumingMemoryBound(to: uv_pipe_t.self), 0)
    }
    guard unsafe uv_accept(stream, accepted) == 0 else {
      unsafe uv_close(memory.assumingMemoryBound(to: uv_handle_t.self)) { handle in
        unsafe UnsafeMutableRawPointer(handle)?.deallocate()
      }
      return nil
    }
    // Replies are written whole; waiting to fill a packet would only delay them.
    if isTCP { unsafe uv_tcp_nodelay(memory.assumingMemoryBound(to: uv_tcp_t.self), 1) }
    return unsafe accepted
  }

  /// The peer's address without its port; empty for a Unix socket.
  @unsafe
  func peer(of stream: UnsafeMutablePointer<uv_stream_t>) -> String {
    guard isTCP else { return "" }
    var storage = sockaddr_storage()
    var length = Int32(MemoryLayout<sockaddr_storage>.size)
    let raw = UnsafeMutableRawPointer(stream)
    return unsafe withUnsafeMutablePointer(to: &storage) { storage in
      let address = unsafe UnsafeMutableRawPointer(storage).assumingMemoryBound(to: sockaddr.self)
      guard
        unsafe uv_tcp_getpeername(raw.assumingMemoryBound(to: uv_tcp_t.self), address, &length) == 0
      else { return "" }
      var text = InlineArray<64, CChar>(repeating: 0)
      var span = text.mutableSpan
      return unsafe span.withUnsafeMutableBufferPointer { buffer in
        guard let base = buffer.baseAddress, unsafe uv_ip_name(address, base, buffer.count) == 0
        else { return "" }
        return unsafe String(cString: base)
      }
    }
  }
}
