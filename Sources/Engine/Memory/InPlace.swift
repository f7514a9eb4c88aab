/// Makes a structure that holds one be passed as a reference to where it lies.
///
/// A borrowed structure of more than a few words is otherwise copied to the stack for every call
/// that does not change it. The compiler may not move one of a layout it does not know, and so it
/// moves none that has such a part, be it of no bytes at all.
// SAFETY: the raw layout is what keeps it from being Sendable by itself; it has no byte that two
// threads could reach.
@_rawLayout(size: 0, alignment: 1)
struct InPlace: ~Copyable, @unchecked Sendable {}
