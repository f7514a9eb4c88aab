#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Comparisons of whole columns of numbers, which give a bit for each lane, lane 0 lowest. The
   widest instructions the processor has are used; all give the same bits. */

typedef enum {
  columns_equal_bits,
  columns_less_int,
  columns_less_double,
  columns_less_or_equal_double,
} columns_comparison;

/* Compares `lanes` numbers of two columns, or of one with a single number where a stride is 0; else
   the stride is 1. Writes (lanes + 63) / 64 words; bits beyond the last lane are 0. */
void columns_compare(columns_comparison comparison, const uint64_t *left, size_t left_stride,
                     const uint64_t *right, size_t right_stride, size_t lanes, uint64_t *bits);

/* The first of eight slots of an index, each `tag << 32 | id`, from one of them on, that has a tag
   or is empty; 8 where there is none. An empty slot is 0, and no other has the id 0. All are looked
   at at once: which is the first cannot be told ahead, and a branch for each would often be told
   wrong. */
static inline __attribute__((always_inline)) size_t columns_first_slot(const uint64_t *slots,
                                                                       uint32_t tag, size_t from) {
#if defined(__SSE2__)
  typedef uint32_t four __attribute__((vector_size(16), aligned(8), may_alias));
  typedef int16_t eight __attribute__((vector_size(16)));
  typedef char sixteen __attribute__((vector_size(16)));
  /* The id of a slot comes first: it is compared with that of an empty one, and the tag with the
     tag. Two bytes for each slot, and a bit for each byte. */
  const four wanted = {0, tag, 0, tag};
  const eight low = __builtin_ia32_packssdw128(*(const four *)slots == wanted,
                                               *(const four *)(slots + 2) == wanted);
  const eight high = __builtin_ia32_packssdw128(*(const four *)(slots + 4) == wanted,
                                                *(const four *)(slots + 6) == wanted);
  const sixteen both = (sixteen)__builtin_ia32_packsswb128(low, high);
  /* Two bits for each slot, and one behind them. */
  const uint32_t all = (uint32_t)__builtin_ia32_pmovmskb128(both) | 1u << 16;
  const uint32_t hits = all & ~0u << (2 * from);
  return (size_t)(__builtin_ctz(hits) >> 1);
#else
  size_t place = from;
  while (place < 8 && slots[place] != 0 && slots[place] >> 32 != tag) place++;
  return place;
#endif
}

/* Slots of a line of an index, which is one line of cache. */
enum { columns_line_slots = 8 };

/* Looks for `count` keys in lines of indexes, of which each address in `lines` is one: writes which
   slot has the tag of the key, or is the first that is empty, 8 where there is none, and the id of
   that slot, 0 where there is none or it is empty. */
void columns_find_keys(const uintptr_t *lines, const uint32_t *tags, size_t count, uint32_t *ids,
                       uint32_t *places);

/* Splits `count` lines of an index that had `lines`, a power of two, and has twice as many now, of
   which the first is number `line`. Their slots are `tag << 32 | id`, and the home of one is the line
   that the lowest bits of its tag say, of which there is one more now: what has its home in a line
   stays in it, or goes to the one that is `lines` further on, behind what is there already. Lines have
   their slots in front. Writes those that do not belong to the line, or find no room there, to `left`,
   in order, where there must be room for those of one more line, and gives how many these are. */
size_t columns_split_lines(uint64_t *slots, size_t line, size_t count, size_t lines,
                           uint64_t *left);

/* Slots of pairs of numbers that are looked at together. */
enum { columns_pairs = 4 };

/* The first of so many slots, which lie `bytes` apart, that holds a pair, which is not 0, or
   nothing, which is 0; `columns_pairs` where none does. All are looked at at once: how far a search
   goes cannot be told ahead. */
static inline __attribute__((always_inline)) size_t columns_first_pair(const void *slots,
                                                                       size_t bytes,
                                                                       uint64_t pair) {
  typedef uint64_t __attribute__((may_alias)) word;
  const char *const first = slots;
  const uint64_t words[columns_pairs] = {
      *(const word *)first, *(const word *)(first + bytes), *(const word *)(first + 2 * bytes),
      *(const word *)(first + 3 * bytes)};
#if defined(__SSE2__)
  typedef uint64_t two __attribute__((vector_size(16)));
  typedef uint32_t four __attribute__((vector_size(16)));
  typedef float four_floats __attribute__((vector_size(16)));
  const four left = (four)(two){words[0], words[1]}, right = (four)(two){words[2], words[3]};
  const four low = __builtin_shufflevector(left, right, 0, 2, 4, 6);
  const four high = __builtin_shufflevector(left, right, 1, 3, 5, 7);
  const uint32_t value = (uint32_t)pair, key = (uint32_t)(pair >> 32);
  const four values = {value, value, value, value}, keys = {key, key, key, key}, none = {0};
  const four ends = ((four)(low == values) & (four)(high == keys)) | (four)((low | high) == none);
  return (size_t)__builtin_ctz((uint32_t)__builtin_ia32_movmskps((four_floats)ends) |
                               1u << columns_pairs);
#else
  size_t place = 0;
  while (place < columns_pairs && words[place] != 0 && words[place] != pair) place++;
  return place;
#endif
}

/* Entries that are all a key has, in order of time: so many at most, and of those with distinct
   columns. A chunk has no room for more, see `WindowLayout`. How many there are, and where a window
   begins, differs from key to key: so there is no branch on it, and what lies before or behind the
   entries is read as well. */
enum { columns_few = 6, columns_few_values = 5 };

/* How long ago each of a few entries came, the oldest first; the greatest number for none. */
typedef struct {
  uint64_t of[columns_few];
} columns_ages;

/* Those of `count` entries at a moment, of which none is later. Reads `columns_few` times. */
static inline __attribute__((always_inline)) columns_ages columns_few_ages(const int64_t *times,
                                                                           size_t count,
                                                                           int64_t now) {
  columns_ages ages;
#pragma clang loop unroll(full) vectorize(disable)
  for (size_t i = 0; i < columns_few; i++) {
    const uint64_t age = (uint64_t)now - (uint64_t)times[i];
    ages.of[i] = i < count ? age : UINT64_MAX;
  }
  return ages;
}

/* How many are less than `length`. */
static inline __attribute__((always_inline)) size_t columns_few_within(const columns_ages *ages,
                                                                       uint64_t length) {
  size_t within = 0;
#pragma clang loop unroll(full) vectorize(disable)
  for (size_t i = 0; i < columns_few; i++) within += ages->of[i] < length;
  return within;
}

/* The sums of the last none of a few numbers, of the last, of the last two and so on. */
typedef struct {
  int64_t of_last[columns_few + 1];
} columns_sums;

/* Those of `count` numbers; whether all are exact. Adds `columns_few` numbers, from before the first
   where there are fewer: such a sum means nothing. */
static inline __attribute__((always_inline)) bool columns_few_sums(const int64_t *numbers,
                                                                   size_t count,
                                                                   columns_sums *sums) {
  int64_t sum = 0;
  bool overflows = false;
  sums->of_last[0] = 0;
#pragma clang loop unroll(full) vectorize(disable)
  for (size_t i = 1; i <= columns_few; i++) {
    overflows |= __builtin_add_overflow(sum, numbers[(ptrdiff_t)(count - i)], &sum);
    sums->of_last[i] = sum;
  }
  return !overflows;
}

/* How many different numbers but 0 there are among the last `taken` before `end`, no more than
   `columns_few_values`, which are read. One is counted where it comes last. */
static inline __attribute__((always_inline)) size_t columns_few_distinct(const uint32_t *end,
                                                                         size_t taken) {
#if defined(__SSE2__)
  typedef uint32_t four __attribute__((vector_size(16), aligned(4), may_alias));
  typedef float four_floats __attribute__((vector_size(16)));
  const four last = *(const four *)(end - 4), none = {0};
  /* What comes again behind it; behind the last ones there are zeros, which do not count anyway. */
  const four again = (four)(last == none) |
                     (four)(last == __builtin_shufflevector(last, none, 1, 2, 3, 4)) |
                     (four)(last == __builtin_shufflevector(last, none, 2, 3, 4, 5)) |
                     (four)(last == __builtin_shufflevector(last, none, 3, 4, 5, 6));
  const uint32_t value = end[-5];
  const four fifth = {value, value, value, value};
  const int first_again = __builtin_ia32_movmskps((four_floats)(four)(last == fifth));
  const uint32_t uncounted = (uint32_t)__builtin_ia32_movmskps((four_floats)again) << 1 |
                             (uint32_t)((value == 0) | (first_again != 0));
  const uint32_t counted = ~uncounted & (31u << (columns_few_values - taken) & 31);
  /* The bits of four, from a table of as many digits, and the first. */
  return (0x4332322132212110 >> 4 * (counted >> 1) & 15) + (counted & 1);
#else
  size_t found = 0;
  for (size_t i = 1; i <= taken; i++) {
    bool counts = end[-(ptrdiff_t)i] != 0;
    for (size_t j = 1; j < i; j++) counts &= end[-(ptrdiff_t)j] != end[-(ptrdiff_t)i];
    found += counts;
  }
  return found;
#endif
}

/* Values of a column of so many entries at most that are looked through together. */
enum { columns_scanned = 16 };

/* They begin behind the room that the last before them may take, and what comes behind is zero. */
typedef struct {
  uint32_t of[columns_few_values + 2 * columns_scanned];
} columns_scanned_values;

/* Takes `columns_few_values` values, the last of which is number `end` of all, counting from 1: those
   before take their place in turn. */
static inline __attribute__((always_inline)) void columns_scanned_take(
    columns_scanned_values *scanned, size_t end, const uint32_t *values) {
#pragma clang loop unroll(full)
  for (size_t i = 0; i < columns_few_values; i++) scanned->of[end + i] = values[i];
}

/* How many different values but 0 are among the first `count`. The one behind them, if it was taken,
   is taken out. */
size_t columns_scanned_distinct(columns_scanned_values *scanned, size_t count);

/* Takes the slots of an event into registers: what is present, which is the state 0, with its
   payload, and all else, which are the states 1 to 3, with payload 0 and state 1. Which slots are
   present differs from event to event, so there is no branch on it. Gives a bit for each of the
   first 64 slots that is, slot 0 lowest. */
static inline __attribute__((always_inline)) uint64_t columns_take_slots(
    uint64_t *payloads, uint8_t *states, const uint64_t *given, const uint8_t *given_states,
    size_t count) {
  typedef uint64_t two_words __attribute__((vector_size(16), aligned(8), may_alias));
  typedef uint32_t four_ints __attribute__((vector_size(16)));
  typedef uint8_t sixteen_bytes __attribute__((vector_size(16)));
  typedef uint8_t eight_bytes __attribute__((vector_size(8), aligned(1), may_alias));
  uint64_t present = 0;
  size_t slot = 0;
  while (count >= 8 && slot < count) {
    /* The last eight may take some of those before once more. */
    const size_t place = slot + 8 <= count ? slot : count - 8;
    const eight_bytes state = *(const eight_bytes *)(given_states + place);
    const eight_bytes other = (state | state >> 1) & 1;
    *(eight_bytes *)(states + place) = other;
    /* A byte of a mask becomes two, these four, and these eight. */
    const eight_bytes mask = other - 1;
    const sixteen_bytes two =
        __builtin_shufflevector(mask, mask, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7);
    const four_ints low = (four_ints)__builtin_shufflevector(two, two, 0, 1, 0, 1, 2, 3, 2, 3, 4, 5,
                                                             4, 5, 6, 7, 6, 7);
    const four_ints high = (four_ints)__builtin_shufflevector(
        two, two, 8, 9, 8, 9, 10, 11, 10, 11, 12, 13, 12, 13, 14, 15, 14, 15);
    const two_words *const from = (const two_words *)(given + place);
    two_words *const to = (two_words *)(payloads + place);
    const two_words words[] = {from[0], from[1], from[2], from[3]};
    to[0] = words[0] & (two_words)__builtin_shufflevector(low, low, 0, 0, 1, 1);
    to[1] = words[1] & (two_words)__builtin_shufflevector(low, low, 2, 2, 3, 3);
    to[2] = words[2] & (two_words)__builtin_shufflevector(high, high, 0, 0, 1, 1);
    to[3] = words[3] & (two_words)__builtin_shufflevector(high, high, 2, 2, 3, 3);
    /* The lowest bits of eight bytes, side by side. */
    uint64_t bytes;
    __builtin_memcpy(&bytes, &other, sizeof bytes);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    bytes = __builtin_bswap64(bytes);
#endif
    const uint64_t bits = ~(bytes * 0x0102040810204080) >> 56;
    present |= place < 64 ? bits << place : 0;
    slot += 8;
  }
#pragma clang loop unroll(disable) vectorize(disable)
  for (; slot < count; slot++) {
    const uint8_t other = (given_states[slot] | given_states[slot] >> 1) & 1;
    states[slot] = other;
    payloads[slot] = given[slot] & ((uint64_t)other - 1);
    present |= (uint64_t)(other ^ 1) << slot;
  }
  return present;
}

/* Texts that are hashed side by side. */
enum { columns_hashed_texts = 8 };

/* Up to eight bytes, the first lowest, of which `count` are read. */
static inline __attribute__((always_inline)) uint64_t columns_word(const uint8_t *bytes,
                                                                   size_t count) {
  uint64_t word = 0;
  __builtin_memcpy(&word, bytes, count);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  word = __builtin_bswap64(word);
#endif
  return word;
}

/* Lays the words that a text fills out one row apart; where the next one goes. */
static inline __attribute__((always_inline)) uint64_t *columns_lay_whole(uint64_t *words,
                                                                         const uint8_t *text,
                                                                         size_t count) {
  const uint8_t *const whole = text + (count & ~(size_t)7);
#pragma clang loop unroll(disable) vectorize(disable)
  for (; text != whole; text += 8) {
    *words = columns_word(text, 8);
    words += columns_hashed_texts;
  }
  return words;
}

/* The bytes of a text that fill no word, the first lowest. */
static inline __attribute__((always_inline)) uint64_t columns_rest(const uint8_t *text,
                                                                   size_t count) {
  const uint8_t *const whole = text + (count & ~(size_t)7);
  const size_t rest = count & 7;
  if (rest == 0) return 0;
  if (count >= 8) return columns_word(whole + rest - 8, 8) >> (64 - 8 * rest);
  /* Pieces that overlap: the same bytes come to the same places. */
  if (rest >= 4)
    return columns_word(whole, 4) | columns_word(whole + rest - 4, 4) << 8 * (rest - 4);
  return columns_word(whole, 1) | columns_word(whole + rest / 2, 1) << 8 * (rest / 2) |
         columns_word(whole + rest - 1, 1) << 8 * (rest - 1);
}

/* Lays out how many bytes there are, they, and zeros up to a whole word; where the next goes. */
static inline __attribute__((always_inline)) uint64_t *columns_lay_bytes(uint64_t *words,
                                                                         const uint8_t *text,
                                                                         size_t count) {
  *words = count;
  /* Most are keys, of two words that may overlap in the text. */
  if (count - 9 < 8) {
    words[columns_hashed_texts] = columns_word(text, 8);
    words[2 * columns_hashed_texts] = columns_word(text + count - 8, 8) >> (128 - 8 * count);
    return words + 3 * columns_hashed_texts;
  }
  words = columns_lay_whole(words + columns_hashed_texts, text, count);
  if ((count & 7) == 0) return words;
  *words = columns_rest(text, count);
  return words + columns_hashed_texts;
}

/* Rows of `columns_hashed_texts` keys: how many bytes there are of each, then their first words,
   their second ones, and so on; the words of all rows, and the most bytes that find room. And the
   vectors of keys that are hashed together: of more, the registers do not hold the state. */
enum {
  columns_key_vectors = 3,
  columns_key_rows = 8,
  columns_key_words = columns_key_rows * columns_hashed_texts,
  columns_key_bytes = 8 * (columns_key_rows - 1) - 1,
};

/* Lays a short text out in a lane of such rows: no more than 31 bytes, of which 32 are read. What is
   behind the text means nothing. */
static inline __attribute__((always_inline)) void columns_lay_short(uint64_t *lane,
                                                                    const uint8_t *text,
                                                                    size_t count) {
  lane[0] = count;
  for (size_t row = 0; row < 4; row++)
    lane[(row + 1) * columns_hashed_texts] = columns_word(text + 8 * row, 8);
}

/* The same of any text that finds room, of which no more is read than there is. */
static inline __attribute__((always_inline)) void columns_lay_key(uint64_t *lane,
                                                                  const uint8_t *text,
                                                                  size_t count) {
  *lane = count;
  *columns_lay_whole(lane + columns_hashed_texts, text, count) = columns_rest(text, count);
}

/* Copies the last 32 bytes of a text, or all where there are fewer, so that they end in the middle
   of 64: from each of them on, 32 can be read. */
static inline __attribute__((always_inline)) void columns_copy_end(uint8_t *ends,
                                                                   const uint8_t *text,
                                                                   size_t count) {
  if (count >= 32)
    __builtin_memcpy(ends, text + count - 32, 32);
  else
    __builtin_memcpy(ends + 32 - count, text, count);
}

/* Hashes `columns_hashed_texts` keys of each of some vectors, which are laid out in rows one after
   the other: as `columns_hash_texts`, of `first` joined with the number of bytes, the words that
   these fill, and one with what is left and how many bytes are hashed. */
void columns_hash_keys(uint64_t first_key, uint64_t second_key, uint64_t first,
                       const uint64_t *rows, size_t vectors, uint64_t *low, uint64_t *high);

/* SipHash-1-3 with 128 bits of output of up to `columns_hashed_texts` texts, of which at least one
   word after the first is hashed. The words of a text, with its tail and length in the last one,
   lie `columns_hashed_texts` apart; `counts` says how many there are, at most `most`. Reads `most`
   words and a count of all lanes, and writes hashes of all; those beyond `texts` mean nothing. */
void columns_hash_texts(uint64_t first_key, uint64_t second_key, const uint64_t *words,
                        const int64_t *counts, size_t most, size_t texts, uint64_t *low,
                        uint64_t *high);

/* Registers that texts are hashed in, narrowest first. */
typedef enum { columns_128_bits, columns_256_bits, columns_512_bits } columns_width;

/* Whether this processor has registers of a width; it always has the narrowest. */
bool columns_has(columns_width width);

/* The same in registers of a width, which the processor must have; all give the same hashes. */
void columns_hash_texts_by(columns_width width, uint64_t first_key, uint64_t second_key,
                           const uint64_t *words, const int64_t *counts, size_t most,
                           size_t texts, uint64_t *low, uint64_t *high);

void columns_hash_keys_by(columns_width width, uint64_t first_key, uint64_t second_key,
                          uint64_t first, const uint64_t *rows, size_t vectors, uint64_t *low,
                          uint64_t *high);

/* Registers that lie side by side and are tested together, and the words of a row of their tests:
   the place of the first register; of each the greatest number that passes; how many smaller ones
   do; and the bits of the rules that wait for it. Numbers in the second and third have their
   highest bit turned round, so that a comparison of numbers with signs tells. */
enum { columns_tested = 4, columns_test_words = 13 };

/* What a group of rules says before its rows: how many there are for a first test that each rule
   needs, and how many behind them for another one; then, by bit, the rules that have no first test,
   those that have no other, and those of which the tests are all there is to know. */
enum { columns_group_words = 5 };

/* What becomes of a group of rules, by bit: those that fire, those for which a number is missing,
   and those that must be looked at more closely, of which no test is known to fail. */
typedef struct {
  uint64_t fires;
  uint64_t unknown;
  uint64_t rest;
} columns_verdicts;

/* Judges a group with its rows. A state of 0 says that a number is there, 1 that it is missing,
   2 that it failed; rules of which one failed are looked at more closely. */
void columns_judge(const uint64_t *group, const uint64_t *payloads, const uint8_t *states,
                   columns_verdicts *verdicts);

/* Lanes that are judged together at most. */
enum { columns_lanes = 64 };

/* Writes a payload, with the state that says it is present, which is 0, to a register of some lanes,
   which lies `width` further on in each. */
static inline __attribute__((always_inline)) void columns_fill(uint64_t *payloads, uint8_t *states,
                                                               size_t width, size_t lanes,
                                                               uint64_t payload) {
#pragma clang loop unroll_count(4)
  for (size_t lane = 0; lane < lanes; lane++) {
    payloads[lane * width] = payload;
    states[lane * width] = 0;
  }
}

/* The same, with 1 where a number of the lane, `step` further on in each, has one of some bits, else
   0. */
static inline __attribute__((always_inline)) void columns_fill_any(
    uint64_t *payloads, uint8_t *states, size_t width, size_t lanes, const uint32_t *numbers,
    size_t step, uint32_t bits) {
#pragma clang loop unroll_count(4)
  for (size_t lane = 0; lane < lanes; lane++) {
    payloads[lane * width] = (numbers[lane * step] & bits) != 0;
    states[lane * width] = 0;
  }
}

/* A byte for each of so many lanes. */
typedef struct {
  uint8_t of[columns_lanes];
} columns_lane_bytes;

/* A bit of the byte of each lane, lane 0 lowest. */
static inline __attribute__((always_inline)) uint64_t columns_lane_bits(
    const columns_lane_bytes *bytes, unsigned bit) {
  uint64_t bits = 0;
#if defined(__SSE2__)
  typedef int16_t eight __attribute__((vector_size(16), aligned(1), may_alias));
  typedef char sixteen __attribute__((vector_size(16)));
#pragma clang loop unroll(full)
  for (size_t lane = 0; lane < columns_lanes; lane += 16) {
    /* The bit becomes the highest of its byte. */
    const eight moved = *(const eight *)(bytes->of + lane) << (int16_t)(7 - bit);
    bits |= (uint64_t)(uint32_t)__builtin_ia32_pmovmskb128((sixteen)moved) << lane;
  }
#else
  for (size_t lane = 0; lane < columns_lanes; lane++)
    bits |= (uint64_t)(bytes->of[lane] >> bit & 1) << lane;
#endif
  return bits;
}

/* The same for a run of lanes, whose registers lie lane after lane, so many from one to the next.
   Writes by lane what fires, then, `columns_lanes` further on each, what is unknown and the
   rest. */
void columns_judge_lanes(const uint64_t *group, const uint64_t *payloads, const uint8_t *states,
                         size_t registers, size_t lanes, uint64_t *verdicts);

/* Writes `count` results of rules, 64 at most, as they are when all are silent but for those that
   are unknown, by bit. Gives how many these are. */
size_t columns_results(const void *silent, size_t count, uint64_t unknown, void *results);

/* Writes `count` results of two words each: a payload, then its head with the two lower bits of the
   state in the byte from bit 32 on. */
void columns_signals(const uint64_t *payloads, const uint8_t *states, const uint64_t *heads,
                     size_t count, void *results);

/* The same in registers of a width, 128 or 256 bits, which the processor must have; both give the
   same. */
void columns_judge_by(columns_width width, const uint64_t *group, const uint64_t *payloads,
                      const uint8_t *states, columns_verdicts *verdicts);
size_t columns_results_by(columns_width width, const void *silent, size_t count,
                          uint64_t unknown, void *results);
size_t columns_scanned_distinct_by(columns_width width, columns_scanned_values *scanned,
                                   size_t count);

/* The same in registers of a width, any of the three. */
void columns_signals_by(columns_width width, const uint64_t *payloads, const uint8_t *states,
                        const uint64_t *heads, size_t count, void *results);
void columns_find_keys_by(columns_width width, const uintptr_t *lines, const uint32_t *tags,
                          size_t count, uint32_t *ids, uint32_t *places);
size_t columns_split_lines_by(columns_width width, uint64_t *slots, size_t line, size_t count,
                              size_t lines, uint64_t *left);
void columns_judge_lanes_by(columns_width width, const uint64_t *group,
                            const uint64_t *payloads, const uint8_t *states, size_t registers,
                            size_t lanes, uint64_t *verdicts);
