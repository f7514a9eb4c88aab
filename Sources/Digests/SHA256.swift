import COpenSSL

/// SHA-256 over bytes that arrive in pieces.
///
/// One value serves many digests: `finish()` starts afresh without allocating.
///
/// *Source*: FIPS 180-4, as libcrypto computes it (with the processor's SHA instructions if it has
/// them).
@safe public struct SHA256: ~Copyable {
  private let context: OpaquePointer
  private let algorithm: OpaquePointer

  /// Creates a digest of no bytes yet.
  ///
  /// *Traps* when libcrypto offers no SHA-256 or memory ends: nothing can be trusted then.
  public init() {
    // SAFETY: both handles are made here, owned by this value alone and freed once, in deinit. The
    // algorithm is fetched once because an implicit fetch per digest costs more than a short
    // digest.
    guard let algorithm = unsafe EVP_MD_fetch(nil, "SHA256", nil),
      let context = unsafe EVP_MD_CTX_new()
    else { preconditionFailure("libcrypto has no SHA-256") }
    // SAFETY: kept for as long as self lives.
    unsafe self.algorithm = unsafe algorithm
    unsafe self.context = unsafe context
    start()
  }

  deinit {
    // SAFETY: made in init, never handed out, freed nowhere else.
    unsafe EVP_MD_CTX_free(context)
    unsafe EVP_MD_free(algorithm)
  }

  /// Adds bytes at the end.
  ///
  /// *Complexity*: O(*n*), about 0.6 ns per byte with SHA instructions.
  public mutating func update(_ bytes: Span<UInt8>) {
    // SAFETY: the buffer lives through the call, which reads exactly its count of bytes.
    let status = unsafe bytes.withUnsafeBytes { buffer in
      unsafe EVP_DigestUpdate(context, buffer.baseAddress, buffer.count)
    }
    precondition(status == 1, "SHA-256 update failed")
  }

  /// Adds bytes at the end.
  ///
  /// *Complexity*: O(*n*), about 0.6 ns per byte with SHA instructions.
  public mutating func update(_ bytes: borrowing [UInt8]) {
    update(bytes.span)
  }

  /// The digest of all bytes added since the last `finish()`, and a fresh start.
  public mutating func finish() -> SHA256Digest {
    var bytes = InlineArray<32, UInt8>(repeating: 0)
    var output = bytes.mutableSpan
    // SAFETY: SHA-256 writes 32 bytes, the size of the buffer.
    let status = unsafe output.withUnsafeMutableBufferPointer { buffer in
      unsafe EVP_DigestFinal_ex(context, buffer.baseAddress, nil)
    }
    precondition(status == 1, "SHA-256 finish failed")
    start()
    return SHA256Digest(bytes: bytes.span)
  }

  /// The digest of these bytes.
  public static func digest(of bytes: Span<UInt8>) -> SHA256Digest {
    var digest = SHA256()
    digest.update(bytes)
    return digest.finish()
  }

  /// The digest of this text's UTF-8.
  public static func digest(of text: String) -> SHA256Digest {
    digest(of: Array(text.utf8).span)
  }

  private mutating func start() {
    // SAFETY: both handles are alive as long as this value.
    let status = unsafe EVP_DigestInit_ex2(context, algorithm, nil)
    precondition(status == 1, "SHA-256 start failed")
  }
}
