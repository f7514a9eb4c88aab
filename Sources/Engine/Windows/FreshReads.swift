internal import Model

/// The reads of a group, kind by kind: what they are is looked up once for a run of events.
struct FreshReads: ~Copyable, ~Escapable {
  private let inPlace = InPlace()
  /// Of each kind, those of one column side by side.
  let counts: Span<FreshRead>
  let sums: Span<FreshRead>
  let distincts: Span<FreshRead>

  /// Those in some places among the reads of a plan.
  @_lifetime(copy reads)
  init(_ places: FreshPlaces, of reads: Span<FreshRead>) {
    counts = reads.extracting(Int(places.counts)..<Int(places.sums))
    sums = reads.extracting(Int(places.sums)..<Int(places.distincts))
    distincts = reads.extracting(Int(places.distincts)..<Int(places.end))
  }

  /// Answers the reads of a key that is missing or an error.
  @inline(__always)
  func setLack(_ lack: SignalValue, _ registers: borrowing Registers) {
    Self.setLack(lack, counts, registers)
    Self.setLack(lack, sums, registers)
    Self.setLack(lack, distincts, registers)
  }

  @inline(__always)
  private static func setLack(
    _ lack: SignalValue, _ reads: Span<FreshRead>, _ registers: borrowing Registers
  ) {
    var index = 0
    while index < reads.count {
      registers.set(reads[index].register, lack.payload, state: lack.state.rawValue)
      index &+= 1
    }
  }
}
