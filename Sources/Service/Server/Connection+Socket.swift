import CUV
import Glibc

/// The calls into libuv of one connection, and its callbacks.
///
/// SAFETY, for every `unsafe` here: `stream` is an initialised handle until the close callback
/// frees it; every method returns at once when `phase` is closed; all of it runs on the loop's
/// thread.
extension Connection {
  /// Bytes handed to libuv; freed by the callback of the write.
  @unsafe
  private struct WriteRequest {
    var request = unsafe uv_write_t()
    var bytes: UnsafeMutableRawBufferPointer
  }

  func startReading() {
    guard !isReading, !inputEnded, phase != .closed else { return }
    isReading = true
    // SAFETY: see the extension.
    let status = unsafe uv_read_start(
      stream,
      { handle, _, buffer in
        // SAFETY: libuv reads into the buffer and calls back before any other handle of the loop is
        // served, so that one buffer is enough for all connections.
        let loop = unsafe ServerLoop.of(handle?.pointee.loop)
        unsafe buffer?.pointee = uv_buf_init(
          loop.readBuffer.assumingMemoryBound(to: CChar.self), UInt32(ServerLoop.readBufferSize))
      },
      { handle, count, buffer in
        // SAFETY: `data` holds a reference from accept to the close callback.
        let connection = unsafe Connection.of(handle)
        guard connection.phase != .closed else { return }
        if count > 0, let base = unsafe buffer?.pointee.base {
          let bytes = unsafe UnsafeRawPointer(base).assumingMemoryBound(to: UInt8.self)
          unsafe connection.receive(Span(_unsafeStart: bytes, count: count))
        } else if count < 0 {
          count == Int(UV_EOF.rawValue) ? connection.endInput() : connection.close()
        }
      })
    if status != 0 { close() }
  }

  func stopReading() {
    guard isReading, phase != .closed else { return }
    isReading = false
    // SAFETY: see the extension.
    unsafe uv_read_stop(stream)
  }

  /// Sends the loop's output buffer, at once if the socket takes it.
  func send() {
    guard phase != .closed else { return }
    if bytesInFlight > 0 {
      unsent += loop.output
      return
    }
    var written = 0
    // SAFETY: see the extension; libuv does not keep the buffer of a try.
    unsafe loop.output.withUnsafeMutableBytes { bytes in
      var buffer = unsafe uv_buf_init(
        bytes.baseAddress?.assumingMemoryBound(to: CChar.self), UInt32(bytes.count))
      written = unsafe Int(uv_try_write(stream, &buffer, 1))
    }
    if written == Int(UV_EAGAIN.rawValue) { written = 0 }
    if written < 0 {
      close()
    } else if written < loop.output.count {
      write(loop.output[written...])
    }
  }

  private func write(_ bytes: ArraySlice<UInt8>) {
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
    // SAFETY: the copy is as long as the bytes; request and copy are freed once, by the callback
    // or, if libuv refuses the write, here.
    unsafe copy.copyBytes(from: bytes)
    let write = UnsafeMutablePointer<WriteRequest>.allocate(capacity: 1)
    unsafe write.initialize(to: WriteRequest(bytes: copy))
    var buffer = unsafe uv_buf_init(
      copy.baseAddress?.assumingMemoryBound(to: CChar.self), UInt32(copy.count))
    bytesInFlight = bytes.count
    outputSince = loop.now
    let request = unsafe UnsafeMutableRawPointer(write).assumingMemoryBound(to: uv_write_t.self)
    let status = unsafe uv_write(request, stream, &buffer, 1) { request, status in
      guard let request = unsafe request else { return }
      // SAFETY: libuv calls back before it closes the handle, whose `data` is then still held.
      let connection = unsafe Connection.of(request.pointee.handle)
      unsafe Connection.free(request)
      connection.didWrite(status)
    }
    if status != 0 {
      unsafe Connection.free(request)
      close()
    }
  }

  @unsafe
  private static func free(_ request: UnsafeMutablePointer<uv_write_t>) {
    // SAFETY: every uv_write_t here is the first field of a WriteRequest made by `write`.
    let write = unsafe UnsafeMutableRawPointer(request).assumingMemoryBound(to: WriteRequest.self)
    unsafe write.pointee.bytes.deallocate()
    unsafe write.deallocate()
  }

  private func didWrite(_ status: Int32) {
    bytesInFlight = 0
    guard phase != .closed else { return }
    guard status == 0 else {
      close()
      return
    }
    if !unsent.isEmpty {
      let bytes = unsent
      unsent = []
      write(bytes[...])
    }
    // Nothing more may have come of the replies while the socket was full.
    if phase == .open || phase == .refusing { flush() }
  }

  /// Tells the peer that no more will come, so that it closes first.
  func shutDownOutput() {
    guard phase != .closed else { return }
    // SAFETY: see the extension. A plain shutdown suffices, since all bytes have left the process.
    var descriptor: Int32 = -1
    let handle = unsafe UnsafeMutableRawPointer(stream).assumingMemoryBound(to: uv_handle_t.self)
    if unsafe uv_fileno(handle, &descriptor) == 0 { shutdown(descriptor, Int32(SHUT_WR)) }
  }

  /// Closes the socket and leaves the loop's table; the handle is freed when libuv says so.
  func close() {
    guard phase != .closed else { return }
    phase = .closed
    isReading = false
    loop.forget(self)
    // SAFETY: see the extension; `phase` keeps this from happening twice.
    let handle = unsafe UnsafeMutableRawPointer(stream).assumingMemoryBound(to: uv_handle_t.self)
    unsafe uv_close(handle) { handle in
      guard let handle = unsafe handle, let data = unsafe handle.pointee.data else { return }
      // SAFETY: the reference `data` held is given back here, and this callback is the handle's
      // last.
      unsafe Unmanaged<Connection>.fromOpaque(data).release()
      unsafe UnsafeMutableRawPointer(handle).deallocate()
    }
  }

  /// The connection of a handle.
  @unsafe
  static func of(_ stream: UnsafeMutablePointer<uv_stream_t>?) -> Connection {
    guard let data = unsafe stream?.pointee.data else {
      preconditionFailure("a stream without its connection")
    }
    // SAFETY: ServerLoop put a retained Connection there when it accepted the stream.
    return unsafe Unmanaged<Connection>.fromOpaque(data).takeUnretainedValue()
  }
}
