import Dispatch
import Glibc

/// Brings pages of reserved memory in before they are touched, beside the thread that will.
///
/// Only when pages come in depends on it, never what is in them; where the system does not know
/// how, they come with the first touch.
enum PageSupply {
  private static let queue = DispatchQueue(label: "sabueso.pages", qos: .utility)

  /// `MADV_POPULATE_WRITE` of Linux 5.14, which Glibc's module does not name.
  private static let populate: Int32 = 23

  /// Asks for the pages of a range.
  ///
  /// *Traps* never, but the range must stay mapped until `drain` has returned.
  @unsafe static func request(_ start: UnsafeMutableRawPointer, bytes: Int) {
    let address = UInt(bitPattern: start)
    queue.async {
      // SAFETY: the range is mapped until the queue is drained, and populating changes no content.
      // A refusal costs time alone, so the result is not looked at.
      unsafe madvise(UnsafeMutableRawPointer(bitPattern: address), bytes, populate)
    }
  }

  /// Waits until no request is under way.
  static func drain() { queue.sync {} }
}
