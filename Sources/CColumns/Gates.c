#include "CColumns.h"

#include <string.h>

/* Where the parts of a row of tests begin. */
enum { last_words = 1, more_words = 5, rule_words = 9 };

static uint64_t base_open(const uint64_t *tests, size_t count, const uint64_t *payloads,
                          const uint8_t *states) {
  uint64_t open = 0;
  for (const uint64_t *row = tests; row != tests + count * columns_test_words;
       row += columns_test_words) {
    for (size_t i = 0; i < columns_tested; i++) {
      uint64_t place = row[0] + i;
      uint64_t before = row[last_words + i] - payloads[place];
      bool is_shut = (int64_t)before > (int64_t)row[more_words + i];
      if (!is_shut || states[place] != 0) open |= row[rule_words + i];
    }
  }
  return open;
}

/* The head of a result, with what its state is in the byte after the number of its signal. */
static uint64_t head_with(uint64_t head, uint8_t state) {
  return head | (uint64_t)(state & 3) << 32;
}

/* Not inlined: elsewhere it is given a few only. */
__attribute__((noinline)) static void base_signals(const uint64_t *payloads,
                                                   const uint8_t *states, const uint64_t *heads,
                                                   size_t count, unsigned char *results) {
  for (size_t i = 0; i < count; i++) {
    uint64_t words[2] = {payloads[i], head_with(heads[i], states[i])};
    memcpy(results + i * sizeof words, words, sizeof words);
  }
}

#if defined(__x86_64__)
#include <immintrin.h>

#define HALF __attribute__((target("avx2")))

HALF static inline __m256i four(const uint64_t *from) {
  return _mm256_loadu_si256((const __m256i *)from);
}

/* Four bytes, each in a lane. */
HALF static inline __m256i four_states(const uint8_t *from) {
  int32_t bytes;
  memcpy(&bytes, from, sizeof bytes);
  return _mm256_cvtepu8_epi64(_mm_cvtsi32_si128(bytes));
}

HALF static uint64_t half_open(const uint64_t *tests, size_t count, const uint64_t *payloads,
                               const uint8_t *states) {
  __m256i none = _mm256_setzero_si256(), open = none;
  for (const uint64_t *row = tests; row != tests + count * columns_test_words;
       row += columns_test_words) {
    __m256i before = _mm256_sub_epi64(four(row + last_words), four(payloads + row[0]));
    __m256i is_shut = _mm256_cmpgt_epi64(before, four(row + more_words));
    __m256i is_there = _mm256_cmpeq_epi64(four_states(states + row[0]), none);
    is_shut = _mm256_and_si256(is_shut, is_there);
    /* Chosen and not masked, for which the compiler would turn the mask round twice. */
    open = _mm256_or_si256(open, _mm256_blendv_epi8(four(row + rule_words), none, is_shut));
  }
  __m128i both = _mm_or_si128(_mm256_castsi256_si128(open), _mm256_extracti128_si256(open, 1));
  return (uint64_t)(_mm_cvtsi128_si64(both) | _mm_extract_epi64(both, 1));
}

/* Four results. */
HALF static inline void half_signal(const uint64_t *payloads, const uint8_t *states,
                                    const uint64_t *heads, unsigned char *results) {
  __m256i values = four(payloads);
  __m256i state = _mm256_and_si256(four_states(states), _mm256_set1_epi64x(3));
  __m256i head = _mm256_or_si256(four(heads), _mm256_slli_epi64(state, 32));
  __m256i even = _mm256_unpacklo_epi64(values, head), odd = _mm256_unpackhi_epi64(values, head);
  __m128i *to = (__m128i *)results;
  _mm_storeu_si128(to, _mm256_castsi256_si128(even));
  _mm_storeu_si128(to + 1, _mm256_castsi256_si128(odd));
  _mm_storeu_si128(to + 2, _mm256_extracti128_si256(even, 1));
  _mm_storeu_si128(to + 3, _mm256_extracti128_si256(odd, 1));
}

HALF static void half_signals(const uint64_t *payloads, const uint8_t *states,
                              const uint64_t *heads, size_t count, unsigned char *results) {
  if (count < 4) {
    base_signals(payloads, states, heads, count, results);
    return;
  }
  size_t last = count - 4;
  for (size_t i = 0; i < last; i += 4)
    half_signal(payloads + i, states + i, heads + i, results + 16 * i);
  /* Those of the last four that were written are written once more. */
  half_signal(payloads + last, states + last, heads + last, results + 16 * last);
}
#endif

uint64_t columns_open_by(columns_width width, const uint64_t *tests, size_t count,
                         const uint64_t *payloads, const uint8_t *states) {
#if defined(__x86_64__)
  if (width == columns_256_bits) return half_open(tests, count, payloads, states);
#endif
  return base_open(tests, count, payloads, states);
}

uint64_t columns_open(const uint64_t *tests, size_t count, const uint64_t *payloads,
                      const uint8_t *states) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) return half_open(tests, count, payloads, states);
#endif
  return base_open(tests, count, payloads, states);
}

void columns_signals_by(columns_width width, const uint64_t *payloads, const uint8_t *states,
                        const uint64_t *heads, size_t count, void *results) {
#if defined(__x86_64__)
  if (width == columns_256_bits) {
    half_signals(payloads, states, heads, count, results);
    return;
  }
#endif
  base_signals(payloads, states, heads, count, results);
}

void columns_signals(const uint64_t *payloads, const uint8_t *states, const uint64_t *heads,
                     size_t count, void *results) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) {
    half_signals(payloads, states, heads, count, results);
    return;
  }
#endif
  base_signals(payloads, states, heads, count, results);
}
