#include "CColumns.h"

#define ROTATED(x, bits) ((x) << (bits) | (x) >> (64 - (bits)))

/* Whatever is done to each of the vectors that are hashed side by side: what a round of one waits
   for keeps the others from nothing. */
#define EACH for (size_t at = 0; at < vectors; at++)

/* Begins the hashes of some vectors of texts: v0 to v3. */
#define BEGIN(vector)                                                                             \
  vector v0[vectors], v1[vectors], v2[vectors], v3[vectors];                                      \
  vector zero = {0};                                                                              \
  EACH {                                                                                          \
    v0[at] = zero + (0x736f6d6570736575 ^ first_key);                                             \
    v1[at] = zero + (0x646f72616e646f6d ^ second_key ^ 0xee);                                     \
    v2[at] = zero + (0x6c7967656e657261 ^ first_key);                                             \
    v3[at] = zero + (0x7465646279746573 ^ second_key);                                            \
  }

#define ROUND                                                                                     \
  v0[at] += v1[at];                                                                               \
  v1[at] = ROTATED(v1[at], 13) ^ v0[at];                                                          \
  v0[at] = ROTATED(v0[at], 32);                                                                   \
  v2[at] += v3[at];                                                                               \
  v3[at] = ROTATED(v3[at], 16) ^ v2[at];                                                          \
  v0[at] += v3[at];                                                                               \
  v3[at] = ROTATED(v3[at], 21) ^ v0[at];                                                          \
  v2[at] += v1[at];                                                                               \
  v1[at] = ROTATED(v1[at], 17) ^ v2[at];                                                          \
  v2[at] = ROTATED(v2[at], 32);

#define TAKE(word)                                                                                \
  v3[at] ^= word;                                                                                 \
  ROUND                                                                                           \
  v0[at] ^= word;

/* The rounds after the last word, and the two halves of what they give. */
#define END(vector)                                                                               \
  EACH v2[at] ^= 0xee;                                                                            \
  for (size_t round = 0; round < 3; round++) EACH { ROUND }                                       \
  EACH {                                                                                          \
    *(vector *)(low + lane + at * columns_hashed_texts) = v0[at] ^ v1[at] ^ v2[at] ^ v3[at];      \
    v1[at] ^= 0xdd;                                                                               \
  }                                                                                               \
  for (size_t round = 0; round < 3; round++) EACH { ROUND }                                       \
  EACH *(vector *)(high + lane + at * columns_hashed_texts) = v0[at] ^ v1[at] ^ v2[at] ^ v3[at];

/* One thing in the lanes where all bits of a mask are set, and another in the others. */
#define CHOSEN(mask, one, other) (((one) & (mask)) | ((other) & ~(mask)))

/* As TAKE, of lanes that have such a word. */
#define TAKE_CHOSEN(vector, word, chosen)                                                         \
  vector o0 = v0[at], o1 = v1[at], o2 = v2[at], o3 = v3[at];                                      \
  TAKE(word)                                                                                      \
  vector has = (vector)(chosen);                                                                  \
  v0[at] = CHOSEN(has, v0[at], o0);                                                               \
  v1[at] = CHOSEN(has, v1[at], o1);                                                               \
  v2[at] = CHOSEN(has, v2[at], o2);                                                               \
  v3[at] = CHOSEN(has, v3[at], o3);

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
    enum { vectors = 1, at = 0 };                                                                 \
    for (size_t lane = 0; lane < texts; lane += (bytes) / 8) {                                    \
      name##_counts count = *(const name##_counts *)(counts + lane);                              \
      BEGIN(name##_words)                                                                         \
      const uint64_t *row = words + lane;                                                         \
      size_t least = most < 8 ? 2 : least_of(counts, lane, texts, lane + (bytes) / 8, most);      \
      size_t index = 0;                                                                           \
      for (; index < least; index++, row += columns_hashed_texts) {                               \
        TAKE(*(const name##_words *)row)                                                          \
      }                                                                                           \
      for (; index < most; index++, row += columns_hashed_texts) {                                \
        TAKE_CHOSEN(name##_words, *(const name##_words *)row, count > (int64_t)index)             \
      }                                                                                           \
      END(name##_words)                                                                           \
    }                                                                                             \
  }

/* The same of some vectors of keys side by side. Where all have as many words, nothing has to be
   chosen. */
#define HASH_KEYS(name, attributes, bytes, together)                                              \
  attributes static void name##_keys_##together(uint64_t first_key, uint64_t second_key,          \
                                                uint64_t first, const uint64_t *rows,             \
                                                uint64_t *low, uint64_t *high) {                  \
    enum { vectors = together, apart = columns_key_words };                                       \
    for (size_t lane = 0; lane < columns_hashed_texts; lane += (bytes) / 8) {                     \
      name##_words count[vectors], whole[vectors], ending[vectors];                               \
      BEGIN(name##_words)                                                                         \
      /* The last word is the one behind those that the text fills. */                            \
      EACH {                                                                                      \
        count[at] = *(const name##_words *)(rows + lane + at * apart);                            \
        whole[at] = count[at] >> 3;                                                               \
        ending[at] = (count[at] + 8) << 56;                                                       \
        TAKE((count[at] | first))                                                                 \
      }                                                                                           \
      const uint64_t *row = rows + lane + columns_hashed_texts;                                   \
      size_t least = whole[0][0];                                                                 \
      name##_words differing = zero;                                                              \
      EACH differing |= whole[at] ^ least;                                                        \
      if (__builtin_reduce_or(differing) == 0) {                                                  \
        for (size_t index = 0; index < least; index++, row += columns_hashed_texts) EACH {        \
            TAKE(*(const name##_words *)(row + at * apart))                                       \
          }                                                                                       \
        EACH {                                                                                    \
          name##_words word = *(const name##_words *)(row + at * apart);                          \
          word = (word & KEPT) | ending[at];                                                      \
          TAKE(word)                                                                              \
        }                                                                                         \
      } else {                                                                                    \
        size_t most = least;                                                                      \
        EACH for (size_t text = 0; text < (bytes) / 8; text++)                                    \
          if (whole[at][text] > most) most = whole[at][text];                                     \
        for (size_t index = 0; index <= most; index++, row += columns_hashed_texts) EACH {        \
            name##_words word = *(const name##_words *)(row + at * apart);                        \
            name##_words ends = (name##_words)(whole[at] == index);                               \
            word = CHOSEN(ends, (word & KEPT) | ending[at], word);                                \
            TAKE_CHOSEN(name##_words, word, (name##_counts)whole[at] >= (int64_t)index)           \
          }                                                                                       \
      }                                                                                           \
      END(name##_words)                                                                           \
    }                                                                                             \
  }

/* The bytes of the last word that are of the text. */
#define KEPT ~(~zero << ((count[at] & 7) << 3))

#if defined(__x86_64__)
#define WIDE __attribute__((target("avx512f")))
#define HALF __attribute__((target("avx2")))
HASH(wide, WIDE, 64)
HASH(half, HALF, 32)
HASH_KEYS(wide, WIDE, 64, 1)
HASH_KEYS(wide, WIDE, 64, 3)
_Static_assert(columns_key_vectors == 3, "as many as are hashed together");
HASH_KEYS(half, HALF, 32, 1)
#endif
/* Not inlined, so that what chooses a width is small enough to be. */
HASH(base, __attribute__((noinline)), 16)
HASH_KEYS(base, __attribute__((noinline)), 16, 1)

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
                          uint64_t first, const uint64_t *rows, size_t vectors, uint64_t *low,
                          uint64_t *high) {
  while (vectors > 0) {
    size_t hashed = 1;
    switch (width) {
#if defined(__x86_64__)
    case columns_512_bits:
      if (vectors >= columns_key_vectors) {
        wide_keys_3(first_key, second_key, first, rows, low, high);
        hashed = columns_key_vectors;
      } else {
        wide_keys_1(first_key, second_key, first, rows, low, high);
      }
      break;
    case columns_256_bits: half_keys_1(first_key, second_key, first, rows, low, high); break;
#endif
    default: base_keys_1(first_key, second_key, first, rows, low, high);
    }
    vectors -= hashed;
    rows += hashed * columns_key_words;
    low += hashed * columns_hashed_texts;
    high += hashed * columns_hashed_texts;
  }
}

void columns_hash_keys(uint64_t first_key, uint64_t second_key, uint64_t first,
                       const uint64_t *rows, size_t vectors, uint64_t *low, uint64_t *high) {
  columns_width width = columns_has(columns_512_bits)   ? columns_512_bits
                        : columns_has(columns_256_bits) ? columns_256_bits
                                                        : columns_128_bits;
  columns_hash_keys_by(width, first_key, second_key, first, rows, vectors, low, high);
}
