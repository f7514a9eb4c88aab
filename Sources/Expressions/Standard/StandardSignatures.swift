/// The signatures of every function expressions may call.
///
/// *Source*: as for `DynamicLibrary`, which holds what they compute.
public enum StandardSignatures {
  /// All of them, in the order of the page about them.
  public static let all: [StandardSignature] = text.split(separator: "\n").map { line in
    guard let signature = StandardSignature(String(line)) else {
      preconditionFailure("not a signature: \(line)")
    }
    return signature
  }

  /// The forms of each name.
  static let byName = Dictionary(grouping: all, by: \.name)

  private static let text =
    operators + "\n" + conversions + "\n" + strings + "\n" + times + "\n" + mathematics + "\n"
    + collections + "\n" + network

  private static let operators = """
    _?_:_: (bool, A, A) -> A
    _&&_: (bool, bool) -> bool
    _||_: (bool, bool) -> bool
    !_: (bool) -> bool
    -_: (int) -> int
    -_: (double) -> double
    -_: (duration) -> duration
    _==_: (A, A) -> bool
    _!=_: (A, A) -> bool
    @in: (A, list(A)) -> bool
    @in: (A, map(A, B)) -> bool
    _[_]: (list(A), int) -> A
    _[_]: (map(A, B), A) -> B
    _[_]: (optional(list(A)), int) -> optional(A)
    _[_]: (optional(map(A, B)), A) -> optional(B)
    _[?_]: (list(A), int) -> optional(A)
    _[?_]: (map(A, B), A) -> optional(B)
    _[?_]: (optional(list(A)), int) -> optional(A)
    _[?_]: (optional(map(A, B)), A) -> optional(B)
    _+_: (int, int) -> int
    _+_: (uint, uint) -> uint
    _+_: (double, double) -> double
    _+_: (string, string) -> string
    _+_: (bytes, bytes) -> bytes
    _+_: (list(A), list(A)) -> list(A)
    _+_: (timestamp, duration) -> timestamp
    _+_: (duration, timestamp) -> timestamp
    _+_: (duration, duration) -> duration
    _-_: (int, int) -> int
    _-_: (uint, uint) -> uint
    _-_: (double, double) -> double
    _-_: (timestamp, timestamp) -> duration
    _-_: (timestamp, duration) -> timestamp
    _-_: (duration, duration) -> duration
    _*_: (int, int) -> int
    _*_: (uint, uint) -> uint
    _*_: (double, double) -> double
    _/_: (int, int) -> int
    _/_: (uint, uint) -> uint
    _/_: (double, double) -> double
    _%_: (int, int) -> int
    _%_: (uint, uint) -> uint

    """ + comparisons

  private static let comparisons = ["_<_", "_<=_", "_>_", "_>=_"].map { sign in
    var lines = ["bool", "string", "bytes", "timestamp", "duration"].map {
      "\(sign): (\($0), \($0)) -> bool"
    }
    for left in ["int", "uint", "double"] {
      for right in ["int", "uint", "double"] {
        lines.append("\(sign): (\(left), \(right)) -> bool")
      }
    }
    return lines.joined(separator: "\n")
  }.joined(separator: "\n")

  private static let conversions = """
    type: (A) -> type(A)
    dyn: (A) -> dyn
    bool: (bool) -> bool
    bool: (string) -> bool
    int: (int) -> int
    int: (uint) -> int
    int: (double) -> int
    int: (string) -> int
    int: (timestamp) -> int
    uint: (uint) -> uint
    uint: (int) -> uint
    uint: (double) -> uint
    uint: (string) -> uint
    double: (double) -> double
    double: (int) -> double
    double: (uint) -> double
    double: (string) -> double
    string: (string) -> string
    string: (bool) -> string
    string: (int) -> string
    string: (uint) -> string
    string: (double) -> string
    string: (bytes) -> string
    string: (timestamp) -> string
    string: (duration) -> string
    bytes: (bytes) -> bytes
    bytes: (string) -> bytes
    timestamp: (timestamp) -> timestamp
    timestamp: (string) -> timestamp
    timestamp: (int) -> timestamp
    duration: (duration) -> duration
    duration: (string) -> duration
    """

  private static let strings = """
    size: (string) -> int
    size: (bytes) -> int
    size: (list(A)) -> int
    size: (map(A, B)) -> int
    size: string.() -> int
    size: bytes.() -> int
    size: list(A).() -> int
    size: map(A, B).() -> int
    matches: (string, string) -> bool
    matches: string.(string) -> bool
    contains: string.(string) -> bool
    startsWith: string.(string) -> bool
    endsWith: string.(string) -> bool
    charAt: string.(int) -> string
    indexOf: string.(string) -> int
    indexOf: string.(string, int) -> int
    lastIndexOf: string.(string) -> int
    lastIndexOf: string.(string, int) -> int
    lowerAscii: string.() -> string
    upperAscii: string.() -> string
    replace: string.(string, string) -> string
    replace: string.(string, string, int) -> string
    split: string.(string) -> list(string)
    split: string.(string, int) -> list(string)
    substring: string.(int) -> string
    substring: string.(int, int) -> string
    trim: string.() -> string
    reverse: string.() -> string
    join: list(string).() -> string
    join: list(string).(string) -> string
    format: string.(list(dyn)) -> string
    strings.quote: (string) -> string
    base64.encode: (bytes) -> string
    base64.decode: (string) -> bytes
    """

  private static let times: String = {
    var lines: [String] = []
    for name in [
      "getFullYear", "getMonth", "getDate", "getDayOfMonth", "getDayOfWeek", "getDayOfYear",
      "getHours", "getMinutes", "getSeconds", "getMilliseconds",
    ] {
      lines.append("\(name): timestamp.() -> int")
      lines.append("\(name): timestamp.(string) -> int")
    }
    for name in ["getHours", "getMinutes", "getSeconds", "getMilliseconds"] {
      lines.append("\(name): duration.() -> int")
    }
    return lines.joined(separator: "\n")
  }()

  private static let mathematics: String = {
    var lines: [String] = []
    for name in ["math.greatest", "math.least"] {
      for left in ["int", "uint", "double"] {
        lines.append("\(name): (\(left)) -> \(left)")
        lines.append("\(name): (list(\(left))) -> \(left)")
        for right in ["int", "uint", "double"] {
          lines.append("\(name): (\(left), \(right)) -> \(left == right ? left : "dyn")")
        }
      }
      lines.append("\(name): (list(dyn)) -> dyn")
    }
    for name in ["math.ceil", "math.floor", "math.round", "math.trunc"] {
      lines.append("\(name): (double) -> double")
    }
    for name in ["math.isNaN", "math.isInf", "math.isFinite"] {
      lines.append("\(name): (double) -> bool")
    }
    for type in ["int", "uint", "double"] {
      lines.append("math.abs: (\(type)) -> \(type)")
      lines.append("math.sign: (\(type)) -> \(type)")
      lines.append("math.sqrt: (\(type)) -> double")
    }
    for type in ["int", "uint"] {
      for name in ["bitAnd", "bitOr", "bitXor"] {
        lines.append("math.\(name): (\(type), \(type)) -> \(type)")
      }
      lines.append("math.bitNot: (\(type)) -> \(type)")
      lines.append("math.bitShiftLeft: (\(type), int) -> \(type)")
      lines.append("math.bitShiftRight: (\(type), int) -> \(type)")
    }
    return lines.joined(separator: "\n")
  }()

  private static let collections = """
    lists.range: (int) -> list(int)
    reverse: list(A).() -> list(A)
    distinct: list(A).() -> list(A)
    flatten: list(list(A)).() -> list(A)
    flatten: list(dyn).(int) -> list(dyn)
    slice: list(A).(int, int) -> list(A)
    sort: list(A).() -> list(A)
    first: list(A).() -> optional(A)
    last: list(A).() -> optional(A)
    sets.contains: (list(A), list(A)) -> bool
    sets.equivalent: (list(A), list(A)) -> bool
    sets.intersects: (list(A), list(A)) -> bool
    optional.of: (A) -> optional(A)
    optional.none: () -> optional(A)
    optional.ofNonZeroValue: (A) -> optional(A)
    optional.unwrap: (list(optional(A))) -> list(A)
    unwrapOpt: list(optional(A)).() -> list(A)
    hasValue: optional(A).() -> bool
    value: optional(A).() -> A
    or: optional(A).(optional(A)) -> optional(A)
    orValue: optional(A).(A) -> A
    """

  private static let network = """
    ip: (string) -> net.IP
    ip: (net.CIDR) -> net.IP
    ip: net.CIDR.() -> net.IP
    ip.isCanonical: (string) -> bool
    isIP: (string) -> bool
    cidr: (string) -> net.CIDR
    isCIDR: (string) -> bool
    string: (net.IP) -> string
    string: (net.CIDR) -> string
    family: net.IP.() -> int
    isUnspecified: net.IP.() -> bool
    isLoopback: net.IP.() -> bool
    isGlobalUnicast: net.IP.() -> bool
    isLinkLocalMulticast: net.IP.() -> bool
    isLinkLocalUnicast: net.IP.() -> bool
    containsIP: net.CIDR.(net.IP) -> bool
    containsIP: net.CIDR.(string) -> bool
    containsCIDR: net.CIDR.(net.CIDR) -> bool
    containsCIDR: net.CIDR.(string) -> bool
    masked: net.CIDR.() -> net.CIDR
    prefixLength: net.CIDR.() -> int
    """
}
