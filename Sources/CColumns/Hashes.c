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

/* What a lane is where it has as many words as that, else what it was. */
#define CHOSEN(new, old) ((new) & has) | ((old) & ~has)

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
      name##_words zero = {0};                                                                    \
      name##_words v0 = zero + (0x736f6d6570736575 ^ first_key);                                  \
      name##_words v1 = zero + (0x646f72616e646f6d ^ second_key ^ 0xee);                          \
      name##_words v2 = zero + (0x6c7967656e657261 ^ first_key);                                  \
      name##_words v3 = zero + (0x7465646279746573 ^ second_key);                                 \
      const name##_words *word = (const name##_words *)(words + lane);                            \
      size_t least = most < 8 ? 2 : least_of(counts, lane, texts, lane + (bytes) / 8, most);      \
      size_t index = 0;                                                                           \
      for (; index < least; index++) {                                                            \
        v3 ^= *word;                                                                              \
        ROUND;                                                                                    \
        v0 ^= *word;                                                                              \
        word = (const name##_words *)((const uint64_t *)word + columns_hashed_texts);             \
      }                                                                                           \
      for (; index < most; index++) {                                                             \
        name##_words o0 = v0, o1 = v1, o2 = v2, o3 = v3;                                          \
        v3 ^= *word;                                                                              \
        ROUND;                                                                                    \
        v0 ^= *word;                                                                              \
        word = (const name##_words *)((const uint64_t *)word + columns_hashed_texts);             \
        name##_words has = (name##_words)(count > (int64_t)index);                                \
        v0 = CHOSEN(v0, o0);                                                                      \
        v1 = CHOSEN(v1, o1);                                                                      \
        v2 = CHOSEN(v2, o2);                                                                      \
        v3 = CHOSEN(v3, o3);                                                                      \
      }                                                                                           \
      v2 ^= 0xee;                                                                                 \
      ROUND ROUND ROUND;                                                                          \
      *(name##_words *)(low + lane) = v0 ^ v1 ^ v2 ^ v3;                                          \
      v1 ^= 0xdd;                                                                                 \
      ROUND ROUND ROUND;                                                                          \
      *(name##_words *)(high + lane) = v0 ^ v1 ^ v2 ^ v3;                                         \
    }                                                                                             \
  }

#if defined(__x86_64__)
HASH(wide, __attribute__((target("avx512f"))), 64)
HASH(half, __attribute__((target("avx2"))), 32)
#endif
/* Not inlined, so that what chooses a width is small enough to be. */
HASH(base, __attribute__((noinline)), 16)

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
