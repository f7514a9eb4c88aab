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
#include <memory>
#include <new>
#include <simdjson.h>
#include <string_view>
#include <vector>

static_assert(JSON_PADDING >= simdjson::SIMDJSON_PADDING);

// simdjson's first stage says where the tokens of a document begin, in the widest registers the
// processor has, and has checked its encoding and its quotes by then. Its own walk over the tokens
// serves documents of any shape and took four times the instructions of the one below.
struct json_scanner {
  std::unique_ptr<simdjson::internal::dom_parser_implementation> stage;
  std::vector<json_member> members;
  size_t member_count = 0;
  // Only asked to unescape.
  simdjson::ondemand::parser unescaper;
  std::vector<uint8_t> unescaped;
  size_t unescaped_length = 0;
};

namespace {

bool is_white_space(uint8_t byte) {
  return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t';
}

bool is_digit(uint8_t byte) { return uint8_t(byte - '0') < 10; }

// The grammar of RFC 8259, section 6. The text stays as it is: decimals are read from its digits.
bool classify_number(const uint8_t *at, const uint8_t *end, json_kind &kind) {
  if (at < end && *at == '-') at++;
  if (at == end || !is_digit(*at)) return false;
  if (*at == '0') {
    at++;
  } else {
    while (at < end && is_digit(*at)) at++;
  }
  kind = JSON_INTEGER;
  if (at < end && *at == '.') {
    kind = JSON_FRACTION;
    at++;
    if (at == end || !is_digit(*at)) return false;
    while (at < end && is_digit(*at)) at++;
  }
  if (at < end && (*at == 'e' || *at == 'E')) {
    kind = JSON_FRACTION;
    at++;
    if (at < end && (*at == '+' || *at == '-')) at++;
    if (at == end || !is_digit(*at)) return false;
    while (at < end && is_digit(*at)) at++;
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

// By the length of a text, up to eight, the bits of a word its bytes fill.
constexpr uint64_t filled[] = {
    0, 0xFF, 0xFFFF, 0xFFFFFF, 0xFFFFFFFF, 0xFFFFFFFFFF, 0xFFFFFFFFFFFF, 0xFFFFFFFFFFFFFF,
    0xFFFFFFFFFFFFFFFF,
};

// The first eight bytes of a text, zeros behind a shorter one. Eight can always be read: documents
// and the buffer of unescaped text are padded.
uint64_t prefix(const uint8_t *text, size_t length) {
  uint64_t word;
  std::memcpy(&word, text, sizeof word);
  return word & filled[std::min(length, size_t(8))];
}

bool is_word(const uint8_t *value, const uint8_t *end, std::string_view word) {
  return size_t(end - value) == word.size() && std::memcmp(value, word.data(), word.size()) == 0;
}

// A value that is no text; false when it is no value.
bool value_of(const uint8_t *value, const uint8_t *end, const uint8_t *text, json_member &read) {
  read.offset = 0;
  read.length = 0;
  switch (*value) {
  case '{': read.kind = JSON_OBJECT; return true;
  case '[': read.kind = JSON_OTHER; return true;
  case 't': read.kind = JSON_TRUE; return is_word(value, end, "true");
  case 'f': read.kind = JSON_FALSE; return is_word(value, end, "false");
  case 'n': read.kind = JSON_NULL; return is_word(value, end, "null");
  default:
    read.offset = uint32_t(value - text);
    read.length = uint32_t(end - value);
    return classify_number(value, end, read.kind);
  }
}

// Passes over an array or object whose opening bracket was before `token`; null when it does not
// end. Which brackets belong together is not looked at: nothing in there is read.
const uint32_t *skip(const uint8_t *text, const uint32_t *token, const uint32_t *end) {
  for (size_t depth = 1; token < end;) {
    switch (text[*token++]) {
    case '[':
    case '{': depth++; break;
    case ']':
    case '}':
      if (--depth == 0) return token;
      break;
    default: break;
    }
  }
  return nullptr;
}

// A document whose tokens are walked over.
struct source {
  json_scanner &scanner;
  const uint8_t *text;
  // Where what is unescaped counts from.
  size_t padded;
  bool has_escapes;
};

// Unescapes what starts behind a quote to the end of what was unescaped before. Unescaping never
// makes a text longer, so there is room.
bool unescape(const source &source, const uint8_t *raw, uint32_t &offset, uint32_t &length) {
  json_scanner &scanner = source.scanner;
  const size_t start = scanner.unescaped_length;
  uint8_t *place = scanner.unescaped.data() + start;
  std::string_view unescaped;
  const simdjson::ondemand::raw_json_string escaped(raw);
  if (scanner.unescaper.unescape(escaped, place).get(unescaped)) return false;
  offset = uint32_t(source.padded + start);
  length = uint32_t(unescaped.size());
  scanner.unescaped_length = start + unescaped.size();
  return true;
}

bool text_of(const source &source, const uint8_t *value, const uint8_t *last, json_member &read) {
  if (value == last || *last != '"') return false;
  value++;
  read.kind = JSON_STRING;
  read.offset = uint32_t(value - source.text);
  read.length = uint32_t(last - value);
  if (!source.has_escapes || std::memchr(value, '\\', read.length) == nullptr) return true;
  if (!unescape(source, value, read.offset, read.length)) return false;
  // A raw NUL is refused as a control character, so only an escape can make one.
  const uint8_t *unescaped = source.scanner.unescaped.data() + (read.offset - source.padded);
  read.has_nul = std::memchr(unescaped, 0, read.length) != nullptr;
  return true;
}

bool key_of(const source &source, const uint8_t *key, const uint8_t *last, json_member &read) {
  if (key == last || *last != '"') return false;
  key++;
  read.key_offset = uint32_t(key - source.text);
  read.key_length = uint32_t(last - key);
  read.key_prefix = prefix(key, read.key_length);
  if (!source.has_escapes || std::memchr(key, '\\', read.key_length) == nullptr) return true;
  if (!unescape(source, key, read.key_offset, read.key_length)) return false;
  const uint8_t *unescaped = source.scanner.unescaped.data() + (read.key_offset - source.padded);
  read.key_prefix = prefix(unescaped, read.key_length);
  return true;
}

// A member of any form that may stand: it has a key, a colon, and a token that is no end behind
// them. Tokens run to the next one, white space included.
__attribute__((noinline)) bool member_of(
    const source &source, const uint32_t *token, json_member &read) {
  const uint8_t *text = source.text;
  const uint8_t *key = text + token[0];
  const uint8_t *key_end = text + token[1];
  const uint8_t *value = text + token[2];
  const uint8_t *value_end = text + token[3];
  if (*key != '"' || *key_end != ':' || value == value_end) return false;
  // No token starts with white space, so the searches stop there at the latest.
  while (is_white_space(key_end[-1])) key_end--;
  while (is_white_space(value_end[-1])) value_end--;
  read.has_nul = false;
  return (*value == '"' ? text_of(source, value, value_end - 1, read)
                        : value_of(value, value_end, text, read))
      && key_of(source, key, key_end - 1, read);
}

bool is_pair(const uint8_t *text, char first, char second) {
  return text[0] == uint8_t(first) && text[1] == uint8_t(second);
}

// Reads a member that is a key and a text, with nothing between their quotes and the colon and the
// comma behind them; false when it is of another form. Nothing may be escaped in the document.
bool plain_text(const uint8_t *text, const uint32_t *token, json_member &read) {
  const uint32_t key = token[0], colon = token[1], value = token[2], comma = token[3];
  if (text[key] != '"' || !is_pair(text + colon - 1, '"', ':')) return false;
  if (text[value] != '"' || !is_pair(text + comma - 1, '"', ',')) return false;
  const int32_t key_length = int32_t(colon - key - 2), length = int32_t(comma - value - 2);
  if ((key_length | length) < 0) return false;
  read.key_prefix = prefix(text + key + 1, size_t(key_length));
  read.key_offset = key + 1;
  read.key_length = uint32_t(key_length);
  read.offset = value + 1;
  read.length = uint32_t(length);
  read.kind = JSON_STRING;
  read.has_nul = false;
  return true;
}

// Walks over the tokens of a document whose last one is a closing brace, its first an opening one;
// false unless they are one object and nothing else.
//
// Only a key, its colon and a value are passed over without asking whether there are more tokens.
// That needs no asking: a document that ends in a closing brace ends in none of the first two.
// Behind the places of its tokens the first stage leaves its length, where a byte of the padding is
// met, which cannot be both what separates members and what begins one.
__attribute__((noinline)) bool walk(
    const source &source, const uint32_t *token, const uint32_t *end) {
  const uint8_t *const text = source.text;
  const bool has_escapes = source.has_escapes;
  json_member *member = source.scanner.members.data();
  // The member whose object is open, if one is.
  json_member *outer = nullptr;
  bool is_open = text[*++token] != '}';
  if (!is_open) token++;
  while (is_open) {
    json_member &read = *member++;
    if (!has_escapes && plain_text(text, token, read)) {
      token += 4;
      continue;
    }
    if (!member_of(source, token, read)) return false;
    token += 3;
    if (read.kind == JSON_OBJECT && outer == nullptr) {
      outer = &read;
      if (text[*token] != '}') continue;
    } else if (read.kind >= JSON_OBJECT) {
      read.kind = JSON_OTHER;
      token = skip(text, token, end);
      if (token == nullptr) return false;
    }
    uint8_t next = text[*token++];
    if (next == '}' && outer != nullptr) {
      outer->length = uint32_t(member - outer - 1);
      outer = nullptr;
      next = text[*token++];
    }
    if (next == ',') continue;
    if (next != '}' || outer != nullptr) return false;
    is_open = false;
  }
  source.scanner.member_count = size_t(member - source.scanner.members.data());
  return token == end;
}

// Makes room for a document, twice what it needs, so that documents that grow little by little do
// not allocate each time.
json_status prepare(json_scanner &scanner, size_t length) {
  const size_t capacity = std::max(2 * length, size_t(4096));
  if (!scanner.stage) {
    const auto error = scanner.unescaper.allocate(simdjson::SIMDJSON_PADDING);
    if (error) return status_of(error);
    return status_of(simdjson::get_active_implementation()->create_dom_parser_implementation(
        capacity, simdjson::DEFAULT_MAX_DEPTH, scanner.stage));
  }
  return status_of(scanner.stage->set_capacity(capacity));
}

json_status scan(json_scanner &scanner, const uint8_t *text, size_t length) {
  scanner.member_count = 0;
  scanner.unescaped_length = 0;
  if (2 * (length + JSON_PADDING) > UINT32_MAX) return JSON_INVALID;
  if (!scanner.stage || scanner.stage->capacity() < length) {
    const auto status = prepare(scanner, length);
    if (status != JSON_OK) return status;
  }
  const auto error = scanner.stage->stage1(text, length, simdjson::stage1_mode::regular);
  if (error) return status_of(error);
  const uint32_t *tokens = scanner.stage->structural_indexes.get();
  const size_t count = scanner.stage->n_structural_indexes;
  if (text[tokens[0]] != '{') return JSON_NOT_AN_OBJECT;
  if (text[tokens[count - 1]] != '}') return JSON_INVALID;
  // A member has three tokens of its own, and one more is begun to be read.
  if (scanner.members.size() <= count / 3) scanner.members.resize(2 * (count / 3 + 1));
  const size_t padded = length + JSON_PADDING;
  const bool has_escapes = std::memchr(text, '\\', length) != nullptr;
  if (has_escapes && scanner.unescaped.size() < padded) scanner.unescaped.resize(2 * padded);
  const source source{scanner, text, padded, has_escapes};
  return walk(source, tokens, tokens + count) ? JSON_OK : JSON_INVALID;
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
