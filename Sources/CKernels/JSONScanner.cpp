// The checks of simdjson's development mode and its assertions cost most of the run; every
// condition they guard is a status here.
#ifndef NDEBUG
#define NDEBUG
#endif
#define SIMDJSON_DEVELOPMENT_CHECKS 0

#include "CKernels.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <new>
#include <simdjson.h>
#include <string_view>
#include <vector>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace ondemand = simdjson::ondemand;

static_assert(JSON_PADDING >= simdjson::SIMDJSON_PADDING);

struct json_scanner {
  ondemand::parser parser;
  // Text that had escapes, without them.
  std::vector<uint8_t> unescaped;
  size_t unescaped_length = 0;
  // Of those that are there the first `member_count` are of this document.
  std::vector<json_member> members;
  size_t member_count = 0;
};

namespace {

bool is_white_space(char byte) {
  return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t';
}

// A token as simdjson gives it runs to the next token.
std::string_view without_trailing_space(std::string_view token) {
  while (!token.empty() && is_white_space(token.back())) token.remove_suffix(1);
  return token;
}

bool is_digit(char byte) { return byte >= '0' && byte <= '9'; }

// The grammar of RFC 8259, section 6. The text stays as it is: decimals are read from its digits.
bool classify_number(std::string_view text, json_kind &kind) {
  size_t at = 0;
  const size_t end = text.size();
  if (at < end && text[at] == '-') at++;
  if (at == end || !is_digit(text[at])) return false;
  if (text[at] == '0') {
    at++;
  } else {
    while (at < end && is_digit(text[at])) at++;
  }
  kind = JSON_INTEGER;
  if (at < end && text[at] == '.') {
    kind = JSON_FRACTION;
    at++;
    if (at == end || !is_digit(text[at])) return false;
    while (at < end && is_digit(text[at])) at++;
  }
  if (at < end && (text[at] == 'e' || text[at] == 'E')) {
    kind = JSON_FRACTION;
    at++;
    if (at < end && (text[at] == '+' || text[at] == '-')) at++;
    if (at == end || !is_digit(text[at])) return false;
    while (at < end && is_digit(text[at])) at++;
  }
  return at == end;
}

json_status status_of(simdjson::error_code error) {
  switch (error) {
  case simdjson::SUCCESS: return JSON_OK;
  case simdjson::UTF8_ERROR: return JSON_INVALID_UTF8;
  case simdjson::MEMALLOC: return JSON_OUT_OF_MEMORY;
  default: return JSON_INVALID;
  }
}

// Eight bytes, the first the lowest. They can always be read: the document and simdjson's own
// buffer of unescaped text are padded.
uint64_t load(const char *text) {
  uint64_t word;
  std::memcpy(&word, text, sizeof word);
  return word;
}

// Which of the bytes that are looked at together are one of those looked for: a bit in each group of
// `bits`, the first byte the lowest; perhaps of bytes behind the first one too.
struct places {
#if defined(__SSE2__)
  static constexpr size_t width = 16;
  static constexpr size_t bits = 1;
  uint32_t found;

  static places of(const char *text, char first, char second) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i *>(text));
    __m128i same = _mm_cmpeq_epi8(bytes, _mm_set1_epi8(first));
    if (second != first) same = _mm_or_si128(same, _mm_cmpeq_epi8(bytes, _mm_set1_epi8(second)));
    return {uint32_t(_mm_movemask_epi8(same))};
  }
#else
  static constexpr size_t width = 8;
  static constexpr size_t bits = 8;
  uint64_t found;

  static places of(const char *text, char first, char second) {
    const uint64_t word = load(text);
    return {of(first, word) | (second != first ? of(second, word) : 0)};
  }

  static uint64_t of(char byte, uint64_t word) {
    const uint64_t ones = 0x0101010101010101;
    const uint64_t other = word ^ ones * uint8_t(byte);
    return (other - ones) & ~other & ones << 7;
  }
#endif

  // The first byte found, where there is one.
  size_t first() const { return size_t(__builtin_ctzll(found)) / bits; }
};

// One walk over one document. Offsets count from `start`, those of unescaped text from `padded` on.
// Most documents have no escapes, and then no text is looked through for them. What is rare stands
// in functions of its own, which leaves the registers to the rest.
template <bool has_escapes> class walk {
public:
  walk(json_scanner &scanner, const char *start, size_t padded)
      : scanner(scanner), start(start), padded(padded), next(scanner.members.data()),
        end(next + scanner.members.size()) {}

  // Reads the document's own members and those inside them.
  json_status read(ondemand::object object) {
    const auto status = members_of<false>(object);
    scanner.member_count = size_t(next - scanner.members.data());
    return status;
  }

private:
  json_scanner &scanner;
  const char *start;
  size_t padded;
  // Where the next member goes, and where there is room no more.
  json_member *next;
  json_member *end;

  template <bool is_nested> json_status members_of(ondemand::object object) {
    for (auto result : object) {
      ondemand::field field;
      if (auto error = std::move(result).get(field)) return status_of(error);
      if (next == end) grow();
      // Written where it stays; it moves when members inside it need room.
      json_member &member = *next++;
      member = json_member{};
      auto status = value_of(field, member);
      if (status == JSON_OK) status = key_of(field, member);
      if (status != JSON_OK) return status;
      if (member.kind != JSON_OBJECT) continue;
      if constexpr (is_nested) {
        member.kind = JSON_OTHER;
      } else {
        status = members_in(field);
        if (status != JSON_OK) return status;
      }
    }
    return JSON_OK;
  }

  [[gnu::noinline]] void grow() {
    const size_t count = scanner.members.size();
    scanner.members.resize(std::max(2 * count, size_t(64)));
    next = scanner.members.data() + count;
    end = scanner.members.data() + scanner.members.size();
  }

  // Reads the object that the last member is.
  [[gnu::noinline]] json_status members_in(ondemand::field field) {
    const size_t count = size_t(next - scanner.members.data());
    ondemand::object nested;
    if (auto error = field.value().get_object().get(nested)) return status_of(error);
    const auto status = members_of<true>(nested);
    json_member *first = scanner.members.data() + count;
    first[-1].length = uint32_t(next - first);
    return status;
  }

  // Unescaping never makes a text longer, so a buffer as long as the document suffices.
  void keep_unescaped(std::string_view text, uint32_t &offset, uint32_t &length) {
    offset = uint32_t(padded + scanner.unescaped_length);
    length = uint32_t(text.size());
    std::memcpy(scanner.unescaped.data() + scanner.unescaped_length, text.data(), text.size());
    scanner.unescaped_length += text.size();
  }

  json_status key_of(ondemand::field &field, json_member &member) {
    const char *text = field.key().raw();
    const auto ends = ends_in(text);
    // Most names are short.
    const size_t length = ends.found != 0 ? ends.first() : length_beyond(text);
    if (has_escapes && text[length] != '"') return unescaped_key(field, member);
    member.key_prefix = prefix_of(text, length);
    member.key_offset = uint32_t(text - start);
    member.key_length = uint32_t(length);
    return JSON_OK;
  }

  // The length of a key that does not end where one looks first.
  [[gnu::noinline]] static size_t length_beyond(const char *text) {
    size_t length = places::width;
    auto ends = ends_in(text + length);
    while (ends.found == 0) {
      length += places::width;
      ends = ends_in(text + length);
    }
    return length + ends.first();
  }

  // The first eight bytes of a key, as far as it has them.
  static uint64_t prefix_of(const char *text, size_t length) {
    static constexpr uint64_t masks[] = {
        0,          0xff,         0xffff,         0xffffff,         0xffffffff,
        0xffffffffff, 0xffffffffffff, 0xffffffffffffff, 0xffffffffffffffff,
    };
    return load(text) & masks[std::min(length, size_t(8))];
  }

  // Where a key may end, or has an escape.
  static places ends_in(const char *text) {
    return places::of(text, '"', has_escapes ? '\\' : '"');
  }

  [[gnu::noinline]] json_status unescaped_key(ondemand::field field, json_member &member) {
    std::string_view unescaped;
    if (auto error = field.unescaped_key().get(unescaped)) return status_of(error);
    keep_unescaped(unescaped, member.key_offset, member.key_length);
    member.key_prefix = prefix_of(unescaped.data(), unescaped.size());
    return JSON_OK;
  }

  json_status value_of(ondemand::field &field, json_member &member) {
    auto token = without_trailing_space(field.value().raw_json_token());
    if (token.empty()) return JSON_INVALID;
    if (token.front() == '"') return text_of(field, token, member);
    return other_of(token, member);
  }

  // What is no text; of an object or an array only that it is one.
  [[gnu::noinline]] json_status other_of(std::string_view token, json_member &member) {
    switch (token.front()) {
    case '{': member.kind = JSON_OBJECT; return JSON_OK;
    case '[': member.kind = JSON_OTHER; return JSON_OK;
    case 't': member.kind = JSON_TRUE; return token == "true" ? JSON_OK : JSON_INVALID;
    case 'f': member.kind = JSON_FALSE; return token == "false" ? JSON_OK : JSON_INVALID;
    case 'n': member.kind = JSON_NULL; return token == "null" ? JSON_OK : JSON_INVALID;
    default:
      member.offset = uint32_t(token.data() - start);
      member.length = uint32_t(token.size());
      return classify_number(token, member.kind) ? JSON_OK : JSON_INVALID;
    }
  }

  json_status text_of(ondemand::field &field, std::string_view token, json_member &member) {
    member.kind = JSON_STRING;
    if (token.size() < 2 || token.back() != '"') return JSON_INVALID;
    auto inside = token.substr(1, token.size() - 2);
    if (has_escapes && std::memchr(inside.data(), '\\', inside.size()) != nullptr) {
      return unescaped_text(field, member);
    }
    // Taken explicitly: simdjson is lenient about what follows a text it skips by itself.
    ondemand::raw_json_string raw;
    if (auto error = field.value().get_raw_json_string().get(raw)) return status_of(error);
    member.offset = uint32_t(inside.data() - start);
    member.length = uint32_t(inside.size());
    return JSON_OK;
  }

  [[gnu::noinline]] json_status unescaped_text(ondemand::field field, json_member &member) {
    std::string_view unescaped;
    if (auto error = field.value().get_string().get(unescaped)) return status_of(error);
    // A raw NUL is refused as a control character, so only an escape can make one.
    member.has_nul = std::memchr(unescaped.data(), 0, unescaped.size()) != nullptr;
    keep_unescaped(unescaped, member.offset, member.length);
    return JSON_OK;
  }
};

json_status scan(json_scanner &scanner, const uint8_t *document, size_t length) {
  scanner.member_count = 0;
  scanner.unescaped_length = 0;
  const size_t padded = length + JSON_PADDING;
  if (padded + length > UINT32_MAX) return JSON_INVALID;
  // Twice what is needed, so that documents that grow little by little do not allocate each time.
  if (scanner.parser.capacity() < length) {
    const auto error = scanner.parser.allocate(std::max(2 * length, size_t(4096)));
    if (error) return status_of(error);
  }
  const bool has_escapes = std::memchr(document, '\\', length) != nullptr;
  if (has_escapes && scanner.unescaped.size() < length) scanner.unescaped.resize(2 * length);

  ondemand::document root;
  auto error = scanner.parser.iterate(document, length, padded).get(root);
  if (error) return status_of(error);
  ondemand::object object;
  error = root.get_object().get(object);
  if (error == simdjson::INCORRECT_TYPE) return JSON_NOT_AN_OBJECT;
  if (error) return status_of(error);
  const char *start = reinterpret_cast<const char *>(document);
  const auto status = has_escapes
                          ? walk<true>(scanner, start, padded).read(object)
                          : walk<false>(scanner, start, padded).read(object);
  if (status != JSON_OK) return status;
  // Anything after the closing brace is an error; at the end there is no location.
  const char *location;
  return root.current_location().get(location) == simdjson::OUT_OF_BOUNDS ? JSON_OK : JSON_INVALID;
}

} // namespace

json_scanner *json_scanner_create(void) { return new (std::nothrow) json_scanner(); }

void json_scanner_destroy(json_scanner *scanner) { delete scanner; }

json_status json_scanner_scan(json_scanner *scanner, const uint8_t *document, size_t length) {
  // No exception may cross into Swift; the only one thrown below is for memory.
  try {
    return scan(*scanner, document, length);
  } catch (...) {
    scanner->member_count = 0;
    return JSON_OUT_OF_MEMORY;
  }
}

const json_member *json_scanner_members(const json_scanner *scanner) {
  return scanner->members.data();
}

size_t json_scanner_member_count(const json_scanner *scanner) { return scanner->member_count; }

const uint8_t *json_scanner_unescaped(const json_scanner *scanner) {
  return scanner->unescaped.data();
}

size_t json_scanner_unescaped_length(const json_scanner *scanner) {
  return scanner->unescaped_length;
}

bool json_number_as_double(const uint8_t *text, size_t length, double *value) {
  const char *start = reinterpret_cast<const char *>(text);
  auto [end, error] = std::from_chars(start, start + length, *value);
  return error == std::errc() && end == start + length;
}
