import CHTTPParser

// SAFETY, for every `unsafe` here: the settings are written once before their first use and never
// again, so any thread may read them; the C parser calls back with itself, whose `data` points at
// the message of the HTTPRequestParser that owns both, and with bytes readable for the call.
nonisolated(unsafe) let parserSettings: UnsafePointer<http_parser_settings> = {
  let settings = UnsafeMutablePointer<http_parser_settings>.allocate(capacity: 1)
  unsafe settings.initialize(to: http_parser_settings())
  unsafe settings.pointee.on_url = { parser, bytes, count in
    unsafe withMessage(parser) { message in
      unsafe message.appendTarget(buffer(bytes, count))
    }
    return 0
  }
  unsafe settings.pointee.on_header_field = { parser, bytes, count in
    unsafe withMessage(parser) { message in
      unsafe message.appendName(buffer(bytes, count))
    }
    return 0
  }
  unsafe settings.pointee.on_header_value = { parser, bytes, count in
    unsafe withMessage(parser) { message in
      unsafe message.appendValue(buffer(bytes, count))
    }
    return 0
  }
  unsafe settings.pointee.on_body = { parser, bytes, count in
    var goesOn = true
    unsafe withMessage(parser) { message in
      goesOn = unsafe message.appendBody(buffer(bytes, count))
    }
    return goesOn ? 0 : 1
  }
  unsafe settings.pointee.on_headers_complete = { parser in
    unsafe withMessage(parser) { $0.stop = .headComplete }
    unsafe http_parser_pause(parser, 1)
    return 0
  }
  unsafe settings.pointee.on_message_complete = { parser in
    unsafe withMessage(parser) { $0.stop = .messageComplete }
    unsafe http_parser_pause(parser, 1)
    return 0
  }
  return unsafe UnsafePointer(settings)
}()

/// Calls with the message the C parser's `data` points at.
@unsafe
private func withMessage(
  _ parser: UnsafeMutablePointer<http_parser>?, _ body: (inout MessageInProgress) -> Void
) {
  guard let data = unsafe parser?.pointee.data else {
    preconditionFailure("a parser without its message")
  }
  // SAFETY: HTTPRequestParser.init pointed `data` at its message, which it frees after the parser.
  unsafe body(&data.assumingMemoryBound(to: MessageInProgress.self).pointee)
}

@unsafe
private func buffer(
  _ bytes: UnsafePointer<CChar>?, _ count: Int
) -> UnsafeBufferPointer<UInt8> {
  // SAFETY: the C parser gives `count` readable bytes; CChar and UInt8 have one layout.
  unsafe UnsafeBufferPointer(
    start: bytes.map { unsafe UnsafeRawPointer($0).assumingMemoryBound(to: UInt8.self) },
    count: count)
}
