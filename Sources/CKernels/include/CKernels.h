#ifndef SABUESO_C_KERNELS_H
#define SABUESO_C_KERNELS_H

// C++ kernels behind a C face. Each does one thing that was measured to be worth leaving Swift for.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// JSON: one call walks a whole document of at most two levels (an event with its entity objects)
// and leaves a flat array of members. The document is read where it lies. Keys, text and numbers
// are offsets from its start; text that had escapes lies unescaped in a buffer of the scanner, and
// its offsets count on as if that buffer lay behind the document and its padding.

enum {
  /// How many bytes behind a document must be there to read, whatever they are.
  JSON_PADDING = 64,
};

typedef enum : uint8_t {
  JSON_NULL = 0,
  JSON_FALSE = 1,
  JSON_TRUE = 2,
  /// Digits with an optional minus, nothing else.
  JSON_INTEGER = 3,
  /// A number with a fraction or an exponent.
  JSON_FRACTION = 4,
  JSON_STRING = 5,
  /// An object on the first level: its members follow in the array.
  JSON_OBJECT = 6,
  /// An array, or an object deeper than the second level: looked at no further.
  JSON_OTHER = 7,
} json_kind;

/// One `"key": value` of an object.
typedef struct {
  /// The first 8 bytes of the key, the first the lowest, zeros behind a shorter one: most names
  /// differ here already.
  uint64_t key_prefix;
  uint32_t key_offset;
  uint32_t key_length;
  /// Where the text (without quotes) or the number lies.
  uint32_t offset;
  /// Its length in bytes; for JSON_OBJECT the number of its members.
  uint32_t length;
  json_kind kind;
  /// Whether the text holds a NUL.
  bool has_nul;
} json_member;

typedef enum : uint8_t {
  JSON_OK = 0,
  JSON_INVALID = 1,
  JSON_INVALID_UTF8 = 2,
  /// The document is JSON but no object.
  JSON_NOT_AN_OBJECT = 3,
  JSON_OUT_OF_MEMORY = 4,
} json_status;

typedef struct json_scanner json_scanner;

/// Makes a scanner that reuses its memory from document to document; NULL when memory ends.
json_scanner *json_scanner_create(void);
void json_scanner_destroy(json_scanner *scanner);

/// Scans a document of `length` bytes, with JSON_PADDING more behind it. The results stay until the
/// next call.
json_status json_scanner_scan(json_scanner *scanner, const uint8_t *document, size_t length);

const json_member *json_scanner_members(const json_scanner *scanner);
size_t json_scanner_member_count(const json_scanner *scanner);

/// What was unescaped; nothing in most documents.
const uint8_t *json_scanner_unescaped(const json_scanner *scanner);
size_t json_scanner_unescaped_length(const json_scanner *scanner);

/// Reads a JSON number as the nearest double, in every locale; false when it is none or overflows.
bool json_number_as_double(const uint8_t *text, size_t length, double *value);

#ifdef __cplusplus
}
#endif

#endif
