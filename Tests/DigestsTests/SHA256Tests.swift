import Digests
import Testing

@Suite struct `A SHA-256` {
  @Test func `matches the published vectors`() {
    let vectors = [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
    ]
    for (text, expected) in vectors {
      #expect(SHA256.digest(of: text).hex == expected)
    }
  }

  @Test func `does not depend on how the bytes are cut`() {
    let bytes = (0..<1_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let whole = SHA256.digest(of: bytes.span)
    for cut in [0, 1, 63, 64, 65, 999, 1_000] {
      var digest = SHA256()
      digest.update(bytes.span.extracting(..<cut))
      digest.update(bytes.span.extracting(cut...))
      #expect(digest.finish() == whole)
    }
  }

  @Test func `starts afresh after finishing`() {
    var digest = SHA256()
    digest.update([1, 2, 3].span)
    let first = digest.finish()
    digest.update([1, 2, 3].span)
    #expect(digest.finish() == first)
    #expect(digest.finish() == SHA256.digest(of: ""))
  }

  @Test func `goes through its bytes and back`() {
    let digest = SHA256.digest(of: "abc")
    var bytes: [UInt8] = []
    digest.append(to: &bytes)
    #expect(bytes.count == SHA256Digest.byteCount)
    #expect(SHA256Digest(bytes: bytes.span) == digest)
    #expect(bytes.first == 0xba)
  }
}
