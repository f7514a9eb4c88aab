// Brings nearer what a push and the reads after it will touch; key 0 stands for none.
extension WindowStore {
  /// Where the record of a key lies.
  var recordColumn: RecordColumn { records.column }

  @inline(__always)
  package func prefetchRecord(_ key: UInt32, _ list: inout PrefetchList) {
    if key != 0 { records.prefetch(Int(key), &list) }
  }

  @inline(__always)
  package func prefetchState(_ key: UInt32, _ list: inout PrefetchList) {
    guard key != 0 else { return }
    switch content(key) {
    case .few(let chunk, _): chunks.prefetch(chunk, &list)
    case .state(let state, _): states.prefetch(state, &list)
    default: break
    }
  }

  /// The chunk a new entry goes to, and those the cursors will pass.
  @inline(__always)
  package func prefetchChunks(_ key: UInt32, _ list: inout PrefetchList) {
    guard key != 0, case .state(let state, _) = content(key) else { return }
    let last = states.load(state, WindowLayout.stateLast, as: UInt32.self)
    if last != 0 { chunks.prefetch(last, &list) }
    for window in 0..<layout.windowCount {
      let chunk = cursorPosition(state, window).chunk
      if chunk != 0 && chunk != last { chunks.prefetch(chunk, &list) }
    }
  }
}
