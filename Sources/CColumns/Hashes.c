#include "CColumns.h"

#define ROTATED(x, bits) ((x) << (bits) | (x) >> (64 - (bits)))

#define ROUND                                                                                     \
  v0 += v1;                                                                                       \
  v1 = ROTATED(v1, 13) ^ v0;                                                                      \
  v0 = ROTATED(v0, 32);                                                                           \
  v2 += v3;                                                                                       \
  v3 = ROTATED(v3, 16) ^ v2;                                                                      \
  v0 += v3;                                                                                       \
  v3 = ROTATED(v3, 21) ^ v0;                                                                      \
  v2 += v1;                                                                                       \
  v1 = ROTATED(v1, 17) ^ v2;                                                                      \
  v2 = ROTATED(v2, 32);

/* Begins the hashes of a vector of texts: v0 to v3. */
#define BEGIN(vector)                                                                             \
  vector zero = {0};                                                                              \
  vector v0 = zero + (0x736f6d6570736575 ^ first_key);                                            \
  vector v1 = zero + (0x646f72616e646f6d ^ second_key ^ 0xee);                                    \
  vector v2 = zero + (0x6c7967656e657261 ^ first_key);                                            \
  vector v3 = zero + (0x7465646279746573 ^ second_key);

#define TAKE(word)                                                                                \
  v3 ^= word;                                                                                     \
  ROUND;                                                                                          \
  v0 ^= word;

#define END(vector)                                                                               \
  v2 ^= 0xee;                                                                                     \
  ROUND ROUND ROUND;                                                                              \
  *(vector *)(low + lane) = v0 ^ v1 ^ v2 ^ v3;                                                    \
  v1 ^= 0xdd;                                                                                     \
  ROUND ROUND ROUND;                                                                              \
  *(vector *)(high + lane) = v0 ^ v1 ^ v2 ^ v3;

/* What a lane is where it has as many words as that, else what it was. */
#define CHOSEN(new, old) (((new) & has) | ((old) & ~has))

/* The fewest words that one of some texts has: as far as that no lane has to be left as it is. Asked
   for where texts are long; all have two. */
static inline size_t least_of(const int64_t *counts, size_t first, size_t texts, size_t end,
                              size_t most) {
  for (size_t text = first; text < texts && text < end; text++)
    if ((size_t)counts[text] < most) most = (size_t)counts[text];
  return most;
}

/* Hashes as many texts at a time as a vector has lanes. */
#define HASH(name, attributes, bytes)                                                             \
  typedef uint64_t name##_words __attribute__((vector_size(bytes), aligned(8), may_alias));       \
  typedef int64_t name##_counts __attribute__((vector_size(bytes), aligned(8), may_alias));       \
                                                                                                  \
  attributes static void name(uint64_t first_key, uint64_t second_key, const uint64_t *words,     \
                              const int64_t *counts, size_t most, size_t texts, uint64_t *low,    \
                              uint64_t *high) {                                                   \
    for (size_t lane = 0; lane < texts; lane += (bytes) / 8) {                                    \
      name##_counts count = *(const name##_counts *)(counts + lane);                              \
      BEGIN(name##_words)                                                                         \
      const name##_words *word = (const name##_words *)(words + lane);                            \
      size_t least = most < 8 ? 2 : least_of(counts, lane, texts, lane + (bytes) / 8, most);      \
      size_t index = 0;                                                                           \
      for (; index < least; index++) {                                                            \
        TAKE(*word)                                                                               \
        word = (const name##_words *)((const uint64_t *)word + columns_hashed_texts);             \
      }                                                                                           \
      for (; index < most; index++) {                                                             \
        name##_words o0 = v0, o1 = v1, o2 = v2, o3 = v3;                                          \
        TAKE(*word)                                                                               \
        word = (const name##_words *)((const uint64_t *)word + columns_hashed_texts);             \
        name##_words has = (name##_words)(count > (int64_t)index);                                \
        v0 = CHOSEN(v0, o0);                                                                      \
        v1 = CHOSEN(v1, o1);                                                                      \
        v2 = CHOSEN(v2, o2);                                                                      \
        v3 = CHOSEN(v3, o3);                                                                      \
      }                                                                                           \
      END(name##_words)                                                                           \
    }                                                                                             \
  }

/* The same of keys. Where all of a vector have as many words, nothing has to be chosen. */
#define HASH_KEYS(name, attributes, bytes)                                                        \
  attributes static void name##_keys(uint64_t first_key, uint64_t second_key, uint64_t first,     \
                                     const uint64_t *rows, uint64_t *low, uint64_t *high) {       \
    for (size_t lane = 0; lane < columns_hashed_texts; lane += (bytes) / 8) {                     \
      name##_words count = *(const name##_words *)(rows + lane);                                  \
      BEGIN(name##_words)                                                                         \
      name##_words word = count | first;                                                          \
      TAKE(word)                                                                                  \
      /* The last word is the one behind those that the text fills. */                            \
      name##_words whole = count >> 3;                                                            \
      name##_words kept = ~(~zero << ((count & 7) << 3));                                         \
      name##_words ending = (count + 8) << 56;                                                    \
      const uint64_t *row = rows + lane + columns_hashed_texts;                                   \
      size_t least = whole[0];                                                                    \
      if (__builtin_reduce_or(whole ^ whole[0]) == 0) {                                           \
        for (size_t index = 0; index < least; index++) {                                          \
          word = *(const name##_words *)row;                                                      \
          TAKE(word)                                                                              \
          row += columns_hashed_texts;                                                            \
        }                                                                                         \
        word = (*(const name##_words *)row & kept) | ending;                                      \
        TAKE(word)                                                                                \
      } else {                                                                                    \
        size_t most = least;                                                                      \
        for (size_t text = 1; text < (bytes) / 8; text++)                                         \
          if (whole[text] > most) most = whole[text];                                             \
        for (size_t index = 0; index <= most; index++) {                                          \
          name##_words o0 = v0, o1 = v1, o2 = v2, o3 = v3;                                        \
          name##_words has = (name##_words)(whole == index);                                      \
          word = *(const name##_words *)row;                                                      \
          word = CHOSEN((word & kept) | ending, word);                                            \
          TAKE(word)                                                                              \
          row += columns_hashed_texts;                                                            \
          has = (name##_words)((name##_counts)whole >= (int64_t)index);                           \
          v0 = CHOSEN(v0, o0);                                                                    \
          v1 = CHOSEN(v1, o1);                                                                    \
          v2 = CHOSEN(v2, o2);                                                                    \
          v3 = CHOSEN(v3, o3);                                                                    \
        }                                                                                         \
      }                                                                                           \
      END(name##_words)                                                                           \
    }                                                                                             \
  }

#if defined(__x86_64__)
#define WIDE __attribute__((target("avx512f")))
#define HALF __attribute__((target("avx2")))
HASH(wide, WIDE, 64)
HASH(half, HALF, 32)
HASH_KEYS(wide, WIDE, 64)
HASH_KEYS(half, HALF, 32)
#endif
/* Not inlined, so that what chooses a width is small enough to be. */
HASH(base, __attribute__((noinline)), 16)
HASH_KEYS(base, __attribute__((noinline)), 16)

bool columns_has(columns_width width) {
  switch (width) {
#if defined(__x86_64__)
  case columns_512_bits: return __builtin_cpu_supports("avx512f");
  case columns_256_bits: return __builtin_cpu_supports("avx2");
#endif
  default: return width == columns_128_bits;
  }
}

void columns_hash_texts_by(columns_width width, uint64_t first_key, uint64_t second_key,
                           const uint64_t *words, const int64_t *counts, size_t most,
                           size_t texts, uint64_t *low, uint64_t *high) {
  switch (width) {
#if defined(__x86_64__)
  case columns_512_bits:
    wide(first_key, second_key, words, counts, most, texts, low, high);
    break;
  case columns_256_bits:
    half(first_key, second_key, words, counts, most, texts, low, high);
    break;
#endif
  default: base(first_key, second_key, words, counts, most, texts, low, high);
  }
}

#define HASH_BY(width)                                                                            \
  columns_hash_texts_by(width, first_key, second_key, words, counts, most, texts, low, high)

void columns_hash_texts(uint64_t first_key, uint64_t second_key, const uint64_t *words,
                        const int64_t *counts, size_t most, size_t texts, uint64_t *low,
                        uint64_t *high) {
  if (columns_has(columns_512_bits))
    HASH_BY(columns_512_bits);
  else if (columns_has(columns_256_bits))
    HASH_BY(columns_256_bits);
  else
    HASH_BY(columns_128_bits);
}

void columns_hash_keys_by(columns_width width, uint64_t first_key, uint64_t second_key,
                          uint64_t first, const uint64_t *rows, uint64_t *low, uint64_t *high) {
  switch (width) {
#if defined(__x86_64__)
  case columns_512_bits: wide_keys(first_key, second_key, first, rows, low, high); break;
  case columns_256_bits: half_keys(first_key, second_key, first, rows, low, high); break;
#endif
  default: base_keys(first_key, second_key, first, rows, low, high);
  }
}

void columns_hash_keys(uint64_t first_key, uint64_t second_key, uint64_t first,
                       const uint64_t *rows, uint64_t *low, uint64_t *high) {
#if defined(__x86_64__)
  if (columns_has(columns_512_bits)) {
    wide_keys(first_key, second_key, first, rows, low, high);
    return;
  }
  if (columns_has(columns_256_bits)) {
    half_keys(first_key, second_key, first, rows, low, high);
    return;
  }
#endif
  base_keys(first_key, second_key, first, rows, low, high);
}
