// Brings nearer what a push and the reads after it will touch; key 0 stands for none.
extension WindowStore {
  /// Where the record of a key lies.
  var recordColumn: RecordColumn { records.column }

  @inline(__always)
  package func prefetchRecord(_ key: UInt32, _ list: inout PrefetchList) {
    if key != 0 { records.prefetch(Int(key), &list) }
  }

  /// The chunk or the state of a key; gives the state, 0 where there is none.
  @inline(__always) @discardableResult
  package func prefetchState(_ key: UInt32, _ list: inout PrefetchList) -> UInt32 {
    guard key != 0 else { return 0 }
    switch content(key) {
    case .few(let chunk, _):
      chunks.prefetch(chunk, &list)
      return 0
    case .state(let state, _):
      states.prefetch(state, &list)
      return state
    default: return 0
    }
  }

  /// What the state of a key leads to.
  @inline(__always)
  package func prefetchChunks(_ key: UInt32, _ list: inout PrefetchList) {
    guard key != 0, case .state(let state, _) = content(key) else { return }
    prefetchChunks(state: state, &list)
  }

  /// The chunk a new entry goes to, and those the cursors will pass.
  @inline(__always)
  func prefetchChunks(state: UInt32, _ list: inout PrefetchList) {
    let last = states.load(state, WindowLayout.stateLast, as: UInt32.self)
    if last != 0 { chunks.prefetch(last, &list) }
    for window in 0..<layout.windowCount {
      let chunk = cursorPosition(state, window).chunk
      if chunk != 0 && chunk != last { chunks.prefetch(chunk, &list) }
    }
  }
}
